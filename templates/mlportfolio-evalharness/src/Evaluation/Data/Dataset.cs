namespace PortfolioProject.Evaluation;

/// <summary>
/// A corpus with its questions and judgements: a folder with <c>corpus/</c> (or <c>corpus.jsonl</c>), <c>questions.jsonl</c> and, where
/// relevance is judged by document, <c>qrels.tsv</c>.
/// </summary>
/// <param name="Path">Relative to the repository's root, with '/'.</param>
/// <param name="Qrels">Question id → document id → grade. Documents that hold gold evidence have grade 1 unless qrels.tsv says otherwise.</param>
public sealed record Dataset(
    string Path, Corpus Corpus, IReadOnlyList<Question> Questions, IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> Qrels,
    IReadOnlyList<DataFile> Files, IReadOnlyList<string> Notes)
{
    public static Dataset Load(string root, string path)
    {
        var relative = path.Replace('\\', '/').TrimEnd('/');
        var folder = System.IO.Path.Combine(root, relative);
        if (!Directory.Exists(folder))
            throw new UserError("there is no such data folder", "configs/run.yaml", field: "data.path", expected: "a folder with corpus/ and questions.jsonl", got: path,
                fix: "Import one with the import verb, or correct data.path.");
        var jsonl = System.IO.Path.Combine(folder, "corpus.jsonl");
        var corpus = File.Exists(jsonl) ? Corpus.LoadJsonLines(jsonl) : Corpus.LoadFolder(System.IO.Path.Combine(folder, "corpus"));
        var (questions, notes) = Splits.Assign(QuestionFile.Read(System.IO.Path.Combine(folder, "questions.jsonl"), relative + "/questions.jsonl"));
        var dataset = new Dataset(relative, corpus, questions, ReadQrels(folder, relative, questions), HashFiles(root, folder), notes);
        Anchors.Verify(dataset);
        return dataset;
    }

    /// <summary>The data files that results depend on, with their digests, in ordinal order of path.</summary>
    private static IReadOnlyList<DataFile> HashFiles(string root, string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(f => !System.IO.Path.GetFileName(f).StartsWith('.') && (System.IO.Path.GetRelativePath(folder, f).StartsWith("corpus", StringComparison.Ordinal) || System.IO.Path.GetExtension(f) is ".jsonl" or ".tsv"))
            .Select(f => new DataFile(System.IO.Path.GetRelativePath(root, f).Replace('\\', '/'), TextFile.Sha256OfFile(f), new FileInfo(f).Length))
            .OrderBy(f => f.Path, StringComparer.Ordinal)];

    private static IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> ReadQrels(string folder, string relative, IReadOnlyList<Question> questions)
    {
        var qrels = questions.Where(q => q.Spans.Count > 0).ToDictionary(
            q => q.Id, q => (IReadOnlyDictionary<string, int>)q.Spans.Select(s => s.Document).Distinct().ToDictionary(d => d, _ => 1, StringComparer.Ordinal), StringComparer.Ordinal);
        var file = System.IO.Path.Combine(folder, "qrels.tsv");
        if (!File.Exists(file)) return qrels;
        var (header, judgements) = QrelsFile.Read(file, relative + "/qrels.tsv");
        if (!header) throw new UserError("the header is missing", relative + "/qrels.tsv", 1, expected: "query-id, corpus-id, score, separated by tabs");
        foreach (var (query, grades) in QrelsFile.ByQuery(judgements)) qrels[query] = grades.UnionBy(qrels.GetValueOrDefault(query) ?? grades, g => g.Key).ToDictionary(StringComparer.Ordinal);
        return qrels;
    }
}
