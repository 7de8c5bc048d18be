using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace MLPortfolio.PackTests.Verify;

/// <summary>A template's default repository, restored and built once for all tests that need its assemblies.</summary>
internal sealed partial class BuiltRepository
{
    private static readonly ConcurrentDictionary<(string Template, string Engine), Lazy<BuiltRepository>> _built = new();
    private readonly Lazy<Finished> _restore;
    private readonly Lazy<Finished> _build;

    private BuiltRepository(GeneratedRepository repository, string engine)
    {
        Repository = repository;
        var name = repository.Template.ShortName;
        string[] restore = engine == TemplateDefinition.DefaultEngine ? ["restore", "--locked-mode"] : ["restore"];
        _restore = new(() => Ledger.Time(name, "restore", () => Shell.Dotnet(repository.Folder, restore)));
        _build = new(() => Ledger.Time(name, "build", () => Shell.Dotnet(Restored.Folder, "build", "--no-restore", "-warnaserror", "-nologo", "-v", "q")));
    }

    public static BuiltRepository Of(Hive hive, string template, string engine = TemplateDefinition.DefaultEngine) =>
        _built.GetOrAdd((template, engine), v => new Lazy<BuiltRepository>(() => new BuiltRepository(hive.Default(v.Template, v.Engine), v.Engine))).Value;

    public GeneratedRepository Repository { get; }

    /// <summary>The repository after `dotnet restore`, in locked mode where it has lock files.</summary>
    public GeneratedRepository Restored
    {
        get
        {
            _restore.Value.Exits();
            return Repository;
        }
    }

    /// <summary>The repository after a build with warnings as errors.</summary>
    public GeneratedRepository Built
    {
        get
        {
            _build.Value.Exits();
            return Repository;
        }
    }

    /// <summary>What a compiler sees: the hash of all code, project, props and lock files. Equal hashes need one build.</summary>
    public static string CompiledInputs(GeneratedRepository repository)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in repository.Files.Where(f => Path.GetExtension(f) is ".cs" or ".csproj" or ".props" or ".targets" or ".slnx" or ".editorconfig" || f.EndsWith("packages.lock.json", StringComparison.Ordinal)))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{file}\n{repository.Read(file)}\n"));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    [GeneratedRegex(@"^\s+(?<key>total|failed|succeeded|skipped): (?<n>\d+)\s*$", RegexOptions.Multiline)]
    private static partial Regex Summary();

    /// <summary>The counts that `dotnet test` closes with.</summary>
    public static IReadOnlyDictionary<string, int> Counts(Finished test) =>
        Summary().Matches(test.Output).GroupBy(m => m.Groups["key"].Value).ToDictionary(g => g.Key, g => int.Parse(g.Last().Groups["n"].Value));
}
