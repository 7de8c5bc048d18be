using PortfolioProject.Metrics;

namespace PortfolioProject.EvalHarness.Tests;

public sealed class AnswerMetricsTests
{
    /// <summary>Expected values were computed with the official SQuAD script's normalize_answer under Python 3.</summary>
    [Theory]
    [InlineData("The  Quick, brown-fox!", "quick brownfox")]
    [InlineData("a.b", "ab")]
    [InlineData("An apple a day; the end", "apple day end")]
    [InlineData("theatre and anthem", "theatre and anthem")]
    [InlineData("the-end", "theend")]
    [InlineData("U.S.A.", "usa")]
    [InlineData("$1,000.50", "100050")]
    [InlineData("“quoted” – dash", "“quoted” – dash")]
    [InlineData("a\u0301 la carte", "\u0301 la carte")]
    [InlineData("Zürich\u00a0ZÜRICH", "zürich zürich")]
    [InlineData("x\u001cy\u0085z", "x y z")]
    [InlineData("x\u200by", "x\u200by")]
    [InlineData("İstanbul", "i\u0307stanbul")]
    [InlineData("ΟΔΟΣ ΣΑΣ", "οδος σας")]
    [InlineData("a_b the_", "ab")]
    [InlineData("1a a1 ²a", "1a a1 ²a")]
    [InlineData("the a an", "")]
    [InlineData("", "")]
    public void Normalisation_is_that_of_the_official_script(string text, string expected) => Assert.Equal(expected, AnswerMetrics.Normalize(text));

    [Fact]
    public void Exactly_the_32_ascii_punctuation_marks_are_removed()
    {
        var removed = Enumerable.Range(33, 0x2fff).Select(c => (char)c).Where(c => AnswerMetrics.Normalize($"x{c}y") == "xy").ToArray();
        Assert.Equal("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~".Order(), removed.Order());
        Assert.Equal(32, removed.Length);
    }

    [Fact]
    public void Exact_match_accepts_any_gold()
    {
        Assert.True(AnswerMetrics.ExactMatch("The Boiler house.", ["pump", "boiler house"]));
        Assert.False(AnswerMetrics.ExactMatch("boiler", ["boiler house"]));
    }

    [Fact]
    public void F1_counts_tokens_as_multisets_and_takes_the_best_gold()
    {
        Assert.Equal(2 * (2 / 3.0) * (2 / 2.0) / (2 / 3.0 + 1), AnswerMetrics.F1("heat heat pump", ["pump heat"]), 1e-12);
        Assert.Equal(1, AnswerMetrics.F1("heat pump", ["boiler", "a heat pump"]));
        Assert.Equal(0, AnswerMetrics.F1("heat", ["boiler"]));
    }

    [Fact]
    public void An_empty_side_scores_one_only_if_both_are_empty()
    {
        Assert.Equal(1, AnswerMetrics.F1("", []));
        Assert.Equal(1, AnswerMetrics.F1("the", []));
        Assert.Equal(0, AnswerMetrics.F1("x", []));
        Assert.Equal(0, AnswerMetrics.F1("", ["x"]));
        Assert.True(AnswerMetrics.ExactMatch("", []));
        Assert.False(AnswerMetrics.ExactMatch("x", []));
        Assert.False(AnswerMetrics.ExactMatch("", ["x"]));
    }

    [Fact]
    public void Golds_that_normalise_to_nothing_are_dropped_and_named()
    {
        Assert.Equal(["The", "?!"], AnswerMetrics.Dropped(["The", "x", "?!"]));
        Assert.False(AnswerMetrics.ExactMatch("", ["The", "x"]));
        Assert.True(AnswerMetrics.ExactMatch("", ["The"]));
    }

    [Fact]
    public void A_contained_gold_is_a_run_of_whole_tokens()
    {
        Assert.True(AnswerMetrics.Contains("It is the heat pump, of course.", ["heat pump"]));
        Assert.False(AnswerMetrics.Contains("It is the heat pumps", ["heat pump"]));
        Assert.False(AnswerMetrics.Contains("heat and pump", ["heat pump"]));
        Assert.False(AnswerMetrics.Contains("anything", ["the"]));
    }

    [Theory]
    [InlineData("4.5 MWh", "4,500 kWh")]
    [InlineData("4 500 kWh", "4.5 MWh")]
    [InlineData("4’500 kWh", "4,500 kwh")]
    [InlineData("about 65 degrees Celsius", "65 °C")]
    [InlineData("65°C", "65 ° C")]
    [InlineData("It is 2.5 bar.", "2.5 bar")]
    [InlineData("250 kPa", "2.5 bar")]
    [InlineData("2,5 bar", "2.5 bar")]
    [InlineData("0,125 bar", "125 mbar")]
    [InlineData("5 percent", "5%")]
    [InlineData("5 per cent", "5 %")]
    [InlineData("90 minutes", "1.5 h")]
    [InlineData("within 48 hours", "2 days")]
    [InlineData("two weeks, that is 14 days", "2 weeks")]
    [InlineData("24 months", "2 years")]
    [InlineData("€4,500", "4.5 k€")]
    [InlineData("4500 EUR", "€4.5k")]
    [InlineData("EUR 1.2 million", "1,200,000 euros")]
    [InlineData("8.2 ct/kWh", "82 €/MWh")]
    [InlineData("€12 per month", "12 EUR/month")]
    [InlineData("-5 °C", "−5 °C")]
    [InlineData("a 15-minute interval", "15 minutes")]
    [InlineData("There are 15 valves.", "15")]
    [InlineData("0.5 per hour", "12/day")]
    [InlineData("about 2 to 3 bar", "2–3 bar")]
    [InlineData("HX-200 runs at 3.6 MJ", "1 kWh")]
    [InlineData("1.5 m³/h", "1500 l/h")]
    [InlineData("between 2 and 3 bar", "2 to 3 bar")]
    public void Quantities_match_by_value_and_kind(string answer, string gold) => Assert.True(AnswerMetrics.NumericMatch(answer, ["none", gold]));

    [Theory]
    [InlineData("2.5", "2.5 bar")]
    [InlineData("2.5 bar", "2.5")]
    [InlineData("15", "1.5")]
    [InlineData("1.5", "15")]
    [InlineData("4.5 kWh", "4,500 MWh")]
    [InlineData("65 K", "65 °C")]
    [InlineData("5 days", "5 months")]
    [InlineData("5 €", "5 $")]
    [InlineData("5 °C", "-5 °C")]
    [InlineData("HX-15", "15")]
    [InlineData("version 1.5.2", "1.5")]
    [InlineData("12 €", "12 €/month")]
    [InlineData("2 bar or 2.5 bar", "2.5 bar")]
    [InlineData("2 bar", "2 to 3 bar")]
    [InlineData("15 a", "15 A")]
    [InlineData("15 April 2026", "15 March 2026")]
    [InlineData("boiler 3", "pump 3")]
    [InlineData("3 per week", "3 per day")]
    [InlineData("€12", "€12 per flat")]
    [InlineData("5 days", "at least 5 days")]
    [InlineData("no number", "15")]
    [InlineData("15", "no number")]
    [InlineData("", "")]
    public void Quantities_of_other_value_or_kind_do_not_match(string answer, string gold) => Assert.False(AnswerMetrics.NumericMatch(answer, [gold]));
}
