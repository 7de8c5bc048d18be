using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace MLPortfolio.PackTests.Linters;

/// <summary>A repository of each template with everything that linters read: with Kubernetes, the objects that kustomize makes, and what its documents ask one to type.</summary>
public sealed partial class LintedRepositories(Hive hive) : IDisposable
{
    private readonly Sandbox _sandbox = new();
    private readonly ConcurrentDictionary<string, Lazy<GeneratedRepository>> _repositories = new();

    internal GeneratedRepository Of(string template) => _repositories.GetOrAdd(template, t => new Lazy<GeneratedRepository>(() => Generate(t))).Value;

    public void Dispose() => _sandbox.Dispose();

    internal static void Put(string folder, string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, path))!);
        File.WriteAllText(Path.Combine(folder, path), text);
    }

    [GeneratedRegex(@"^```bash\n(?<script>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    private GeneratedRepository Generate(string template)
    {
        var repository = hive.Generate(PackTree.Here.Template(template), _sandbox[template], "My.App-2", new Dictionary<string, string> { ["deploy"] = "kubernetes" });
        var fences = repository.Files.Where(f => f.EndsWith(".md", StringComparison.Ordinal)).SelectMany(f => Fence().Matches(repository.Read(f)));
        Put(repository.Folder, "documents.sh", string.Join('\n', fences.Select(m => m.Groups["script"].Value)));
        if (Shell.Answers("kubectl", "version", "--client"))
        {
            foreach (var folder in repository.Files.Where(f => Path.GetFileName(f) == "kustomization.yaml").Select(f => Path.GetDirectoryName(f)!).ToList())
            {
                Put(repository.Folder, $"{folder}/{Linter.Rendered}", Shell.Run("kubectl", ["kustomize", folder], repository.Folder, TimeSpan.FromMinutes(1)).Exits().Output);
            }
        }

        return repository;
    }
}
