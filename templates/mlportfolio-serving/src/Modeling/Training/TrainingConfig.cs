using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using PortfolioProject.Evidence;

namespace PortfolioProject.Modeling;

public sealed record DataConfig
{
    public required string Path { get; init; }

    /// <summary>The column with the classes; the last when null.</summary>
    public string? Label { get; init; }

    /// <summary>The column with what rows share; blocks of the row order when null.</summary>
    public string? Group { get; init; }

    [Range(2, 10_000)]
    public int Blocks { get; init; } = 13;

    /// <summary>Columns that are neither feature nor label.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>"8x8" where a row is an image of one channel: shifted copies can then be trained on.</summary>
    public string? Image { get; init; }
}

public enum ModelType { Majority, NearestCentroid, Softmax, Mlp }

public enum SplitType { Blocked, Random }

public enum Scaling { Standard, Range }

public enum Augmentation { None, Shift }

/// <summary>One model as it is compared: what it is, and under which split.</summary>
public sealed record VariantConfig
{
    public required ModelType Model { get; init; }
    public SplitType Split { get; init; }
    public Scaling Scaling { get; init; }
    public Augmentation Augment { get; init; }
    public bool Calibrate { get; init; } = true;

    [Range(1, 8192)]
    public int Hidden { get; init; } = 128;

    /// <summary>Bits a weight: 32 as trained, 2 to 16 rounded to a grid of its unit's own.</summary>
    [Range(2, 32)]
    public int Bits { get; init; } = 32;
}

public sealed record FitConfig
{
    /// <summary>Steps of the optimiser at most; a table too large for <see cref="MinEpochs"/> within them gets those epochs.</summary>
    [Range(1, 10_000_000)]
    public int Updates { get; init; } = 2_500;

    [Range(1, 10_000)]
    public int MinEpochs { get; init; } = 5;

    [Range(1, 8192)]
    public int BatchSize { get; init; } = 32;

    [Range(1e-6, 10)]
    public double LearningRate { get; init; } = 2e-3;

    [Range(0.0, 10)]
    public double WeightDecay { get; init; } = 1e-4;

    /// <summary>Training ends after this share of its epochs without a lower validation loss.</summary>
    [Range(0.01, 1)]
    public double Patience { get; init; } = 0.2;

    /// <summary>The share of the training rows that early stopping and the temperature are read on.</summary>
    [Range(0.05, 0.5)]
    public double Validation { get; init; } = 0.2;
}

/// <summary>What a version has to pass before it is promoted.</summary>
public sealed record PromotionConfig
{
    /// <summary>The 95th percentile of predicting one row.</summary>
    [Range(0.001, 60_000)]
    public double BudgetMs { get; init; } = 1;

    /// <summary>The share of recent rows that it may label otherwise than the stable version; it fails when the whole interval lies above.</summary>
    [Range(0.0, 1)]
    public double Disagreement { get; init; } = 0.05;
}

/// <summary>configs/training.yaml.</summary>
public sealed partial record TrainingConfig
{
    public const string File = "configs/training.yaml";

    public required long Seed { get; init; }

    /// <summary>0 takes every core. Results do not depend on it.</summary>
    [Range(0, 1024)]
    public int Threads { get; init; }

    /// <summary>The model's name; the data file's when null.</summary>
    public string? Name { get; init; }
    public required DataConfig Data { get; init; }
    public FitConfig Fit { get; init; } = new();

    [Range(2, 100)]
    public int Folds { get; init; } = 5;

    [Range(100, 1_000_000)]
    public int Resamples { get; init; } = 10_000;
    public required IReadOnlyDictionary<string, VariantConfig> Variants { get; init; }

    /// <summary>Variants that may be shipped, the simplest first: a later one has to be better than those before it.</summary>
    public required IReadOnlyList<string> Candidates { get; init; }
    public PromotionConfig Promotion { get; init; } = new();

    public string ModelName => Name ?? NotInNames().Replace(System.IO.Path.GetFileNameWithoutExtension(Data.Path), "-").Trim('-', '.', '_') switch { "" => "model", var name => name[..Math.Min(64, name.Length)] };

    public static TrainingConfig Load(string root, string file = File, IReadOnlyList<string>? overrides = null)
    {
        var config = StrictYaml.Read<TrainingConfig>(System.IO.Path.Combine(root, file), overrides);
        UserError Wrong(string field, string expected, string? got) => new("the configuration is not usable", file, field: field, expected: expected, got: UserError.Quote(got));
        if (config.Candidates.Count == 0) throw Wrong("candidates", "one variant or more", null);
        foreach (var name in config.Candidates)
            if (!config.Variants.TryGetValue(name, out var v) || v.Split != SplitType.Blocked || v.Model is not (ModelType.Softmax or ModelType.Mlp))
                throw Wrong("candidates", "trained models among the variants with blocked folds", name);
        if (config.Variants.Keys.FirstOrDefault(n => !VariantName().IsMatch(n)) is { } bad) throw Wrong("variants", "names of lower-case letters, digits and '-'", bad);
        if (config.Data.Image is { } image && Width(image) is null) throw Wrong("data.image", "WIDTHxHEIGHT, such as 8x8", image);
        return config;
    }

    /// <summary>The candidates and the same models under random folds: all that a version's manifest needs.</summary>
    public TrainingConfig ForShipping() => this with { Variants = Variants.Where(v => Candidates.Any(c => v.Value with { Split = SplitType.Blocked } == Variants[c])).ToDictionary() };

    /// <summary>The width of an image of so many pixels, or null when the configured image is of another size.</summary>
    public int? ImageWidth(int features) => Data.Image is { } image && Width(image) is { } size && size.Width * size.Height == features ? size.Width : null;

    private static (int Width, int Height)? Width(string image) =>
        image.Split('x') is [var w, var h] && int.TryParse(w, out var width) && int.TryParse(h, out var height) && width is > 0 and < 1000 && height is > 0 and < 1000 ? (width, height) : null;

    [GeneratedRegex(@"[^A-Za-z0-9._-]+")]
    private static partial Regex NotInNames();

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]*\z")]
    private static partial Regex VariantName();
}
