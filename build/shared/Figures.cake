using System.Globalization;
using System.Text.RegularExpressions;

/// <summary>Sizes and seconds of the last whole run, rendered into README between its marks, the first time of a step that was done again (a second image build finds its layers made): with --write, and only where every template was tested on every level.</summary>
static class Figures
{
    private static readonly Regex Table = new("(?<=<!-- figures -->\n).*?(?=<!-- /figures -->)", RegexOptions.Singleline);

    private static readonly (string Head, string Step, string File, double Divisor, string Format)[] Columns =
    {
        ("files", "files", "sizes.tsv", 1, "#,0"),
        ("lines in src/", "lines in src/", "sizes.tsv", 1, "#,0"),
        ("`dotnet new`, s", "generate", "timings.tsv", 1, "0.0"),
        ("restore, s", "restore", "timings.tsv", 1, "0.0"),
        ("build, s", "build", "timings.tsv", 1, "0.0"),
        ("its tests, s", "test", "timings.tsv", 1, "0.0"),
        ("image build, s", "image build", "timings.tsv", 1, "0.0"),
        ("image over its base, MB", "image over its base", "sizes.tsv", 1e6, "0.0"),
    };

    public static void Write(string readme, Func<string, IEnumerable<string[]>> rows)
    {
        var measured = Columns.Select(c => c.File).Distinct().SelectMany(f => rows(f).Select(r => (File: f, Template: r[0], Step: r[1], Value: double.Parse(r[2], CultureInfo.InvariantCulture)))).ToList();
        string Cell(string template, string step, string file, double divisor, string format) =>
            measured.Where(m => (m.File, m.Template, m.Step) == (file, template, step)).Select(m => (m.Value / divisor).ToString(format, CultureInfo.InvariantCulture)).DefaultIfEmpty("not measured").First();
        var templates = measured.Select(m => m.Template).Where(t => t.StartsWith("mlportfolio-", StringComparison.Ordinal)).Distinct().OrderBy(t => t, StringComparer.Ordinal);
        var text = $"Measured on {DateTime.UtcNow:yyyy-MM-dd} on {Environment.ProcessorCount} cores; the package is {Cell("pack", "nupkg", "sizes.tsv", 1e6, "0.0")} MB.\n\n"
            + $"| template | {string.Join(" | ", Columns.Select(c => c.Head))} |\n| --- |{string.Concat(Columns.Select(_ => " ---: |"))}\n"
            + string.Concat(templates.Select(t => $"| `{t}` | {string.Join(" | ", Columns.Select(c => Cell(t, c.Step, c.File, c.Divisor, c.Format)))} |\n"));
        System.IO.File.WriteAllText(readme, Table.Replace(System.IO.File.ReadAllText(readme), _ => text));
    }
}
