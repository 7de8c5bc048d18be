namespace PortfolioProject.Tables;

/// <summary>One thing that a contract forbids: its rule, and where it stands (line and character from 1).</summary>
public sealed record Violation(int Line, int At, string Rule, string Message);

/// <summary>Holds a file against its contract and gives everything that is wrong at once.</summary>
public static class ContractCheck
{
    private const int Shown = 1000;

    /// <summary>Throws one <see cref="UserError"/> that lists every violation (the first thousand in full).</summary>
    public static void Require(CsvText csv, Contract? contract, string shown)
    {
        if (Find(csv, contract) is not { Count: > 0 } found) return;
        var lines = found.Take(Shown).Select(v => $"\n  {csv.File}:{v.Line}:{v.At}: {v.Rule}: {v.Message}");
        var rest = found.Count > Shown ? $"\n  and {found.Count - Shown} more: " + string.Join(", ", found.Skip(Shown).CountBy(v => v.Rule).Select(r => $"{r.Key} {r.Value}")) : "";
        throw new UserError($"{found.Count} violation{(found.Count == 1 ? "" : "s")} of {shown}{string.Concat(lines)}{rest}\nMend the file, or draft a contract for it: contract infer FILE");
    }

    /// <summary>Violations by line. Without a contract: only what no table may be (ragged, empty, in a wrong encoding).</summary>
    public static IReadOnlyList<Violation> Find(CsvText csv, Contract? contract)
    {
        var found = new List<Violation>();
        if (csv.HasByteOrderMark) found.Add(new(1, 1, "encoding", "a byte order mark stands before the header: save the file without it"));
        var header = csv.Header;
        if (header.Count == 1 && ";\t|".FirstOrDefault(d => csv.Lines[0].Contains(d)) is var other and not '\0')
            return [.. found, new(1, csv.Lines[0].IndexOf(other) + 1, "delimiter", $"cells are separated by {(other == '\t' ? "tabs" : $"\"{other}\"")}, expected commas"),
                .. Find(csv with { HasByteOrderMark = false, Lines = [.. csv.Lines.Select(l => l.Replace(',', '.').Replace(other, ','))] }, contract)];
        var known = contract?.Columns.Select(c => c.Name).ToList() ?? [.. header];
        foreach (var missing in known.Except(header)) found.Add(new(1, 1, "header", $"the column {UserError.Quote(missing)} is missing"));
        foreach (var ((raw, at), i) in CsvText.Cells(csv.Lines[0]).Select((c, i) => (c, i)))
            if (!known.Contains(header[i]) || header.Take(i).Contains(header[i])) found.Add(new(1, at, "header", $"the column {UserError.Quote(CsvText.Plain(raw))} {(known.Contains(header[i]) ? "stands twice" : "is not in the contract")}"));
        var rows = new List<(int Line, List<(string Raw, int At)> Cells)>();
        for (var line = 2; line <= csv.Count; line++)
        {
            var cells = CsvText.Cells(csv.Lines[line - 1]);
            if (cells.Count != header.Count) found.Add(new(line, Math.Min(cells.Count, header.Count) is var short_ && short_ > 0 ? cells[short_ - 1].At : 1, "shape", $"{cells.Count} cells, expected {header.Count}"));
            else rows.Add((line, cells));
        }

        foreach (var rule in contract?.Columns ?? []) if (header.IndexOf(rule.Name) is var column and >= 0) found.AddRange(Column(rule, [.. rows.Select(r => (r.Line, r.Cells[column]))]));
        found.AddRange(Whole(contract, header, rows, Math.Max(0, csv.Count - 1)));
        return [.. found.OrderBy(v => v.Line).ThenBy(v => v.At)];
    }

    private static IEnumerable<Violation> Column(ColumnRule rule, IReadOnlyList<(int Line, (string Raw, int At) Cell)> cells)
    {
        var (strict, soft, first) = (new List<Violation>(), new List<Violation>(), new Dictionary<string, int>());
        foreach (var (line, (raw, at)) in cells)
        {
            var value = CsvText.Plain(raw);
            void Add(List<Violation> to, string kind, string expected) => to.Add(new(line, at, kind, $"{rule.Name}: expected {expected}, got {UserError.Quote(value)}"));
            if (rule.Unique && !first.TryAdd(value, line)) Add(strict, "unique", $"a value that no other row has (line {first[value]} has it)");
            if (value.Length == 0)
            {
                if (!rule.Missing) Add(strict, "missing", "a value");
                continue;
            }

            if (rule.Type != ColumnType.Text && Number(value) is var number && (number is null || (rule.Type == ColumnType.Integer && number != Math.Floor(number.Value))))
                Add(strict, "type", rule.Type == ColumnType.Integer ? "a whole number" : "a finite number");
            else if (rule.Type != ColumnType.Text && (Number(value) < rule.Min || Number(value) > rule.Max))
                Add(soft, "range", FormattableString.Invariant($"{rule.Min?.ToString(CultureInfo.InvariantCulture) ?? "-∞"} to {rule.Max?.ToString(CultureInfo.InvariantCulture) ?? "∞"}"));
            if (rule.Values?.Contains(value) == false) Add(soft, "values", $"one of {string.Join(", ", rule.Values.Take(20))}{(rule.Values.Count > 20 ? ", …" : "")}");
        }

        return soft.Count > (1 - rule.Mostly) * cells.Count ? strict.Concat(soft) : strict;
    }

    private static IEnumerable<Violation> Whole(Contract? contract, IReadOnlyList<string> header, List<(int Line, List<(string Raw, int At)> Cells)> rows, int count)
    {
        if (count < Math.Max(1, contract?.Rows.Min ?? 1) || count > contract?.Rows.Max) yield return new(1, 1, "rows", $"{count} rows, expected {(contract is null ? "at least 1" : FormattableString.Invariant($"{Math.Max(1, contract.Rows.Min)} to {contract.Rows.Max}"))}");
        if (contract is null || header.IndexOf(contract.Label) is not (var label and >= 0) || rows.Count == 0) yield break;
        var classes = rows.GroupBy(r => CsvText.Plain(r.Cells[label].Raw)).OrderBy(g => g.Key, StringComparer.Ordinal).ToList();
        if (classes.Count < 2) yield return new(rows[0].Line, rows[0].Cells[label].At, "classes", $"all rows are of the class {UserError.Quote(classes[0].Key)}, expected at least 2 classes");
        foreach (var c in classes.Where(c => c.Count() == 1)) yield return new(c.First().Line, c.First().Cells[label].At, "classes", $"the class {UserError.Quote(c.Key)} has one row only, expected at least 2");
        foreach (var c in classes.Select(c => (c.Key, First: c.First(), Share: (double)c.Count() / rows.Count)).Where(c => c.Share < contract.ClassShare.Min || c.Share > contract.ClassShare.Max))
            yield return new(c.First.Line, c.First.Cells[label].At, "class share", FormattableString.Invariant($"{UserError.Quote(c.Key)} has {c.Share:P1} of the rows, expected {contract.ClassShare.Min:P1} to {contract.ClassShare.Max:P1}"));
    }

    internal static double? Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var v) && double.IsFinite(v) ? v : null;

    internal static int IndexOf(this IReadOnlyList<string> names, string name) => names.Index().Where(n => n.Item == name).Select(n => n.Index).DefaultIfEmpty(-1).First();
}
