namespace PortfolioProject.Server;

/// <summary>Which version answers what: immutable, replaced as a whole, so that a request sees either the roles before a change or those after it.</summary>
internal sealed record Roster(RegistryState Roles, IReadOnlyList<Promotion> History, IReadOnlyList<string> Versions, ServedModel? Stable, ServedModel? Canary, ShadowRun? Shadow,
    FrozenDictionary<string, ServedModel> Loaded, FrozenDictionary<string, string> Refused, string? Problem)
{
    public static Roster Empty { get; } = new(RegistryState.Of([]), [], [], null, null, null, FrozenDictionary<string, ServedModel>.Empty, FrozenDictionary<string, string>.Empty, "no model is loaded yet");

    /// <summary>What is loaded, in the order of versions' names.</summary>
    public IEnumerable<ServedModel> Models => Loaded.Values.OrderBy(m => m.Version, StringComparer.Ordinal);

    public ModelState State => new(Stable is not null, Problem);

    /// <summary>Null: the stable version, or the canary for its share of the keys.</summary>
    public ServedModel? Choose(string? key, string? version) =>
        version is not null ? (version == Stable?.Version ? Stable : Loaded.GetValueOrDefault(version))
        : Canary is not null && (key is null ? Random.Shared.NextDouble() : StickyKey.Unit(key, Canary.Version)) < Roles.CanaryShare ? Canary : Stable;

    public string RoleOf(string version) => version == Stable?.Version ? "stable" : version == Canary?.Version ? "canary" : version == Shadow?.Version ? "shadow"
        : version == Roles.Previous ? "previous" : "none";
}
