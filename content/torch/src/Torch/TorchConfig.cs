using System.ComponentModel.DataAnnotations;

namespace PortfolioProject.Torch;

public enum Accelerator { Cpu, Cuda, Mps }

/// <summary>Bfloat16: products and convolutions in bfloat16, weights, sums of losses and the optimiser in float32.</summary>
public enum Precision { Float32, Bfloat16 }

/// <summary>configs/torch.yaml: where and how networks are trained.</summary>
public sealed record TorchConfig
{
    public const string File = "configs/torch.yaml";

    public Accelerator Device { get; init; } = Accelerator.Cpu;

    public Precision Precision { get; init; } = Precision.Float32;

    /// <summary>Threads of one product on the CPU. More than one may change the last bits of results, and fits already run side by side.</summary>
    [Range(1, 1024)] public int Threads { get; init; } = 1;

    /// <summary>The folder where unfinished trainings are kept, to be gone on with by the next call for the same; none when null.</summary>
    public string? Checkpoints { get; init; }

    /// <summary>Epochs between two checkpoints.</summary>
    [Range(1, 100_000)] public int CheckpointEvery { get; init; } = 10;

    /// <summary>The repository's configuration, or the default where there is none; a relative folder of checkpoints is the repository's.</summary>
    public static TorchConfig Load(string root)
    {
        var file = Path.Combine(root, File);
        var config = System.IO.File.Exists(file) ? StrictYaml.Read<TorchConfig>(file) : new TorchConfig();
        return config.Checkpoints is null ? config : config with { Checkpoints = Path.Combine(root, config.Checkpoints) };
    }
}
