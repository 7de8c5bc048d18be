namespace MLPortfolio.PackTests.Lint;

/// <summary>What every source leaves out. Declared, because the engine's own default also drops packages.lock.json.</summary>
internal static class Leavings
{
    public static readonly string[] Patterns =
    [
        ".template.config/**", "**/bin/**", "**/obj/**", "runs/**", "**/TestResults/**", "BenchmarkDotNet.Artifacts/**", "**/.vs/**", "**/*.user",
    ];
}

/// <summary>A source without the whole list of leavings ships somebody's build output or drops lock files.</summary>
internal sealed class ExcludesAreDeclared : TemplateRule
{
    protected override IEnumerable<string> Inspect(PackTree pack, TemplateDefinition template) =>
        from source in template.Sources
        let missing = (source.Include.Count > 0 && !source.Include.Any(p => p.Contains("**")) ? [".template.config/**"] : Leavings.Patterns).Except(source.Exclude).ToList()
        where missing.Count > 0
        select $"source {source.Source} does not exclude {string.Join(", ", missing)}";
}

/// <summary>A pattern that matches no file is a mistake, or was left behind by one.</summary>
internal sealed class PatternsAreAlive : TemplateRule
{
    protected override IEnumerable<string> Inspect(PackTree pack, TemplateDefinition template)
    {
        foreach (var source in template.Sources)
        {
            if (!Directory.Exists(source.Folder))
            {
                yield return $"source {source.Source} is no folder";
                continue;
            }

            var paths = source.Paths.ToList();
            foreach (var pattern in source.Include.Concat(source.Exclude.Except(Leavings.Patterns)).Concat(source.CopyOnly).Concat(source.Modifiers.SelectMany(m => m.Exclude)))
            {
                if (!paths.Any(new Glob(pattern).Matches))
                {
                    yield return $"source {source.Source}: no file matches {pattern}";
                }
            }
        }
    }
}

/// <summary>When two sources lay down one path the last one wins without a word, unless one of them leaves it out whenever the other comes.</summary>
internal sealed class OneSourceAPath : TemplateRule
{
    protected override IEnumerable<string> Inspect(PackTree pack, TemplateDefinition template) =>
        template.Files.GroupBy(f => f.Target, StringComparer.OrdinalIgnoreCase)
            .Where(g => g.Any(a => g.Any(b => a.Source < b.Source && !Apart(template, a, b))))
            .Select(g => $"{g.Key} comes from {string.Join(" and ", g.Select(f => template.Sources[f.Source].Source))}");

    private static bool Apart(TemplateDefinition template, ComposedFile a, ComposedFile b) =>
        template.Sources[a.Source].Yields(a.Target, template.Sources[b.Source]) || template.Sources[b.Source].Yields(a.Target, template.Sources[a.Source]);
}

/// <summary>Data, charts and pictures are evidence: replacing text in them changes bytes whose hash a run recorded.</summary>
internal sealed class DataIsCopiedOnly : TemplateRule
{
    private static readonly string[] _data = [".csv", ".tsv", ".jsonl", ".svg", ".png", ".ico", ".safetensors", ".npy", ".gz", ".zip"];

    protected override IEnumerable<string> Inspect(PackTree pack, TemplateDefinition template) =>
        template.Files.Where(f => !f.CopyOnly && _data.Contains(Path.GetExtension(f.Target))).Select(f => $"{f.Target} is not copyOnly");
}

/// <summary>Windows paths end at 260 characters, of which a person's own folders take the first hundred.</summary>
internal sealed class PathsAreShort : TemplateRule
{
    private const int Longest = 100;

    protected override IEnumerable<string> Inspect(PackTree pack, TemplateDefinition template) =>
        template.Files.Where(f => f.Target.Length > Longest).Select(f => $"{f.Target} has {f.Target.Length} characters, at most {Longest}");
}

/// <summary>Generated files have one line ending and no byte order mark, whatever machine packs them.</summary>
internal sealed class TextIsPlain : TemplateRule
{
    protected override IEnumerable<string> Inspect(PackTree pack, TemplateDefinition template)
    {
        foreach (var file in template.Files.Where(f => f.IsText))
        {
            var bytes = File.ReadAllBytes(file.FullPath);
            if (bytes.AsSpan().StartsWith("\uFEFF"u8))
            {
                yield return $"{file.Target} starts with a byte order mark";
            }

            if (!file.Target.StartsWith("data/", StringComparison.Ordinal) && bytes.Contains((byte)'\r'))
            {
                yield return $"{file.Target} has a carriage return";
            }
        }
    }
}
