namespace PortfolioProject.Modeling;

/// <summary>One line of promotions.jsonl. Action: promote, rollback, canary, shadow or clear; By: cli, dashboard or auto.</summary>
/// <param name="Version">What the action is about. A rollback without one goes to the version before; a clear without one ends canary and shadow.</param>
/// <param name="Share">The canary's share of requests, 0 to 1.</param>
public sealed record Promotion(DateTimeOffset At, string Action, string? Version, double? Share, string By, string Reason);

/// <summary>Which version has which role now. Previous is what a rollback goes to.</summary>
public sealed record RegistryState(string? Stable, string? Previous, string? Canary, double CanaryShare, string? Shadow)
{
    /// <summary>
    /// Folds the log: promotions are a stack, a rollback takes the newest off, or all above the version that it names. A version that becomes
    /// stable is canary and shadow no more; a rollback that names the canary ends the canary alone.
    /// </summary>
    public static RegistryState Of(IEnumerable<Promotion> log)
    {
        var stack = new List<string>();
        var (canary, share, shadow) = ((string?)null, 0.0, (string?)null);
        foreach (var entry in log)
        {
            if (entry is { Action: "promote", Version: { } next } && stack.LastOrDefault() != next) stack.Add(next);
            else if (entry.Action == "rollback" && (entry.Version is null || entry.Version != canary)) stack = Below(stack, entry.Version);
            else if (entry is { Action: "canary", Version: not null }) (canary, share) = (entry.Version, Math.Clamp(entry.Share ?? 0, 0, 1));
            else if (entry is { Action: "shadow", Version: not null }) shadow = entry.Version;
            if (entry.Action is "clear" or "rollback" && (entry.Version == canary || (entry.Action == "clear" && entry.Version is null))) canary = null;
            if (entry.Action == "clear" && (entry.Version is null || entry.Version == shadow)) shadow = null;
            if (stack.LastOrDefault() is { } stable) (canary, shadow) = (canary == stable ? null : canary, shadow == stable ? null : shadow);
        }

        return new RegistryState(stack.LastOrDefault(), stack.Count > 1 ? stack[^2] : null, canary, canary is null ? 0 : share, shadow);
    }

    private static List<string> Below(List<string> stack, string? to) =>
        to is null ? [.. stack.Take(1), .. stack.Skip(1).SkipLast(1)] : stack.Contains(to) ? stack[..(stack.LastIndexOf(to) + 1)] : [to];
}
