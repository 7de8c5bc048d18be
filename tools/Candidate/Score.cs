using System.Text.Json;

namespace MLPortfolio.Candidate;

/// <summary>Of one kind: planted, claimed, claimed at a place that is planted (found), and right in value too.</summary>
internal sealed record KindScore(string Kind, int Planted, int Claimed, int Found, int Right)
{
    public double? Precision => Claimed == 0 ? null : (double)Found / Claimed;

    public double Recall => (double)Found / Planted;
}

/// <summary>Counts a candidate's findings against the key.</summary>
internal static class Score
{
    public static void Run(Arguments arguments, TextWriter output)
    {
        var truths = ReadTruths(Path.Combine(arguments.Required("key", "the key's folder"), "truth.csv"));
        var findings = ReadFindings(arguments.Required("findings", "the candidate's findings.csv"), [.. truths.Select(t => t.Kind).Distinct()]);
        var scores = Count(truths, findings);
        if (arguments["format"] is not (null or "table" or "json"))
        {
            throw new UserError("no such format", field: "--format", expected: "table or json", got: UserError.Quote(arguments["format"]));
        }

        if (arguments["format"] == "json")
        {
            output.WriteLine(JsonSerializer.Serialize(scores, JsonSerializerOptions.Web));
            return;
        }

        output.WriteLine(string.Format(CultureInfo.InvariantCulture, "{0,-12}{1,8}{2,8}{3,7}{4,7}{5,11}{6,8}", "kind", "planted", "claimed", "found", "right", "precision", "recall"));
        foreach (var s in scores)
        {
            output.WriteLine(string.Format(CultureInfo.InvariantCulture, "{0,-12}{1,8}{2,8}{3,7}{4,7}{5,11}{6,8:0.000}", s.Kind, s.Planted, s.Claimed, s.Found, s.Right, s.Precision is { } p ? p.ToString("0.000", CultureInfo.InvariantCulture) : "-", s.Recall));
        }
    }

    /// <summary>A finding counts once, whatever it repeats; of a pair either row may be named first.</summary>
    public static IReadOnlyList<KindScore> Count(IReadOnlyList<Truth> truths, IReadOnlyList<(string Kind, string Id, string Value)> findings) =>
    [
        .. truths.GroupBy(t => t.Kind).OrderBy(g => g.Key, StringComparer.Ordinal).Select(group =>
        {
            var pairs = group.First().Match == Match.Pair;
            var claimed = findings.Where(f => f.Kind == group.Key).Select(f => pairs && string.CompareOrdinal(f.Id, f.Value) > 0 && f.Value.Length > 0 ? (f.Kind, Id: f.Value, Value: f.Id) : f).DistinctBy(f => pairs ? $"{f.Id}\n{f.Value}" : f.Id).ToList();
            var matched = group.Select(truth => claimed.Where(f => IsAt(truth, f)).ToList()).ToList();
            return new KindScore(group.Key, group.Count(), claimed.Count, matched.Count(m => m.Count > 0), group.Zip(matched).Count(m => m.Second.Any(f => IsRight(m.First, f.Value, f.Id))));
        }),
    ];

    private static bool IsAt(Truth truth, (string Kind, string Id, string Value) finding) => truth.Match != Match.Pair ? finding.Id == truth.Id
        : finding.Value.Length == 0 ? finding.Id == truth.Id : (finding.Id == truth.Id && finding.Value == truth.Value) || (finding.Id == truth.Value && finding.Value == truth.Id);

    private static bool IsRight(Truth truth, string value, string id) => truth.Match switch
    {
        Match.Id => true,
        Match.Pair => value.Length > 0 && id.Length > 0,
        Match.Near => double.TryParse(value, CultureInfo.InvariantCulture, out var v) && Math.Abs(v - double.Parse(truth.Value, CultureInfo.InvariantCulture)) <= truth.Within,
        _ => truth.Value.Split(" | ").Any(right => Same(right, value)),
    };

    /// <summary>Numbers to a thousandth of their size; other answers without case, punctuation and articles.</summary>
    private static bool Same(string right, string value) =>
        double.TryParse(right, CultureInfo.InvariantCulture, out var a) && double.TryParse(value, CultureInfo.InvariantCulture, out var b) ? Math.Abs(a - b) <= 1e-3 * Math.Abs(a) : Plain(right) == Plain(value);

    private static string Plain(string text) => string.Join(' ', new string([.. text.ToLowerInvariant().Where(c => !char.IsPunctuation(c))]).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Where(w => w is not ("a" or "an" or "the")));

    private static List<Truth> ReadTruths(string file) =>
        [.. Rows(file, Truth.Header).Select(r => r.Cells is [var kind, var id, var value, var match, var within] && Enum.TryParse<Match>(match, ignoreCase: true, out var how) && double.TryParse(within, CultureInfo.InvariantCulture, out var distance)
            ? new Truth(kind, id, value, how, distance) : throw new UserError("not a truth", file, r.Line, expected: Truth.Header))];

    private static List<(string Kind, string Id, string Value)> ReadFindings(string file, IReadOnlyList<string> kinds) =>
        [.. Rows(file, "kind,id,value,reason").Select(r => r.Cells is [var kind, var id, var value, _] && id.Length > 0 && kinds.Contains(kind) ? (kind, id, value)
            : throw new UserError("not a finding", file, r.Line, expected: $"kind,id,value,reason with a kind of {string.Join(", ", kinds)}", got: UserError.Quote(string.Join(',', r.Cells))))];

    private static IEnumerable<(int Line, IReadOnlyList<string> Cells)> Rows(string file, string header)
    {
        var csv = CsvText.Read(file);
        return csv.Lines[0].TrimEnd('\r') == header ? csv.Lines.Index().Skip(1).Where(l => l.Item.Trim().Length > 0).Select(l => (l.Index + 1, (IReadOnlyList<string>)[.. CsvText.Cells(l.Item).Select(c => CsvText.Plain(c.Raw))])).ToList()
            : throw new UserError("another header", file, 1, expected: header, got: UserError.Quote(csv.Lines[0]));
    }
}
