namespace PortfolioProject.Metrics;

/// <summary>
/// Answer text against gold answers, as the official SQuAD scripts score it. Golds that normalise to nothing are dropped; with none left
/// the gold is the empty answer, so an empty (abstaining) answer scores 1 and any other 0.
/// </summary>
public static class AnswerMetrics
{
    /// <summary>The text as exact match and F1 see it: see <see cref="SquadText"/>.</summary>
    public static string Normalize(string text) => SquadText.Normalize(text);

    /// <summary>Golds that normalise to nothing, which no answer can match.</summary>
    public static IReadOnlyList<string> Dropped(IEnumerable<string> golds) => [.. golds.Where(g => Normalize(g).Length == 0)];

    /// <summary>Equal to any gold once both are normalised.</summary>
    public static bool ExactMatch(string answer, IEnumerable<string> golds) => Golds(golds).Any(g => SquadText.Tokens(answer).SequenceEqual(g));

    /// <summary>Harmonic mean of precision and recall over the multisets of tokens, that is 2·common / (both lengths), for the best gold; either side empty: 1 if both are, else 0.</summary>
    public static double F1(string answer, IEnumerable<string> golds)
    {
        var said = SquadText.Tokens(answer);
        return Golds(golds).Max(g => F1(said, g));
    }

    /// <summary>Some gold stands in the answer as consecutive normalised tokens. False for an empty gold.</summary>
    public static bool Contains(string answer, IEnumerable<string> golds) =>
        Golds(golds).Any(g => g.Length > 0 && $" {Normalize(answer)} ".Contains($" {string.Join(' ', g)} ", StringComparison.Ordinal));

    /// <summary>
    /// Whether an answer is right: the same quantity where a gold is nothing but quantities (normalisation deletes decimal points, so its text
    /// alone would take 25 bar for 2.5 bar), equal to any other gold after normalisation.
    /// </summary>
    public static bool IsRight(string answer, IEnumerable<string> golds) => golds.Any(g => Quantity.IsAll(g) ? NumericMatch(answer, [g]) : ExactMatch(answer, [g]));

    /// <summary>Whether an answer may earn part of the credit: for a gold that is nothing but quantities, one of its numbers must stand in it digit by digit.</summary>
    public static bool SharesNumber(string answer, string gold) => !Quantity.IsAll(gold) || Quantity.Numbers(gold).Overlaps(Quantity.Numbers(answer));

    /// <summary>
    /// Some gold consists of quantities alone, and the answer gives the same by value and kind of unit ("4,500 kWh" = "4.5 MWh", "2.5 bar" ≠
    /// "2.5"). A further, different quantity of a kind that the gold speaks of makes it false: a list that holds the right number is no answer.
    /// False for a gold with other words ("15 March", "pump 3"), which numbers alone do not answer.
    /// </summary>
    public static bool NumericMatch(string answer, IEnumerable<string> golds)
    {
        var said = Quantity.FindAll(answer);
        return golds.Where(Quantity.IsAll).Select(Quantity.FindAll).Any(gold => gold.Count > 0
            && gold.All(g => said.Any(g.Matches)) && said.All(s => gold.All(g => g.Kind != s.Kind) || gold.Any(s.Matches)));
    }

    private static double F1(string[] said, string[] gold)
    {
        if (said.Length == 0 || gold.Length == 0) return said.Length == gold.Length ? 1 : 0;
        var left = gold.CountBy(t => t).ToDictionary(StringComparer.Ordinal);
        var common = said.Count(t => left.TryGetValue(t, out var n) && n > 0 && (left[t] = n - 1) >= 0);
        return 2.0 * common / (said.Length + gold.Length);
    }

    private static List<string[]> Golds(IEnumerable<string> golds)
    {
        var usable = golds.Select(SquadText.Tokens).Where(t => t.Length > 0).ToList();
        return usable.Count > 0 ? usable : [[]];
    }
}
