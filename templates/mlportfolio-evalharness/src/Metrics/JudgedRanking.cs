namespace PortfolioProject.Metrics;

/// <summary>One result of one query. <paramref name="Grade"/> is 0 when the document is unjudged; relevant means grade &gt; 0.</summary>
public readonly record struct RankedDocument(string Id, double Score, int Grade, bool Judged);

/// <summary>
/// The results of one query in the order that every measure uses, joined with its judgements: score descending, ties by document id
/// descending by UTF-8 bytes (trec_eval's rule). A judgement below 0 means "in the pool but unjudged" and counts as no judgement.
/// </summary>
/// <param name="Documents">Best first.</param>
/// <param name="Ideal">Grades of all judged documents of the query, retrieved or not, descending.</param>
/// <param name="Runs">
/// Half-open ranges of positions (from 0) whose order is left to chance. After <see cref="Join"/> each position is a run of its own, so
/// a measure has one value; after <see cref="ShareTies"/> runs are ties, and a measure is the mean over their orders.
/// </param>
public sealed record JudgedRanking(IReadOnlyList<RankedDocument> Documents, IReadOnlyList<int> Ideal, IReadOnlyList<(int Start, int End)> Runs)
{
    /// <summary>R: how many judged documents are relevant.</summary>
    public int Relevant { get; } = Ideal.Count(g => g > 0);

    /// <summary>Relevant documents at the positions from start to before end.</summary>
    internal int RelevantIn(int start, int end)
    {
        var count = 0;
        for (var i = start; i < end; i++) count += Documents[i].Grade > 0 ? 1 : 0;
        return count;
    }

    /// <summary>The one join. A document ranked twice is an error: <paramref name="duplicate"/> of both its positions, where given.</summary>
    /// <exception cref="UserError">A document is ranked twice.</exception>
    public static JudgedRanking Join(
        IReadOnlyList<(string Id, double Score)> results, IReadOnlyDictionary<string, int> qrels, Func<int, int, UserError>? duplicate = null)
    {
        var documents = new RankedDocument[results.Count];
        var seen = new Dictionary<string, int>(results.Count, StringComparer.Ordinal);
        for (var i = 0; i < documents.Length; i++)
        {
            var (id, score) = results[i];
            if (!seen.TryAdd(id, i))
                throw duplicate?.Invoke(seen[id], i) ?? new UserError("a document is ranked twice for one query", expected: "unique document ids", got: $"\"{id}\" again");
            documents[i] = qrels.TryGetValue(id, out var grade) && grade >= 0 ? new(id, score, grade, true) : new(id, score, 0, false);
        }
        Array.Sort(documents, (a, b) => b.Score.CompareTo(a.Score) is var byScore and not 0 ? byScore : Utf8Order.Compare(b.Id, a.Id));
        return new(documents, [.. qrels.Values.Where(g => g >= 0).OrderDescending()], [.. Enumerable.Range(0, documents.Length).Select(i => (i, i + 1))]);
    }

    /// <summary>The same results with documents of equal score in one run.</summary>
    public JudgedRanking ShareTies()
    {
        var runs = new List<(int Start, int End)>();
        foreach (var (_, ties) in Documents.CountBy(d => d.Score)) runs.Add((runs.LastOrDefault().End, runs.LastOrDefault().End + ties));
        return this with { Runs = runs };
    }

    /// <summary>The same results with ties in their best (grade descending) or worst order, where every measure has its extreme.</summary>
    public JudgedRanking OrderTies(bool best) =>
        this with { Documents = [.. Documents.OrderByDescending(d => d.Score).ThenBy(d => best ? -d.Grade : d.Grade)] };
}
