namespace PortfolioProject.Evaluation;

/// <summary>Grades one answer against one question.</summary>
public static class Grader
{
    private const double PartialF1 = 0.5;

    /// <param name="answer">Null when the system abstained.</param>
    public static Outcome Grade(Question question, string? answer)
    {
        if (!question.Answerable) return answer is null ? Outcome.CorrectAbstention : Outcome.Hallucination;
        if (question.Answers is not { } golds) return Outcome.Unscored;
        if (answer is null) return Outcome.OverAbstention;
        if (AnswerMetrics.IsRight(answer, golds)) return Outcome.Correct;
        return AnswerMetrics.F1(answer, golds.Where(g => AnswerMetrics.SharesNumber(answer, g))) >= PartialF1 ? Outcome.Partial : Outcome.Incorrect;
    }

    public static bool IsRight(Outcome outcome) => outcome is Outcome.Correct or Outcome.CorrectAbstention;

    public static bool IsScored(Outcome outcome) => outcome is not (Outcome.Unscored or Outcome.InfraError);
}
