namespace PortfolioProject.Tables;

/// <summary>
/// One change to data. Row: number in the base file. Field: a column, or <see cref="Patch.WholeRow"/> for a row that goes. Old and New: the cell's
/// (or line's) text as it stands in the file, quotes included. Base: the beginning of the version that the change was made for.
/// </summary>
public sealed record Change(string Base, int Row, string Field, string Old, string New, string Reason, string Score, string Tool);

/// <summary>Changes as a file of patches/: append-only, reversible, and bound to the version of the data that they were made for.</summary>
public sealed record Patch(string File, IReadOnlyList<Change> Changes)
{
    public const string WholeRow = "(row)", Header = "base,row,field,old,new,reason,score,tool";
    private const int Digits = 16;

    public string Text => Header + "\n" + string.Concat(Changes.Select(c => string.Join(',', new[] { c.Base, $"{c.Row}", c.Field, c.Old, c.New, c.Reason, c.Score, c.Tool }.Select(CsvText.Quote)) + "\n"));

    /// <summary>The version that this patch makes of another: a hash over both.</summary>
    public string NextVersion(string version) => TextFile.Sha256(version + "\n" + TextFile.Sha256(Text));

    public static string BaseOf(string version) => version[..Digits];

    public static Patch Read(string file, string shown)
    {
        var csv = CsvText.Parse(TextFile.Read(file), shown);
        if (csv.Lines[0] != Header) throw new UserError("not a patch", shown, 1, expected: Header, got: UserError.Quote(csv.Lines[0]));
        return new(shown, [.. csv.Lines.Index().Skip(1).Take(csv.Count - 1).Select(l =>
            CsvText.Cells(l.Item).Select(c => CsvText.Plain(c.Raw)).ToList() is [var based, var row, var field, var old, var now, var reason, var score, var tool] && int.TryParse(row, out var number) && number > 0
                ? new Change(based, number, field, old, now, reason, score, tool) : throw new UserError("not a change", shown, l.Index + 1, expected: Header, got: UserError.Quote(l.Item)))]);
    }

    /// <summary>
    /// The file with the changes made. A wrong base, a row that is sealed or not there, or a cell that does not hold what the patch says it held is a
    /// <see cref="UserError"/>; nothing is changed then.
    /// </summary>
    /// <param name="rows">Numbers of the file's rows in the base; 1, 2, … when null.</param>
    public CsvText Apply(CsvText csv, string version, IReadOnlySet<int> sealedRows, IReadOnlyList<int>? rows = null)
    {
        var numbers = rows ?? [.. Enumerable.Range(1, csv.Count - 1)];
        var (at, lines, header) = (numbers.Index().ToDictionary(r => r.Item, r => r.Index + 1), csv.Lines.ToArray(), csv.Header);
        foreach (var (i, change) in Changes.Index())
        {
            UserError Refused(string problem, string? expected = null, string? got = null, string? fix = null) => new(problem, File, i + 2, field: change.Field, expected: expected, got: got, fix: fix);
            if (change.Base != BaseOf(version)) throw Refused("the patch was made for other data", $"base {BaseOf(version)}", change.Base, "Apply it to the version that it names");
            if (sealedRows.Contains(change.Row)) throw Refused($"row {change.Row} is in the sealed test set", fix: "Leave the change out: nobody may touch what the result is measured on");
            if (!at.TryGetValue(change.Row, out var line) || lines[line].Length == 0) throw Refused($"there is no row {change.Row}");
            var column = header.IndexOf(change.Field);
            if (column < 0 && change.Field != WholeRow) throw Refused("no such column", string.Join(", ", header.Take(10)), UserError.Quote(change.Field));
            var old = column < 0 ? lines[line].TrimEnd('\r') : CsvText.Cells(lines[line])[column].Raw;
            if (old != change.Old) throw Refused($"row {change.Row} does not hold what the patch found there", UserError.Quote(change.Old), UserError.Quote(old));
            lines[line] = column < 0 ? "" : CsvText.WithCell(lines[line], column, change.New);
        }

        var gone = Changes.Where(c => c.Field == WholeRow).Select(c => at[c.Row]).ToHashSet();
        var patched = csv with { Lines = [.. lines.Where((_, i) => !gone.Contains(i))] };
        return Revert(patched, numbers).Text == csv.Text ? patched : throw new UserError("the changes could not be taken back byte by byte", csv.File, fix: "Give all lines one line ending");
    }

    /// <summary>The row numbers that are left of others.</summary>
    public List<int> Kept(IEnumerable<int> rows) => [.. rows.Except(Changes.Where(c => c.Field == WholeRow).Select(c => c.Row))];

    /// <summary>The base file again, byte by byte, from a file that these patches made of it in this order; else a <see cref="UserError"/>.</summary>
    public static CsvText Revert(CsvText patched, IReadOnlyList<Patch> patches)
    {
        var all = Enumerable.Range(1, patched.Count - 1 + patches.Sum(p => p.Changes.Count(c => c.Field == WholeRow))).ToList();
        var reverted = patches.Index().Reverse().Aggregate(patched, (csv, p) => p.Item.Revert(csv, patches.Take(p.Index).Aggregate(all, (rows, before) => before.Kept(rows))));
        var first = patches.SelectMany(p => p.Changes).FirstOrDefault();
        return first is null || first.Base == BaseOf(reverted.Sha256) ? reverted : throw patches[0].Foreign(first);
    }

    private CsvText Revert(CsvText patched, IReadOnlyList<int> before)
    {
        var (end, after) = (patched.Lines[0].EndsWith('\r') ? "\r" : "", Kept(before));
        if (after.Count != patched.Count - 1) throw Foreign(Changes[0]);
        var lines = after.Index().ToDictionary(r => r.Item, r => patched.Lines[r.Index + 1]);
        foreach (var change in Changes.Reverse())
        {
            var column = patched.Header.IndexOf(change.Field);
            if (change.Field == WholeRow) lines[change.Row] = change.Old + end;
            else if (column >= 0 && lines.TryGetValue(change.Row, out var line) && CsvText.Cells(line) is var cells && cells.Count > column && cells[column].Raw == change.New) lines[change.Row] = CsvText.WithCell(line, column, change.Old);
            else throw Foreign(change);
        }

        return patched with { Lines = [patched.Lines[0], .. before.Select(r => lines.GetValueOrDefault(r) ?? throw Foreign(Changes[0])), .. patched.Lines.Skip(patched.Count)] };
    }

    private UserError Foreign(Change change) => new("this file was not made by this patch", File, field: change.Field, expected: $"the data of base {change.Base} with these changes", fix: "Revert what was patched last first");

    /// <summary>The changes that make one file of another of the same rows: cells that differ.</summary>
    public static Patch Diff(CsvText from, CsvText to, string tool)
    {
        if (!from.Header.SequenceEqual(to.Header) || from.Count != to.Count) throw new UserError("the files differ in columns or in the number of rows", to.File, expected: $"{from.Header.Count} columns, {from.Count - 1} rows", got: $"{to.Header.Count} columns, {to.Count - 1} rows");
        return new("diff", [.. from.Lines.Index().Skip(1).Take(from.Count - 1).SelectMany(l => CsvText.Cells(l.Item).Zip(CsvText.Cells(to.Lines[l.Index])).Index()
            .Where(c => c.Item.First.Raw != c.Item.Second.Raw).Select(c => new Change(BaseOf(from.Sha256), l.Index, from.Header[c.Index], c.Item.First.Raw, c.Item.Second.Raw, "edited", "", tool)))]);
    }
}
