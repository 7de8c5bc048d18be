namespace PortfolioProject.Upkeep;

/// <summary>A question that this repository invites, and the file to look at before answering.</summary>
internal sealed record Question(string About, string Text, string LookAt);

/// <summary>The questions an interviewer would ask of this repository, from its own weak spots. No answers.</summary>
internal static class Defence
{
    public static IReadOnlyList<Question> Of(Snapshot s) => [];

    public static string Render(IReadOnlyList<Question> questions) => "";
}
