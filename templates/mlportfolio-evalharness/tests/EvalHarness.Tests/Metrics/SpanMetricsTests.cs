using FsCheck;
using FsCheck.Fluent;
using PortfolioProject.Metrics;

namespace PortfolioProject.EvalHarness.Tests;

public sealed class SpanMetricsTests
{
    [Fact]
    public void Overlapping_spans_count_each_character_once()
    {
        var (recall, precision) = SpanMetrics.Overlap([new("a", 0, 10), new("a", 5, 15), new("b", 0, 5)], [new("a", 10, 30), new("a", 12, 20)]);
        Assert.Equal(5 / 20.0, recall);
        Assert.Equal(5 / 20.0, precision);
    }

    [Fact]
    public void Spans_equal_sets_of_characters_counted_one_by_one()
    {
        var span = Gen.Elements("a", "b").SelectMany(d => Gen.Choose(0, 12).Two().Select(p => new DocumentSpan(d, Math.Min(p.Item1, p.Item2), Math.Max(p.Item1, p.Item2))));
        static HashSet<(string, int)> Characters(IEnumerable<DocumentSpan> spans) => [.. spans.SelectMany(s => Enumerable.Range(s.Start, s.End - s.Start).Select(i => (s.Document, i)))];
        Prop.ForAll(Gen.ListOf(span).Two().ToArbitrary(), both =>
        {
            var (gold, retrieved) = (Characters(both.Item1), Characters(both.Item2));
            var shared = (double)gold.Intersect(retrieved).Count();
            var expected = gold.Count == 0 || retrieved.Count == 0 ? gold.Count == retrieved.Count ? (1.0, 1.0) : (0.0, 0.0) : (shared / gold.Count, shared / retrieved.Count);
            return SpanMetrics.Overlap(both.Item1, both.Item2) == expected;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void An_empty_side_scores_one_only_if_both_are_empty()
    {
        Assert.Equal((1, 1), SpanMetrics.Overlap([], []));
        Assert.Equal((0, 0), SpanMetrics.Overlap([new("a", 0, 1)], []));
        Assert.Equal((0, 0), SpanMetrics.Overlap([], [new("a", 0, 1)]));
        Assert.Equal((1, 1), SpanMetrics.Overlap([new("a", 3, 3)], []));
    }

    [Fact]
    public void Gold_spans_become_grades_by_the_share_that_a_chunk_holds()
    {
        var grades = SpanMetrics.Project([new("a", 10, 20), new("a", 40, 42)],
        [
            ("whole", new("a", 0, 25)), ("half", new("a", 15, 30)), ("some", new("a", 0, 14)), ("none", new("a", 20, 40)), ("other", new("b", 10, 20)), ("second", new("a", 41, 99)), ("both", new("a", 19, 42)),
        ]);
        Assert.Equal(new Dictionary<string, int> { ["whole"] = 3, ["half"] = 2, ["some"] = 1, ["second"] = 2, ["both"] = 3 }, grades);
    }

    [Fact]
    public void Citation_precision_is_the_share_of_cited_places_that_hold_evidence()
    {
        Assert.Equal(0.5, SpanMetrics.CitationPrecision([new("a", 0, 10), new("a", 20, 30)], [new("a", 9, 12)]));
        Assert.Equal(0, SpanMetrics.CitationPrecision([new("a", 0, 10)], []));
        Assert.Null(SpanMetrics.CitationPrecision([], [new("a", 0, 1)]));
    }

    [Fact]
    public void A_quotation_is_faithful_when_it_stands_in_the_context_to_the_letter()
    {
        Assert.Equal(1, SpanMetrics.QuoteFaithfulness(["close  the\nvalve"], ["First, close the valve."]));
        Assert.Equal(0.5, SpanMetrics.QuoteFaithfulness(["close", "Close the valve"], ["First, close the valve."]));
        Assert.Equal(0, SpanMetrics.QuoteFaithfulness([" "], ["anything"]));
        Assert.Null(SpanMetrics.QuoteFaithfulness([], ["anything"]));
    }
}
