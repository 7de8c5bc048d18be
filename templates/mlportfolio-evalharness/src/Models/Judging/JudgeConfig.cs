namespace PortfolioProject.Models;

/// <summary><c>configs/judge.yaml</c>: the model that grades, and what it must show before its grades are believed.</summary>
public sealed record JudgeConfig
{
    /// <summary>File of a <see cref="ChatConfig"/> whose prompt is the rubric.</summary>
    public required string Model { get; init; }

    /// <summary>File of labelled items, see <see cref="JudgeItem"/>.</summary>
    public required string Labels { get; init; }

    /// <summary>Votes on an item; the majority is the verdict.</summary>
    [Range(1, 25)] public int Repeats { get; init; } = 3;

    /// <summary>Grades are suppressed while the lower bound of kappa's interval is under this.</summary>
    [Range(0, 1.0)] public double KappaFloor { get; init; } = 0.6;
}

/// <summary>
/// What is judged: one answer, labelled 1 to 5, or two, labelled a, b (the better one) or tie. A line of the label file holds one as a JSON object;
/// <c>by</c> says who labelled it.
/// </summary>
public sealed record JudgeItem(string Id, string Question, string Reference, string A, string? B = null, string? Label = null, string? By = null)
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerOptions.Strict) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    internal IReadOnlyList<string> Labels => B is null ? ["1", "2", "3", "4", "5"] : ["a", "b", "tie"];

    public static IReadOnlyList<JudgeItem> Read(string file)
    {
        var items = TextFile.Read(file, "Name a file of labels in configs/judge.yaml").Split('\n').Index().Where(l => !string.IsNullOrWhiteSpace(l.Item)).Select(l => Parse(l.Item, file, l.Index + 1)).ToList();
        return items.CountBy(i => i.Id).FirstOrDefault(i => i.Value > 1) is { Key: { } twice } ? throw new UserError("an item appears twice", file, field: "id", got: twice) : items;
    }

    private static JudgeItem Parse(string json, string file, int line)
    {
        try
        {
            var item = JsonSerializer.Deserialize<JudgeItem>(json, Strict) ?? throw new JsonException("null");
            return item.By is not null && item.Labels.Contains(item.Label) ? item
                : throw new UserError("not a labelled item", file, line, field: item.By is null ? "by" : "label", expected: item.By is null ? "who labelled it" : string.Join(", ", item.Labels), got: item.Label);
        }
        catch (JsonException e) { throw new UserError("not a labelled item", file, line, expected: "an object with id, question, reference, a, label, by and, for pairs, b", got: e.Message); }
    }
}
