using FsCheck;
using FsCheck.Fluent;
using PortfolioProject.Evidence;
using PortfolioProject.Retrieval;

namespace PortfolioProject.EvalHarness.Tests;

public sealed class Bm25Tests
{
    private static Chunk[] Chunks(params string[] texts) => [.. texts.Select((t, i) => new Chunk($"d#{i:0000}", "d", i, 0, t.Length, t))];

    /// <summary>The formula, document by document and token by token, over strings.</summary>
    private static double Formula(string[][] docs, int d, IEnumerable<string> query, double k1, double b)
    {
        var average = docs.Average(x => (double)x.Length);
        return query.Sum(q =>
        {
            double tf = docs[d].Count(t => t == q), df = docs.Count(x => x.Contains(q));
            return tf == 0 ? 0 : Math.Log(1 + (docs.Length - df + 0.5) / (df + 0.5)) * tf / (tf + k1 * (1 - b + b * docs[d].Length / average));
        });
    }

    [Fact]
    public void Scores_equal_the_formula_and_the_order_is_score_then_id_descending()
    {
        var words = Gen.Elements("a", "b", "c", "dd", "É", "𝔘", "zzz");
        var documents = words.ArrayOf().ArrayOf().Where(d => d.Length > 0);
        var cases = (from docs in documents from query in words.ArrayOf() from k1 in Gen.Elements(0, 0.4, 1.2, 3) from b in Gen.Elements(0, 0.3, 0.75, 1) select (docs, query, k1, b)).ToArbitrary();
        Prop.ForAll(cases, c =>
        {
            var lower = c.docs.Select(d => d.Select(w => w.ToLowerInvariant()).ToArray()).ToArray();
            var index = new Bm25Index(Chunks([.. c.docs.Select(d => string.Join(' ', d))]), c.k1, c.b);
            var expected = Enumerable.Range(0, lower.Length).Select(d => (Index: d, Score: Formula(lower, d, c.query.Select(q => q.ToLowerInvariant()), c.k1, c.b)))
                .Where(x => x.Score > 0).ToDictionary(x => x.Index, x => x.Score);
            var found = index.Search(string.Join(", ", c.query), lower.Length);
            Assert.Equal(expected.Keys.Order(), found.Select(f => f.Index).Order());
            Assert.All(found, f => Assert.Equal(expected[f.Index], f.Score, 1e-9));
            Assert.Equal(found.OrderByDescending(f => f.Score).ThenByDescending(f => f.Index), found);
            Assert.Equal(found.Take(2), index.Search(string.Join(", ", c.query), 2));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_worked_example()
    {
        // N = 2, avgdl = 3; "pump": df 1, idf = ln(1 + 1.5/1.5) = ln 2; d0: tf 2, dl 4: 2/(2 + 1.2(0.25 + 0.75·4/3)) = 2/3.5
        var found = new Bm25Index(Chunks("pump pump on off", "valve closed")).Search("PUMP", 10);
        Assert.Equal(Math.Log(2) * 2 / 3.5, Assert.Single(found).Score, 1e-12);
        Assert.Equal(2 * Math.Log(2) * 2 / 3.5, Assert.Single(new Bm25Index(Chunks("pump pump on off", "valve closed")).Search("pump pump", 10)).Score, 1e-12);
    }

    [Fact]
    public void Nothing_is_found_in_empty_chunks_for_an_empty_query_or_for_unknown_words()
    {
        var empty = new Bm25Index(Chunks("", "...", ""));
        Assert.Empty(empty.Search("a", 5));
        var index = new Bm25Index(Chunks("a b", ""));
        Assert.Empty(index.Search("", 5));
        Assert.Empty(index.Search("?!", 5));
        Assert.Empty(index.Search("unknown", 5));
        Assert.Empty(index.Search("a", 0));
        Assert.Empty(new Bm25Index([]).Search("a", 5));
    }

    [Fact]
    public void Equal_scores_are_ordered_by_id_descending_in_UTF8_bytes()
    {
        string[] ids = ["b", "\uffee", "a", "\U0001F600", "ab", "\ud7ff"]; // UTF-16 order would put the astral id below U+FFEE
        var index = new Bm25Index([.. ids.Select(id => new Chunk(id, "d", 0, 0, 4, "same"))]);
        Assert.Equal(["\U0001F600", "\uffee", "\ud7ff", "b", "ab", "a"], index.Search("same", 10).Select(s => ids[s.Index]));
        Assert.Equal(["\U0001F600", "\uffee"], index.Search("same", 2).Select(s => ids[s.Index]));
    }

    [Fact]
    public void Searches_from_many_threads_give_the_same_bits()
    {
        var random = new Random(7);
        var index = new Bm25Index(Chunks([.. Enumerable.Range(0, 500).Select(_ => string.Join(' ', Enumerable.Range(0, 30).Select(_ => $"w{(int)(200 * Math.Pow(random.NextDouble(), 2))}")))]));
        var queries = Enumerable.Range(0, 200).Select(i => $"w{i} w{i / 2} w{i % 7} w0 w{i}").ToArray();
        var one = queries.Select(q => index.Search(q, 20)).ToArray();
        var many = queries.AsParallel().AsOrdered().WithDegreeOfParallelism(8).Select(q => index.Search(q, 20)).ToArray();
        for (var i = 0; i < queries.Length; i++) Assert.Equal(one[i], many[i]);
    }

    [Theory]
    [InlineData(-1, 0.5, "k1")]
    [InlineData(double.NaN, 0.5, "k1")]
    [InlineData(1, 1.1, "b")]
    [InlineData(1, double.NaN, "b")]
    public void Parameters_out_of_range_are_the_users_error(double k1, double b, string field) =>
        Assert.Equal(field, Assert.Throws<UserError>(() => new Bm25Index([], k1, b)).Field);
}
