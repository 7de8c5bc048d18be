using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace PortfolioProject.Replication.Tests;

/// <summary>What is published can be recomputed, and one changed digit cannot hide.</summary>
public sealed class VerificationTests : IDisposable
{
    private readonly Toy _toy = new();
    private readonly Run _run;

    public VerificationTests()
    {
        _run = _toy.Execute();
        Artefacts.Write(Toy.Study, _run, _run.Folder);
    }

    [Fact]
    public void A_run_equals_its_own_recomputation() => Assert.Empty(Differences());

    [Theory]
    [InlineData("cases.jsonl", "\"test-loss\":(\\d\\.\\d*?)(\\d),", "test-loss claimed")]
    [InlineData("cases.jsonl", "seed 0(1)()", "")]
    [InlineData("metrics.json", "\"value\": (\\d\\.\\d*?)(\\d),", "does not follow")]
    [InlineData("seeds.csv", "(0\\.\\d*?)(\\d)\n", "seeds.csv")]
    [InlineData("cells.csv", "(0\\.\\d*?)(\\d)\n", "cells.csv")]
    [InlineData("test-loss-noise-0.svg", "(M\\d+)(\\d) ", "test-loss-noise-0.svg")]
    [InlineData("environment.json", "(\"cores\": )(\\d)", "environment.json")]
    public void One_changed_digit_is_found(string file, string pattern, string said)
    {
        var path = Path.Combine(_run.Folder, file);
        var text = TextFile.Read(path);
        var match = Regex.Match(text, pattern);
        Assert.True(match.Success);
        var digit = match.Groups[2].Length > 0 ? match.Groups[2] : match.Groups[1];
        var at = digit.Index + digit.Length - 1;
        TextFile.Write(path, text[..at] + (char)('0' + ((text[at] - '0' + 3) % 10)) + text[(at + 1)..]);
        Assert.Contains(Differences(), d => d.Contains(said, StringComparison.Ordinal));
    }

    [Fact]
    public void A_changed_configuration_does_not_pass_for_the_one_that_was_hashed()
    {
        var path = Path.Combine(_run.Folder, "run.json");
        TextFile.Write(path, TextFile.Read(path).Replace("\"noise\": [\n      0,", "\"noise\": [\n      0.05,"));
        Assert.Contains(Differences(), d => d.Contains("hash", StringComparison.Ordinal));
    }

    [Fact]
    public void On_another_system_the_last_digits_may_differ_and_the_sixth_may_not()
    {
        var path = Path.Combine(_run.Folder, "run.json");
        TextFile.Write(path, TextFile.Read(path).Replace(_run.Manifest.Os, "Another OS"));
        var cases = Path.Combine(_run.Folder, "cases.jsonl");
        var text = TextFile.Read(cases);
        var match = Regex.Match(text, "\"norm\":(\\d\\.\\d{6})(\\d)");
        void Put(int at) => TextFile.Write(cases, text[..at] + (char)('0' + ((text[at] - '0' + 1) % 10)) + text[(at + 1)..]);
        Put(match.Groups[2].Index);
        Assert.DoesNotContain(Differences(), d => d.Contains("claimed", StringComparison.Ordinal));
        Put(match.Groups[1].Index + 2);
        Assert.Contains(Differences(), d => d.Contains("norm claimed", StringComparison.Ordinal));
    }

    [Fact]
    public void Tables_name_their_interval_and_figures_are_whole_documents()
    {
        Assert.Contains("95 % t over seeds", TextFile.Read(Path.Combine(_run.Folder, "cells.csv")));
        var figures = Directory.GetFiles(_run.Folder, "*.svg");
        Assert.Equal(6, figures.Length);
        Assert.All(figures, file =>
        {
            var svg = XDocument.Load(file).Root!;
            var texts = svg.Descendants().Where(e => e.Name.LocalName == "text").ToList();
            double Y(XElement e) => double.Parse(e.Attribute("y")!.Value, System.Globalization.CultureInfo.InvariantCulture);
            Assert.Contains(texts, t => t.Value == "N = n");
            var legend = texts.Where(t => t.Value is "minimum-norm" or "ridge" or "kernel limit").ToList();
            Assert.Equal(3, legend.Count);
            Assert.All(legend, entry => Assert.True(Y(entry) < Y(texts.First(t => t.Value == "N = n"))));
            Assert.DoesNotContain("NaN", svg.ToString(), StringComparison.Ordinal);
        });
    }

    public void Dispose() => _toy.Dispose();

    private IReadOnlyList<string> Differences()
    {
        try { return Verification.Verify(_toy.Root, Toy.Study, Run.Load(_run.Folder), LabPortfolio.Measure, (_, _) => { }, TestContext.Current.CancellationToken).Differences; }
        catch (UserError e) { return [e.Message]; }
    }
}
