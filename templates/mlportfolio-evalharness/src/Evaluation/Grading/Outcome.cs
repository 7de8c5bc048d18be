namespace PortfolioProject.Evaluation;

/// <summary>What became of one question under one system: exactly one of these.</summary>
public enum Outcome
{
    /// <summary>Answered: the same quantity as a gold that is nothing but quantities, or equal to another gold after SQuAD normalisation.</summary>
    Correct,

    /// <summary>Answered with token F1 of at least 0.5, and not correct; where the gold is a quantity, with one of its numbers.</summary>
    Partial,

    /// <summary>Answered wrongly.</summary>
    Incorrect,

    /// <summary>Abstained where the corpus holds no answer.</summary>
    CorrectAbstention,

    /// <summary>Abstained where the corpus holds the answer (false negative).</summary>
    OverAbstention,

    /// <summary>Answered what the corpus does not answer (false positive).</summary>
    Hallucination,

    /// <summary>A model replied, and not in the agreed form: worth as little as a wrong answer.</summary>
    InvalidReply,

    /// <summary>Cannot be graded: the question has no gold answer. Left out of means, always counted.</summary>
    Unscored,

    /// <summary>The system could not be reached or failed. Left out of means, always counted.</summary>
    InfraError,
}
