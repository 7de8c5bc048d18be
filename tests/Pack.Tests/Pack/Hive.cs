using MLPortfolio.PackTests;

[assembly: AssemblyFixture(typeof(Hive))]

namespace MLPortfolio.PackTests;

/// <summary>
/// The packed templates, installed once into a home folder of their own, and the repositories generated from them.
/// Packing and generating wait until a test asks.
/// </summary>
public sealed class Hive : IDisposable
{
    private readonly Sandbox _sandbox = new();
    private readonly Lazy<string> _package;
    private readonly Lazy<string> _home;
    private readonly Dictionary<(string Template, string Engine), Lazy<GeneratedRepository>> _defaults;

    public Hive()
    {
        _package = new(() => Ledger.Time("pack", "pack", () => Pack(_sandbox["package"])));
        _home = new(Install);
        _defaults = PackTree.Here.Templates.SelectMany(t => t.Engines.Select(e => (Template: t, Engine: e))).ToDictionary(v => (v.Template.ShortName, v.Engine), v => new Lazy<GeneratedRepository>(
            () => Ledger.Time(v.Template.ShortName, "generate", () => Generate(v.Template, _sandbox[Path.Combine(v.Engine, v.Template.ShortName)], DefaultName,
                v.Engine == TemplateDefinition.DefaultEngine ? null : new Dictionary<string, string> { ["engine"] = v.Engine }))));
    }

    /// <summary>The name of the repository that the deeper levels build and run.</summary>
    internal const string DefaultName = "ClinicalQa";

    /// <summary>The nupkg that every test works from.</summary>
    internal string Package => _package.Value;

    /// <summary>A template generated with its defaults, but for the engine; built and run in place by the levels that do so.</summary>
    internal GeneratedRepository Default(string template, string engine = TemplateDefinition.DefaultEngine) => _defaults[(template, engine)].Value;

    internal static string Pack(string folder)
    {
        Shell.Run("dotnet", ["pack", "TemplatePack.csproj", "-o", folder, "-nologo", "-v", "q"], PackTree.Here.Root, TimeSpan.FromMinutes(3),
            new Dictionary<string, string> { ["SOURCE_DATE_EPOCH"] = "1700000000" }).Exits();
        return Directory.GetFiles(folder, "*.nupkg").Single();
    }

    /// <summary>Runs `dotnet new` in the private home.</summary>
    internal Finished New(string folder, params string[] arguments) =>
        Shell.Run("dotnet", ["new", .. arguments], folder, TimeSpan.FromMinutes(2), Home(_home.Value));

    /// <summary>Generates a template in a new folder, as a person in that folder would.</summary>
    internal GeneratedRepository Generate(TemplateDefinition template, string parent, string name, IReadOnlyDictionary<string, string>? options = null)
    {
        Directory.CreateDirectory(parent);
        var arguments = (options ?? new Dictionary<string, string>()).SelectMany(o => new[] { $"--{o.Key}", o.Value });
        New(parent, [template.ShortName, "-n", name, .. arguments]).Exits();
        return new GeneratedRepository(template, Directory.GetDirectories(parent).Single(), name);
    }

    public void Dispose() => _sandbox.Dispose();

    private string Install()
    {
        var home = Directory.CreateDirectory(_sandbox["home"]).FullName;
        Shell.Run("dotnet", ["new", "install", Package], _sandbox.Folder, TimeSpan.FromMinutes(2), Home(home)).Exits();
        return home;
    }

    private static Dictionary<string, string> Home(string folder) => new() { ["DOTNET_CLI_HOME"] = folder, ["DOTNET_SKIP_FIRST_TIME_EXPERIENCE"] = "1" };
}
