namespace MLPortfolio.Candidate;

/// <summary>How a finding is held against a truth: by its id; by id and value; as a pair in either order; or by a value within a distance.</summary>
internal enum Match { Id, Value, Pair, Near }

/// <summary>One planted problem, or one held-out answer: what kind it is, where it is, and what is right there. Several right values are separated by " | ".</summary>
/// <param name="Within">For <see cref="Match.Near"/>: the largest distance that counts as right.</param>
internal sealed record Truth(string Kind, string Id, string Value, Match Match, double Within = 0)
{
    public const string Header = "kind,id,value,match,within";

    public string Line => string.Join(',', new[] { Kind, Id, Value, $"{Match}".ToLowerInvariant(), Within.ToString(CultureInfo.InvariantCulture) }.Select(CsvText.Quote));
}

/// <summary>What an exercise did to a generated repository, and what it leaves for either side to read.</summary>
/// <param name="Truths">In an order that says nothing about the planting.</param>
/// <param name="Data">Files that the candidate's repository was given as its data, relative to it.</param>
/// <param name="Repaired">Files as they would be without the planted problems, by their path in the repository.</param>
/// <param name="Brief">What the exercise is about, for TASK.md.</param>
/// <param name="Kinds">Kinds of findings with what id and value mean, for TASK.md.</param>
/// <param name="Facts">What was planted, for the key.</param>
/// <param name="Look">What a good answer shows beyond the counts, for the rubric.</param>
/// <param name="MainJob">Arguments of the command line that measure the expected values.</param>
internal sealed record Problem(IReadOnlyList<Truth> Truths, IReadOnlyList<string> Data, IReadOnlyDictionary<string, string> Repaired, string Brief,
    IReadOnlyList<(string Kind, string Id, string Value)> Kinds, IReadOnlyList<string> Facts, IReadOnlyList<string> Look, IReadOnlyList<string> MainJob);

/// <summary>One template's exercise.</summary>
internal interface IExercise
{
    string Template { get; }

    /// <summary>What --data may name, for messages and help.</summary>
    string OwnData { get; }

    /// <summary>Refuses data that no exercise can be made of, before anything is generated.</summary>
    void Check(string data);

    /// <summary>Plants the problem into a freshly generated repository.</summary>
    Problem Plant(Workspace repository, string salt, string? data);
}
