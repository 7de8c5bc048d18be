namespace PortfolioProject.Interchange;

/// <summary>What an import has read. <paramref name="Warnings"/> say what was left out or looks wrong; nothing is left out silently.</summary>
internal sealed record ImportedSet(IReadOnlyList<Document> Documents, IReadOnlyList<Question> Questions, IReadOnlyList<Judgement> Judgements, IReadOnlyList<string> Warnings)
{
    /// <summary>
    /// Writes corpus.jsonl, questions.jsonl and, where there are judgements, qrels.tsv; prints counts and the next command. A judgement of an
    /// unknown question is left out; one of an unknown document stays, for it counts in recall. Both are reported.
    /// </summary>
    public void Save(string root, string folder, bool force)
    {
        var target = Path.GetFullPath(folder, root);
        var (documents, questions) = (Documents.Select(d => d.Id).ToHashSet(), Questions.Select(q => q.Id).ToHashSet());
        var known = Judgements.Where(j => questions.Contains(j.Query)).ToList();
        string[] warnings = [.. Warnings, .. Judgements.Except(known).Select(j => $"{j.Place}: a judgement of the unknown query \"{j.Query}\" is left out"),
            .. known.Where(j => !documents.Contains(j.Document)).Select(j => $"{j.Place}: the judged document \"{j.Document}\" is not in the corpus")];
        OutputFolder.Write(target, force, into =>
        {
            OutputFolder.WriteLines(Path.Combine(into, "corpus.jsonl"), Documents.Select(d => new { _id = d.Id, title = d.Title, text = d.Text }));
            OutputFolder.WriteLines(Path.Combine(into, "questions.jsonl"), Questions);
            if (known.Count > 0) File.WriteAllText(Path.Combine(into, "qrels.tsv"), QrelsFile.Write(known));
        });
        foreach (var warning in warnings.Take(20)) Console.Error.Write($"warning: {warning}\n");
        if (warnings.Length > 20) Console.Error.Write($"warning: … and {warnings.Length - 20} more\n");
        var judged = known.Select(j => j.Query).ToHashSet();
        Console.Out.Write(FormattableString.Invariant($"""
            {folder}: {Documents.Count} documents, {Questions.Count} questions ({Questions.Count(q => q.Answerable)} answerable, {Questions.Count(q => q.Answers is { Count: > 0 })} with answers, {Questions.Count(q => q.Spans.Count > 0)} with evidence spans)
            {known.Count} judgements of {judged.Count} questions; {Questions.Count(q => q.Spans.Count == 0 && !judged.Contains(q.Id))} questions have neither judgements nor spans; {warnings.Length} warnings
            Next: dotnet run --project src/Cli -- run --set data.path={Path.GetRelativePath(root, target).Replace('\\', '/')}

            """));
    }
}
