namespace PortfolioProject.Modeling;

/// <summary>
/// models/&lt;name&gt;/&lt;version&gt;/ and models/&lt;name&gt;/promotions.jsonl, the one truth about which version does what. Command line, dashboard and
/// server append to it; each append is one flushed write under a lock file, so that writers do not mix.
/// </summary>
public sealed partial class ModelRegistry
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <param name="root">The folder that holds one folder a model.</param>
    /// <param name="name">The model: letters, digits, '.', '_' and '-', at most 64.</param>
    public ModelRegistry(string root, string name) => (Name, Folder) = (name, Path.Combine(root, Known(name, "model name")));

    public string Name { get; }

    public string Folder { get; }

    /// <summary>The append-only log, for those who watch it.</summary>
    public string Log => Path.Combine(Folder, "promotions.jsonl");

    /// <summary>Versions with a manifest, numbers by size first, then other names.</summary>
    public IReadOnlyList<string> Versions => !Directory.Exists(Folder) ? [] : [.. Directory.GetDirectories(Folder).Select(f => Path.GetFileName(f)!)
        .Where(v => NamePattern().IsMatch(v) && File.Exists(Path.Combine(Folder, v, BundleManifest.FileName)))
        .OrderBy(v => long.TryParse(v, out var number) ? number : long.MaxValue).ThenBy(v => v, StringComparer.Ordinal)];

    /// <summary>Opens the model of this name, or the only one there is when the name is null.</summary>
    public static ModelRegistry Open(string root, string? name = null)
    {
        if (name is not null) return new ModelRegistry(root, name);
        var names = (Directory.Exists(root) ? Directory.GetDirectories(root) : []).Select(f => Path.GetFileName(f)!).Where(n => NamePattern().IsMatch(n)).Order(StringComparer.Ordinal);
        var models = names.Select(n => new ModelRegistry(root, n)).Where(r => r.Versions.Count > 0).ToList();
        return models.Count == 1 ? models[0] : models.Count == 0 ? throw new UserError("no model yet", root, fix: "Train one: dotnet run --project src/Cli -- train")
            : throw new UserError("which model?", root, expected: "one of " + string.Join(", ", models.Select(m => m.Name)), fix: "Name it: --model NAME; of a server, --set model=NAME");
    }

    /// <summary>The bundle's folder; a name that could leave the registry is a <see cref="UserError"/>.</summary>
    public string FolderOf(string version) => Path.Combine(Folder, Known(version, "version"));

    /// <summary>The folder of a version that exists; else a <see cref="UserError"/> that lists what does.</summary>
    public string Require(string version) => Versions.Contains(version) ? FolderOf(version)
        : throw new UserError($"no version {UserError.Quote(version)} of {Name}", Folder, fix: ClosestName.Suggest(version, Versions));

    /// <summary>Loads a version that exists; its manifest has to be of this model and version, so that a copied folder cannot pass for another one.</summary>
    public Bundle Load(string version, IModelEngine engine)
    {
        var bundle = Bundle.Load(Require(version), engine);
        return (bundle.Manifest.Name, bundle.Manifest.Version) == (Name, version) ? bundle : throw new UserError("the bundle is another one's", Path.Combine(bundle.Folder, BundleManifest.FileName),
            expected: $"{Name} {version}", got: UserError.Quote($"{bundle.Manifest.Name} {bundle.Manifest.Version}"));
    }

    public RegistryState State() => RegistryState.Of(History());

    /// <summary>The log as it stands, oldest first. A torn last line is dropped; any other broken line is a <see cref="UserError"/>.</summary>
    public IReadOnlyList<Promotion> History() => [.. JsonLines.Read(Log).Select((line, i) => ModelJson.Parse(line, ModelJson.Lines.Promotion, "not a promotion", Log, i + 1))];

    /// <summary>Appends one entry, on disk when this returns; a torn last line that a killed writer left is cut off first.</summary>
    public void Append(Promotion entry)
    {
        using var held = Lock();
        JsonLines.Append(Log, JsonSerializer.Serialize(entry, ModelJson.Lines.Promotion), flushToDisk: true);
    }

    /// <summary>Keeps other writers out, of this process or another, until it is disposed of; the system frees that of a dead one.</summary>
    internal FileStream Lock()
    {
        Directory.CreateDirectory(Folder);
        for (var waited = Stopwatch.StartNew(); ;)
        {
            try { return new FileStream(Path.Combine(Folder, "registry.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None); }
            catch (IOException) when (waited.Elapsed < Patience) { Thread.Sleep(5); }
        }
    }

    private static string Known(string name, string what) => NamePattern().IsMatch(name) ? name
        : throw new UserError($"not a {what}", expected: "letters, digits, '.', '_' and '-', beginning with a letter or digit, at most 64", got: UserError.Quote(name));

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z")]
    private static partial Regex NamePattern();
}
