using System.Text.RegularExpressions;

namespace MLPortfolio.Candidate;

/// <summary>Wrong labels, near-duplicates, leaked test rows and cut classes in the training rows of a table; the test rows are clean and sealed.</summary>
internal sealed partial class DataCentricExercise : IExercise
{
    private const int Blocks = 13, HeldOut = 4;

    public string Template => "mlportfolio-datacentric";

    public string OwnData => "a CSV table of numbers with a label column (called label, or the last), 130 rows or more";

    public void Check(string data) => Sheet.Read(data);

    public Problem Plant(Workspace repository, string salt, string? data)
    {
        SaltedStream Draw(string purpose) => SaltedStream.Of(salt, $"datacentric {purpose}");
        var path = TableFiles.PathOf(data);
        var sheet = Sheet.Read(data ?? repository.PathOf(TableFiles.Digits));
        var table = new PlantedTable(sheet, Blocks, Draw);
        var plan = Draw("plan");
        var sealedBlocks = plan.Shuffled(Enumerable.Range(0, Blocks)).Take(HeldOut).Order().ToList();
        var training = Enumerable.Range(0, Blocks).Except(sealedBlocks).ToHashSet();

        var classes = plan.Shuffled(sheet.Classes);
        var rare = classes.Take(classes.Count < 4 ? 1 : 2).Order(StringComparer.Ordinal).ToList();
        var (share, noise) = (plan.Between(0.25, 0.4), plan.Between(0.09, 0.16));
        foreach (var name in rare)
        {
            table.Cut(name, share, training);
        }

        // A cycle through all classes in a drawn order: each has one look-alike, and none its own.
        foreach (var (i, name) in classes.Index())
        {
            table.Mislabel(name, classes[(i + 1) % classes.Count], noise, training);
        }

        table.Fill(training, plan.Between(0.14, 0.2), plan.Between(0.35, 0.6));
        var rows = table.Finish();
        var csv = table.Csv(rows);
        Lay(repository, path, csv, sealedBlocks, data is null);

        IReadOnlyList<Truth> truths = [.. table.Truths(rows), .. rare.Select(name => new Truth("imbalance", name, share.ToString("0.000", CultureInfo.InvariantCulture), Match.Id))];
        var counts = truths.CountBy(t => t.Kind).ToDictionary();
        return new Problem(truths, [path], new Dictionary<string, string> { [path] = table.Repaired(rows) },
            $"""
            `{path}` was collected by several people, one after the other: rows that stand near each other come from one of them, and thirteen blocks of the
            row order stand for thirteen people. Four blocks are the sealed test set (`configs/contract.yaml`): their rows are right, and nobody may change them.
            The training rows are another matter. Find out what is wrong with them, how much it costs the frozen model, and what you would do about it.

            Make your changes as patches (`patch --help`), so that each can be read and taken back, and let `run` measure what each step is worth.
            """,
            [
                ("label", "number of a training row, from 1 under the header", "the label that you think right"),
                ("duplicate", "number of a training row", "number of the training row that it (nearly) repeats"),
                ("leak", "number of a training row", "number of the test row that it (nearly) repeats"),
                ("imbalance", "a class of which rows are missing", "empty, or the share that you think is left"),
            ],
            [
                $"{counts.GetValueOrDefault("label")} wrong labels: {noise:P1} of each class, always the same other class",
                $"{counts.GetValueOrDefault("duplicate")} near-duplicates and {counts.GetValueOrDefault("leak")} leaked test rows among {rows.Count} rows",
                $"classes {string.Join(" and ", rare)} cut to {share:P1} of their training rows",
            ],
            [
                "The score falls when leaks go, and the candidate says that this is right and why.",
                "Copies were sought among training rows and across the split, with a threshold that was looked at and not only taken over.",
                "Doubted labels are a queue, not a verdict: rows of the rare classes that were doubted wrongly are noticed.",
                "Effects come with intervals; steps that showed nothing are reported as such.",
                "Changes are patches with reasons. The test rows are untouched.",
            ],
            ["run", "--set", "seeds=3"]);
    }

    private static void Lay(Workspace repository, string path, string csv, IReadOnlyList<int> sealedBlocks, bool isDigits)
    {
        repository.Remove("tests/DataCentric.Tests/DigitsTests.cs");
        TableFiles.Lay(repository, path, csv, isDigits);
        var text = CsvText.Parse(csv, path);
        var n = text.Count - 1;
        var held = Enumerable.Range(0, n).Where(i => sealedBlocks.Contains((int)((long)Blocks * i / n))).Select(i => i + 1).ToList();
        var test = $"test:\n  kind: blocked # rows stand in the order of the people who collected them\n  blocks: {Blocks}\n  hold_out: [{string.Join(", ", sealedBlocks)}]\n  sha256: {SealedTest.Sha256(text, held)}\n";
        if (isDigits)
        {
            repository.Edit("configs/contract.yaml", DigitsTest(), test);
            repository.Edit("configs/contract.yaml", "class_share: { min: 0.05, max: 0.2 }", "class_share: { min: 0.01, max: 0.3 }");
        }
        else
        {
            var header = text.Header;
            var sheet = Sheet.Read(repository.PathOf(path));
            repository.Write("configs/contract.yaml", DraftedTest().Replace(ContractInference.Draft(text, header[sheet.Label]), test));
        }

        // What is planted here was planted before: the run plants nothing of its own, and cannot count what was found.
        repository.Edit("configs/run.yaml", Planted(), "\n  data: none\n");
        repository.Edit("configs/gates.yaml", CountedGates(), "");
    }

    [GeneratedRegex(@"^test:\n(?:  .*\n)+", RegexOptions.Multiline)]
    private static partial Regex DigitsTest();

    [GeneratedRegex(@"^test: .*\n", RegexOptions.Multiline)]
    private static partial Regex DraftedTest();

    [GeneratedRegex(@"(?<=^faults:)\n  data: .*\n", RegexOptions.Multiline)]
    private static partial Regex Planted();

    [GeneratedRegex(@"^  - \{ metric: (?:recall|precision), .*\n", RegexOptions.Multiline)]
    private static partial Regex CountedGates();
}
