namespace PortfolioProject.Modeling;

/// <summary>
/// Reads a table of numbers with one label column: a header line, then one row a line; separated by ',', ';' or tab. A cell that is missing,
/// not a number, not finite or beyond float32 is an error with its line and column: nothing is guessed or filled in, and all that is wrong is said at once.
/// </summary>
public static class CsvTable
{
    private const int MostFeatures = 1000, MostClasses = 100, FewestRows = 10, MostProblems = 10_000;

    public static Table Read(string root, DataConfig data)
    {
        var text = TextFile.Read(Path.Combine(root, data.Path), "Name a file: --set data.path=…");
        using var csv = CsvReader.FromText(text, Options(text.Split('\n', 2)[0]));
        if (!Next(csv, data.Path, e => throw e)) throw new UserError("the file is empty", data.Path, expected: "a header line, then rows");
        var (names, problems, line) = (csv.Current.ToArray(), new List<UserError>(), 1);
        var (label, group, features) = Columns(names, data, problems.Add);
        Check(problems, data.Path);
        var (rows, labels, groups) = (new List<float>(), new List<string>(), new List<string>());
        string Name(int j)
        {
            if (csv.GetString(j).Length == 0) problems.Add(new UserError("a missing value", data.Path, line, j + 1, names[j], "a name", "nothing"));
            return csv.GetString(j);
        }

        while (problems.Count < MostProblems && Next(csv, data.Path, problems.Add))
        {
            line = (int)csv.LineNumber;
            if (csv.FieldCount == names.Length)
            {
                foreach (var j in features) rows.Add(Number(csv.GetString(j), data.Path, line, j, names[j], problems.Add));
                labels.Add(Name(label));
                groups.Add(group is { } g ? Name(g) : "");
            }
            else problems.Add(new UserError("a row of another length", data.Path, line, expected: $"{names.Length} cells, as in the header", got: $"{csv.FieldCount}"));
        }

        Check(problems, data.Path);
        var classes = Table.OrderClasses(labels);
        if (labels.Count < FewestRows) throw new UserError("too few rows", data.Path, line, expected: $"{FewestRows} or more under the header", got: $"{labels.Count}");
        if (classes.Count is < 2 or > MostClasses)
            throw new UserError("the label column is no set of classes", data.Path, column: label + 1, field: names[label], expected: $"2 to {MostClasses} different labels",
                got: $"{classes.Count} in {labels.Count} rows", fix: "Name the column that holds the classes: --set data.label=NAME");
        var index = classes.Index().ToDictionary(c => c.Item, c => c.Index);
        int[] indexes = [.. labels.Select(l => index[l])];
        var (grouped, by) = group is null ? Table.Blocks(indexes, data.Blocks) : (groups, $"column {names[group.Value]}");
        if (grouped.Distinct().Count() < 2) throw new UserError("the group column holds one group", data.Path, column: group + 1, field: data.Group, expected: "2 or more, so that one can be held out");
        return new Table([.. features.Select(j => names[j])], classes, [.. rows], indexes, grouped, by);
    }

    /// <summary>Throws what was found: of each column the first, and how many more there are.</summary>
    private static void Check(List<UserError> problems, string file)
    {
        var kinds = problems.GroupBy(p => (p.Column, p.Field, p.Expected)).Select(k => $"{k.First().Message}{(k.Count() > 1 ? $" (and {k.Count() - 1} more)" : "")}").ToList();
        if (problems.Count == 1) throw problems[0];
        if (problems.Count > 1) throw new UserError($"{(problems.Count < MostProblems ? "" : "at least ")}{problems.Count} problems:\n  {string.Join("\n  ", kinds)}", file);
    }

    /// <summary>How a file with this header line is read.</summary>
    public static CsvReaderOptions Options(string header) => new()
    {
        HasHeader = false,
        Separator = new[] { ',', ';', '\t' }.MaxBy(d => header.Count(c => c == d)),
        MalformedData = CsvMalformedDataHandling.Throw,
        TrackLineNumbers = true,
        TrimWhitespace = true,
    };

    /// <summary>Goes on to the next record; false behind the last, and where quotes do not pair up, which is told to <paramref name="wrong"/>.</summary>
    public static bool Next(CsvReader csv, string file, Action<UserError> wrong)
    {
        try { return csv.Read(); }
        catch (CsvFormatException e) { wrong(new UserError("quotes that do not pair up", file, (int)e.LineNumber, fix: "Quote a whole cell, and double a quote inside it")); }
        return false;
    }

    private static (int Label, int? Group, int[] Features) Columns(string[] names, DataConfig data, Action<UserError> wrong)
    {
        if (names.All(n => double.TryParse(n, CultureInfo.InvariantCulture, out _)))
            throw new UserError("the first line holds numbers", data.Path, 1, expected: "a header with the names of the columns", got: UserError.Quote(string.Join(',', names)));
        foreach (var (j, name) in names.Index())
            if (name.Length == 0 || Array.IndexOf(names, name) < j)
                wrong(new UserError(name.Length == 0 ? "a column without a name" : "two columns of one name", data.Path, 1, j + 1, got: UserError.Quote(name)));
        int Find(string name, string field)
        {
            var j = Array.IndexOf(names, name);
            if (j < 0) wrong(new UserError($"no column {UserError.Quote(name)}", data.Path, 1, field: field, fix: ClosestName.Suggest(name, names)));
            return j;
        }

        var label = data.Label is null ? names.Length - 1 : Find(data.Label, "data.label");
        int? group = data.Group is null ? null : Find(data.Group, "data.group");
        int[] ignored = [label, .. group is { } g ? [g] : Array.Empty<int>(), .. data.Ignore.Select(n => Find(n, "data.ignore"))];
        if (group == label && label >= 0) wrong(new UserError("the column is both label and group", data.Path, 1, label + 1, field: names[label]));
        var features = Enumerable.Range(0, names.Length).Except(ignored).ToArray();
        if (features.Length is 0 or > MostFeatures) wrong(new UserError("wrong number of columns", data.Path, 1, expected: $"1 to {MostFeatures} columns of numbers beside the label", got: $"{features.Length}"));
        return (label, group, features);
    }

    /// <summary>A finite float32 from a cell; anything else is told to <paramref name="wrong"/> with line and column.</summary>
    public static float Number(string cell, string file, int line, int column, string name, Action<UserError> wrong)
    {
        var known = double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var value);
        if (!known || !float.IsFinite((float)value))
            wrong(new UserError(cell.Length == 0 ? "a missing value" : !known ? "not a number" : "not a finite float32 number", file, line, column + 1, name, "a number such as 3 or -0.25", UserError.Quote(cell),
                known || cell.Length == 0 ? "Fill it in or drop the row" : $"Encode the column as numbers, or leave it out: --set data.ignore=[\"{name}\"]"));
        return (float)value;
    }
}
