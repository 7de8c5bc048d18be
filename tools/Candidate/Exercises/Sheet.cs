namespace MLPortfolio.Candidate;

/// <summary>A labelled table as text: cells keep their spelling. Columns are told apart by what they hold.</summary>
/// <param name="Label">Index of the label column.</param>
internal sealed record Sheet(IReadOnlyList<string> Header, IReadOnlyList<string[]> Rows, int Label)
{
    private const int FewestRows = 130, FewestOfAClass = 13, MostClasses = 50;

    private static readonly string[] _labelNames = ["label", "class", "target", "y", "species", "category", "diagnosis"];

    public IReadOnlyList<string> Classes => [.. Rows.Select(r => r[Label]).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Columns that hold numbers in every row, the label and identifiers left out.</summary>
    public IReadOnlyList<int> Numeric => field ??=
        [.. Enumerable.Range(0, Header.Count).Where(j => j != Label && !Identifiers.Contains(j) && Rows.All(r => double.TryParse(r[j], NumberStyles.Float, CultureInfo.InvariantCulture, out var v) && double.IsFinite(v)))];

    /// <summary>Columns that name rows: no value twice, and text or called an id.</summary>
    public IReadOnlyList<int> Identifiers => field ??=
        [.. Enumerable.Range(0, Header.Count).Where(j => j != Label && Rows.Select(r => r[j]).Distinct().Count() == Rows.Count
            && (Header[j].EndsWith("id", StringComparison.OrdinalIgnoreCase) || Rows.Any(r => !double.TryParse(r[j], CultureInfo.InvariantCulture, out _))))];

    public string Csv => string.Join(',', Header.Select(CsvText.Quote)) + "\n" + string.Concat(Rows.Select(r => string.Join(',', r.Select(CsvText.Quote)) + "\n"));

    public double Number(int row, int column) => double.Parse(Rows[row][column], CultureInfo.InvariantCulture);

    /// <summary>Reads a table that an exercise can be made of; everything wrong with it is one <see cref="UserError"/>.</summary>
    public static Sheet Read(string file)
    {
        var csv = CsvText.Read(file);
        ContractCheck.Require(csv, null, "what a table must be");
        var header = csv.Header;
        var rows = csv.Lines.Skip(1).Take(csv.Count - 1).Select(l => CsvText.Cells(l).Select(c => CsvText.Plain(c.Raw)).ToArray()).ToList();
        var label = Enumerable.Range(0, header.Count).FirstOrDefault(j => _labelNames.Contains(header[j].ToLowerInvariant()), header.Count - 1);
        var sheet = new Sheet(header, rows, label);
        if (rows.Count < FewestRows)
        {
            throw new UserError("too few rows for an exercise", file, expected: $"{FewestRows} or more under the header", got: $"{rows.Count}");
        }

        if (rows.Select((r, i) => (Row: r, Line: i + 2)).FirstOrDefault(r => r.Row.Any(c => c.Length == 0)) is { Row: { } hollow } empty)
        {
            throw new UserError("an empty cell", file, empty.Line, Array.IndexOf(hollow, "") + 1, header[Array.IndexOf(hollow, "")], "a value", fix: "Fill it in or drop the row");
        }

        var counts = rows.CountBy(r => r[label]).ToList();
        if (counts.Count is < 2 or > MostClasses)
        {
            throw new UserError("the label column is no set of classes", file, 1, label + 1, header[label], $"2 to {MostClasses} classes", $"{counts.Count}", "Call the label column \"label\", or put it last");
        }

        if (counts.Where(c => c.Value < FewestOfAClass).Select(c => c.Key).FirstOrDefault() is { } small)
        {
            throw new UserError($"class {UserError.Quote(small)} is too small for an exercise", file, field: header[label], expected: $"{FewestOfAClass} rows or more", got: $"{counts.First(c => c.Key == small).Value}");
        }

        return sheet.Numeric.Count >= 2 ? sheet : throw new UserError("too few columns of numbers", file, 1, expected: "2 or more beside the label", got: $"{sheet.Numeric.Count}");
    }
}
