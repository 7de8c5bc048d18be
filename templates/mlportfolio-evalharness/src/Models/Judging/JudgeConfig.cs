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
    internal IReadOnlyList<string> Labels => B is null ? ["1", "2", "3", "4", "5"] : ["a", "b", "tie"];

    /// <exception cref="UserError">No such file; a line that is no item, with its number; an id twice.</exception>
    public static IReadOnlyList<JudgeItem> Read(string file) => [.. JsonItem.ReadLines(file, "id").Select(l => Parse(l.Id, l.Item))];

    private static JudgeItem Parse(string id, JsonItem json)
    {
        var item = new JudgeItem(id, json["question"].Words, json["reference"].Words, json["a"].Words, json.Optional("b")?.Words, json["label"].Id, json["by"].Words);
        return item.Labels.Contains(item.Label) ? item : throw json["label"].Wrong(string.Join(", ", item.Labels));
    }
}
