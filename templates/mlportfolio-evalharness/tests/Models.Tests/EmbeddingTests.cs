using PortfolioProject.Evaluation;

namespace PortfolioProject.Models.Tests;

/// <summary>The embeddings endpoint, played by the protocol server, as a retriever.</summary>
public sealed class EmbeddingTests : IDisposable
{
    private static readonly Chunk[] Chunks = [.. ((string[])["north", "east", "north east", "nowhere"]).Select((text, i) => new Chunk($"d#{i:0000}", "d", i, 0, text.Length, text))];
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    /// <summary>A direction for each word: what the chunks above and their questions mean.</summary>
    private static float[] Meaning(string text) => [text.Contains("north") ? 1 : 0, text.Contains("east") ? 1 : 0, text.Contains("nowhere") ? 1 : 0.001f];

    private async Task<ProtocolServer> Start(Func<string, int, Fault?>? fault = null)
    {
        var server = await ProtocolServer.StartAsync(fault);
        server.Vector = Meaning;
        Write(server.BaseUrl);
        return server;
    }

    private void Write(string url, string more = "batch_size: 3\n")
    {
        _bench.Write("configs/prices.yaml", "models:\n  - { model: vectors, as_of: 2026-01-01, currency: EUR, source: made up, input: 0.5, cached_input: 0.5, output: 0 }\n");
        _bench.Write("configs/calls.yaml", "timeout_seconds: 20\nfirst_delay_seconds: 0.001\nmax_delay_seconds: 0.01\nmax_tries: 3\n");
        _bench.Write("configs/models/vectors.yaml", $"model: vectors\nbase_url: {url}\nkey_variable: {Bench.KeyVariable}\n{more}");
    }

    private IChatSystems Systems(string mode = "record") => ChatModels.Load(_bench.Root, mode);

    private static IRetriever Index(IChatSystems systems) => systems.Retriever(Chunks, new RetrieverConfig { Type = RetrieverType.Embeddings, Model = "configs/models/vectors.yaml" });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Chunks_are_embedded_in_batches_and_ranked_by_cosine(bool asNumbers)
    {
        await using var server = await Start();
        server.AsNumbers = asNumbers;
        var index = Index(Systems());
        Assert.Equal([3, 1], server.Bodies.Select(b => b["input"]!.AsArray().Count));
        var found = index.Search("which way is north?", 3);
        Assert.Equal([0, 2, 3], found.Select(s => s.Index));
        Assert.Equal(1, found[0].Score, 1e-9);
        Assert.Equal(1 / Math.Sqrt(2), found[1].Score, 1e-5);
        Assert.Equal(4 * 3 * 8, index.IndexBytes);
    }

    [Fact]
    public async Task What_was_recorded_is_replayed_without_a_connection_with_its_tokens_and_cost()
    {
        var server = await Start();
        var systems = Systems();
        var recorded = Index(systems).Search("east", 4);
        Assert.Equal(3, _bench.Files.Length);
        var usage = systems.Usage([])![0]!;
        Assert.Equal((3, 0, 50, 50 * 0.5m / 1_000_000), ((int)usage["calls"]!, (int)usage["replayed"]!, (int)usage["tokens"]!["input"]!, (decimal)usage["costAsRun"]!));
        await server.DisposeAsync();

        var again = Systems("replay-or-fail");
        var index = Index(again);
        Assert.Equal(recorded, index.Search("east", 4));
        usage = again.Usage([])![0]!;
        Assert.Equal((3, 3, 0m, 50 * 0.5m / 1_000_000), ((int)usage["calls"]!, (int)usage["replayed"]!, (decimal)usage["costAsRun"]!, (decimal)usage["costAsIfLive"]!));
        var missing = Assert.Throws<UserError>(() => index.Search("west", 4));
        Assert.Equal(ExitCode.Incomplete, missing.Code);
        Assert.Contains("\"west\"", missing.Message);
        Assert.All(_bench.Files, f => Assert.DoesNotContain(Bench.Key, File.ReadAllText(f)));
    }

    [Fact]
    public async Task Failures_that_pass_are_tried_again_and_one_that_stays_ends_the_run_with_what_to_do()
    {
        await using var server = await Start((text, tried) => tried == 0 ? Fault.Error500 : null);
        Assert.Equal([0, 2, 3], Index(Systems()).Search("north?", 3).Select(s => s.Index));
        await using var down = await Start((_, _) => Fault.Unavailable503);
        var error = Assert.Throws<UserError>(() => Index(Systems()));
        Assert.Equal((ExitCode.Incomplete, 3), (error.Code, down.Requests));
        Assert.Contains("--resume", error.Fix);
    }

    [Theory]
    [InlineData("batch_size: 64\n", "a vector of 2 dimensions where others have 3")]
    [InlineData("batch_size: 1\n", "a vector of 2 dimensions where others have 3")]
    [InlineData("dimensions: 5\n", "a vector of 3 dimensions where others have 5")]
    public async Task Vectors_of_other_dimensions_are_refused_and_not_kept(string config, string problem)
    {
        await using var server = await Start();
        server.Vector = text => text == "nowhere" ? [1, 2] : Meaning(text);
        Write(server.BaseUrl, config);
        Assert.Contains(problem, Assert.Throws<UserError>(() => Index(Systems())).Message);
        Assert.DoesNotContain(_bench.Files, f => File.ReadAllText(f).Contains("nowhere"));
        Assert.All(server.Bodies, b => Assert.Equal(config.StartsWith("dimensions", StringComparison.Ordinal) ? 5 : null, (int?)b["dimensions"]));
    }

    [Fact]
    public async Task A_question_whose_vector_fails_is_one_failed_case_and_not_the_end()
    {
        await using var server = await Start((text, _) => text == "east?" ? Fault.Error500 : null);
        var config = new SystemConfig
        {
            Name = "e",
            About = "A test system.",
            Chunker = new() { Type = ChunkerType.Sentence, Size = 100 },
            Retriever = new() { Type = RetrieverType.Embeddings, Model = "configs/models/vectors.yaml" },
            Reader = new() { Type = ReaderType.Passage },
        };
        var system = new SystemBuilder(new Corpus([.. Chunks.Select(c => new Document(c.Text.Replace(' ', '-'), "", c.Text))]), 1, 10, Systems()).Build(config);
        Assert.Equal("north", system.Run("north?").Answer);
        var failed = system.Run("east?");
        Assert.Null(failed.Answer);
        Assert.StartsWith("Server after 3 tries", failed.Reading.Call!.Failure);
    }
}
