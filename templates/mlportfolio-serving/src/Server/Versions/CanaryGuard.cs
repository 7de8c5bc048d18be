using System.ComponentModel.DataAnnotations;

namespace PortfolioProject.Server;

/// <summary>When a canary is taken back without anybody's asking.</summary>
public sealed record CanaryConfig
{
    /// <summary>Fewer failed predictions than this decide nothing.</summary>
    [Range(1, 100_000)] public int LeastErrors { get; init; } = 5;

    /// <summary>The canary ends when the whole interval of its error rate lies above.</summary>
    [Range(0.0, 1)] public double ErrorRate { get; init; } = 0.02;

    /// <summary>Why a canary with these counts has to end; null: it may go on.</summary>
    internal string? Objection(long errors, long requests)
    {
        if (errors < LeastErrors) return null;
        var interval = Statistics.WilsonInterval(errors, (int)Math.Min(requests, int.MaxValue));
        return interval.Low <= ErrorRate ? null
            : FormattableString.Invariant($"{errors} of {requests} predictions failed: {Format.Percent((double)errors / requests)} {Format.Bounds(interval.Low, interval.High)}, allowed {ErrorRate}");
    }
}
