using System.Globalization;
using System.Text.Json.Nodes;
using PortfolioProject.ConfidentLearning;
using PortfolioProject.Evidence;
using PortfolioProject.Tables;

namespace PortfolioProject.Review;

/// <summary>One label to look at: the row of the base file, what it says, what the model suggests, and the normalized margin (low is doubtful).</summary>
public sealed record ReviewItem(int Row, string Given, string Suggested, double Margin, IReadOnlyList<double> Features);

/// <summary>
/// Doubted labels for people to decide on: a page with large pictures and a keyboard, and a CSV with the same rows. What either gives back becomes
/// a patch. Rows of the sealed test set are never in the queue.
/// </summary>
public static class ReviewQueue
{
    public const string Header = "base,row,given,suggested,margin,decision,label";
    private const string Accept = "accept", Reject = "reject";

    /// <param name="doubted">Indices of the table, the most doubtful first.</param>
    public static IReadOnlyList<ReviewItem> Build(Table table, ConfidentJoint joint, IEnumerable<int> doubted, int most)
    {
        var margins = LabelScores.NormalizedMargin(joint);
        return [.. doubted.Where(i => !table.Sealed[i]).Take(most).Select(i => new ReviewItem(table.Rows[i], table.Classes[table.Labels[i]], table.Classes[joint.P.Argmax(i)], margins[i], table.Row(i).ToArray()))];
    }

    /// <summary>Writes gallery.html and labels.csv.</summary>
    public static void Export(Table table, IReadOnlyList<ReviewItem> items, string folder)
    {
        var based = Patch.BaseOf(table.Version);
        TextFile.Write(Path.Combine(folder, "labels.csv"), Header + "\n" + string.Concat(items.Select(i =>
            FormattableString.Invariant($"{based},{i.Row},{CsvText.Quote(i.Given)},{CsvText.Quote(i.Suggested)},{i.Margin:0.000000},,\n"))));
        var data = new JsonObject
        {
            ["base"] = based,
            ["header"] = Header,
            ["classes"] = Json(table.Classes),
            ["width"] = table.Contract.Image?.Width ?? 0,
            ["names"] = Json(table.Features),
            ["darkest"] = table.Contract.Features.Select(f => f.Max ?? 1).Max(),
            ["items"] = new JsonArray([.. items.Select(i => new JsonObject { ["row"] = i.Row, ["given"] = i.Given, ["suggested"] = i.Suggested, ["margin"] = i.Margin.ToString("0.000000", CultureInfo.InvariantCulture), ["features"] = Json(i.Features) })]),
        };
        using var page = new StreamReader(typeof(ReviewQueue).Assembly.GetManifestResourceStream("gallery.html")!);
        TextFile.Write(Path.Combine(folder, "gallery.html"), page.ReadToEnd().Replace("/*DATA*/null", data.ToJsonString()));
    }

    /// <summary>The patch that decisions make; rows without a decision and rejected suggestions change nothing. Everything wrong is named at once.</summary>
    public static Patch Import(Table table, CsvText decided)
    {
        var (problems, changes, at) = (new List<string>(), new List<Change>(), table.Rows.Index().ToDictionary(r => r.Item, r => r.Index));
        if (!decided.Header.SequenceEqual(Header.Split(','))) throw new UserError("not an export of the review queue", decided.File, 1, expected: Header, got: UserError.Quote(decided.Lines[0]));
        var column = table.Csv.Header.Index().First(h => h.Item == table.Contract.Label).Index;
        for (var line = 2; line <= decided.Count; line++)
        {
            var cells = CsvText.Cells(decided.Lines[line - 1]).Select(c => CsvText.Plain(c.Raw)).ToList();
            void Wrong(string what) => problems.Add($"\n  {decided.File}:{line}: {what}");
            if (cells is not [var based, var number, var given, var suggested, var margin, var decision, var label]) Wrong($"{cells.Count} cells, expected 7");
            else if (based != Patch.BaseOf(table.Version)) Wrong($"made for the data version {based}, the data are {Patch.BaseOf(table.Version)}");
            else if (!int.TryParse(number, out var row) || !at.TryGetValue(row, out var i)) Wrong($"there is no row {UserError.Quote(number)}");
            else if (table.Sealed[i]) Wrong($"row {row} is in the sealed test set");
            else if (decision is not (Accept or Reject or "")) Wrong($"the decision is {UserError.Quote(decision)}, expected {Accept}, {Reject} or nothing");
            else if (decision == Accept && (label.Length == 0 ? suggested : label) is var chosen && table.ClassOf(chosen) < 0) Wrong($"{UserError.Quote(chosen)} is no class");
            else if (table.Classes[table.Labels[i]] != given) Wrong($"row {row} has the label {UserError.Quote(table.Classes[table.Labels[i]])}, the review was of {UserError.Quote(given)}");
            else if (changes.Any(c => c.Row == row)) Wrong($"row {row} is decided twice");
            else if (decision == Accept && (label.Length == 0 ? suggested : label) is var now && now != given)
                changes.Add(new(based, row, table.Contract.Label, CsvText.Cells(table.Csv.Lines[i + 1])[column].Raw, CsvText.Quote(now), now == suggested ? "suggestion accepted by a person" : "label set by a person", margin, "review"));
        }

        return problems.Count == 0 ? new Patch("review", changes) : throw new UserError($"{problems.Count} of the decisions cannot be used{string.Concat(problems)}\nExport again, or mend the lines");
    }

    private static JsonArray Json<T>(IEnumerable<T> values) => new([.. values.Select(v => JsonValue.Create(v))]);
}
