namespace PortfolioProject.Torch.Tests;

public sealed class TorchConfigTests
{
    [Theory]
    [InlineData(Accelerator.Cuda, "cuda")]
    [InlineData(Accelerator.Mps, "mps")]
    public void A_device_that_is_not_there_is_an_error_that_names_it_and_says_what_it_needs(Accelerator device, string name)
    {
        Compute? compute = null;
        var error = Record.Exception(() => compute = new Compute(new TorchConfig { Device = device }));
        if (compute is not null) Assert.Skip($"skipped: this machine has {name}");
        Assert.StartsWith($"{TorchConfig.File}: device: not available on this machine; got {name} (", Assert.IsType<UserError>(error).Message);
        Assert.Contains("-p:TorchDevice=cuda", error.Message);
        Assert.DoesNotContain("\n", error.Message);
    }

    [Fact]
    public void The_configuration_is_read_strictly_and_may_be_absent()
    {
        var root = Directory.CreateTempSubdirectory().FullName;
        Assert.Equal(new TorchConfig(), TorchConfig.Load(root));
        Directory.CreateDirectory(Path.Combine(root, "configs"));
        File.WriteAllText(Path.Combine(root, TorchConfig.File), "device: mps\nprecision: bfloat16\nthreads: 2\ncheckpoints: runs/checkpoints\ncheckpoint_every: 5\n");
        var expected = new TorchConfig { Device = Accelerator.Mps, Precision = Precision.Bfloat16, Threads = 2, Checkpoints = Path.Combine(root, "runs/checkpoints"), CheckpointEvery = 5 };
        Assert.Equal(expected, TorchConfig.Load(root));
        File.WriteAllText(Path.Combine(root, TorchConfig.File), "device: tpu\n");
        Assert.Contains("one of cpu, cuda, mps", Assert.Throws<UserError>(() => TorchConfig.Load(root)).Message);
        Directory.Delete(root, recursive: true);
    }
}
