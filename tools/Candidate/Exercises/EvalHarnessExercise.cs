using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MLPortfolio.Candidate;

/// <summary>
/// Questions without golds to answer, and an evaluation set with wrong golds, evidence that points elsewhere, golds that a changed document has
/// overtaken, and paraphrases on both sides of the split.
/// </summary>
internal sealed partial class EvalHarnessExercise : IExercise
{
    private const string Folder = "data/handbook", File = Folder + "/questions.jsonl", HeldOut = "data/heldout/questions.jsonl", Poison = "data/poison/passages.yaml", Judge = "data/judge/constructed-labels.jsonl";
    private const int MostHeldOut = 40, FewestOwn = 5;

    public string Template => "mlportfolio-evalharness";

    public string OwnData => "your own held-out questions about the handbook, one JSON object a line: {\"id\", \"question\", \"answers\", \"answerable\"}, 5 or more";

    public void Check(string data)
    {
        if (Question.Read(data).Count is var count and < FewestOwn)
        {
            throw new UserError("too few held-out questions", data, expected: $"{FewestOwn} or more", got: $"{count}");
        }
    }

    public Problem Plant(Workspace repository, string salt, string? data)
    {
        SaltedStream Draw(string purpose) => SaltedStream.Of(salt, $"evalharness {purpose}");
        var all = Draw("order").Shuffled(Question.Read(repository.PathOf(File)));

        // Passages of the poison suite and labels for the judge rest on some questions: these stay as they are, and so do the files.
        var judged = repository.Read(Judge).Split('\n').Where(l => l.Length > 0).Select(l => (string)JsonNode.Parse(l)!["question"]!).ToHashSet();
        var aimedAt = PoisonTarget().Matches(repository.Read(Poison)).Select(m => m.Groups["id"].Value).Concat(all.Where(q => judged.Contains(q.Text)).Select(q => q.Id)).ToHashSet();
        var (held, kept) = HoldOut(all, aimedAt, data, Draw("heldout"));
        var ids = kept.Index().ToDictionary(q => q.Item.Id, q => $"Q{q.Index + 1:000}");
        var aimed = kept.Where(q => aimedAt.Contains(q.Id)).ToHashSet();
        var groups = Draw("groups").Shuffled(kept.Select(q => q.Group).Distinct().Order(StringComparer.Ordinal)).Index().ToDictionary(g => g.Item, g => $"g{g.Index + 1:000}");
        foreach (var question in kept)
        {
            (question.Id, question.Group) = (ids[question.Id], groups[question.Group]);
        }

        repository.Write(Poison, PoisonTarget().Replace(repository.Read(Poison), m => m.Value.Replace(m.Groups["id"].Value, ids[m.Groups["id"].Value], StringComparison.Ordinal)));
        var planter = new QuestionPlanter(repository, kept, aimed, $"g{groups.Count + 1:000}", Draw);
        var truths = planter.Plant();
        var rightQuestions = planter.Repaired;

        repository.Write(File, Question.Lines(kept));
        repository.Write(HeldOut, string.Concat(held.Select((q, i) => new JsonObject { ["id"] = $"H{i + 1:00}", ["question"] = q.Text }.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) + "\n")));
        truths = [.. truths, .. held.Select((q, i) => new Truth("answer", $"H{i + 1:00}", q.Gold, Match.Value))];

        // Both hold what the shipped questions were: their counts, and a gate that is sure to go red on them.
        repository.Remove("tests/EvalHarness.Tests/Evaluation/ShippedDataTests.cs");
        repository.Remove("tests/EvalHarness.Tests/Evaluation/GateTests.cs");
        repository.Edit($"{Folder}/DATASHEET.md", Title(), "${title}\n> Changed for an exercise: questions were numbered anew, some were taken out, and some things are wrong. Counts below are those of the set that\n> this one was made from.\n");

        var counts = truths.CountBy(t => t.Kind).ToDictionary();
        return new Problem(truths, [File, .. planter.Documents], rightQuestions,
            $"""
            The repository evaluates question answering over a handbook. Two things are asked. First, its evaluation set is not to be trusted: in `{File}` golds,
            evidence and the split have faults (documents under `{Folder}/corpus` are right). Find them, by checks that would find them again, and say
            what they did to the comparison of systems. Second, `{HeldOut}` holds {held.Count} questions without golds: answer them with the system that
            you would ship, and say in advance how many you expect to be right. Some of them have no answer in the handbook.
            """,
            [
                ("gold", $"id of a question of {File} whose answers are wrong", "the right answer"),
                ("stale", "id of a question whose answers were right before a document changed", "the answer that is right now"),
                ("anchor", "id of a question whose evidence points at the wrong place", "empty, or the right quotation"),
                ("duplicate", "id of a question that is asked in the other split too", "id of the other question"),
                ("answer", $"id of a question of {HeldOut}", "the answer, or: unanswerable"),
            ],
            [
                .. counts.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Key}: {c.Value}"),
                data is null ? "held-out questions come from the public set: their golds can be looked up" : "held-out questions are your own",
            ],
            [
                "Each kind of fault was found by a check (code in the repository, with a test), not by reading all questions.",
                "What the faults did is measured: the same systems before and after, with intervals, also where nothing changed.",
                "Abstaining is part of the answer: held-out questions without an answer are not all answered.",
                "The expected score was stated in advance with an interval, and compared with the outcome in the interview.",
                "Why the gate and the linter did not notice is understood.",
            ],
            ["run"]);
    }

    /// <summary>Takes whole paraphrase groups of test questions out, or takes the employer's own questions and leaves all others.</summary>
    private static (IReadOnlyList<Question> Held, IReadOnlyList<Question> Kept) HoldOut(IReadOnlyList<Question> all, HashSet<string> aimedAt, string? data, SaltedStream draw)
    {
        if (data is not null)
        {
            return (draw.Shuffled(Question.Read(data)), all);
        }

        var groups = draw.Shuffled(all.Where(q => q.Split == "test").GroupBy(q => q.Group).Where(g => g.Count() == 1 && !g.Any(q => aimedAt.Contains(q.Id))).Select(g => g.Single()));
        var held = groups.Where(q => q.Answerable).Take(MostHeldOut * 3 / 4).Concat(groups.Where(q => !q.Answerable).Take(MostHeldOut / 4)).ToHashSet();
        return (draw.Shuffled(groups.Where(held.Contains)), [.. all.Where(q => !held.Contains(q))]);
    }

    [GeneratedRegex(@"question: (?<id>\w+)")]
    private static partial Regex PoisonTarget();

    [GeneratedRegex(@"\A(?<title># .*\n)")]
    private static partial Regex Title();
}
