namespace PortfolioProject.Metrics;

/// <summary>TREC relevance judgements: lines of <c>topic iteration document grade</c>; the iteration is ignored.</summary>
public static class TrecQrels
{
    /// <summary>Topic → document → grade, −1000 to 1000; below 0 means in the pool but unjudged. Held in memory.</summary>
    /// <exception cref="UserError">Unreadable, malformed, or a document judged twice for a topic.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> Read(string file)
    {
        var topics = new Dictionary<string, Dictionary<string, (int Grade, int Line)>>(StringComparer.Ordinal);
        using var lines = new TrecLines(file, "topic iteration document grade", longer: false);
        while (lines.Next())
        {
            var topic = lines[0].ToString();
            if (!topics.TryGetValue(topic, out var grades)) topics.Add(topic, grades = new(StringComparer.Ordinal));
            if (!int.TryParse(lines[3], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var grade) || grade is < -1000 or > 1000)
                throw lines.Wrong(3, "a whole number from -1000 to 1000 as grade");
            if (!grades.TryAdd(lines[2].ToString(), (grade, lines.Number)))
                throw lines.Wrong(2, $"each document judged once for topic {topic} (it was on line {grades[lines[2].ToString()].Line})");
        }
        return topics.ToDictionary(
            t => t.Key, t => (IReadOnlyDictionary<string, int>)t.Value.ToDictionary(g => g.Key, g => g.Value.Grade, StringComparer.Ordinal), StringComparer.Ordinal);
    }

    /// <summary>Writes topics and documents in UTF-8 order.</summary>
    public static void Write(string file, IEnumerable<KeyValuePair<string, IReadOnlyDictionary<string, int>>> qrels)
    {
        using var writer = new StreamWriter(file);
        foreach (var (topic, grades) in qrels.OrderBy(q => q.Key, Utf8Order.Comparer))
            foreach (var (document, grade) in grades.OrderBy(g => g.Key, Utf8Order.Comparer))
                writer.Write(string.Create(CultureInfo.InvariantCulture, $"{TrecRun.Word(topic)} 0 {TrecRun.Word(document)} {grade}\n"));
    }
}
