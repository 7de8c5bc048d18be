namespace PortfolioProject.Torch;

/// <summary>A device that was tried, the precision of products on it, and copies of values to it and back.</summary>
internal sealed class Compute
{
    private static readonly Lock Threads = new();
    private readonly torch.ScalarType _precision;

    /// <summary>Tries the device and the precision with a product; where they are absent that is a <see cref="UserError"/>.</summary>
    public Compute(TorchConfig config)
    {
        var name = $"{config.Device}".ToLowerInvariant();
        _precision = config.Precision == Precision.Bfloat16 ? torch.ScalarType.BFloat16 : torch.ScalarType.Float32;
        Device = Try("device", name, "cpu needs nothing; cuda: an NVIDIA GPU and a build with -p:TorchDevice=cuda; mps: a Mac with Apple silicon", () =>
        {
            using var scope = torch.NewDisposeScope();
            var device = torch.device(name);
            torch.tensor(new[] { 1f }).to(torch.ScalarType.Float32, device);
            return device;
        });
        lock (Threads)
            if (torch.get_num_threads() != config.Threads) torch.set_num_threads(config.Threads);
        Try("precision", $"{config.Precision}".ToLowerInvariant(), $"Set float32: {name} does not compute in this precision", () =>
        {
            using var scope = torch.NewDisposeScope();
            var one = Narrow(On(torch.tensor(new[] { 1f, 1f }).reshape(1, 2)));
            return torch.nn.functional.linear(one, one).to(torch.ScalarType.Float32).cpu().item<float>();
        });
    }

    public torch.Device Device { get; }

    /// <summary>Products are in less than float32.</summary>
    public bool IsNarrow => _precision != torch.ScalarType.Float32;

    /// <summary>Float32 values on this device, of the caller's scope.</summary>
    public torch.Tensor Send(float[] values, params long[] shape)
    {
        using var scope = torch.NewDisposeScope();
        return On(torch.tensor(values).reshape(shape)).MoveToOuterDisposeScope();
    }

    /// <summary>Class or token numbers on this device, of the caller's scope.</summary>
    public torch.Tensor Send(long[] values, params long[] shape)
    {
        using var scope = torch.NewDisposeScope();
        return torch.tensor(values).reshape(shape).to(torch.ScalarType.Int64, Device).MoveToOuterDisposeScope();
    }

    /// <summary>The values of a tensor of any precision, row-major, as float32.</summary>
    public static float[] Receive(torch.Tensor tensor)
    {
        using var scope = torch.NewDisposeScope();
        return MemoryMarshal.Cast<byte, float>(tensor.detach().to(torch.ScalarType.Float32).cpu().contiguous().bytes).ToArray();
    }

    /// <summary>A factor of a product, in this precision; gradients flow back in float32.</summary>
    public torch.Tensor Narrow(torch.Tensor tensor) => _precision == torch.ScalarType.Float32 ? tensor : tensor.to(_precision);

    /// <summary>x·Wᵀ + b. Shapes that do not fit throw.</summary>
    public torch.Tensor Linear(torch.Tensor x, torch.Tensor weight, torch.Tensor? bias = null) =>
        torch.nn.functional.linear(Narrow(x), Narrow(weight), bias is null ? null : Narrow(bias)).to(torch.ScalarType.Float32);

    /// <summary>Runs what calls the native library; its errors are told in one line, without a trace.</summary>
    public static T Guard<T>(Func<T> run)
    {
        try { return run(); }
        catch (ExternalException e) { throw new UserError("libtorch refused", got: e.Message.Split('\n')[0]); }
    }

    private torch.Tensor On(torch.Tensor tensor) => tensor.to(torch.ScalarType.Float32, Device);

    private static T Try<T>(string field, string got, string fix, Func<T> run)
    {
        try { return run(); }
        catch (Exception e) when (e is ExternalException or InvalidOperationException or NotSupportedException or ArgumentException or DllNotFoundException or TypeInitializationException)
        {
            throw new UserError("not available on this machine", TorchConfig.File, field: field, got: $"{got} ({(e.InnerException ?? e).Message.Trim().Split('\n')[0].TrimEnd('.')})", fix: fix);
        }
    }
}
