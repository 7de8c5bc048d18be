using System.ComponentModel.DataAnnotations;
using PortfolioProject.Evidence;

namespace PortfolioProject.RandomFeatures;

/// <summary>One experiment of the first paper as its YAML file states it; lists of settings are crossed with each other.</summary>
public sealed record ExperimentConfig
{
    public required string Kind { get; init; }
    public required string Data { get; init; }
    public required string Sha256 { get; init; }

    /// <summary>What inputs are divided by.</summary>
    [Range(1e-12, 1e12)]
    public double DivideBy { get; init; } = 1;

    public bool Standardize { get; init; }
    public required IReadOnlyList<long> Seeds { get; init; }

    /// <summary>Training rows n.</summary>
    public required IReadOnlyList<int> Samples { get; init; }

    /// <summary>Sizes as N/n; or <see cref="Widths"/> as N.</summary>
    public IReadOnlyList<double>? Ratios { get; init; }

    public IReadOnlyList<int>? Widths { get; init; }
    public required IReadOnlyList<double> Noise { get; init; }
    public required IReadOnlyList<double> Bandwidths { get; init; }
    public required IReadOnlyList<FeatureKind> Features { get; init; }
    public required IReadOnlyList<double> Truncations { get; init; }
    public required IReadOnlyList<IReadOnlyList<double>> Penalties { get; init; }

    /// <summary>Seeds of a group whose first half estimates the peak that its second half knows; 0 for none.</summary>
    [Range(0, 1000)]
    public int SeedGroup { get; init; }

    /// <summary>Whether the exact claims about linear regression are part of it.</summary>
    public bool Theory { get; init; }

    public IReadOnlyList<int> WidthsAt(int samples) => Widths ?? [.. Ratios!.Select(r => (int)Math.Round(r * samples))];

    /// <summary>Reads and judges a configuration; whatever cannot be run is a <see cref="UserError"/> that names file and key.</summary>
    public static ExperimentConfig Parse(string text, string file, IReadOnlyList<string> overrides)
    {
        var c = StrictYaml.Parse<ExperimentConfig>(text, file, overrides);
        void Need(bool holds, string field, string expected, object got)
        {
            if (!holds) throw new UserError("wrong value", file, field: field, expected: expected, got: got as string ?? UserError.Quote(FormattableString.Invariant($"{got}")));
        }

        void Each<T>(IReadOnlyList<T> items, string field, string expected, Func<T, bool> fits)
        {
            Need(items.Count > 0, field, expected, "an empty list");
            foreach (var (i, item) in items.Index()) Need(fits(item), $"{field}.{i}", expected, item!);
            Need(items.Distinct().Count() == items.Count, field, "no value twice", string.Join(", ", items));
        }

        Need(c.Kind.Length > 0 && c.Kind.All(l => char.IsAsciiLetterLower(l) || l == '-'), "kind", "lower-case letters and hyphens", c.Kind);
        Each(c.Seeds, "seeds", "whole numbers from 0, at least one", s => s is >= 0 and < 1_000_000);
        Each(c.Samples, "samples", "numbers of training rows, at least 2", n => n is >= 2 and <= 100_000);
        Each(c.Noise, "noise", "shares of labels, 0 ≤ share < 1", v => v is >= 0 and < 1);
        Each(c.Bandwidths, "bandwidths", "numbers from 1e-6 to 1e6", b => b is >= 1e-6 and <= 1e6);
        Each(c.Features, "features", "feature kinds", _ => true);
        Each(c.Truncations, "truncations", "0, or a share from 1e-6 (the Gram matrix resolves no less) to 1", t => t is 0 or (>= 1e-6 and < 1));
        foreach (var (i, grid) in c.Penalties.Index()) Each(grid, $"penalties.{i}", "penalties above 0", l => l > 0);
        Need(c.SeedGroup % 2 == 0 && (c.SeedGroup == 0 || (c.Seeds.Count % c.SeedGroup == 0 && c.Samples.Count * c.Bandwidths.Count * c.Features.Count * c.Noise.Count == 1)), "seed_group",
            "0, or an even divisor of the number of seeds in an experiment of one setting", c.SeedGroup);
        Need(c.Ratios is null != c.Widths is null, "ratios", "either ratios or widths", c.Ratios is null ? "neither" : "both");
        if (c.Ratios is not null) Each(c.Ratios, "ratios", "numbers N/n above 0, at most 1000", r => r is > 0 and <= 1000);
        foreach (var widths in c.Samples.Select(c.WidthsAt))
            Need(widths[0] > 0 && widths[^1] <= 100_000 && widths.Zip(widths.Skip(1)).All(p => p.First < p.Second), c.Ratios is null ? "widths" : "ratios",
                "sizes that grow from one to the next and begin with at least one feature", string.Join(", ", c.Ratios?.Select(r => FormattableString.Invariant($"{r}")) ?? widths.Select(w => $"{w}")));
        return c;
    }
}
