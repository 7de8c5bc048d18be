using System.Diagnostics;

namespace PortfolioProject.Upkeep.Tests;

/// <summary>A repository in a temporary folder whose owner has done everything, committed: doctor finds nothing in it. A test breaks one thing.</summary>
internal sealed class Sample : IDisposable
{
    public const string Theirs = "This sentence came with the template and says nothing about whoever owns the copy.";
    public const string Run = """{"id":"20990101T000000Z-0000aaaa","kind":"main","data":[{"path":"data/mine.csv","sha256":"bbbb","bytes":4}],"gitDirty":false}""";

    private const string Readme = """
        # Sample

        What the wards ask about most is dosing, so that is what the questions are about.

        <!-- evidence:headline -->
        | System | Accuracy |
        |---|---|
        | good | 0.812 [0.700, 0.900] |
        | bad | not measured |
        <!-- /evidence -->

        ## What broke

        The gate went red when the labels were shuffled, and the cause was that nobody had looked at them.

        ## Limits

        Of the answers 81.2 % are right, which is what the interval above says about this ward and no other.

        ## With a team

        - Cost and latency are a nurse's minutes: a slower answer is one that nobody waits for at night.
        - Privacy: personal data never leave the ward, and retention ends with the shift.
        - Online feedback is collected by a canary ward, and a version that fails is rolled back within the hour.
        - Drift between training and serving, skew included, is looked at weekly; a stale model is retrained.
        - The worst slice is night questions, a minority that the model serves least, which is unfair to whom it concerns.
        - A dependency upgrade is a pull request of its own, and the licence of every source allows the use.
        - It runs on another machine every week, from a clean clone, and the weights are in the release.
        """;

    public Sample(bool committed = true)
    {
        Write(".mlportfolio.json", """{"template":"sample","version":"1.2.3","name":"Sample"}""");
        Write(ShippedList.Path, $"prose {ShippedList.HashOfPassage(Theirs)} README.md\nrun 20260101T000000Z-theirs main\ndata aaaa data/theirs.csv\nfile {ShippedList.HashOfFile("seed: 1\n")} configs/run.yaml\npath - tests/OldTests.cs\n");
        Write("README.md", Readme.Replace("        ", "") + "\n");
        Write("LICENSE", "MIT License\n\nCopyright (c) Ada Example\n");
        Write("data/mine.csv", "a,b\n");
        Write("data/DATASHEET.md", "# Mine\n\nAsked and labelled by two nurses in one week.\n");
        Write("configs/run.yaml", "seed: 1\nshare: 0.3\n");
        Write("configs/gates.yaml", "gates:\n  - { metric: accuracy, variant: good, margin: 0.02, slice: shift=night }\n");
        Write("src/Cli/packages.lock.json", "{}\n");
        Write("tests/NewTests.cs", "public class NewTests;\n");
        Write("tests/TrialAndSwapAndDriftTests.cs", "public class OtherTests;\n");
        Write("models/mine.safetensors", "weights\n");
        Write(".github/dependabot.yml", "version: 2\n");
        Write(".github/workflows/ci.yml", "on:\n  schedule:\n    - cron: \"0 6 * * 1\"\n  pull_request:\njobs:\n  a:\n    steps:\n      - run: dotnet test\n"
            + "      - run: dotnet run --project src/Cli -- check\n      - run: dotnet run --project src/Cli -- doctor\n");
        Write("results/main/run.json", Run);
        Write("results/main/metrics.json", """
            {"rows":[
             {"name":"accuracy","variant":"good","n":60,"clusters":20,"unscored":0,"unit":"share","direction":"higher","denominator":"all","value":0.8123,"interval":{"low":0.7,"high":0.9}},
             {"name":"accuracy","variant":"good","n":20,"clusters":7,"unscored":0,"unit":"share","direction":"higher","denominator":"all","slice":"shift=night","value":0.41,"interval":{"low":0.2,"high":0.6}},
             {"name":"accuracy","variant":"good","n":40,"clusters":13,"unscored":0,"unit":"share","direction":"higher","denominator":"all","slice":"shift=day","value":0.99,"interval":{"low":0.9,"high":1}}]}
            """);
        Write("results/main/latency.json", """{"rows":[{"variant":"good","stage":"read","n":60,"p50":1.5,"p95":9,"p99":42.5},{"variant":"good","stage":"rank","n":60,"p50":1,"p95":2,"p99":3}]}""");
        foreach (var i in Enumerable.Range(1, 5)) Write($"docs/decisions/000{i}-try.md", Decision(i, i == 5 ? "owner" : "template", i == 2 ? "no evidence" : "better"));
        if (committed) Commit();
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("upkeep-").FullName;

    public static string Decision(int i, string origin, string verdict) =>
        $"---\ntitle: Try {i}\norigin: {origin}\nhypothesis: Guess {i}\nchanged: one thing\nmetric: accuracy\nbefore: results/main:bad\nafter: results/main:good\n---\n# Try {i}\n\n<!-- evidence:effect -->\n"
        + $"| Metric | Before | After | Difference | Interval | Verdict |\n|---|---|---|---|---|---|\n| accuracy | 0.600 | 0.812 | +0.2{i}0 | [-0.010, 0.300] | **{verdict}** |\n<!-- /evidence -->\n";

    public Diagnosis Diagnose() => Diagnosis.Of(new Snapshot(Root));

    public IReadOnlyList<Complaint> Findings() => Diagnose().Findings;

    public string FullPath(string path) => Path.Combine(Root, path);

    public void Write(string path, string text) => TextFile.Write(FullPath(path), text);

    public void Edit(string path, string from, string to)
    {
        Assert.Contains(from, File.ReadAllText(FullPath(path)));
        Write(path, File.ReadAllText(FullPath(path)).Replace(from, to));
    }

    public void Commit()
    {
        Git("init", "-q");
        Git("add", "-A");
        Git("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false", "commit", "-q", "-m", "work");
    }

    public void Git(params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-C", Root, .. arguments]) { RedirectStandardError = true })!;
        var error = git.StandardError.ReadToEnd();
        git.WaitForExit();
        Assert.True(git.ExitCode == 0, error);
    }

    /// <summary>Runs a command line as a user would.</summary>
    public async Task<(int Code, string Out, string Error)> Cli(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var root = new System.CommandLine.RootCommand { DoctorVerb.Create(new Lazy<string>(Root)) };
        return (await Host.Main(root, ["doctor", .. arguments], output, error), output.ToString(), error.ToString());
    }

    public void Dispose()
    {
        foreach (var file in new DirectoryInfo(Root).EnumerateFiles("*", SearchOption.AllDirectories)) file.Attributes = FileAttributes.Normal;
        Directory.Delete(Root, recursive: true);
    }
}
