namespace PortfolioProject.Evaluation;

/// <summary>Reads <c>questions.jsonl</c>. Every problem is an error with file, line and column: no question is dropped silently.</summary>
public static class QuestionFile
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerOptions.Strict) { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static IReadOnlyList<Question> Read(string path, string shownAs)
    {
        var questions = new List<Question>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (number, line) in SourceText.Lines(path, shownAs, "Check data.path in configs/run.yaml, or create the data set with the import verb."))
        {
            var question = Parse(line, shownAs, number);
            if (!lines.TryAdd(question.Id, number))
                throw new UserError($"question id \"{question.Id}\" appears twice", shownAs, number, field: "id", expected: "unique ids", got: $"the id of line {lines[question.Id]}");
            questions.Add(question);
        }
        return questions.Count > 0 ? questions
            : throw new UserError("the question file is empty", shownAs, expected: "at least one question", got: "none");
    }

    private static Question Parse(string line, string file, int number)
    {
        Question question;
        try { question = JsonSerializer.Deserialize<Question>(line, Strict) ?? throw new JsonException("null"); }
        catch (JsonException e)
        {
            throw new UserError("not a question", file, number, (int)(e.BytePositionInLine ?? 0) + 1, e.Path?.TrimStart('$', '.'),
                "a JSON object with id, question and, where known, answers, answerable, split, cluster, evidence", e.Message.Split(" Path:")[0]);
        }
        UserError Wrong(string field, string expected, string got) => new($"question \"{question.Id}\" is not usable", file, number, field: field, expected: expected, got: got);
        if (question.Id.Length == 0) throw Wrong("id", "a non-empty id", "\"\"");
        if (string.IsNullOrWhiteSpace(question.Text)) throw Wrong("question", "a question", "an empty text");
        if (question.Split is not (null or "dev" or "test")) throw Wrong("split", "dev or test", question.Split);
        if (question.Answers is { Count: 0 } && question.Answerable) throw Wrong("answers", "at least one answer, or no such field when none is known", "an empty list");
        if (question.Answers?.Contains(null!) == true || question.Spans.Contains(null!)) throw Wrong("answers, evidence", "lists of texts and of spans", "null in one of them");
        if (!question.Answerable && (question.Answers is { Count: > 0 } || question.Spans.Count > 0)) throw Wrong("answerable", "true where answers or evidence are given", "false");
        foreach (var span in question.Spans)
            if (span.Start < 0 || span.End <= span.Start) throw Wrong("evidence", "0 ≤ start < end", $"{span.Start}..{span.End}");
        return question;
    }
}
