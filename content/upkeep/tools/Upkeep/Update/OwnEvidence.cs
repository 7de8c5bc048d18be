using System.Text.RegularExpressions;

namespace PortfolioProject.Upkeep;

/// <summary>
/// Results belong to whoever ran them. Where an owner pinned runs of their own, neither generation may speak of results/ or of a block's body: both
/// take the owner's, so that the merge leaves them alone and only pin renders them again.
/// </summary>
internal static partial class OwnEvidence
{
    public static void Keep(string root, string old, string fresh)
    {
        if (Digest(root) == Digest(old)) return;
        foreach (var generation in new[] { old, fresh })
        {
            var results = Path.Combine(generation, "results");
            if (Directory.Exists(results)) Directory.Delete(results, recursive: true);
            foreach (var file in Directory.EnumerateFiles(generation, "*.md", SearchOption.AllDirectories).Where(f => File.Exists(Path.Combine(root, Path.GetRelativePath(generation, f)))))
            {
                var bodies = Block().Matches(TextFile.Read(Path.Combine(root, Path.GetRelativePath(generation, file)))).DistinctBy(m => m.Groups["open"].Value).ToDictionary(m => m.Groups["open"].Value, m => m.Groups["body"].Value);
                TextFile.Write(file, Block().Replace(TextFile.Read(file), m => bodies.TryGetValue(m.Groups["open"].Value, out var body) ? m.Groups["open"].Value + body + m.Groups["close"].Value : m.Value));
            }
        }
    }

    private static string Digest(string root) => Path.Combine(root, "results") is var folder && !Directory.Exists(folder) ? ""
        : string.Join('\n', Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(f => $"{Path.GetRelativePath(folder, f)} {TextFile.Sha256(TextFile.Read(f))}"));

    [GeneratedRegex(@"(?<open><!-- evidence:[\w-]+ -->\n)(?<body>.*?)(?<close><!-- /evidence -->)", RegexOptions.Singleline)]
    private static partial Regex Block();
}
