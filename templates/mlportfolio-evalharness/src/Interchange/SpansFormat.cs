namespace PortfolioProject.Interchange;

/// <summary>
/// Span-anchored questions: corpus files and lines of {id, question, answers?, corpus, spans: [{start, end}], answerable?}; corpus is a file
/// name with or without extension. Offsets are half-open, over the text with "\n" line ends, in code points unless said otherwise.
/// </summary>
internal static class SpansFormat
{
    public static ImportedSet Import(string file, string corpusPath, bool utf16)
    {
        var corpus = Corpus.Load(corpusPath);
        var digests = corpus.Documents.ToDictionary(d => d.Id, d => d.Sha256, StringComparer.Ordinal);
        var problems = new List<string>();
        GoldSpan? Anchor(JsonItem item, JsonItem span)
        {
            var name = (span.Optional("corpus") ?? item["corpus"]).Id.Replace('\\', '/');
            var (start, end) = (span["start"].Number, span["end"].Number);
            if ((corpus.Find(name) ?? corpus.Find(Path.ChangeExtension(name, null))) is not { } document) problems.Add($"line {item.Line}: {span.Field}: the corpus has no document \"{name}\"");
            else if (start < 0 || end <= start) problems.Add($"line {item.Line}: {span.Field}: expected 0 ≤ start < end, got {start}..{end}");
            else
            {
                var (from, to) = utf16 ? (start, end <= document.Text.Length ? end : -1) : (Offsets.FromCodePoints(document.Text, start), Offsets.FromCodePoints(document.Text, end));
                if (to >= 0) return Offsets.Span(document, digests[document.Id], from, to - from);
                problems.Add($"line {item.Line}: {span.Field}: {start}..{end} ends beyond document \"{document.Id}\" of {(utf16 ? document.Text.Length : document.Text.EnumerateRunes().Count())} characters");
            }
            return null;
        }
        var questions = JsonItem.ReadLines(file, "id").Select(q =>
        {
            var answers = q.Item.Optional("answers")?.Items.Select(a => a.Text).ToList();
            var spans = q.Item.Optional("spans")?.Items.Select(s => Anchor(q.Item, s)).OfType<GoldSpan>().ToList() ?? [];
            var answerable = q.Item.Optional("answerable")?.Flag ?? (spans.Count > 0 || answers is { Count: > 0 });
            if (!answerable && (spans.Count > 0 || answers is { Count: > 0 })) throw q.Item["answerable"].Wrong("true where answers or spans are given");
            return new Question { Id = q.Id, Text = q.Item["question"].Words, Answers = answers is { Count: > 0 } ? answers : null, Answerable = answerable, Source = spans.FirstOrDefault()?.Document, Spans = spans };
        }).ToList();
        return problems.Count == 0 ? new(corpus.Documents, questions, [], [])
            : throw new UserError($"{problems.Count} spans do not fit the corpus:\n  {string.Join("\n  ", problems.Take(20))}{(problems.Count > 20 ? $"\n  … and {problems.Count - 20} more" : "")}", file);
    }
}
