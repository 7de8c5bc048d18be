namespace PortfolioProject.Metrics;

/// <summary>One topic of a run file, in the file's order, with each result's line number.</summary>
public sealed record TrecTopic(string Topic, List<(string Id, double Score)> Results, List<int> Lines)
{
    /// <exception cref="UserError">A document is ranked twice; the message holds both lines.</exception>
    internal JudgedRanking Join(string file, IReadOnlyDictionary<string, int> qrels) => JudgedRanking.Join(Results, qrels, (first, second) => new UserError(
        $"document \"{Results[second].Id}\" is ranked twice for topic {Topic}", file, Lines[second], expected: "each document at most once a topic", got: $"the document of line {Lines[first]}"));
}

/// <summary>TREC runs: lines of <c>topic Q0 document rank score tag</c>. The rank is ignored: the score decides.</summary>
public static class TrecRun
{
    /// <summary>
    /// Streams a file whose lines are grouped by topic, in the memory of one topic. With <paramref name="grouped"/> false, and for a pipe,
    /// the whole file is held and grouped here.
    /// </summary>
    /// <returns>Topics; null, and nothing after it, where a topic starts again in a file said to be grouped.</returns>
    internal static IEnumerable<TrecTopic?> Stream(string file, bool grouped)
    {
        using var lines = new TrecLines(file, "topic Q0 document rank score tag", longer: true);
        grouped &= lines.CanRestart;
        var topics = new OrderedDictionary<string, TrecTopic?>(StringComparer.Ordinal);
        TrecTopic? current = null;
        while (lines.Next())
        {
            if (current is null || !lines[0].SequenceEqual(current.Topic))
            {
                if (grouped && current is not null) yield return current;
                var topic = lines[0].ToString();
                if (!topics.TryGetValue(topic, out current)) topics.Add(topic, grouped ? null : current = new(topic, [], []));
                else if (grouped) { yield return null; yield break; }
                current ??= new(topic, [], []);
            }
            if (!double.TryParse(lines[4], NumberStyles.Float, CultureInfo.InvariantCulture, out var score) || !double.IsFinite(score))
                throw lines.Wrong(4, "a finite number as score");
            current.Results.Add((lines[2].ToString(), score));
            current.Lines.Add(lines.Number);
        }
        if (!grouped) foreach (var topic in topics.Values) yield return topic;
        else if (current is not null) yield return current;
    }

    /// <summary>All topics, each once, in order of first appearance; held in memory.</summary>
    /// <exception cref="UserError">Unreadable or malformed.</exception>
    public static IReadOnlyList<TrecTopic> Read(string file) => [.. Stream(file, grouped: false).Select(t => t!)];

    /// <summary>
    /// Writes a run that every reader orders alike: scores in round-trip form and strictly decreasing. A tie, broken as in
    /// <see cref="JudgedRanking"/>, is lowered by the smallest step of a double.
    /// </summary>
    public static void Write(string file, IEnumerable<(string Topic, IReadOnlyList<(string Id, double Score)> Results)> topics, string tag)
    {
        using var writer = new StreamWriter(file);
        foreach (var (topic, results) in topics)
        {
            var (rank, score) = (0, double.PositiveInfinity);
            foreach (var document in JudgedRanking.Join(results, new Dictionary<string, int>()).Documents)
            {
                score = Math.Min(document.Score, Math.BitDecrement(score));
                writer.Write(string.Create(CultureInfo.InvariantCulture, $"{Word(topic)} Q0 {Word(document.Id)} {++rank} {score:R} {Word(tag)}\n"));
            }
        }
    }

    internal static string Word(string text) => text.Length > 0 && text[0] != '#' && !text.Any(char.IsWhiteSpace) ? text
        : throw new UserError("the TREC format cannot hold this name", expected: "a name without white space that does not start with '#'", got: $"\"{text}\"");
}
