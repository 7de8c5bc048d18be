using System.Text.RegularExpressions;

namespace MLPortfolio.PackTests.Sabotage;

/// <summary>What can be broken in every repository, whatever it does: its evidence, its data, its configuration, its dependencies.</summary>
internal static partial class EverywhereSabotage
{
    private const string Main = "results/main/";

    /// <summary>Where a template differs: its data file, a key of a configuration file, and how `check` ends where that key is mistyped (2: it cannot begin).</summary>
    private static readonly (string Template, string Data, string Config, string Key, int Exit)[] _templates =
    [
        ("evalharness", "data/handbook/corpus/tariff-2026.md", "configs/run.yaml", "retrieval_depth", 2),
        ("serving", "data/digits/digits.csv", "configs/training.yaml", "resamples", 1),
        ("replication", "data/digits/digits.csv", "configs/belkin.yaml", "divide_by", 1),
        ("datacentric", "data/digits/digits.csv", "configs/run.yaml", "thresholds", 2),
    ];

    public static IEnumerable<Sabotage> All => _templates.SelectMany(t => Of(t.Template, t.Data, t.Config, t.Key, t.Exit));

    [GeneratedRegex(@"(?<=<!-- evidence:headline -->\n[^<]*?)\d\.\d{3}")]
    private static partial Regex HeadlineNumber();

    [GeneratedRegex(@"(?<=<!-- evidence:effect -->\n[^<]*?)\d\.\d{3}")]
    private static partial Regex EffectNumber();

    [GeneratedRegex(@"<!-- evidence:work -->\n.*?<!-- /evidence -->\n", RegexOptions.Singleline)]
    private static partial Regex WorkBlock();

    [GeneratedRegex("(?<=\"value\": )0\\.\\d+")]
    private static partial Regex MetricValue();

    [GeneratedRegex("(?<=\"outcome\":\")\\w+")]
    private static partial Regex OutcomeName();

    [GeneratedRegex("(?<=<PackageVersion Include=\"YamlDotNet\" Version=\")[^\"]+")]
    private static partial Regex Version();

    private static IEnumerable<Sabotage> Of(string template, string data, string config, string key, int exit)
    {
        yield return new(template, "a number in README.md", v => Once(v, "README.md", HeadlineNumber(), Raised), Probe.Check(), "block \"headline\"");
        yield return new(template, "a block taken out of README.md, marks and all", v => Once(v, "README.md", WorkBlock(), _ => ""), Probe.Check(), "docs/blocks/work.hbs: no document quotes");
        yield return new(template, "the effect that a decision shows", v => Once(v, Decision(v), EffectNumber(), Raised), Probe.Check(), "block \"effect\"");
        yield return new(template, "a chart, replaced by another", ReplaceChart, Probe.Check(), ".svg: differs from what the run gives");
        yield return new(template, "a case deleted from cases.jsonl", v => v.Lines(Main + "cases.jsonl", l => l.Skip(1)), Probe.Check(), "not what the run wrote: run.json counts");
        yield return new(template, "a record edited that no metric reads", v => Once(v, Main + "cases.jsonl", OutcomeName(), w => w + "!"), Probe.Check(), "cases.jsonl: not what the run wrote");
        yield return new(template, "a value in metrics.json", v => Once(v, Main + "metrics.json", MetricValue(), _ => "0.987654321"), Probe.Check(), "claimed 0.988");
        yield return new(template, "a byte of the data", v => v.FlipByte(data, ^3), Probe.Check(), $"{data}: changed since the published run");
        yield return new(template, "a key of the configuration, mistyped", v => v.Replace(config, $"\n{key}:", $"\n{key}x:"), Probe.Check() with { Exit = exit }, $"Did you mean \"{key}\"?");
        yield return new(template, "the version of a dependency", v => Once(v, "Directory.Packages.props", Version(), _ => "16.2.1"), Probe.Restore, "NU1004");
    }

    private static string Raised(string number) => number[..^1] + (char)('0' + ((number[^1] - '0' + 1) % 10));

    private static void Once(Victim victim, string path, Regex pattern, Func<string, string> change)
    {
        var text = victim.Read(path);
        Assert.Matches(pattern, text);
        victim.Write(path, pattern.Replace(text, m => change(m.Value), 1));
    }

    private static string Decision(Victim victim) => Path.Combine("docs/decisions",
        Directory.GetFiles(victim["docs/decisions"], "0*.md").Order(StringComparer.Ordinal).Where(f => EffectNumber().IsMatch(File.ReadAllText(f))).Select(f => Path.GetFileName(f)).First());

    private static void ReplaceChart(Victim victim)
    {
        var charts = Directory.GetFiles(victim[Main], "*.svg").Order(StringComparer.Ordinal).ToList();
        File.Copy(charts[1], charts[0], overwrite: true);
    }
}
