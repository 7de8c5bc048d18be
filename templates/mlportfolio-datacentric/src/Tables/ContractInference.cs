namespace PortfolioProject.Tables;

/// <summary>Drafts a contract from a table: types, observed ranges and sets, identifiers left out of the model, and a sealed stratified test set.</summary>
public static class ContractInference
{
    private static readonly string[] LabelNames = ["label", "class", "target", "y", "species", "category", "diagnosis"];

    /// <summary>The draft as YAML. Columns that are text but not the label, and whole numbers that never repeat, are ignored by the model.</summary>
    public static string Draft(CsvText csv, string? label)
    {
        ContractCheck.Require(csv, null, "what every table must be");
        var header = csv.Header;
        label ??= header.FirstOrDefault(h => LabelNames.Contains(h.ToLowerInvariant())) ?? header[^1];
        if (!header.Contains(label)) throw new UserError("no such column", csv.File, 1, field: "--label", got: UserError.Quote(label), fix: ClosestName.Suggest(label, header));
        var rows = csv.Lines.Skip(1).Take(csv.Count - 1).Select(l => CsvText.Cells(l).Select(c => CsvText.Plain(c.Raw)).ToArray()).ToList();
        var counts = rows.CountBy(r => r[header.IndexOf(label)]).Select(c => (double)c.Value / rows.Count).Order().ToList();
        var text = new StringBuilder($"# Drafted from {Path.GetFileName(csv.File)}, {rows.Count} rows: ranges are those observed. Read it, then tighten or widen it.\n");
        text.Append($"label: {Yaml(label)}\n").Append(CultureInfo.InvariantCulture, $"rows: {{ min: {Math.Max(2, rows.Count / 2)}, max: {rows.Count * 10L} }}\n");
        text.Append(CultureInfo.InvariantCulture, $"class_share: {{ min: {counts[0] / 2:0.######}, max: {Math.Min(1, counts[^1] * 2):0.######} }}\nnear_duplicate: 0.13\ntest: {{ kind: stratified, share: 0.3 }}\ncolumns:\n");
        foreach (var (i, name) in header.Index()) text.Append($"  - {{ {Rule(name, [.. rows.Select(r => r[i])], name == label)} }}\n");
        var draft = StrictYaml.Parse<Contract>(text.ToString(), "draft");
        ContractCheck.Require(csv, draft, "what every table must be");
        return text.Replace("share: 0.3 }", $"share: 0.3, sha256: {SealedTest.Sha256(csv, SealedTest.Rows(csv, draft))} }}").ToString();
    }

    private static string Rule(string name, string[] cells, bool isLabel)
    {
        var (present, distinct) = (cells.Where(c => c.Length > 0).ToList(), cells.Distinct().Count());
        var numbers = present.Select(ContractCheck.Number).ToList();
        var type = isLabel || present.Count == 0 || numbers.Count(n => n is null) > present.Count / 2 ? ColumnType.Text : numbers.All(n => n is null || n == Math.Floor(n.Value)) ? ColumnType.Integer : ColumnType.Number;
        var parts = new List<string> { $"name: {Yaml(name)}", $"type: {$"{type}".ToLowerInvariant()}" };
        if (isLabel) parts.Add($"values: [{string.Join(", ", cells.Distinct().Order(StringComparer.Ordinal).Select(Yaml))}]");
        else if (distinct == cells.Length && (type == ColumnType.Text || name.EndsWith("id", StringComparison.OrdinalIgnoreCase))) parts.Add("unique: true, ignore: true");
        else if (type == ColumnType.Text) parts.Add("ignore: true");
        else if (numbers.OfType<double>().ToList() is { Count: > 0 } seen) parts.Add(FormattableString.Invariant($"min: {seen.Min():R}, max: {seen.Max():R}"));
        if (present.Count < cells.Length && !isLabel) parts.Add("missing: true");
        return string.Join(", ", parts);
    }

    private static string Yaml(string text) => $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\t", "\\t")}\"";
}
