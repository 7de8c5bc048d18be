using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PortfolioProject.Evidence;
using PortfolioProject.Metrics;

namespace PortfolioProject.EvalHarness.Tests;

public sealed class JudgedRankingTests
{
    private static readonly Dictionary<string, int> NoQrels = [];

    private static string[] Order(params (string, double)[] results) => [.. JudgedRanking.Join(results, NoQrels).Documents.Select(d => d.Id)];

    [Fact]
    public void Results_are_ordered_by_score_and_ties_by_id_descending() =>
        Assert.Equal(["z", "c", "b", "a"], Order(("a", 1), ("c", 1), ("z", 2), ("b", 1)));

    [Fact]
    public void Ties_are_broken_by_utf8_bytes_where_utf16_would_order_astral_ids_otherwise()
    {
        var (astral, bmp) = ("\U0001F600", "\uFF5E"); // F0 9F 98 80 > EF BD 9E in UTF-8, but D83D < FF5E in UTF-16
        Assert.True(string.CompareOrdinal(astral, bmp) < 0);
        Assert.Equal([astral, bmp], Order((bmp, 1), (astral, 1)));
    }

    [Fact]
    public void Utf8_order_is_the_order_of_encoded_bytes()
    {
        string[] alphabet = ["a", "b", "é", "\u07FF", "\u0800", "\uD7FF", "\uE000", "\uFFFD", "\U00010000", "\U0001F600", "\U0010FFFF"];
        var text = Gen.ArrayOf(Gen.Elements(alphabet)).Select(string.Concat);
        Prop.ForAll(text.Two().ToArbitrary(), pair =>
            Math.Sign(Utf8Order.Compare(pair.Item1, pair.Item2))
            == Math.Sign(Encoding.UTF8.GetBytes(pair.Item1).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(pair.Item2)))).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Positive_and_negative_zero_are_a_tie() => Assert.Equal(["b", "a"], Order(("a", 0.0), ("b", -0.0)));

    [Fact]
    public void A_document_ranked_twice_is_an_error() =>
        Assert.Equal("\"a\" again", Assert.Throws<UserError>(() => Order(("a", 1), ("b", 2), ("a", 3))).Got);

    [Fact]
    public void A_negative_grade_means_in_the_pool_but_unjudged()
    {
        var ranking = JudgedRanking.Join([("a", 3), ("b", 2), ("c", 1)], new Dictionary<string, int> { ["a"] = -1, ["b"] = 0, ["d"] = 2, ["e"] = -2 });
        Assert.Equal([new("a", 3, 0, false), new("b", 2, 0, true), new RankedDocument("c", 1, 0, false)], ranking.Documents);
        Assert.Equal([2, 0], ranking.Ideal);
        Assert.Equal(1, ranking.Relevant);
    }

    [Fact]
    public void Expected_and_extreme_values_equal_those_of_all_orders_of_the_ties()
    {
        string[] measures = ["ndcg", "ndcg@3", "ndcg-exp@4", "map", "mrr", "mrr@2", "p@3", "recall@2", "recall-cap@3", "success@2", "rprec"];
        var document = Gen.Choose(-1, 3).Zip(Gen.Choose(1, 3)); // few scores: heavy ties
        Prop.ForAll(document.ArrayOf(6).ToArbitrary(), documents =>
        {
            var qrels = documents.Select((d, i) => (Id: $"d{i}", d.Item1)).Append(("missed", 2)).ToDictionary(d => d.Item1, d => d.Item2);
            var ranking = JudgedRanking.Join([.. documents.Select((d, i) => ($"d{i}", (double)d.Item2))], qrels);
            // Every order of all documents that scores allow, by giving each document a score of its own.
            var orders = Permutations([.. Enumerable.Range(0, documents.Length)])
                .Where(p => p.Zip(p.Skip(1)).All(n => documents[n.First].Item2 >= documents[n.Second].Item2))
                .Select(p => JudgedRanking.Join([.. p.Select((d, rank) => ($"d{d}", 100.0 - rank))], qrels)).ToList();
            return measures.Select(RankingMeasures.Parse).All(measure =>
            {
                var values = orders.Select(measure.Score).ToList();
                var range = TieRange.Of(ranking, measure);
                return Near(range.Min, values.Min()) && Near(range.Expected, values.Average()) && Near(range.Max, values.Max());
            });
        }).QuickCheckThrowOnFailure();
    }

    private static bool Near(double a, double b) => Math.Abs(a - b) < 1e-12;

    private static IEnumerable<int[]> Permutations(int[] items) => items.Length == 0 ? [[]]
        : items.SelectMany(first => Permutations([.. items.Where(i => i != first)]).Select(rest => (int[])[first, .. rest]));
}
