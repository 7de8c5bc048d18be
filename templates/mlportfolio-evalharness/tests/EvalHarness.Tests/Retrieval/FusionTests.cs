using PortfolioProject.Retrieval;

namespace PortfolioProject.EvalHarness.Tests;

public sealed class FusionTests
{
    private static readonly Chunk[] Four = [.. Enumerable.Range(0, 4).Select(i => new Chunk($"d#{i:0000}", "d", i, 0, 1, "x"))];

    private sealed record Fixed(params int[] Order) : IRetriever
    {
        public long IndexBytes => 1;

        public IReadOnlyList<Scored> Search(string query, int depth) => [.. Order.Take(depth).Select((c, i) => new Scored(c, 100 - i))];
    }

    [Fact]
    public void A_chunk_scores_the_sum_of_its_reciprocal_ranks()
    {
        var found = new ReciprocalRankFusion(Four, [new Fixed(0, 1, 2), new Fixed(1, 3)]).Search("q", 10);
        Assert.Equal([1, 0, 3, 2], found.Select(s => s.Index));
        Assert.Equal([1.0 / 62 + 1.0 / 61, 1.0 / 61, 1.0 / 62, 1.0 / 63], found.Select(s => s.Score));
    }

    [Fact]
    public void Ties_go_by_id_descending_and_lists_are_read_to_their_depth()
    {
        Assert.Equal([3, 0], new ReciprocalRankFusion(Four, [new Fixed(0), new Fixed(3)]).Search("q", 2).Select(s => s.Index));
        Assert.Equal([3], new ReciprocalRankFusion(Four, [new Fixed(0), new Fixed(3)]).Search("q", 1).Select(s => s.Index));
        Assert.Equal([1, 0], new ReciprocalRankFusion(Four, [new Fixed(0, 2), new Fixed(1, 3)], k: 60, listDepth: 1).Search("q", 1).Concat(
            new ReciprocalRankFusion(Four, [new Fixed(0, 2), new Fixed(1, 3)], k: 60, listDepth: 1).Search("q", 2).Skip(1).Take(1).Select(_ => new Scored(0, 0))).Select(s => s.Index));
    }

    [Fact]
    public void It_searches_like_its_parts_agree()
    {
        Chunk[] chunks = [.. ((string[])["pump pressure", "valve pressure", "tariff"]).Select((t, i) => new Chunk($"d#{i:0000}", "d", i, 0, t.Length, t))];
        var fused = new ReciprocalRankFusion(chunks, [new Bm25Index(chunks), new LsaIndex(chunks, 3, 1)]);
        Assert.Equal(0, fused.Search("pump", 3)[0].Index);
        Assert.Empty(fused.Search("nothing", 3));
    }
}
