namespace MLPortfolio.PackTests.Lint;

/// <summary>One thing that is always wrong in a pack's repository. A finding is a sentence that starts with where it is.</summary>
internal abstract class LintRule
{
    public abstract IEnumerable<string> Inspect(PackTree pack);

    /// <summary>All rules, found by reflection: a new rule is one new file.</summary>
    public static IReadOnlyList<LintRule> All { get; } =
    [
        .. typeof(LintRule).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(LintRule)) && !t.IsAbstract)
            .OrderBy(t => t.Name, StringComparer.Ordinal).Select(t => (LintRule)Activator.CreateInstance(t)!),
    ];
}

/// <summary>A rule about one template at a time.</summary>
internal abstract class TemplateRule : LintRule
{
    public sealed override IEnumerable<string> Inspect(PackTree pack) =>
        pack.Templates.SelectMany(t => Inspect(pack, t).Select(finding => $"{t.ShortName}: {finding}"));

    protected abstract IEnumerable<string> Inspect(PackTree pack, TemplateDefinition template);
}
