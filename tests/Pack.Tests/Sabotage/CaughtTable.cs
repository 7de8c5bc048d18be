using System.Text;
using System.Text.RegularExpressions;

namespace MLPortfolio.PackTests.Sabotage;

/// <summary>What each sabotage was noticed by, rendered from what ran: short in the pack's README, in full in artifacts/.</summary>
internal static partial class CaughtTable
{
    [GeneratedRegex("(?<=<!-- sabotage -->\n).*?(?=<!-- /sabotage -->)", RegexOptions.Singleline)]
    private static partial Regex Table();

    public static string Read(string readme) => Table().Match(File.ReadAllText(readme)).Value;

    public static void Write(string readme, string table) => File.WriteAllText(readme, Table().Replace(File.ReadAllText(readme), _ => table));

    /// <summary>One row for each thing that is broken and for each check that notices it, with the templates where it does.</summary>
    public static string Render(IReadOnlyList<Outcome> outcomes)
    {
        var table = new StringBuilder("| what is broken | in | noticed by | exit code |\n| --- | --- | --- | --- |\n");
        foreach (var row in outcomes.GroupBy(o => (o.Sabotage.What, Catcher: o.IsCaught ? o.Catcher : "**nothing**", o.Run.ExitCode)).OrderByDescending(g => g.Count()))
        {
            var templates = row.Select(o => o.Sabotage.Template).Distinct().ToList();
            table.Append($"| {row.Key.What} | {(templates.Count == PackTree.Here.Templates.Count ? "all" : string.Join(", ", templates))} | {row.Key.Catcher} | {row.Key.ExitCode} |\n");
        }

        return table.ToString();
    }

    public static void WriteInFull(IReadOnlyList<Outcome> outcomes)
    {
        var table = new StringBuilder("| template | what is broken | noticed by | exit code | in these words |\n| --- | --- | --- | --- | --- |\n");
        foreach (var o in outcomes)
        {
            table.Append($"| {o.Sabotage.Template} | {o.Sabotage.What} | {(o.IsCaught ? o.Catcher : "**nothing**")} | {o.Run.ExitCode} | {(o.Line ?? "").Replace("|", "\\|")} |\n");
        }

        var folder = Directory.CreateDirectory(Path.Combine(PackTree.Here.Root, "artifacts")).FullName;
        File.WriteAllText(Path.Combine(folder, "sabotage.md"), table.ToString());
    }
}
