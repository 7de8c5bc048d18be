using PortfolioProject.Evidence;
using PortfolioProject.Metrics;

namespace PortfolioProject.EvalHarness.Tests;

public sealed class RankingMeasureTests
{
    private const double Exact = 1e-12;

    /// <summary>A query whose ranked documents have these grades (null: unjudged), with further judged documents that were not retrieved.</summary>
    private static JudgedRanking Ranking(int?[] grades, params int[] missed)
    {
        var qrels = grades.Select((g, i) => (Id: $"d{i}", Grade: g)).Where(d => d.Grade is not null).ToDictionary(d => d.Id, d => d.Grade!.Value);
        for (var i = 0; i < missed.Length; i++) qrels[$"m{i}"] = missed[i];
        return JudgedRanking.Join([.. grades.Select((_, i) => ($"d{i}", 100.0 - i))], qrels);
    }

    private static double Score(string measure, JudgedRanking ranking) => RankingMeasures.Parse(measure).Score(ranking);

    [Fact]
    public void Ndcg_gives_the_published_worked_example_with_linear_gain()
    {
        // The example of Wikipedia's article on DCG: grades 3 2 3 0 1 2, DCG 6.861, ideal DCG 7.141 among those six, nDCG 0.961;
        // with two more judged documents of grades 3 and 2 that were not retrieved, ideal DCG at 6 is 8.740 and nDCG 0.785.
        Assert.Equal(0.961, Score("ndcg", Ranking([3, 2, 3, 0, 1, 2])), 3);
        Assert.Equal(0.785, Score("ndcg@6", Ranking([3, 2, 3, 0, 1, 2], 3, 2)), 3);
    }

    [Fact]
    public void Ndcg_uses_linear_gain_over_all_judged_documents()
    {
        var ranking = Ranking([1, null, 2], 3);
        var dcg = 1 / Math.Log2(2) + 2 / Math.Log2(4);
        var ideal = 3 / Math.Log2(2) + 2 / Math.Log2(3) + 1 / Math.Log2(4);
        Assert.Equal(dcg / ideal, Score("ndcg", ranking), Exact);
        Assert.Equal(1 / (3 + 2 / Math.Log2(3)), Score("ndcg@2", ranking), Exact);
    }

    [Fact]
    public void The_exponential_gain_is_a_measure_of_another_name()
    {
        var ranking = Ranking([1, null, 2], 3);
        Assert.Equal((1 + 3 / 2.0) / (7 + 3 / Math.Log2(3) + 1 / 2.0), Score("ndcg-exp@10", ranking), Exact);
        Assert.NotEqual(Score("ndcg@10", ranking), Score("ndcg-exp@10", ranking), 3);
        Assert.Equal(Score("ndcg@10", Ranking([null, 1, 0, 1], 1)), Score("ndcg-exp@10", Ranking([null, 1, 0, 1], 1)), Exact);
    }

    [Fact]
    public void Average_precision_divides_by_all_relevant_documents()
    {
        // Manning, Raghavan and Schütze, ch. 8: precision at each relevant rank, averaged over R, misses as 0.
        Assert.Equal((1.0 + 2 / 3.0 + 3 / 5.0) / 4, Score("map", Ranking([1, 0, 2, null, 1], 1)), Exact);
        Assert.Equal(0, Score("map", Ranking([0, null], 1)));
    }

    [Fact]
    public void Precision_is_divided_by_k_even_when_fewer_were_retrieved()
    {
        Assert.Equal(0.2, Score("p@10", Ranking([1, 0, 1])), Exact);
        Assert.Equal(0.5, Score("p@2", Ranking([1, 0, 1])), Exact);
    }

    [Fact]
    public void Recall_divides_by_R_and_its_capped_form_by_what_k_allows()
    {
        var ranking = Ranking([1, 0, 1, null, 3], 1, 1);
        Assert.Equal(2 / 5.0, Score("recall@3", ranking), Exact);
        Assert.Equal(2 / 3.0, Score("recall-cap@3", ranking), Exact);
        Assert.Equal(3 / 5.0, Score("recall-cap@100", ranking), Exact);
    }

    [Fact]
    public void Reciprocal_rank_and_success_look_at_the_first_relevant_document()
    {
        var ranking = Ranking([0, null, 2, 1]);
        Assert.Equal(1 / 3.0, Score("mrr", ranking), Exact);
        Assert.Equal(1 / 3.0, Score("mrr@3", ranking), Exact);
        Assert.Equal(0, Score("mrr@2", ranking));
        Assert.Equal(0, Score("success@2", ranking));
        Assert.Equal(1, Score("success@3", ranking));
    }

    [Fact]
    public void R_precision_looks_at_R_ranks() => Assert.Equal(1 / 3.0, Score("rprec", Ranking([1, 0, null, 1], 2)), Exact);

    [Fact]
    public void A_perfect_order_scores_one_and_nothing_relevant_scores_zero()
    {
        foreach (var measure in RankingMeasures.All)
        {
            Assert.Equal(measure.Name == "p@10" ? 0.3 : 1, measure.Score(Ranking([3, 2, 1, 0, null])), Exact);
            Assert.Equal(0, measure.Score(Ranking([null, 0], 0)));
            Assert.Equal(0, measure.Score(Ranking([], 2)));
        }
    }

    [Fact]
    public void Measures_are_found_by_name_in_any_case_and_explain_themselves()
    {
        Assert.Equal("ndcg@10", RankingMeasures.Parse(" nDCG@10 ").Name);
        Assert.Equal(["ndcg", "ndcg@10", "ndcg-exp@10", "map", "mrr", "mrr@10", "p@10", "recall@10", "recall-cap@10", "success@10", "rprec"], RankingMeasures.All.Select(m => m.Name));
        Assert.All(RankingMeasures.All, m => Assert.Equal(m.Name, RankingMeasures.Parse(m.Name).Name));
        Assert.All(RankingMeasures.All, m => Assert.True(m.Definition.Length > 30));
    }

    [Theory]
    [InlineData("ndgc@10", "ndcg, ndcg@k, ndcg-exp@k, map, mrr, mrr@k, p@k, recall@k, recall-cap@k, success@k, rprec")]
    [InlineData("p", "ndcg, ndcg@k, ndcg-exp@k, map, mrr, mrr@k, p@k, recall@k, recall-cap@k, success@k, rprec")]
    [InlineData("map@10", "ndcg, ndcg@k, ndcg-exp@k, map, mrr, mrr@k, p@k, recall@k, recall-cap@k, success@k, rprec")]
    [InlineData("ndcg@0", "a whole number of at least 1")]
    [InlineData("p@-5", "a whole number of at least 1")]
    [InlineData("p@ten", "a whole number of at least 1")]
    [InlineData("p@", "a whole number of at least 1")]
    [InlineData("p@99999999999", "a whole number of at least 1")]
    public void An_unusable_name_is_an_error_that_says_what_is_usable(string name, string expected) =>
        Assert.Equal(expected, Assert.Throws<UserError>(() => RankingMeasures.Parse(name)).Expected);
}
