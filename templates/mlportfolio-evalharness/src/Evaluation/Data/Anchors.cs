namespace PortfolioProject.Evaluation;

/// <summary>Verifies that every gold span still stands where the question says, and suggests the new place when it moved.</summary>
internal static class Anchors
{
    private const int Shown = 20;

    public static void Verify(Dataset dataset)
    {
        var digests = dataset.Questions.SelectMany(q => q.Spans).Select(s => s.Document).Distinct().Select(dataset.Corpus.Find).OfType<Document>().ToDictionary(d => d.Id, d => d.Sha256, StringComparer.Ordinal);
        var problems = dataset.Questions.SelectMany(q => q.Spans.Select(s => Problem(dataset, q, s, digests))).OfType<string>().ToList();
        if (problems.Count == 0) return;
        throw new UserError($"{problems.Count} gold span(s) no longer match the corpus:\n  {string.Join("\n  ", problems.Take(Shown))}{(problems.Count > Shown ? $"\n  … and {problems.Count - Shown} more" : "")}", dataset.Path + "/questions.jsonl",
            fix: "Restore the document, or give the evidence its new offsets and digest.");
    }

    private static string? Problem(Dataset dataset, Question question, GoldSpan span, Dictionary<string, string> digests)
    {
        if (dataset.Corpus.Find(span.Document) is not { } document) return $"{question.Id}: document \"{span.Document}\" is not in the corpus";
        var stands = span.End <= document.Text.Length && document.Text.AsSpan(span.Start..span.End).SequenceEqual(span.Quote);
        var digest = digests[document.Id];
        if (stands && digest == span.Sha256) return null;
        if (stands) return $"{question.Id}: document \"{span.Document}\" was edited (the quote still stands); sha256 expected {span.Sha256[..Math.Min(12, span.Sha256.Length)]}…, got {digest}";
        var found = document.Text.IndexOf(span.Quote, StringComparison.Ordinal);
        var place = found < 0 ? "the quote is gone" : $"the quote now stands at {found}..{found + span.Quote.Length}";
        return $"{question.Id}: \"{span.Document}\" {span.Start}..{span.End} does not hold the quote {UserError.Quote(span.Quote)}; {place}, sha256 {digest}";
    }
}
