using System.Globalization;
using PortfolioProject.Cli;
using PortfolioProject.Evidence;

namespace PortfolioProject.Serving.Tests;

public sealed class BatchTests : IDisposable
{
    private readonly SampleBundle _sample = new();

    private string Result => Path.Combine(_sample.Folder, "out.csv");

    public void Dispose() => _sample.Dispose();

    [Theory, InlineData(0), InlineData(1), InlineData(1023), InlineData(1024), InlineData(1025), InlineData(3000)]
    public void Every_row_is_answered_in_the_order_of_the_file_and_as_the_bundle_answers_it(int count)
    {
        var rows = Rows(count);
        Assert.Equal(count, Predict(_sample.File("in.csv", Csv(rows))));

        var lines = File.ReadAllLines(Result);
        Assert.Equal(["label,confidence,probability of no,\"probability of yes, \"\"sure\"\"\"", .. rows.Select(Expected)], lines);
    }

    [Fact]
    public void Columns_are_found_by_name_whatever_their_order_separator_and_neighbours()
    {
        var rows = Rows(20);
        Predict(_sample.File("in.csv", Csv(rows)));
        var straight = File.ReadAllText(Result);

        Predict(_sample.File("other.csv", "\uFEFFc;note;a;b\n" + string.Concat(rows.Select(r => FormattableString.Invariant($"{r[2]:R};\"x; y\";{r[0]:R};{r[1]:R}\n")))));
        Assert.Equal(straight, File.ReadAllText(Result));
    }

    [Theory, InlineData(0), InlineData(1), InlineData(2), InlineData(1500), InlineData(2999)]
    public void Resuming_keeps_what_is_finished_drops_a_torn_line_and_ends_with_the_same_bytes(int finished)
    {
        var source = _sample.File("in.csv", Csv(Rows(3000)));
        Predict(source);
        var whole = File.ReadAllLines(Result);
        var kept = whole.Take(1 + finished).ToArray();
        if (finished > 0) kept[1] = "kept" + kept[1];
        File.WriteAllText(Part(source), string.Concat(kept.Select(l => l + "\n")) + "no,0.99");

        Predict(source, resume: true);

        Assert.Equal([whole[0], .. (finished > 0 ? ["kept" + whole[1], .. whole.Skip(2)] : whole.Skip(1))], File.ReadAllLines(Result));
        Assert.False(File.Exists(Part(source)));
    }

    [Theory, InlineData(true), InlineData(false)]
    public void What_another_model_or_another_input_left_is_not_gone_on_with(bool anotherModel)
    {
        var source = _sample.File("in.csv", Csv(Rows(3000)));
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => BatchVerb.Predict(_sample.Bundle, source, Result, false, (_, _) => stop.Cancel(), stop.Token));
        using var other = new SampleBundle(weight: anotherModel ? 3 : 1);
        if (!anotherModel) File.WriteAllText(source, Csv(Rows(3000).Select(r => new[] { -r[0], r[1], r[2] })));
        var bundle = anotherModel ? other.Bundle : _sample.Bundle;

        BatchVerb.Predict(bundle, source, Result, resume: true, (_, _) => { }, TestContext.Current.CancellationToken);
        var resumed = File.ReadAllText(Result);
        BatchVerb.Predict(bundle, source, Result, resume: false, (_, _) => { }, TestContext.Current.CancellationToken);
        Assert.Equal(File.ReadAllText(Result), resumed);
    }

    [Fact]
    public void Cancelling_keeps_the_finished_rows_for_a_resume()
    {
        var source = _sample.File("in.csv", Csv(Rows(5000)));
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => BatchVerb.Predict(_sample.Bundle, source, Result, false, (_, _) => stop.Cancel(), stop.Token));

        Assert.False(File.Exists(Result));
        Assert.Equal(1025, File.ReadAllLines(Part(source)).Length);
        Assert.Equal(5000, Predict(source, resume: true));
        Assert.Equal(5001, File.ReadAllLines(Result).Length);
    }

    [Theory]
    [InlineData("a,b\n1,2\n", "no column \"c\"")]
    [InlineData("a,b,c\n1,2,3\n1,x,3\n", ":3:2: b: not a number")]
    [InlineData("a,b,c\n1,,3\n", ":2:2: b: a missing value")]
    [InlineData("a,b,c\n1,2,1e39\n", ":2:3: c: not a finite float32 number")]
    [InlineData("a,b,c\n1,2,NaN\n", ":2:3: c: not a finite float32 number")]
    [InlineData("a,b,c\n1,2\n", ":2: a row of another length")]
    [InlineData("a,b,c\n\"1,2,3\n", "quotes that do not pair up")]
    [InlineData("", "the file is empty")]
    public void A_wrong_file_is_refused_by_line_and_column_and_leaves_no_result(string text, string message)
    {
        var error = Assert.Throws<UserError>(() => Predict(_sample.File("in.csv", text)));
        Assert.Contains(message, error.Message);
        Assert.False(File.Exists(Result));
    }

    [Fact]
    public void The_result_never_replaces_its_own_input()
    {
        var source = _sample.File("in.csv", Csv(Rows(1)));
        Assert.Contains("its own input", Assert.Throws<UserError>(() => BatchVerb.Predict(_sample.Bundle, source, source, false, (_, _) => { }, TestContext.Current.CancellationToken)).Message);
        Assert.Contains("no such file", Assert.Throws<UserError>(() => Predict(source + ".missing")).Message);
    }

    private int Predict(string source, bool resume = false) => BatchVerb.Predict(_sample.Bundle, source, Result, resume, (_, _) => { }, TestContext.Current.CancellationToken);

    private string Part(string source) => $"{Result}.{_sample.Bundle.Digest[..8]}-{TextFile.Sha256OfFile(source)[..8]}.part";

    private static List<float[]> Rows(int count)
    {
        var random = new RandomStream(7, 0);
        return [.. Enumerable.Range(0, count).Select(_ => new[] { (float)random.Normal(), (float)random.Normal(), (float)random.Normal() })];
    }

    private static string Csv(IEnumerable<float[]> rows) => "a,b,c\n" + string.Concat(rows.Select(r => FormattableString.Invariant($"{r[0]:R},{r[1]:R},{r[2]:R}\n")));

    private string Expected(float[] row)
    {
        var p = new float[2];
        _sample.Bundle.Predict(row, p);
        return string.Create(CultureInfo.InvariantCulture, $"{(p[0] >= p[1] ? "no" : "\"yes, \"\"sure\"\"\"")},{Math.Max(p[0], p[1]):R},{p[0]:R},{p[1]:R}");
    }
}
