using System.Text.RegularExpressions;

namespace MLPortfolio.Candidate;

/// <summary>
/// Training rows with one pair of classes confused in some blocks, a dead feature in others and near-copies across blocks; rows of unseen blocks to
/// predict; and a window of requests in which features drift from some row on.
/// </summary>
internal sealed partial class ServingExercise : IExercise
{
    private const int Blocks = 13, Unseen = 2, LiveBlocks = 1, LiveRows = 400;
    private const string HoldOut = "data/exercise/holdout.csv", Live = "data/exercise/live.csv";

    public string Template => "mlportfolio-serving";

    public string OwnData => "a CSV table of numbers with a label column (called label, or the last), 130 rows or more; other columns are left out";

    public void Check(string data) => Sheet.Read(data);

    public Problem Plant(Workspace repository, string salt, string? data)
    {
        SaltedStream Draw(string purpose) => SaltedStream.Of(salt, $"serving {purpose}");
        var path = TableFiles.PathOf(data);
        var sheet = NumbersAndLabel(Sheet.Read(data ?? repository.PathOf(TableFiles.Digits)));
        var table = new PlantedTable(sheet, Blocks, Draw);
        var plan = Draw("plan");
        var unseen = Draw("holdout").Shuffled(table.TakeBlocks(Unseen));
        var requests = table.TakeBlocks(LiveBlocks);
        var count = table.Blocks.Count;

        var classes = plan.Shuffled(sheet.Classes);
        var confused = plan.Shuffled(Enumerable.Range(0, count)).Take(4).ToHashSet();
        var share = plan.Between(0.4, 0.6);
        table.Mislabel(classes[0], classes[1], share, confused);
        table.Fill(Enumerable.Range(0, count).ToHashSet(), plan.Between(0.05, 0.08), leaks: 0);

        var lively = sheet.Numeric.OrderByDescending(j => Enumerable.Range(0, sheet.Rows.Count).Select(i => sheet.Number(i, j)).Distinct().Count()).ThenBy(j => j).Take(Math.Max(2, sheet.Numeric.Count / 3)).ToList();
        var chosen = plan.Shuffled(lively);
        var (dead, drifting) = (chosen[0], chosen.Skip(1).Take(Math.Min(3, chosen.Count - 1)).Order().ToList());
        var deadBlocks = plan.Shuffled(Enumerable.Range(0, count)).Take(4).Order().ToList();
        var rows = table.Finish();
        var repaired = table.Repaired(rows);
        var lowest = sheet.Rows.Select(r => r[dead]).MinBy(c => double.Parse(c, CultureInfo.InvariantCulture))!;
        foreach (var (i, row) in rows.Index().Where(r => deadBlocks.Contains((int)((long)count * r.Index / rows.Count))))
        {
            row.Cells[dead] = lowest;
        }

        var onset = (LiveRows / 4) + plan.Below(LiveRows / 2);
        Lay(repository, path, table.Csv(rows), count, data is null);
        repository.Write(HoldOut, Features(sheet, unseen.Select(r => r.Cells)));
        repository.Write(Live, Features(sheet, Window(sheet, requests, drifting, onset, Draw("live"))));

        IReadOnlyList<Truth> truths =
        [
            .. table.Truths(rows),
            new("feature", sheet.Header[dead], string.Join(' ', deadBlocks), Match.Id),
            .. drifting.Select(j => new Truth("drift", sheet.Header[j], "", Match.Id)),
            new("onset", "live", $"{onset + 1}", Match.Near, 25),
            .. unseen.Select((r, i) => new Truth("prediction", $"{i + 1}", r.True, Match.Value)),
        ];
        return new Problem(truths, [path, HoldOut, Live], new Dictionary<string, string> { [path] = repaired },
            $"""
            `{path}` is what a model is to be trained on: {count} blocks of rows, one a source, one behind the other (`configs/training.yaml`). Something is wrong with
            some sources. `{HoldOut}` holds rows of sources that are not in the file, without their labels. `{Live}` is a window of {LiveRows} requests
            in the order in which they came.

            Find what is wrong with the training data and decide what to do about it; train, evaluate and ship a version that you would put your name to;
            predict the held-out rows with it; and say from which request on the window is no longer like the training data, and in which features.
            """,
            [
                ("label", "number of a training row, from 1 under the header", "the label that you think right"),
                ("duplicate", "number of a training row", "number of the row that it (nearly) repeats"),
                ("feature", "name of a column that is broken in some sources", "the sources, numbered from 0"),
                ("drift", $"name of a column that drifts in {Live}", "empty"),
                ("onset", "live", $"number of the first drifting row of {Live}"),
                ("prediction", $"number of a row of {HoldOut}", "the predicted label"),
            ],
            [
                $"{share:P1} of class {classes[0]} labelled {classes[1]} in blocks {string.Join(", ", confused.Order())}",
                $"column {sheet.Header[dead]} dead (at {lowest}) in blocks {string.Join(", ", deadBlocks)}",
                $"{truths.Count(t => t.Kind == "duplicate")} near-copies across blocks",
                $"{Live}: columns {string.Join(", ", drifting.Select(j => sheet.Header[j]))} moved from row {onset + 1} on",
            ],
            [
                "Sources were compared with each other: the confusion and the dead column are in some of them.",
                "The accuracy that is reported is over unseen sources and comes with an interval; copies across sources are named as what flattered it.",
                "The shipped version is justified: why this model, what was dropped or corrected, what that did to the held-out estimate.",
                "The estimate given in advance is compared with what the key says about the predictions: was it honest?",
                "Drift was tested by feature with a correction for many features, and the false-alarm rate is known.",
            ],
            ["run", "--once"]);
    }

    private static Sheet NumbersAndLabel(Sheet sheet)
    {
        int[] kept = [.. sheet.Numeric, sheet.Label];
        return new Sheet([.. kept.Select(j => sheet.Header[j])], [.. sheet.Rows.Select(r => kept.Select(j => r[j]).ToArray())], kept.Length - 1);
    }

    private static string Features(Sheet sheet, IEnumerable<string[]> rows) =>
        string.Concat(rows.Select(r => r[..^1]).Prepend([.. sheet.Header.Take(sheet.Label)]).Select(r => string.Join(',', r.Select(CsvText.Quote)) + "\n"));

    /// <summary>Requests drawn with replacement; from the onset on the drifting columns move up by a third of their range.</summary>
    private static IEnumerable<string[]> Window(Sheet sheet, List<PlantedRow> rows, List<int> drifting, int onset, SaltedStream draw)
    {
        var ranges = drifting.ToDictionary(j => j, j => (Low: Enumerable.Range(0, sheet.Rows.Count).Min(i => sheet.Number(i, j)), High: Enumerable.Range(0, sheet.Rows.Count).Max(i => sheet.Number(i, j))));
        for (var i = 0; i < LiveRows; i++)
        {
            var cells = draw.Pick(rows).Cells.ToArray();
            foreach (var j in i < onset ? [] : drifting)
            {
                var decimals = cells[j].Contains('.', StringComparison.Ordinal) ? cells[j].Length - cells[j].IndexOf('.', StringComparison.Ordinal) - 1 : 0;
                var moved = double.Parse(cells[j], CultureInfo.InvariantCulture) + ((ranges[j].High - ranges[j].Low) / 3);
                cells[j] = Math.Min(moved, ranges[j].High).ToString($"F{decimals}", CultureInfo.InvariantCulture);
            }

            yield return cells;
        }
    }

    private static void Lay(Workspace repository, string path, string csv, int blocks, bool isDigits)
    {
        TableFiles.Lay(repository, path, csv, isDigits);
        repository.Edit("configs/training.yaml", Rows(), $"  blocks: {blocks}\n");
        if (!isDigits)
        {
            // The page is tested on pictures of digits.
            repository.Remove("tests/Serving.Tests/Dashboard/DashboardTests.cs");
        }
    }

    [GeneratedRegex(@"^  blocks: \d+\n", RegexOptions.Multiline)]
    private static partial Regex Rows();
}
