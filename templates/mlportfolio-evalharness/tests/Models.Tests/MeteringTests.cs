namespace PortfolioProject.Models.Tests;

public sealed class MeteringTests
{
    private static ModelPrice Row(string model, int year, double input) =>
        new() { Model = model, AsOf = new(year, 1, 1), Currency = "EUR", Source = "made up", Input = input, CachedInput = 0.125, Output = 2 };

    [Fact]
    public void Cost_takes_cached_tokens_out_of_input_and_counts_reasoning_once()
    {
        // (1,000,000 − 400,000)·0.5 + 400,000·0.125 + 250,000·2 = 0.30 + 0.05 + 0.50 per million
        Assert.Equal(0.85m, Bench.Prices.Cost("test-model", new Tokens(1_000_000, 400_000, 250_000, 200_000)));
        Assert.Equal(0.000_000_5m, Bench.Prices.Cost("test-model", new Tokens(1, 0, 0, 0)));
    }

    [Fact]
    public void An_unknown_model_and_unknown_tokens_cost_null_and_never_0()
    {
        Assert.Null(Bench.Prices.Cost("test-model-2", new Tokens(1, 0, 0, 0)));
        Assert.Null(Bench.Prices.Cost("test-model", null));
    }

    [Fact]
    public void The_newest_row_of_a_model_counts() =>
        Assert.Equal(3, new PriceTable { Models = [Row("m", 2025, 2), Row("m", 2026, 3), Row("m", 2024, 1)] }.Find("m")!.Input);

    [Fact]
    public async Task What_a_run_costs_is_unknown_as_soon_as_one_call_is_and_0_as_run_when_all_come_from_cassettes()
    {
        using var bench = new Bench();
        await using var server = await ProtocolServer.StartAsync((question, _) => question == "silent" ? Fault.NoUsage : null);
        var models = bench.Models();
        var readings = new List<ChatReading>();
        foreach (var question in new[] { "q", "silent" }) readings.Add(await models.Reader(Bench.Chat(server.BaseUrl)).ReadAsync(question, Bench.Context, cancellation: TestContext.Current.CancellationToken));
        Assert.Equal(new ModelUsage("test-model", "EUR", 2, 0, 0, ProtocolServer.TokensOf("q"), null, null), Bench.Usage(readings));

        var none = new PriceTable { Models = [] };
        var again = await bench.Models(Bench.Calls with { Cassettes = CassetteMode.ReplayOrFail }, none).Reader(Bench.Chat(server.BaseUrl)).ReadAsync("q", Bench.Context, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(new ModelUsage("test-model", null, 1, 1, 0, ProtocolServer.TokensOf("q"), 0, null), Bench.Usage([again], none));
    }

    [Fact]
    public void The_price_table_binds_and_every_row_says_who_says_so() =>
        Assert.All(StrictYaml.Read<PriceTable>(Path.Combine(Repository.FindRoot(AppContext.BaseDirectory), "configs/prices.yaml")).Models, row => Assert.False(string.IsNullOrWhiteSpace(row.Source)));
}
