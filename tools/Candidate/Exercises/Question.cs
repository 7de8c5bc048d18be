using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MLPortfolio.Candidate;

/// <summary>A line of questions.jsonl; edits keep every field that they do not name.</summary>
internal sealed class Question(JsonObject json)
{
    private static readonly JsonSerializerOptions _plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string Id
    {
        get => (string)json["id"]!;
        set => json["id"] = value;
    }

    public string Text => (string)json["question"]!;

    public bool Answerable => (bool?)json["answerable"] ?? json["answers"] is JsonArray { Count: > 0 };

    public string Split
    {
        get => (string?)json["split"] ?? "";
        set => json["split"] = value;
    }

    public string Group
    {
        get => (string?)json["group"] ?? Id;
        set => json["group"] = value;
    }

    public IReadOnlyList<string> Answers
    {
        get => [.. (json["answers"]?.AsArray() ?? []).Select(a => (string)a!)];
        set => json["answers"] = new JsonArray([.. value.Select(a => (JsonNode)a)]);
    }

    public IReadOnlyList<JsonObject> Evidence => [.. (json["evidence"]?.AsArray() ?? []).Select(e => e!.AsObject())];

    /// <summary>The one span of evidence, null when there are several or none.</summary>
    public JsonObject? Span => Evidence is [var only] ? only : null;

    public string Quote => (string)Span!["quote"]!;

    public string Document => (string)Span!["document"]!;

    /// <summary>What a grader accepts.</summary>
    public string Gold => Answerable ? string.Join(" | ", Answers) : "unanswerable";

    public string Line => json.ToJsonString(_plain);

    public void PointAt(JsonObject span) => json["evidence"] = new JsonArray(span.DeepClone());

    /// <summary>Reads questions; a line that is none, an id twice and an answerable question without an answer are a <see cref="UserError"/>.</summary>
    public static IReadOnlyList<Question> Read(string file)
    {
        var questions = new List<Question>();
        foreach (var (i, line) in TextFile.Read(file).Split('\n').Index().Where(l => l.Item.Trim().Length > 0))
        {
            UserError Wrong(string problem, string? got = null) => new(problem, file, i + 1, expected: "{\"id\": …, \"question\": …, \"answers\": […], \"answerable\": true|false}", got: UserError.Quote(got ?? line));
            try
            {
                var json = JsonNode.Parse(line) as JsonObject ?? throw Wrong("not a question");
                if (json["id"] is not JsonValue id || id.GetValueKind() != JsonValueKind.String || json["question"] is not JsonValue text || text.GetValueKind() != JsonValueKind.String || ((string)text!).Length == 0)
                {
                    throw Wrong("not a question");
                }

                var question = new Question(json);
                if (questions.Any(q => q.Id == question.Id))
                {
                    throw Wrong("an id that stands twice", question.Id);
                }

                if (question.Answerable && question.Answers.Count == 0)
                {
                    throw Wrong("an answerable question without an answer", question.Id);
                }

                questions.Add(question);
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
            {
                throw Wrong("not a question");
            }
        }

        return questions;
    }

    public static string Lines(IEnumerable<Question> questions) => string.Concat(questions.Select(q => q.Line + "\n"));
}
