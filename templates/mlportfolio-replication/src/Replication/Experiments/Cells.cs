namespace PortfolioProject.Replication;

/// <summary>How records name what was measured: a case is a seed × cell, its cluster is the seed.</summary>
public static class Cells
{
    public const string Tag = "cell";

    public static string Cluster(long seed) => $"seed {seed:00}";

    public static string Case(long seed, string cell) => $"{Cluster(seed)}, {cell}";

    public static string Number(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);

    /// <summary>A record with values cut to eight significant digits: what is published is what can be recomputed.</summary>
    public static CaseRecord Record(string variant, string cell, long seed, IEnumerable<(string Name, double? Value)> values, IReadOnlyDictionary<string, string>? tags = null, JsonObject? detail = null) => new()
    {
        Case = Case(seed, cell),
        Variant = variant,
        Cluster = Cluster(seed),
        Outcome = "measured",
        Tags = new Dictionary<string, string>(tags ?? new Dictionary<string, string>()) { [Tag] = cell },
        Values = values.Where(v => v.Value is not null).ToDictionary(v => v.Name, v => Cut(v.Value!.Value)),
        Detail = detail,
    };

    public static double Cut(double value) => double.IsFinite(value) ? double.Parse(value.ToString("E7", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
        : throw new UserError("a result is not finite", got: $"{value}", fix: "Look at the configuration: a bandwidth or a learning rate may be far off") { Code = ExitCode.Regression };
}
