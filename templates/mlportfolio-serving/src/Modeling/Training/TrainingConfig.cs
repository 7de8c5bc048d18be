namespace PortfolioProject.Modeling;

public sealed record DataConfig
{
    public required string Path { get; init; }

    /// <summary>The column with the classes; the last when null.</summary>
    public string? Label { get; init; }

    /// <summary>The column with what rows share; blocks of the row order when null.</summary>
    public string? Group { get; init; }

    [Range(2, 10_000)] public int Blocks { get; init; } = 13;

    /// <summary>Columns that are neither feature nor label.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];
}

public enum ModelType
{
    Majority, NearestCentroid, Softmax, Mlp,
    //#if (engine == "torchsharp")
    Cnn,
    //#endif
}

public enum SplitType { Blocked, Random }

public enum Scaling { Standard, Range }

/// <summary>One model as it is compared: what it is, and under which split.</summary>
public sealed record VariantConfig
{
    public required ModelType Model { get; init; }
    public SplitType Split { get; init; }
    public Scaling Scaling { get; init; }
    public bool Calibrate { get; init; } = true;

    [Range(1, 8192)] public int Hidden { get; init; } = 128;
}

public sealed record FitConfig
{
    /// <summary>Steps of the optimiser at most; a table too large for <see cref="MinEpochs"/> within them gets those epochs.</summary>
    [Range(1, 10_000_000)] public int Updates { get; init; } = 2_500;

    [Range(1, 10_000)] public int MinEpochs { get; init; } = 5;

    [Range(1, 8192)] public int BatchSize { get; init; } = 32;

    [Range(1e-6, 10)] public double LearningRate { get; init; } = 2e-3;

    [Range(0.0, 10)] public double WeightDecay { get; init; } = 1e-4;

    /// <summary>Training ends after this share of its epochs without a lower validation loss.</summary>
    [Range(0.01, 1)] public double Patience { get; init; } = 0.2;

    /// <summary>The share of the training rows that early stopping and the temperature are read on.</summary>
    [Range(0.05, 0.5)] public double Validation { get; init; } = 0.2;
}

/// <summary>What a version has to pass before it is promoted.</summary>
public sealed record PromotionConfig
{
    /// <summary>The 95th percentile of predicting one row.</summary>
    [Range(0.001, 60_000)] public double BudgetMs { get; init; } = 1;

    /// <summary>The share of recent rows that it may label otherwise than the stable version; it fails when the whole interval lies above.</summary>
    [Range(0.0, 1)] public double Disagreement { get; init; } = 0.05;
}

/// <summary>configs/training.yaml.</summary>
public sealed partial record TrainingConfig
{
    public const string File = "configs/training.yaml";

    public required long Seed { get; init; }

    /// <summary>0 takes every core. Results do not depend on it.</summary>
    [Range(0, 1024)] public int Threads { get; init; }

    /// <summary>The model's name; the data file's when null.</summary>
    public string? Name { get; init; }

    public required DataConfig Data { get; init; }
    public FitConfig Fit { get; init; } = new();

    [Range(2, 100)] public int Folds { get; init; } = 5;

    [Range(100, 1_000_000)] public int Resamples { get; init; } = 10_000;

    public required IReadOnlyDictionary<string, VariantConfig> Variants { get; init; }

    /// <summary>Variants that may be shipped, the simplest first: a later one has to be better than those before it.</summary>
    public required IReadOnlyList<string> Candidates { get; init; }

    public PromotionConfig Promotion { get; init; } = new();

    public string ModelName => Name ?? (NotInNames().Replace(System.IO.Path.GetFileNameWithoutExtension(Data.Path), "-").Trim('-', '.', '_') is { Length: > 0 } name ? name[..Math.Min(64, name.Length)] : "model");

    public static TrainingConfig Load(string root, string file = File, IReadOnlyList<string>? overrides = null)
    {
        var config = StrictYaml.Read<TrainingConfig>(System.IO.Path.Combine(root, file), overrides);
        var wrong = config.Candidates.FirstOrDefault(name => config.Variants.GetValueOrDefault(name) is not { Split: SplitType.Blocked, Model: not (ModelType.Majority or ModelType.NearestCentroid) });
        return config.Candidates.Count > 0 && wrong is null ? config
            : throw new UserError("nothing could be shipped", file, field: "candidates", expected: "trained models among the variants, under blocked folds", got: UserError.Quote(wrong));
    }

    /// <summary>The candidates and the same models under random folds: all that a version's manifest needs.</summary>
    public TrainingConfig ForShipping() => this with { Variants = Variants.Where(v => Candidates.Any(c => v.Value with { Split = SplitType.Blocked } == Variants[c])).ToDictionary() };

    [GeneratedRegex(@"[^A-Za-z0-9._-]+")]
    private static partial Regex NotInNames();
}
