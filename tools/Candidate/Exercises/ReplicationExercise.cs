using System.Text.RegularExpressions;

namespace MLPortfolio.Candidate;

/// <summary>The main experiment on other rows, another number of training rows and other seeds, with wrong labels in the table and wrong expected values among the claims that can be derived.</summary>
internal sealed partial class ReplicationExercise : IExercise
{
    private const string DigitsHash = "d7ff1341011182b7af3733b201a919cea2ffe00f25ff23ba48c5e791daffb498";
    private const double BandwidthShare = 0.49;
    private const int FewestRows = 200;

    /// <summary>Expected values that follow from what the claim states, so that whoever checks can find them out.</summary>
    private static readonly (string Claim, string[] Lines, string Right, string Wrong)[] _derivable =
    [
        ("T1", ["cells: [minimum-norm n 10], statistic: mean, condition: within, expected: "], "0.7778", "0.8756"),
        ("T1", ["cells: [minimum-norm n 15], statistic: mean, condition: within, expected: "], "1.1875", "1.3125"),
        ("T1", ["cells: [minimum-norm n 25], statistic: mean, condition: within, expected: "], "1.25", "1.05"),
        ("T1", ["cells: [minimum-norm n 30], statistic: mean, condition: within, expected: "], "0.5556", "0.5265"),
        ("T1", ["cells: [minimum-norm n 40], statistic: mean, condition: within, expected: "], "0.2632", "0.2381"),
        ("E3", ["statistic: maximum, condition: within, expected: ", "statistic: minimum, condition: within, expected: ", "so "], "5", "4"),
        ("E3", ["statistic: maximum, condition: within, expected: ", "statistic: minimum, condition: within, expected: ", "so "], "5", "10"),
        ("E4", ["metric: penalty, cells: [counterexample n 1], statistic: maximum, condition: within, expected: "], "0.16659725", "0.16326531"),
        ("E4", ["metric: penalty, cells: [counterexample n 2], statistic: maximum, condition: within, expected: "], "0.642525", "0.624355"),
        ("E4", ["metric: risk, cells: [counterexample n 2], statistic: maximum, condition: within, expected: "], "8.17907", "8.14907"),
    ];

    public string Template => "mlportfolio-replication";

    public string OwnData => "a CSV table of numbers with a label column (called label, or the last), 200 rows or more; other columns are left out";

    public void Check(string data)
    {
        if (Sheet.Read(data).Rows.Count is var rows and < FewestRows)
        {
            throw new UserError("too few rows for this experiment", data, expected: $"{FewestRows} or more", got: $"{rows}");
        }
    }

    public Problem Plant(Workspace repository, string salt, string? data)
    {
        SaltedStream Draw(string purpose) => SaltedStream.Of(salt, $"replication {purpose}");
        var path = TableFiles.PathOf(data);
        var sheet = Sheet.Read(data ?? repository.PathOf(TableFiles.Digits));
        var plan = Draw("plan");
        var rows = Draw("rows").Shuffled(sheet.Rows).Take((int)(sheet.Rows.Count * plan.Between(0.84, 0.92))).ToList();
        var classes = sheet.Classes.ToList();
        var (columns, order) = (sheet.Numeric, plan.Shuffled(Enumerable.Range(0, classes.Count)));
        var share = plan.Between(0.03, 0.06);
        var wrong = Draw("labels").Shuffled(Enumerable.Range(0, rows.Count)).Take((int)Math.Round(share * rows.Count)).ToHashSet();
        int True(int i) => classes.IndexOf(rows[i][sheet.Label]);
        int Given(int i) => wrong.Contains(i) ? order[(order.IndexOf(True(i)) + 1) % order.Count] : True(i);
        string Table(Func<int, int> label) => string.Join(',', columns.Select(j => CsvText.Quote(sheet.Header[j])).Append("label")) + "\n"
            + string.Concat(rows.Select((r, i) => string.Join(',', columns.Select(j => r[j]).Append($"{label(i)}")) + "\n"));
        var (csv, clean) = (Table(Given), Table(True));

        var claims = plan.Shuffled(_derivable).DistinctBy(c => c.Claim).Take(2).OrderBy(c => c.Claim, StringComparer.Ordinal).ToList();
        var rightClaims = repository.Read("claims.yaml");
        foreach (var claim in claims)
        {
            repository.Write("claims.yaml", WithValue(repository.Read("claims.yaml"), claim.Claim, claim.Lines, claim.Right, claim.Wrong));
        }

        var samples = Math.Min(220 + plan.Below(101), rows.Count / 2);
        var first = 10 * (1 + plan.Below(900));
        var seeds = $"seeds: [{string.Join(", ", Enumerable.Range(first, 10))}]";
        repository.Edit("configs/belkin.yaml", "seeds: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]", seeds);
        repository.Edit("configs/belkin.yaml", "samples: [300]", $"samples: [{samples}]");
        Lay(repository, path, csv, data is null, data is null ? null : Bandwidth(sheet, columns, Draw("pairs")));

        IReadOnlyList<Truth> truths =
        [
            .. wrong.Order().Select(i => new Truth("label", $"{i + 1}", $"{True(i)}", Match.Value)),
            .. claims.Select(c => new Truth("claim", c.Claim, c.Right, Match.Value)),
        ];
        var repaired = new Dictionary<string, string> { [path] = clean, ["claims.yaml"] = rightClaims };
        foreach (var file in repository.Files().Where(f => f.StartsWith("configs/", StringComparison.Ordinal) && repository.Read(f).Contains(TextFile.Sha256(csv), StringComparison.Ordinal)).ToList())
        {
            repaired[file] = repository.Read(file).Replace(TextFile.Sha256(csv), TextFile.Sha256(clean), StringComparison.Ordinal);
        }

        return new Problem(truths, data is null ? [path, "data/breast_cancer/breast_cancer.csv"] : [path, "data/breast_cancer/breast_cancer.csv", TableFiles.Digits], repaired,
            $"""
            `configs/belkin.yaml` is the main experiment on data that you have not seen: {rows.Count} rows of `{path}`, {samples} of them for training. Before you believe
            its verdicts, ask two things. Are the labels right? And is every expected value of `claims.yaml` what the claim it stands under implies? Claims
            whose values follow from a formula (`source: derived`, and those that state their constants) can be checked with pencil and paper.

            Run it, judge the claims, repair what you can show to be wrong (say how you know), run again, and write down what changed and what did not.
            Then one ablation of your own choice under a constraint: the whole run has to stay under two minutes on two cores.
            """,
            [
                ("label", $"number of a row of {path}, from 1 under the header", "the label that you think right"),
                ("claim", "id of a claim of which an expected value is wrong", "the value that is right"),
            ],
            [
                $"{wrong.Count} wrong labels ({share:P1} of all rows), always to one other class",
                .. claims.Select(c => $"claims.yaml, {c.Claim}: {c.Wrong} in the place of {c.Right}"),
                $"{samples} training rows, seeds {first} to {first + 9}",
            ],
            [
                "Wrong values among the claims were derived, not guessed; the derivation is written down.",
                "Wrong labels in the data and the experiment's own label noise are kept apart: the floor of the test error shows the first.",
                "Verdicts that did not change after the repair are reported too.",
                "The ablation changes one factor, has a hypothesis written before its result, and keeps to the constraint.",
                "Claims that cannot be tested on this data are called so.",
            ],
            ["run"]);
    }

    /// <summary>Replaces a value wherever it stands behind one of the lines' beginnings, in one claim.</summary>
    private static string WithValue(string claims, string claim, IEnumerable<string> lines, string right, string wrong)
    {
        var start = claims.IndexOf($"  - id: {claim}\n", StringComparison.Ordinal);
        var next = start < 0 ? -1 : claims.IndexOf("  - id: ", start + 1, StringComparison.Ordinal);
        var end = next < 0 ? claims.Length : next;
        var block = start < 0 ? "" : claims[start..end];
        foreach (var line in lines)
        {
            var planted = Regex.Replace(block, $@"(?<={Regex.Escape(line)}){Regex.Escape(right)}(?![\d.]\d)", wrong);
            block = planted != block ? planted : throw new InvalidOperationException($"claims.yaml: {claim} no longer holds \"{line}{right}\": the exercise has to follow its template");
        }

        return claims[..start] + block + claims[end..];
    }

    private static void Lay(Workspace repository, string path, string csv, bool isDigits, double? bandwidth)
    {
        var hash = TextFile.Sha256(csv);
        if (isDigits)
        {
            TableFiles.Lay(repository, path, csv, isDigits);
            repository.Rename(DigitsHash, hash);
            return;
        }

        repository.Write(path, csv);
        repository.Write($"{Path.GetDirectoryName(path)}/DATASHEET.md", TableFiles.Datasheet(path, csv, isDigits));
        foreach (var file in new[] { "configs/belkin.yaml", "configs/smoke.yaml" })
        {
            repository.Edit(file, $"data: {TableFiles.Digits}", $"data: {path}");
            repository.Edit(file, DigitsHash, hash);
            repository.Edit(file, DividedBy(), "standardize: true\n");
            repository.Edit(file, Bandwidths(), FormattableString.Invariant($"bandwidths: [{bandwidth:0.###}] # {BandwidthShare} × the median pairwise distance of the standardised rows\n"));
        }
    }

    /// <summary>0.49 × the median distance of 2,000 drawn pairs of standardised rows, as the digits' bandwidth is to theirs.</summary>
    private static double Bandwidth(Sheet sheet, IReadOnlyList<int> columns, SaltedStream draw)
    {
        var scaled = columns.Select(j =>
        {
            var values = Enumerable.Range(0, sheet.Rows.Count).Select(i => sheet.Number(i, j)).ToArray();
            var mean = values.Average();
            var deviation = Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / values.Length);
            return values.Select(v => deviation > 0 ? (v - mean) / deviation : 0).ToArray();
        }).ToList();
        var distances = Enumerable.Range(0, 2000).Select(_ => (A: draw.Below(sheet.Rows.Count), B: draw.Below(sheet.Rows.Count)))
            .Select(p => Math.Sqrt(scaled.Sum(c => (c[p.A] - c[p.B]) * (c[p.A] - c[p.B])))).Order().ToList();
        return BandwidthShare * distances[distances.Count / 2];
    }

    [GeneratedRegex(@"^divide_by: .*\n", RegexOptions.Multiline)]
    private static partial Regex DividedBy();

    [GeneratedRegex(@"^bandwidths: .*\n", RegexOptions.Multiline)]
    private static partial Regex Bandwidths();
}
