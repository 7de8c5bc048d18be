namespace PortfolioProject.Interchange;

/// <summary>BEIR: corpus.jsonl {_id, title, text}, queries.jsonl {_id, text}, qrels/*.tsv (query-id, corpus-id, score under a header).</summary>
internal static class BeirFormat
{
    /// <param name="names">Which files of qrels/ to take, without extension; none: test, or the only one.</param>
    public static ImportedSet Import(string folder, IReadOnlyList<string> names)
    {
        var documents = JsonItem.ReadLines(Path.Combine(folder, "corpus.jsonl"), "_id").Select(d => new Document(d.Id, d.Item.Optional("title")?.Text ?? "", d.Item["text"].Text)).ToList();
        var warnings = new List<string>();
        var judgements = Choose(Path.Combine(folder, "qrels"), names).SelectMany(name => ReadQrels(Path.Combine(folder, "qrels", name + ".tsv"), warnings).Select(j => (Split: name, Judgement: j))).ToList();
        QrelsFile.ByQuery(judgements.Select(j => j.Judgement));
        var splitOf = judgements.DistinctBy(j => j.Judgement.Query).ToDictionary(j => j.Judgement.Query, j => j.Split is "dev" or "train" ? "dev" : "test", StringComparer.Ordinal);
        var fallback = splitOf.ContainsValue("test") ? "test" : "dev";
        var questions = JsonItem.ReadLines(Path.Combine(folder, "queries.jsonl"), "_id").Select(q => new Question { Id = q.Id, Text = q.Item["text"].Words, Split = splitOf.GetValueOrDefault(q.Id, fallback) }).ToList();
        if (questions.Count(q => !splitOf.ContainsKey(q.Id)) is > 0 and var unjudged) warnings.Add($"{unjudged} queries have no judgement in the chosen qrels; they are kept");
        return new(documents, questions, [.. judgements.Select(j => j.Judgement)], warnings);
    }

    /// <summary>Writes a data set; judgements that follow from gold spans are written with the given ones, one file a split.</summary>
    public static void Export(Dataset data, string folder)
    {
        OutputFolder.WriteLines(Path.Combine(folder, "corpus.jsonl"), data.Corpus.Documents.Select(d => new { _id = d.Id, title = d.Title, text = d.Text }));
        OutputFolder.WriteLines(Path.Combine(folder, "queries.jsonl"), data.Questions.Select(q => new { _id = q.Id, text = q.Text }));
        Directory.CreateDirectory(Path.Combine(folder, "qrels"));
        foreach (var split in data.Questions.GroupBy(q => q.Split))
            File.WriteAllText(Path.Combine(folder, "qrels", split.Key + ".tsv"), QrelsFile.Write(split.Where(q => data.Qrels.ContainsKey(q.Id)).SelectMany(q => data.Qrels[q.Id].Select(g => new Judgement(q.Id, g.Key, g.Value, "")))));
    }

    private static IReadOnlyList<string> Choose(string folder, IReadOnlyList<string> names)
    {
        var there = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.tsv").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal).ToList() : [];
        IReadOnlyList<string> chosen = names.Count > 0 ? names : there.Contains("test") ? ["test"] : there.Count == 1 ? there : [];
        return chosen.Count > 0 && chosen.All(there.Contains) ? chosen
            : throw new UserError("which judgements?", folder, field: "--qrels", expected: there.Count > 0 ? $"some of {string.Join(", ", there)}" : "a .tsv file in it", got: names.Count > 0 ? string.Join(", ", names) : "none named");
    }

    private static IReadOnlyList<Judgement> ReadQrels(string file, List<string> warnings)
    {
        var (header, judgements) = QrelsFile.Read(file, file);
        if (!header) warnings.Add($"{file}: the header \"query-id corpus-id score\" is missing; the first line was read as a judgement");
        return judgements;
    }
}
