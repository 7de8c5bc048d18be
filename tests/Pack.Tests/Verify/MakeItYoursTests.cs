using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MLPortfolio.PackTests.Verify;

/// <summary>
/// A new owner follows docs/make-it-yours.md with the cheapest work that is work: after each step doctor finds less, sees the step done and gives more
/// points, from next to nothing to most of them.
/// </summary>
[Trait("Level", "L3"), Collection(typeof(WholeMachine))]
public sealed partial class MakeItYoursTests(Hive hive)
{
    private const string Datasheet = "# My data\n\nSource: a part of the shipped data that I went through in one evening. Licence: as theirs. Labelled by me and a friend.\n";

    /// <summary>What an owner says about production, each on a subject that a reviewer asks about.</summary>
    private static readonly string[] _production =
    [
        "Cost and latency are what a nurse on night duty pays with: a slower answer is one that nobody waits for.",
        "Privacy: personal data never leave the ward, and retention ends with the shift in which they were written.",
        "Online feedback from one canary ward says whether the offline numbers hold before a second ward sees it.",
        "A version that fails is rolled back by whoever is on duty, and the reason is written down the same day.",
        "Drift and skew between training and serving are looked at every Monday, and a stale model is retrained.",
        "The worst slice is the night shift, a minority that is served least, and it is them whom an unfair error hurts.",
        "A dependency upgrade is a pull request of its own, and the licence of every source allows this use.",
        "It runs on another machine every Monday from a clean clone, and the weights are in the release of this repository.",
    ];

    public static TheoryData<string> Templates => [.. PackTree.Here.Selected.Select(t => t.ShortName)];

    [Theory, MemberData(nameof(Templates))]
    public void The_guide_names_the_steps_that_doctor_sees_in_their_order(string template)
    {
        using var owner = new Owner(hive, BuiltRepository.Of(hive, template).Built);
        Assert.Equal(owner.Doctor().Steps.Select(s => s.Step), StepHeading().Matches(owner.Read("docs/make-it-yours.md")).Select(m => m.Groups["step"].Value));
    }

    [Theory, MemberData(nameof(Templates))]
    public void Following_the_guide_makes_findings_go_and_scores_rise(string template)
    {
        using var owner = new Owner(hive, BuiltRepository.Of(hive, template).Built);
        var fresh = owner.Doctor();
        Assert.Equal([0, 0, 0, 0, 1], fresh.Points);
        Assert.Equal([], fresh.Done);
        Assert.Superset(new HashSet<string> { "no-git", "shipped-run", "shipped-data", "no-owner-decision", "no-author", "template-prose" }, fresh.Kinds);

        owner.Git("init", "-q");
        owner.Commit();
        foreach (var file in new[] { "LICENSE", "README.md" })
        {
            owner.Edit(file, "the authors of this repository", "Ada Example");
        }

        owner.Change("README.md", t => WhatBroke().Replace(t, m => m.Groups["before"].Value.TrimEnd()
            + "\n| The run went on as if nothing had happened after I cut a threshold to a tenth | the gate watched another variant than the one that I broke | the gate that names both |\n\n", 1));
        var runs = BringData(owner, template);
        owner.Commit();
        foreach (var run in runs)
        {
            owner.Cli(run);
        }

        owner.Commit();
        var ran = owner.Doctor();
        Assert.Equal(["run", "data"], ran.Done.Intersect(["run", "data", "system", "deploy", "memo"]));
        Assert.DoesNotContain(ran.Kinds, k => k is "no-git" or "no-author" or "shipped-run" or "shipped-data" or "no-datasheet" or "run-of-no-commit" or "uncommitted");
        owner.Cli("check");

        var tests = Directory.GetDirectories(owner["tests"]).Select(d => Path.GetFileName(d)!).First(d => d is not ("Evidence.Tests" or "Upkeep.Tests"));
        owner.Write($"tests/{tests}/MineTests.cs", "public class MineTests;\n");
        owner.Change("configs/gates.yaml", t => Margin().Replace(t, "${0}1"));
        owner.Commit();
        var decided = owner.Doctor();
        Assert.Equal(["run", "data", "system", "decisions"], decided.Done);
        Assert.DoesNotContain("no-owner-decision", decided.Kinds);

        owner.Edit(".github/workflows/ci.yml", "on:\n", "on:\n  schedule:\n    - cron: \"0 6 * * 1\"\n");
        owner.Change(".github/workflows/ci.yml", t => t.Replace("-- check\n", "-- check\n      - name: What a reviewer would object to\n        run: dotnet run --no-build --project src/Cli -- doctor\n", StringComparison.Ordinal));
        owner.Change("README.md", Rewritten);
        owner.Commit();
        var done = owner.Doctor();
        Assert.Equal(["run", "data", "system", "decisions", "deploy", "memo"], done.Done);
        Assert.Equal(["template-prose"], done.Kinds);
        Assert.True(done.Findings < decided.Findings && decided.Findings <= ran.Findings && ran.Findings < fresh.Findings, $"{fresh.Findings}, {ran.Findings}, {decided.Findings}, {done.Findings} findings");
        for (var area = 0; area < done.Points.Count; area++)
        {
            Assert.True(fresh.Points[area] < ran.Points[area] && ran.Points[area] <= decided.Points[area] && decided.Points[area] <= done.Points[area] && done.Points[area] >= 4,
                $"area {area}: {fresh.Points[area]}, {ran.Points[area]}, {decided.Points[area]}, {done.Points[area]} points");
        }

        owner.Cli("check");
        Assert.Contains("My own try", owner.Cli("doctor", "--defend"), StringComparison.Ordinal);
    }

    /// <summary>Own data, a decision of one's own and smaller settings; returns the command lines that run and publish them.</summary>
    private static string[][] BringData(Owner owner, string template)
    {
        owner.Write("data/mine/DATASHEET.md", Datasheet);
        switch (template)
        {
            case "mlportfolio-datacentric":
                owner.Write("data/mine/mine.csv", Head(owner.Read("data/digits/digits.csv"), 1500));
                owner.Cli("contract", "infer", "data/mine/mine.csv");
                owner.Change("configs/run.yaml", t => t.Replace("  path: data/digits/digits.csv\n", "  path: data/mine/mine.csv\n", StringComparison.Ordinal).Replace("seeds: 10", "seeds: 3", StringComparison.Ordinal));
                owner.Delete("results/hard", "results/detection");
                owner.Delete([.. new[] { "0001", "0008", "0009", "0010", "0011" }.Select(n => owner.Decision(n))]);
                owner.Write("configs/gates.yaml", "strict: false\nmax_unscored_share: 0.05\ngates:\n  - { metric: accuracy, variant: pruned, margin: 0.02 }\n");
                owner.Decide("0005", "0012");
                return [["run"], ["pin", "latest"]];
            case "mlportfolio-evalharness":
                owner.Copy("data/handbook/corpus", "data/mine/corpus");
                owner.Write("data/mine/questions.jsonl", Head(owner.Read("data/handbook/questions.jsonl"), -8));
                owner.Edit("configs/run.yaml", "path: data/handbook", "path: data/mine");
                owner.Decide("0003", "0009");
                return [["run"], ["pin", "latest"]];
            case "mlportfolio-replication":
                var rows = Head(owner.Read("data/breast_cancer/breast_cancer.csv"), 500);
                owner.Write("data/mine/mine.csv", rows);
                owner.Write("configs/ablations/mine.yaml", Setting(owner.Read("configs/ablations/cancer.yaml"), ("kind", "ablation-mine"), ("data", "data/mine/mine.csv"),
                    ("sha256", Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(rows)))), ("seeds", "[0, 1, 2]"), ("ratios", "[0.1, 0.5, 1, 2]"), ("noise", "[0, 0.1]")));
                owner.Change("configs/belkin.yaml", t => Setting(t, ("seeds", "[0, 1, 2]")));
                owner.Decide("0007", "0008", "results/ablation-cancer", "results/ablation-mine");
                return [["run"], ["ablate", "mine"], ["pin", "latest", "latest/ablation-mine"]];
            default:
                owner.Write("data/mine/mine.csv", Head(owner.Read("data/digits/digits.csv"), 1500));
                owner.Change("configs/training.yaml", t => t.Replace("path: data/digits/digits.csv", "path: data/mine/mine.csv", StringComparison.Ordinal).Replace("updates: 2500", "updates: 400", StringComparison.Ordinal));
                owner.Decide("0002", "0007");
                return [["run", "--once"], ["pin", "latest"]];
        }
    }

    /// <summary>The memo with its headings, blocks and commands, and one sentence of the owner's in place of each section's prose.</summary>
    private static string Rewritten(string readme)
    {
        var (kept, fenced, inBlock, section) = (new List<string>(), false, false, 0);
        foreach (var line in readme.Split('\n'))
        {
            inBlock |= line.StartsWith("<!-- evidence", StringComparison.Ordinal);
            var isFence = line.StartsWith("```", StringComparison.Ordinal) && !inBlock;
            if (inBlock || fenced || isFence)
            {
                kept.Add(line);
            }
            else if (line.StartsWith('#'))
            {
                kept.AddRange(["", line, "", $"Of part {(char)('A' + section++)} I can say little that the blocks do not say, and it is what I would be asked first.", ""]);
                kept.AddRange(line.Contains("production traffic", StringComparison.Ordinal) ? [.. _production.Select(p => "- " + p), ""] : []);
            }

            fenced ^= isFence;
            inBlock &= !line.StartsWith("<!-- /evidence", StringComparison.Ordinal);
        }

        return string.Join('\n', kept);
    }

    /// <summary>The first lines of a text; with a negative number, all but so many.</summary>
    private static string Head(string text, int lines)
    {
        var all = text.TrimEnd('\n').Split('\n');
        return string.Join('\n', all.Take(lines > 0 ? lines : all.Length + lines)) + "\n";
    }

    private static string Setting(string yaml, params (string Key, string Value)[] values) =>
        values.Aggregate(yaml, (text, v) => Regex.Replace(text, $"^{v.Key}: .*$", $"{v.Key}: {v.Value}", RegexOptions.Multiline));

    [GeneratedRegex(@"^## \d\. `(?<step>\w+)`", RegexOptions.Multiline)]
    private static partial Regex StepHeading();

    [GeneratedRegex(@"(?<before>\n## What broke\n.*?\|\n)\n(?=## )", RegexOptions.Singleline)]
    private static partial Regex WhatBroke();

    [GeneratedRegex(@"margin: [\d.]+")]
    private static partial Regex Margin();
}

/// <summary>What doctor says in JSON.</summary>
internal sealed record Diagnosis(JsonNode Page)
{
    public IReadOnlyList<double> Points => [.. Page["scores"]!.AsArray().Select(a => (double)a!["earned"]!)];
    public IReadOnlyList<(string Step, bool Done)> Steps => [.. Page["steps"]!.AsArray().Select(s => ((string)s!["step"]!, (bool)s["done"]!))];
    public IEnumerable<string> Done => Steps.Where(s => s.Done).Select(s => s.Step);
    public int Findings => Page["findings"]!.AsArray().Count;
    public HashSet<string> Kinds => [.. Page["findings"]!.AsArray().Select(f => (string)f!["kind"]!)];
}

/// <summary>A copy of a built repository in the hands of its owner.</summary>
internal sealed class Owner : IDisposable
{
    private readonly Sandbox _sandbox = new();
    private readonly GeneratedRepository _built;

    /// <summary>Files as they are generated, assemblies of the built repository: in that one other tests have pinned runs.</summary>
    public Owner(Hive hive, GeneratedRepository built)
    {
        _built = built;
        using var generated = new Sandbox();
        var fresh = hive.Generate(built.Template, generated.Folder, Hive.DefaultName);
        foreach (var (from, file) in fresh.Files.Select(f => (fresh.Folder, f)).Concat(Directory.EnumerateFiles(Path.Combine(built.Folder, "src", "Cli", "bin"), "*", SearchOption.AllDirectories)
            .Select(f => (built.Folder, Path.GetRelativePath(built.Folder, f)))))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(this[file])!);
            File.Copy(Path.Combine(from, file), this[file]);
        }
    }

    public string this[string path] => _sandbox[path];

    public string Read(string path) => File.ReadAllText(this[path]);

    public void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[path])!);
        File.WriteAllText(this[path], text);
    }

    public void Change(string path, Func<string, string> change)
    {
        var (before, after) = (Read(path), change(Read(path)));
        Assert.NotEqual(before, after);
        Write(path, after);
    }

    public void Edit(string path, string from, string to) => Change(path, t => t.Replace(from, to, StringComparison.Ordinal));

    public void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(this[from]))
        {
            Write($"{to}/{Path.GetFileName(file)}", File.ReadAllText(file));
        }
    }

    public void Delete(params string[] paths)
    {
        foreach (var path in paths.Select(p => this[p]))
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
            else
            {
                File.Delete(path);
            }
        }
    }

    /// <summary>The path of a decision by its number.</summary>
    public string Decision(string number) => Path.GetRelativePath(_sandbox.Folder, Directory.GetFiles(this["docs/decisions"], number + "-*.md").Single());

    /// <summary>A decision of the owner's after the pattern of another, with a hypothesis and words of its own.</summary>
    public void Decide(string pattern, string number, string from = "results/", string to = "results/")
    {
        var text = Read(Decision(pattern)).Replace("origin: template", "origin: owner", StringComparison.Ordinal).Replace(from, to, StringComparison.Ordinal);
        text = Regex.Replace(text, "^title: .*$", "title: My own try", RegexOptions.Multiline);
        text = Regex.Replace(text, "^hypothesis: .*$", "hypothesis: On my data the same change brings less than half of what it brings on theirs.", RegexOptions.Multiline);
        var header = text[..(text.IndexOf("\n---\n", StringComparison.Ordinal) + 5)];
        Write($"docs/decisions/{number}-my-own-try.md", $"{header}# {number} My own try\n\nI wanted to know whether it holds where I come from.\n\n<!-- evidence:effect -->\n<!-- /evidence -->\n");
    }

    public void Git(params string[] arguments) => Shell.Run("git", ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false", .. arguments], _sandbox.Folder, TimeSpan.FromMinutes(1)).Exits();

    public void Commit()
    {
        Git("add", "-A");
        Git("commit", "-q", "-m", "work");
    }

    /// <summary>Runs the product; returns what it said.</summary>
    public string Cli(params string[] arguments)
    {
        var program = Directory.GetFiles(this["src/Cli/bin"], $"{_built.Namespace}.Cli.dll", SearchOption.AllDirectories).First();
        return Ledger.Time(_built.Template.ShortName, $"owner: {arguments[0]}", () => Shell.Dotnet(_sandbox.Folder, [program, .. arguments])).Exits().Output;
    }

    public Diagnosis Doctor() => new(JsonNode.Parse(Cli("doctor", "--format", "json"))!);

    public void Dispose() => _sandbox.Dispose();
}
