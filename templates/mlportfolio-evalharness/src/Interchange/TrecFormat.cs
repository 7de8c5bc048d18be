namespace PortfolioProject.Interchange;

/// <summary>TREC: judgements in, runs and judgements out. TREC has no form for documents and queries, so an import is told where they are.</summary>
internal static class TrecFormat
{
    /// <param name="corpus">A folder of .md and .txt files, or corpus.jsonl.</param>
    /// <param name="queries">JSON Lines {_id, text}, or lines of id, tab, text.</param>
    public static ImportedSet Import(string qrels, string corpus, string queries) => new(
        Corpus.Load(corpus).Documents, ReadQueries(queries),
        [.. TrecQrels.Read(qrels).SelectMany(q => q.Value.Select(g => new Judgement(q.Key, g.Key, g.Value, qrels)))], []);

    /// <summary>
    /// One run file a variant, documents as the cases hold them (by best chunk), and the judgements of the run's data: all, and by split.
    /// Scoring the two gives the run's own document-level metrics, as deep as the cases hold results.
    /// </summary>
    public static void Export(Operand operand, Dataset data, string folder)
    {
        foreach (var variant in operand.Cases.GroupBy(c => c.Variant))
            TrecRun.Write(Path.Combine(folder, variant.Key + ".run"), variant.Select(c => (c.Case, Retrieved(c))), variant.Key);
        var cases = operand.Cases.DistinctBy(c => c.Case).Where(c => data.Qrels.ContainsKey(c.Case)).ToList();
        foreach (var (name, those) in cases.GroupBy(c => c.Tags.GetValueOrDefault("split", "none")).Select(g => (g.Key, g.ToList())).Append(("all", cases)))
            TrecQrels.Write(Path.Combine(folder, name + ".qrels"), those.Select(c => KeyValuePair.Create(c.Case, data.Qrels[c.Case])));
    }

    /// <summary>A chunk's id is its document's, a # and a number.</summary>
    private static string Document(string chunk) => chunk[..chunk.LastIndexOf('#')];

    private static IReadOnlyList<(string, double)> Retrieved(CaseRecord record) => record.Detail?["retrieved"] is not System.Text.Json.Nodes.JsonArray retrieved ? []
        : [.. retrieved.Select(r => (Document: Document(r!["chunk"]!.GetValue<string>()), Score: r["score"]!.GetValue<double>())).GroupBy(r => r.Document).Select(g => (g.Key, g.Max(r => r.Score)))];

    private static IReadOnlyList<Question> ReadQueries(string file)
    {
        if (Path.GetExtension(file) == ".jsonl") return [.. JsonItem.ReadLines(file, "_id").Select(q => new Question { Id = q.Id, Text = q.Item["text"].Words, Split = "test" })];
        var questions = new OrderedDictionary<string, Question>(StringComparer.Ordinal);
        foreach (var (number, line) in SourceText.Lines(file))
            if (line.Split('\t', 2) is not [{ Length: > 0 } id, var text] || string.IsNullOrWhiteSpace(text)) throw new UserError("not a query", file, number, 1, expected: "an id, a tab and the query", got: UserError.Quote(line));
            else if (!questions.TryAdd(id, new() { Id = id, Text = text.Trim(), Split = "test" })) throw new UserError("an id appears twice", file, number, 1, expected: "unique ids", got: $"\"{id}\"");
        return [.. questions.Values];
    }
}
