namespace PortfolioProject.Interchange;

/// <summary>SQuAD v1.1 and v2.0. A paragraph is a document, an article a cluster, so that no article is in both splits.</summary>
internal static class SquadFormat
{
    public static ImportedSet Import(string file)
    {
        var (documents, warnings) = (new List<Document>(), new List<string>());
        var (questions, paragraphs) = (new OrderedDictionary<string, Question>(StringComparer.Ordinal), new Dictionary<string, int>(StringComparer.Ordinal));
        foreach (var article in JsonItem.ReadWhole(file)["data"].Items)
        {
            var title = string.Join('_', (article.Optional("title")?.Text ?? "untitled").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            foreach (var paragraph in article["paragraphs"].Items)
            {
                var (context, index) = (paragraph["context"].Text, paragraphs[title] = paragraphs.GetValueOrDefault(title, -1) + 1);
                var document = new Document(FormattableString.Invariant($"{title}_{index}"), title.Replace('_', ' '), SourceText.LfOnly(context));
                var sha256 = document.Sha256;
                documents.Add(document);
                foreach (var qa in paragraph["qas"].Items)
                {
                    var (id, answerable) = (qa["id"].Id, !(qa.Optional("is_impossible")?.Flag ?? false));
                    var answers = answerable ? qa["answers"].Items.Select(a => (Text: a["text"].Text, Start: a["answer_start"].Number)).Where(a => a.Text.Length > 0).Distinct().ToList() : [];
                    if (answerable && answers.Count == 0) warnings.Add($"{file}: question {id} has no answer though it is not marked impossible; kept without gold answers");
                    var spans = new List<GoldSpan>();
                    foreach (var (text, start) in answers)
                    {
                        var at = Offsets.FromCodePoints(context, start);
                        if (at >= 0 && context.AsSpan(at).StartsWith(text)) spans.Add(Offsets.Span(document, sha256, at - Offsets.Dropped(context, at), SourceText.LfOnly(text).Length));
                        else warnings.Add($"{file}: question {id}: the answer \"{text}\" does not stand at answer_start {start} of its paragraph; kept without that span");
                    }
                    var question = new Question { Id = id, Text = qa["question"].Words, Answerable = answerable, Answers = answerable && answers.Count == 0 ? null : [.. answers.Select(a => a.Text).Distinct()], Cluster = title, Source = document.Id, Spans = spans };
                    if (!questions.TryAdd(id, question)) throw new UserError("an id appears twice", file, field: qa["id"].Field, expected: "unique ids", got: $"\"{id}\"");
                }
            }
        }
        return questions.Count > 0 ? new(documents, [.. questions.Values], [], warnings) : throw new UserError("the file holds no question", file, expected: "data[].paragraphs[].qas[]", got: "none");
    }
}
