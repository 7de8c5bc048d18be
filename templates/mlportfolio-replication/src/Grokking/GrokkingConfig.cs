using System.ComponentModel.DataAnnotations;

namespace PortfolioProject.Grokking;

/// <summary>Networks with the closed-form weights, for comparison.</summary>
public sealed record AnalyticConfig
{
    [Range(3, 997)] public required int Modulus { get; init; }

    public required IReadOnlyList<int> Widths { get; init; }
}

//#if (engine == "torchsharp")
/// <summary>A decoder as in Power et al. 2022, trained by minibatch AdamW (β 0.9 and 0.98) with a linear warm-up to the learning rate.</summary>
public sealed record TransformerConfig
{
    [Range(1, 24)] public int Layers { get; init; } = 2;

    [Range(1, 64)] public int Heads { get; init; } = 4;

    [Range(1, 100_000)] public int Batch { get; init; } = 512;

    [Range(0.0, 100)] public double WeightDecay { get; init; } = 1;

    [Range(1, 100_000)] public int Warmup { get; init; } = 10;
}

//#endif
/// <summary>One experiment of the second paper; lists are crossed with each other.</summary>
public sealed record GrokkingConfig
{
    public required string Kind { get; init; }

    [Range(3, 199)] public required int Modulus { get; init; }

    public required IReadOnlyList<int> Widths { get; init; }
    public required IReadOnlyList<double> Shares { get; init; }
    public required IReadOnlyList<long> Seeds { get; init; }

    [Range(1e-9, 1e9)] public required double LearningRate { get; init; }

    [Range(1, 1_000_000)] public required int Steps { get; init; }

    /// <summary>Steps between two looks at accuracy; 10 when null.</summary>
    [Range(1, 100_000)] public int? Every { get; init; }

    public AnalyticConfig? Analytic { get; init; }

    //#if (engine == "torchsharp")
    /// <summary>A transformer in place of the quadratic network; widths are then those of its residual stream.</summary>
    public TransformerConfig? Transformer { get; init; }

    //#endif
    /// <summary>What the names of cells begin with where the network is not the quadratic one.</summary>
    internal string Prefix { get; init; } = "";

    public static GrokkingConfig Parse(string text, string file, IReadOnlyList<string> overrides)
    {
        var c = StrictYaml.Parse<GrokkingConfig>(text, file, overrides);
        void Each<T>(IReadOnlyList<T> items, string field, string expected, Func<T, bool> fits)
        {
            if (items.Count == 0 || items.Distinct().Count() < items.Count) throw new UserError("wrong value", file, field: field, expected: expected + ", no value twice", got: items.Count == 0 ? "an empty list" : string.Join(", ", items));
            foreach (var (i, item) in items.Index())
                if (!fits(item)) throw new UserError("wrong value", file, field: $"{field}.{i}", expected: expected, got: UserError.Quote(FormattableString.Invariant($"{item}")));
        }

        if (!c.Kind.StartsWith("grokking", StringComparison.Ordinal)) throw new UserError("wrong value", file, field: "kind", expected: "a name that begins with \"grokking\"", got: UserError.Quote(c.Kind));
        Each(c.Seeds, "seeds", "whole numbers from 0, at least one", s => s is >= 0 and < 1_000_000);
        Each(c.Widths, "widths", "numbers of hidden units, 1 to 100000", w => w is >= 1 and <= 100_000);
        Each(c.Shares, "shares", "shares of all pairs that leave at least one for training and one for testing", s => Math.Round(s * c.Modulus * c.Modulus) is var n && n >= 1 && n < c.Modulus * c.Modulus);
        if (c.Analytic is { } a) Each(a.Widths, "analytic.widths", "numbers of hidden units, 1 to 100000", w => w is >= 1 and <= 100_000);
        //#if (engine == "torchsharp")
        if (c.Transformer is { } t)
        {
            Each(c.Widths, "widths", $"multiples of 2 · {t.Heads} heads, at most 4096", w => w % (2 * t.Heads) == 0 && w <= 4096);
            return c with { Prefix = "transformer " };
        }

        //#endif
        return c;
    }
}
