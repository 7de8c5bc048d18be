using MathNet.Numerics.LinearAlgebra;
using PortfolioProject.Evidence;
using PortfolioProject.Retrieval;

namespace PortfolioProject.EvalHarness.Tests;

public sealed class LsaTests
{
    private static Chunk[] Chunks(params string[] texts) => [.. texts.Select((t, i) => new Chunk($"d#{i:00000}", "d", i, 0, t.Length, t))];

    private static SparseMatrix Sparse(Matrix<double> m) => new(m.RowCount, [.. m.EnumerateColumns().Select(c => c.EnumerateIndexed().ToArray())]);

    [Theory]
    [InlineData(12, 9, 9)]
    [InlineData(9, 12, 5)]
    [InlineData(40, 60, 10)]
    [InlineData(1, 7, 3)]
    public void Singular_values_and_vectors_equal_those_of_a_full_decomposition(int rows, int columns, int rank)
    {
        // A = random · diag(0.7^j) · random: a spectrum that falls, as a corpus has.
        var random = new Random(1);
        Matrix<double> Noise(int r, int c) => Matrix<double>.Build.Dense(r, c, (_, _) => random.NextDouble() - 0.5);
        var a = Noise(rows, columns) * Matrix<double>.Build.DenseDiagonal(columns, columns, j => Math.Pow(0.7, j)) * Noise(columns, columns);
        var full = a.Svd();
        var svd = TruncatedSvd.Of(Sparse(a), rank, new RandomStream(2026, 1));
        Assert.Equal(Math.Min(rank, Math.Min(rows, columns)), svd.SingularValues.Length);
        for (var i = 0; i < svd.SingularValues.Length; i++)
        {
            Assert.Equal(full.S[i], svd.SingularValues[i], 1e-6 * full.S[0]);
            Assert.Equal(1, Math.Abs(full.VT.Row(i).DotProduct(Vector<double>.Build.Dense(svd.RightVectors[i]))), 1e-4);
        }
    }

    [Fact]
    public void A_matrix_of_lower_rank_gives_that_many_singular_values()
    {
        var random = new Random(2);
        var a = Matrix<double>.Build.Dense(30, 3, (_, _) => random.NextDouble()) * Matrix<double>.Build.Dense(3, 20, (_, _) => random.NextDouble());
        Assert.Equal(3, TruncatedSvd.Of(Sparse(a), 15, new RandomStream(1, 1)).SingularValues.Length);
        Assert.Empty(TruncatedSvd.Of(Sparse(Matrix<double>.Build.Dense(4, 5)), 3, new RandomStream(1, 1)).SingularValues);
    }

    private static readonly Chunk[] Synonyms = Chunks(
        "the boiler heats water in the plant", "the furnace heats water in the plant", "boiler and furnace heat the plant water", "the furnace was cleaned",
        "the tariff sheet lists prices", "prices on the tariff sheet rise", "customers pay the tariff prices", "customers read the price letter");

    [Fact]
    public void A_synonym_finds_what_shares_no_word_with_the_query()
    {
        Assert.DoesNotContain(new Bm25Index(Synonyms).Search("boiler", 8), s => s.Index == 3);
        var found = new LsaIndex(Synonyms, 2, seed: 1).Search("boiler", 8);
        Assert.Contains(found, s => s.Index == 3);
        Assert.All(found.Take(4), s => Assert.InRange(s.Index, 0, 3));
        Assert.All(found, s => Assert.InRange(s.Score, 1e-12, 1 + 1e-12));
    }

    [Fact]
    public void At_full_rank_the_score_is_the_cosine_of_the_tfidf_vectors()
    {
        var index = new LsaIndex(Chunks("a a b", "b c"), 10, seed: 1);
        double Idf(double df) => Math.Log(3 / (1 + df)) + 1;
        var (a, b) = ((1 + Math.Log(2)) * Idf(1), Idf(2));
        var found = index.Search("a", 5);
        Assert.Equal(2, index.SingularValues.Count);
        // The query's part outside the span of the two chunks is lost in folding in: cosine with the projection of "a" on that span.
        var d0 = Vector<double>.Build.Dense([a, b, 0]).Normalize(2);
        var d1 = Vector<double>.Build.Dense([0, b, Idf(1)]).Normalize(2);
        var cosine = d0.DotProduct(d1);
        Assert.Equal(Math.Sqrt(1 + cosine), index.SingularValues[0], 1e-9);
        Assert.Equal(Math.Sqrt(1 - cosine), index.SingularValues[1], 1e-9);
        var e1 = (d1 - d1.DotProduct(d0) * d0).Normalize(2);
        var q = Vector<double>.Build.Dense([1.0, 0, 0]);
        var projection = (q.DotProduct(d0) * d0 + q.DotProduct(e1) * e1).Normalize(2);
        Assert.Equal((0, projection.DotProduct(d0)), (found[0].Index, found[0].Score), (x, y) => x.Item1 == y.Item1 && Math.Abs(x.Item2 - y.Item2) < 1e-9);
    }

    [Fact]
    public void At_rank_one_every_chunk_points_the_same_way() =>
        Assert.All(new LsaIndex(Chunks("a a b", "b c", "c d d"), 1, seed: 1).Search("b", 5), s => Assert.Equal(1, s.Score, 1e-12));

    [Fact]
    public void One_seed_gives_the_same_bits_and_another_nearly_the_same_ranking()
    {
        var chunks = Topics(400);
        var (one, again, other) = (new LsaIndex(chunks, 10, 5), new LsaIndex(chunks, 10, 5), new LsaIndex(chunks, 10, 6));
        Assert.Equal(one.SingularValues, again.SingularValues);
        foreach (var query in (string[])["t0w1 t0w2", "t3w4", "t7w0 t2w2 t2w3"])
        {
            var found = one.Search(query, 20);
            Assert.Equal(found, again.Search(query, 20));
            Assert.True(found.Select(s => s.Index).Intersect(other.Search(query, 20).Select(s => s.Index)).Count() >= 18, query);
        }
    }

    [Fact]
    public void Any_corpus_works_down_to_one_chunk_or_empty_ones()
    {
        Assert.Equal(1, Assert.Single(new LsaIndex(Chunks("only one"), 100, 1).Search("one", 5)).Score, 1e-12);
        Assert.Equal([1], new LsaIndex(Chunks("", "a b", "..."), 3, 1).Search("b", 5).Select(s => s.Index));
        Assert.Empty(new LsaIndex(Chunks("", ""), 3, 1).Search("b", 5));
        Assert.Empty(new LsaIndex([], 3, 1).Search("b", 5));
        Assert.Empty(new LsaIndex(Synonyms, 3, 1).Search("unknown", 5));
        var same = new LsaIndex(Chunks("x y", "x y", "x y"), 3, 1);
        Assert.Single(same.SingularValues);
        Assert.Equal([2, 1, 0], same.Search("y", 5).Select(s => s.Index));
        Assert.Equal("rank", Assert.Throws<UserError>(() => new LsaIndex(Synonyms, 0, 1)).Field);
    }

    /// <summary>Chunks of ten topics with words of their own, and some common words.</summary>
    private static Chunk[] Topics(int count)
    {
        var random = new Random(3);
        return Chunks([.. Enumerable.Range(0, count).Select(i => string.Join(' ', Enumerable.Range(0, 30).Select(_ => random.Next(4) == 0 ? $"c{random.Next(20)}" : $"t{i % 10}w{random.Next(15)}")))]);
    }
}
