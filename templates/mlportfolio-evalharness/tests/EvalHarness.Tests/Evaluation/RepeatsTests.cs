using System.Text.Json.Nodes;
using PortfolioProject.Evaluation;
using PortfolioProject.Evidence;

namespace PortfolioProject.EvalHarness.Tests;

public sealed class RepeatsTests
{
    private static (CaseRecord, TimingRecord) Asked(Outcome outcome, string? answer, long tokens = 10, double milliseconds = 2)
    {
        var values = new Dictionary<string, double> { ["context-recall"] = 0.5 };
        if (Grader.IsScored(outcome)) values["accuracy"] = Grader.IsRight(outcome) ? 1 : 0;
        return (new CaseRecord
        {
            Case = "q1",
            Variant = "chat",
            Cluster = "document",
            Outcome = outcome.ToString(),
            Values = values,
            Unscored = outcome == Outcome.InfraError ? new Dictionary<string, string> { ["accuracy"] = "Server after 5 tries" } : null,
            Detail = new JsonObject { ["answer"] = answer, ["call"] = null },
        }, new TimingRecord { Case = "q1", Variant = "chat", Milliseconds = new Dictionary<string, double> { ["read"] = milliseconds }, InputTokens = tokens, OutputTokens = 1, Retries = 1, Detail = new JsonObject { ["calls"] = new JsonArray(tokens) } });
    }

    [Theory]
    [InlineData(1, 4, 1, 0.25, 0.25)]
    [InlineData(2, 4, 2, 5.0 / 6, 1.0 / 6)]
    [InlineData(3, 3, 2, 1, 0)]
    [InlineData(3, 5, 4, 1, 0.4)]
    [InlineData(10, 10, 10, 1, 1)]
    [InlineData(2, 3, 0, 0, 0)]
    public void Both_estimates_are_those_of_their_papers(int k, int n, int c, double any, double all)
    {
        Assert.Equal(any, Repeats.PassAt(k, n, c), 1e-12);
        Assert.Equal(all, Repeats.PassAll(k, n, c), 1e-12);
    }

    [Fact]
    public void Both_are_the_shares_among_all_choices_of_k_repeats()
    {
        for (var n = 1; n <= 7; n++)
            for (var c = 0; c <= n; c++)
                for (var k = 1; k <= n; k++)
                {
                    var choices = Enumerable.Range(0, 1 << n).Where(chosen => int.PopCount(chosen) == k).Select(chosen => int.PopCount(chosen & ((1 << c) - 1))).ToList();
                    Assert.Equal(choices.Average(right => right > 0 ? 1.0 : 0), Repeats.PassAt(k, n, c), 1e-12);
                    Assert.Equal(choices.Average(right => right == k ? 1.0 : 0), Repeats.PassAll(k, n, c), 1e-12);
                }
    }

    [Fact]
    public void One_ask_stays_as_it_is()
    {
        var asked = Asked(Outcome.Correct, "4 bar");
        Assert.Equal(asked, Repeats.Reduce([asked]));
    }

    [Fact]
    public void Repeats_become_one_case_with_means_the_usual_outcome_and_every_answer()
    {
        var (record, timing) = Repeats.Reduce([Asked(Outcome.Incorrect, "5 bar"), Asked(Outcome.Correct, "4 bar", 20, 5), Asked(Outcome.Correct, "The 4 bar!")]);
        Assert.Equal(("q1", "document", "Correct", "4 bar"), (record.Case, record.Cluster, record.Outcome, (string?)record.Detail!["answer"]));
        Assert.Equal(2.0 / 3, record.Values["accuracy"], 1e-12);
        Assert.Equal(0.5, record.Values["context-recall"]);
        Assert.Equal((1.0, 1.0, 0.0), (record.Values["pass@2"], record.Values["pass@3"], record.Values["pass^3"]));
        Assert.Equal(1.0 / 3, record.Values["pass^2"], 1e-12);
        Assert.Equal(1.0 / 3, record.Values["agreement"], 1e-12);
        Assert.DoesNotContain("pass@5", record.Values.Keys);
        Assert.Null(record.Unscored);
        Assert.Equal(["5 bar", "4 bar", "The 4 bar!"], record.Detail["repeats"]!.AsArray().Select(r => (string?)r!["answer"]));
        Assert.Equal((40L, 3L, 3, 3.0), (timing.InputTokens, timing.OutputTokens, timing.Retries, timing.Milliseconds["read"]));
        Assert.Equal([10L, 20, 10], timing.Detail!["calls"]!.AsArray().Select(c => (long)c!));
    }

    [Fact]
    public void A_repeat_that_failed_leaves_the_means_and_what_it_makes_impossible_is_unscored()
    {
        var (record, _) = Repeats.Reduce([Asked(Outcome.InfraError, null), Asked(Outcome.Correct, "4 bar"), Asked(Outcome.OverAbstention, null)]);
        Assert.Equal(("Correct", 0.5, 0.0), (record.Outcome, record.Values["accuracy"], record.Values["agreement"]));
        Assert.Equal((1.0, 0.0), (record.Values["pass@2"], record.Values["pass^2"]));
        Assert.DoesNotContain("pass@3", record.Values.Keys);
        Assert.Equal(["pass@3", "pass^3"], record.Unscored!.Keys.Order());
        Assert.Equal("2 of 3 repeats were scored", record.Unscored["pass^3"]);
        var failed = Repeats.Reduce([Asked(Outcome.InfraError, null), Asked(Outcome.InfraError, null)]).Case;
        Assert.Equal("InfraError", failed.Outcome);
        Assert.Equal(["accuracy", "pass@2", "pass^2"], failed.Unscored!.Keys.Order());
        Assert.DoesNotContain("accuracy", failed.Values.Keys);
    }

    [Fact]
    public void Declining_agrees_with_declining_and_not_with_an_answer()
    {
        double Agreement(params (Outcome, string?)[] asks) => Repeats.Reduce([.. asks.Select(a => Asked(a.Item1, a.Item2))]).Case.Values["agreement"];
        Assert.Equal(1, Agreement((Outcome.OverAbstention, null), (Outcome.OverAbstention, null)));
        Assert.Equal(0, Agreement((Outcome.OverAbstention, null), (Outcome.Incorrect, "OverAbstention")));
        Assert.Equal(0, Agreement((Outcome.OverAbstention, null), (Outcome.InvalidReply, null)));
        Assert.Equal(0.5, Agreement((Outcome.Correct, "4 bar"), (Outcome.Correct, "4 Bar"), (Outcome.Correct, "the 4 bar"), (Outcome.Incorrect, "5")), 1e-12);
    }

    [Fact]
    public void Repeats_of_a_reader_that_always_answers_alike_are_refused()
    {
        using var repository = new TinyRepository();
        var file = repository.Write("configs/systems/bm25.yaml", "name: bm25\nabout: A test system.\nrepeats: 3\nchunker: { type: sentence, size: 120 }\nretriever: { type: bm25 }\nreader: { type: extractive }\n");
        Assert.Contains("repeats", Assert.Throws<UserError>(() => SystemConfig.LoadAll(repository.Root, "configs/systems")).Message);
        File.WriteAllText(file, File.ReadAllText(file).Replace("repeats: 3", "repeats: 0"));
        Assert.Contains("repeats", Assert.Throws<UserError>(() => SystemConfig.LoadAll(repository.Root, "configs/systems")).Message);
    }
}
