namespace PortfolioProject.Models;

/// <summary>Tokens as billed: cached ones are inside input, reasoning ones inside output.</summary>
public sealed record Tokens(long Input, long Cached, long Output, long Reasoning)
{
    /// <summary>Null when the endpoint did not say.</summary>
    public static Tokens? Of(ChatResponse response) => response.Usage is { InputTokenCount: { } input, OutputTokenCount: { } output } u
        ? new(input, u.CachedInputTokenCount ?? 0, output, u.ReasoningTokenCount ?? 0) : null;

    public static Tokens operator +(Tokens a, Tokens b) => new(a.Input + b.Input, a.Cached + b.Cached, a.Output + b.Output, a.Reasoning + b.Reasoning);
}

/// <summary>What a model cost on a day, per million tokens, and who says so.</summary>
public sealed record ModelPrice
{
    public required string Model { get; init; }
    public required DateOnly AsOf { get; init; }
    public required string Currency { get; init; }
    public required string Source { get; init; }
    [Range(0, 1e6)] public required double Input { get; init; }
    [Range(0, 1e6)] public required double CachedInput { get; init; }
    [Range(0, 1e6)] public required double Output { get; init; }
}

/// <summary>The price table. A model's newest row counts.</summary>
public sealed record PriceTable
{
    public required IReadOnlyList<ModelPrice> Models { get; init; }

    public ModelPrice? Find(string model) => Models.Where(p => p.Model == model).MaxBy(p => p.AsOf);

    /// <summary>(input − cached)·input price + cached·cached price + output·output price; null, never 0, when the model or its tokens are unknown.</summary>
    public decimal? Cost(string model, Tokens? t) => Find(model) is { } p && t is not null
        ? (((t.Input - t.Cached) * (decimal)p.Input) + (t.Cached * (decimal)p.CachedInput) + (t.Output * (decimal)p.Output)) / 1_000_000 : null;
}

/// <summary>What a model's calls took, replayed ones included. Costs: as run (a cassette is free) and as if all had been live; null: unknown.</summary>
public sealed record ModelUsage(string Model, string? Currency, int Calls, int Replayed, int Retries, Tokens Tokens, decimal? CostAsRun, decimal? CostAsIfLive)
{
    internal static ModelUsage None(string model, PriceTable prices) => new(model, prices.Find(model)?.Currency, 0, 0, 0, new(0, 0, 0, 0), 0, 0);

    /// <summary>As a case's timing holds it.</summary>
    internal ModelCall ToCall(string? problem = null) => new(problem, null, Tokens.Input, Tokens.Cached, Tokens.Output, Retries, JsonSerializer.SerializeToNode(this, JsonSerializerOptions.Web));

    /// <summary>One call's; tokens null: the endpoint did not say.</summary>
    internal static ModelUsage Of(string model, PriceTable prices, Tokens? t, CallFacts facts) => new(model, prices.Find(model)?.Currency, 1, facts.Replayed ? 1 : 0, facts.Retries,
        t ?? new(0, 0, 0, 0), facts.Replayed ? 0 : prices.Cost(model, t), prices.Cost(model, t));

    public static ModelUsage operator +(ModelUsage a, ModelUsage b) =>
        new(a.Model, a.Currency, a.Calls + b.Calls, a.Replayed + b.Replayed, a.Retries + b.Retries, a.Tokens + b.Tokens, a.CostAsRun + b.CostAsRun, a.CostAsIfLive + b.CostAsIfLive);
}
