using PortfolioProject.Evaluation;
using PortfolioProject.Evidence;

namespace PortfolioProject.EvalHarness.Tests;

public sealed class EvalSetLinterTests
{
    private const string NearDuplicates = "near-duplicates across dev and test", Leaks = "answer leaked in the question", Copies = "question copied from its passage",
        Empty = "golds that normalise to nothing", Joins = "judgements that do not join", Inverted = "inverted grades", Tiny = "tiny slices", Answered = "unanswerable questions that retrieval answers";

    private static EvalSetLinter Linter(Dataset data) => new(data, 7, 20);

    private static IReadOnlyList<Finding> Apply(string rule, IEnumerable<Question> questions, string? qrels = null)
    {
        using var repository = new TinyRepository(questions);
        if (qrels is not null) repository.Write("data/tiny/qrels.tsv", "query-id\tcorpus-id\tscore\n" + qrels);
        return [.. Linter(repository.Data()).Rules.Single(r => r.Rule == rule).Apply()];
    }

    private static Question Open(string id, string split, string text) => new() { Id = id, Split = split, Text = text };

    [Fact]
    public void A_clean_set_gives_no_finding_but_its_size()
    {
        using var repository = new TinyRepository();
        var linter = Linter(repository.Data());
        Assert.Equal([NearDuplicates, Leaks, Copies, Empty, Joins, Inverted, Tiny, Answered], linter.Rules.Select(r => r.Rule));
        Assert.All(linter.Rules.Where(r => r.Rule != Tiny), rule => Assert.Empty(rule.Apply()));
        Assert.All(linter.Lint(), f => Assert.Equal(Severity.Info, f.Severity));
    }

    [Fact]
    public void A_test_question_that_dev_asks_in_nearly_the_same_words_is_an_error()
    {
        var finding = Assert.Single(Apply(NearDuplicates, [Open("d", "dev", "When was the south boiler built?"), Open("t", "test", "when WAS the boiler built (south)"), Open("u", "test", "Who built it?")]));
        Assert.Equal((Severity.Error, "data/tiny/questions.jsonl t"), (finding.Severity, finding.Where));
        Assert.Contains("dev question d (token overlap 1.00)", finding.Message);
    }

    [Theory]
    [InlineData("a b c d", 1)] // 4 of 5 words: 0.8
    [InlineData("a b c f", 0)] // 3 of 6
    public void Near_means_four_fifths_of_the_words(string test, int findings) =>
        Assert.Equal(findings, Apply(NearDuplicates, [Open("d", "dev", "a b c d e"), Open("t", "test", test)]).Count);

    [Fact]
    public void Paraphrases_within_one_split_are_no_leak() =>
        Assert.Empty(Apply(NearDuplicates, [Open("a", "test", "When was it built?"), Open("b", "test", "When was it built?"), Open("d", "dev", "Who?")]));

    [Fact]
    public void A_question_that_holds_its_answer_is_a_warning()
    {
        Question About(string answer) => Open("q", "test", "Is the standing charge of 180 euros due each year?") with { Answers = [answer] };
        Assert.Contains("\"180 Euros\"", Assert.Single(Apply(Leaks, [About("180 Euros")])).Message);
        Assert.Empty(Apply(Leaks, [About("180")])); // too short to tell from chance
        Assert.Empty(Apply(Leaks, [About("18 euros")]));
    }

    [Fact]
    public void Eight_words_in_a_row_of_the_passage_are_a_copy()
    {
        Question Copy(string text) => TinyRepository.Ask("q", "test", text, "the duty engineer", "pumps", "Pump P2 is inspected every six months by the duty engineer.");
        var finding = Assert.Single(Apply(Copies, [Copy("Who knows that pump P2 is inspected every six months by?")]));
        Assert.Equal(Severity.Warning, finding.Severity);
        Assert.Contains("\"pump p2 is inspected every six months by\"", finding.Message);
        Assert.Empty(Apply(Copies, [Copy("Who knows that pump P2 is inspected every six months?")]));
        Assert.Empty(Apply(Copies, [Copy("Is it so that pump P2 was inspected every six months by whom?")]));
    }

    [Fact]
    public void A_gold_answer_of_which_nothing_is_left_is_an_error()
    {
        var finding = Assert.Single(Apply(Empty, [Open("q", "test", "Which?") with { Answers = ["The", "the pump"] }, Open("r", "test", "What?") with { Answers = ["42"] }]));
        Assert.Equal((Severity.Error, "data/tiny/questions.jsonl q"), (finding.Severity, finding.Where));
        Assert.Contains("\"The\"", finding.Message);
    }

    [Fact]
    public void Judgements_of_which_hardly_any_joins_are_an_error()
    {
        Question[] questions = [Open("q1", "test", "Which?"), Open("q2", "test", "What?")];
        var qrels = string.Concat(Enumerable.Range(1, 225).Select(i => $"q{i}\tpumps\t1\n"));
        var finding = Assert.Single(Apply(Joins, questions, qrels));
        Assert.Equal((Severity.Error, "data/tiny"), (finding.Severity, finding.Where));
        Assert.Contains("2 of 225 judged questions", finding.Message);
        Assert.Empty(Apply(Joins, questions, "q1\tpumps\t1\nq2\tpumps\t1\n"));
    }

    [Fact]
    public void A_few_judgements_that_do_not_join_are_a_warning()
    {
        var finding = Assert.Single(Apply(Joins, [Open("q1", "test", "Which?")], "q1\tpumps\t1\nq1\ttariff\t1\nq1\tpump\t1\n"));
        Assert.Equal(Severity.Warning, finding.Severity);
        Assert.Contains("2 of 3 judged documents", finding.Message);
    }

    [Fact]
    public void Grades_that_fall_where_the_words_match_are_inverted()
    {
        Question[] questions = [Open("q", "test", "What does heat cost a megawatt hour?"), Open("r", "test", "What does pump P1 deliver?")];
        var right = "q\ttariff\t2\nq\tpumps\t1\nr\tpumps\t2\nr\tmeters\t1\n";
        Assert.Empty(Apply(Inverted, questions, right));
        var finding = Assert.Single(Apply(Inverted, questions, right.Replace("\t2\n", "\t0\n")));
        Assert.Equal(Severity.Error, finding.Severity);
        Assert.Contains("in 2 of 2 pairs", finding.Message);
    }

    [Fact]
    public void A_slice_under_ten_test_questions_is_told()
    {
        IEnumerable<Question> Of(int n, string type) => Enumerable.Range(0, n).Select(i => Open($"{type}{i}", "test", "What is it?") with { Type = type, Difficulty = "easy" });
        Assert.Empty(Apply(Tiny, [.. Of(10, "table"), .. Of(10, "date")]));
        var finding = Assert.Single(Apply(Tiny, [.. Of(10, "table"), .. Of(9, "date"), .. Of(9, "dev").Select(q => q with { Split = "dev" })]));
        Assert.Contains("slice type=date has 9 test questions", finding.Message);
        Assert.Equal(Severity.Info, finding.Severity);
    }

    [Fact]
    public void An_unanswerable_question_of_which_one_sentence_holds_every_word_is_a_warning()
    {
        var findings = Apply(Answered, [TinyRepository.Decline("q", "test", "How many litres does pump P1 deliver a second?", "pumps"), TinyRepository.Decline("r", "test", "Who painted pump P1?", "pumps")]);
        var finding = Assert.Single(findings);
        Assert.Equal((Severity.Warning, "data/tiny/questions.jsonl q"), (finding.Severity, finding.Where));
        Assert.Contains("40 litres", finding.Message);
    }
}
