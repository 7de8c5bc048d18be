namespace PortfolioProject.Evaluation;

/// <summary>One graded judgement, and where it was read.</summary>
public sealed record Judgement(string Query, string Document, int Grade, string File, int? Line = null)
{
    public string Place => Line is null ? File : $"{File}:{Line}";
}

/// <summary>Judgements as BEIR has them: query-id, corpus-id and a whole number as score, separated by tabs, under a header.</summary>
public static class QrelsFile
{
    /// <returns>The judgements, and whether they stood under a header: a first line whose score is no number.</returns>
    /// <exception cref="UserError">A line that is no judgement.</exception>
    public static (bool Header, IReadOnlyList<Judgement> Judgements) Read(string file, string shownAs)
    {
        Judgement? Parse(int number, string line) => line.Split('\t') is not [var query, var document, var score]
            ? throw new UserError("not a judgement", shownAs, number, 1, expected: "query-id, corpus-id and a whole number as score, separated by tabs", got: UserError.Quote(line))
            : int.TryParse(score, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var grade) ? new(query, document, grade, shownAs, number)
            : number == 1 ? null : throw new UserError("not a judgement", shownAs, number, 1, expected: "a whole number as score", got: UserError.Quote(line));
        var rows = SourceText.Lines(file, shownAs).Select(l => Parse(l.Number, l.Line)).ToList();
        return (rows.Contains(null), [.. rows.OfType<Judgement>()]);
    }

    /// <exception cref="UserError">A document is judged twice for one query.</exception>
    public static Dictionary<string, IReadOnlyDictionary<string, int>> ByQuery(IEnumerable<Judgement> judgements)
    {
        var qrels = new Dictionary<string, Dictionary<string, int>>(StringComparer.Ordinal);
        foreach (var j in judgements)
        {
            if (!qrels.TryGetValue(j.Query, out var grades)) qrels[j.Query] = grades = new(StringComparer.Ordinal);
            if (!grades.TryAdd(j.Document, j.Grade)) throw new UserError("judged twice", j.File, j.Line, expected: "one judgement a query and document", got: $"query {UserError.Quote(j.Query)} and document {UserError.Quote(j.Document)} again");
        }
        return qrels.ToDictionary(q => q.Key, IReadOnlyDictionary<string, int> (q) => q.Value, StringComparer.Ordinal);
    }

    /// <summary>As <see cref="Read"/> takes it.</summary>
    public static string Write(IEnumerable<Judgement> judgements) =>
        "query-id\tcorpus-id\tscore\n" + string.Concat(judgements.Select(j => string.Create(CultureInfo.InvariantCulture, $"{Cell(j.Query)}\t{Cell(j.Document)}\t{j.Grade}\n")));

    private static string Cell(string id) => !id.AsSpan().ContainsAny('\t', '\n') ? id : throw new UserError("a tab-separated file cannot hold this id", expected: "an id without tabs and line breaks", got: UserError.Quote(id));
}
