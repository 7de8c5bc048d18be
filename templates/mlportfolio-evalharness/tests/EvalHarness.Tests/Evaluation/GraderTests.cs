using PortfolioProject.Evaluation;

namespace PortfolioProject.EvalHarness.Tests;

public sealed class GraderTests
{
    private static readonly Question Open = new() { Id = "q", Text = "How hot is it?", Answers = ["the red pump house", "2.5 MWh"] };

    [Theory]
    [InlineData("Red pump house!", Outcome.Correct)] // the article and the mark go in SQuAD normalisation
    [InlineData("2,500 kWh", Outcome.Correct)] // the same quantity in another unit
    [InlineData("2.5 MW", Outcome.Partial)] // another kind of quantity, though half of the tokens are the same
    [InlineData("red pump", Outcome.Partial)] // 2·2 / (2 + 3) = 0.8
    [InlineData("blue valve", Outcome.Incorrect)]
    [InlineData("", Outcome.Incorrect)]
    [InlineData(null, Outcome.OverAbstention)]
    public void An_answerable_question_is_graded_by_the_best_gold_answer(string? answer, Outcome expected) =>
        Assert.Equal(expected, Grader.Grade(Open, answer));

    [Theory]
    [InlineData("house", Outcome.Partial)] // 2·1 / (1 + 3) = 0.5 exactly
    [InlineData("pump red house and four words", Outcome.Partial)] // 2·3 / (6 + 3) = 0.67
    [InlineData("house of cards", Outcome.Incorrect)] // 2·1 / (3 + 3) = 0.33
    public void Partial_begins_at_an_F1_of_one_half(string answer, Outcome expected) =>
        Assert.Equal(expected, Grader.Grade(Open with { Answers = ["red pump house"] }, answer));

    [Theory]
    [InlineData("2.5 bar", "25 bar")]
    [InlineData("1.5 %", "15 %")]
    [InlineData("€1.65", "€165")]
    [InlineData("6.5 to 8.5", "65 to 85")]
    public void A_quantity_that_is_wrong_by_its_decimal_point_is_incorrect(string gold, string answer) =>
        Assert.Equal(Outcome.Incorrect, Grader.Grade(new Question { Id = "q", Text = "How much?", Answers = [gold] }, answer));

    [Fact]
    public void Digits_of_other_scripts_are_words()
    {
        var question = new Question { Id = "q", Text = "How much?", Answers = ["12 bar"] };
        Assert.Equal(Outcome.Incorrect, Grader.Grade(question, "The pump takes １２ ١٢ १२३ units"));
    }

    [Fact]
    public void What_the_corpus_does_not_answer_is_a_hallucination_or_a_correct_abstention()
    {
        var closed = new Question { Id = "q", Text = "Who painted it?", Answerable = false };
        Assert.Equal(Outcome.CorrectAbstention, Grader.Grade(closed, null));
        Assert.Equal(Outcome.Hallucination, Grader.Grade(closed, "the painter"));
        Assert.Equal(Outcome.Hallucination, Grader.Grade(closed, ""));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("an answer")]
    public void Without_a_gold_answer_nothing_is_scored_answered_or_not(string? answer) =>
        Assert.Equal(Outcome.Unscored, Grader.Grade(new Question { Id = "q", Text = "Which?" }, answer));

    [Fact]
    public void Only_correct_outcomes_are_right_and_only_graded_ones_are_scored()
    {
        Assert.Equal([Outcome.Correct, Outcome.CorrectAbstention], Enum.GetValues<Outcome>().Where(Grader.IsRight));
        Assert.Equal([Outcome.Unscored, Outcome.InfraError], Enum.GetValues<Outcome>().Where(o => !Grader.IsScored(o)));
    }

    [Fact]
    public void Each_outcome_is_worth_what_the_configuration_says()
    {
        var worth = new UtilityConfig { Correct = 1, Partial = 2, Incorrect = 3, CorrectAbstention = 4, OverAbstention = 5, Hallucination = 6 };
        Assert.Equal([1, 2, 3, 4, 5, 6, 3, 0, 0], Enum.GetValues<Outcome>().Select(worth.Of));
    }
}
