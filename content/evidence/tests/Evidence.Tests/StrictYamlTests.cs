using System.ComponentModel.DataAnnotations;

namespace PortfolioProject.Evidence.Tests;

public sealed class StrictYamlTests
{
    public enum Reader { Extractive, ChatModel }

    public sealed record Part
    {
        public required string Name { get; init; }
        public int Size { get; init; } = 5;
    }

    public sealed record Settings
    {
        public required long Seed { get; init; }
        [Range(0.0, 1.0)]
        public double Share { get; init; } = 0.5;
        public bool Fast { get; init; }
        public int? TopK { get; init; }
        public string? Note { get; init; }
        public Reader Reader { get; init; }
        public IReadOnlyList<Part> Parts { get; init; } = [];
        public IReadOnlyDictionary<string, double> Costs { get; init; } = new Dictionary<string, double>();
        public DateOnly? Day { get; init; }
    }

    private const string Good = "seed: 7\nshare: 1e-3\nfast: true\ntop_k: 3\nreader: chat-model\nparts:\n  - name: a\n  - {name: b, size: 9}\ncosts: {wrong: -1, right: 1.5}\nday: 2026-11-21\n";

    private static UserError Fails(string text, params string[] overrides) => Assert.Throws<UserError>(() => StrictYaml.Parse<Settings>(text, "c.yaml", overrides));

    [Fact]
    public void Every_kind_of_value_is_bound()
    {
        var s = StrictYaml.Parse<Settings>(Good, "c.yaml");
        Assert.Equal((7L, 0.001, true, 3, Reader.ChatModel, new DateOnly(2026, 11, 21)), (s.Seed, s.Share, s.Fast, s.TopK!.Value, s.Reader, s.Day!.Value));
        Assert.Equal([("a", 5), ("b", 9)], s.Parts.Select(p => (p.Name, p.Size)));
        Assert.Equal((-1, 1.5), (s.Costs["wrong"], s.Costs["right"]));
    }

    [Theory]
    [InlineData("chat_model")]
    [InlineData("ChatModel")]
    [InlineData("CHAT-MODEL")]
    public void Enum_values_ignore_case_and_separators(string word) => Assert.Equal(Reader.ChatModel, StrictYaml.Parse<Settings>($"seed: 1\nreader: {word}", "c").Reader);

    [Fact]
    public void Absent_keys_keep_their_defaults() => Assert.Equal((0.5, null), (StrictYaml.Parse<Settings>("seed: 1\ntop_k: ", "c").Share, StrictYaml.Parse<Settings>("seed: 1\ntop_k: ", "c").TopK));

    [Fact]
    public void An_unknown_key_is_named_with_its_line_and_the_nearest_known_one()
    {
        var e = Fails("seed: 7\nparts:\n  - name: a\n    sise: 4\n");
        Assert.Equal(("c.yaml", 4, 5, "parts.0.sise"), (e.File, e.Line, e.Column, e.Field));
        Assert.Contains("Did you mean \"size\"?", e.Message);
    }

    [Theory]
    [InlineData("seed: seven", "seed", 1, "a whole number", "\"seven\"")]
    [InlineData("seed: \"7\"", "seed", 1, "a whole number", "\"7\"")]
    [InlineData("seed: 7.5", "seed", 1, "a whole number", "\"7.5\"")]
    [InlineData("seed: 1\nshare: .nan", "share", 2, "a finite number", "\".nan\"")]
    [InlineData("seed: 1\nshare: NaN", "share", 2, "a finite number", "\"NaN\"")]
    [InlineData("seed: 1\nshare: 1e999", "share", 2, "a finite number", "\"1e999\"")]
    [InlineData("seed: 1\nfast: maybe", "fast", 2, "true or false", "\"maybe\"")]
    [InlineData("seed: 1\nreader: gpt", "reader", 2, "one of extractive, chat-model", "\"gpt\"")]
    [InlineData("seed: 1\nparts: 3", "parts", 2, "a list", "\"3\"")]
    [InlineData("seed: 1\ncosts: [1]", "costs", 2, "keys and values", "a list")]
    [InlineData("seed: 1\nparts: [{name: }]", "parts.0.name", 2, "text", "nothing")]
    [InlineData("seed: 1\nday: 21.11.2026", "day", 2, "a date as yyyy-MM-dd", "\"21.11.2026\"")]
    public void A_mistyped_value_says_what_was_expected_and_what_was_found(string text, string field, int line, string expected, string got)
    {
        var e = Fails(text);
        Assert.Equal((field, line, expected, got), (e.Field, e.Line, e.Expected, e.Got));
    }

    [Fact]
    public void A_value_out_of_range_is_an_error() => Assert.Contains("between 0 and 1", Fails("seed: 1\nshare: 1.5").Message);

    [Fact]
    public void A_missing_required_key_is_named()
    {
        Assert.Equal("seed", Fails("fast: true").Field);
        Assert.Equal("seed", Fails("").Field);
        Assert.Equal("parts.1.name", Fails("seed: 1\nparts:\n  - name: a\n  - size: 3").Field);
    }

    [Fact]
    public void A_duplicate_key_is_an_error_with_its_line() => Assert.Equal((2, "c.yaml"), (Fails("seed: 1\nseed: 2").Line, Fails("seed: 1\nseed: 2").File));

    [Fact]
    public void Broken_yaml_is_an_error_with_its_line() => Assert.Equal(2, Fails("seed: 1\nparts: ]\nfast: true").Line);

    [Fact]
    public void Overrides_replace_values_at_any_depth()
    {
        var s = StrictYaml.Parse<Settings>(Good, "c.yaml", ["seed=9", "parts.1.size=2", "costs.new=4", "note=a=b", "top_k="]);
        Assert.Equal((9L, 2, 4.0, "a=b", null), (s.Seed, s.Parts[1].Size, s.Costs["new"], s.Note, s.TopK));
    }

    [Fact]
    public void An_override_can_replace_a_whole_list() => Assert.Equal("x", Assert.Single(StrictYaml.Parse<Settings>(Good, "c", ["parts=[{name: x}]"]).Parts).Name);

    [Theory]
    [InlineData("sede=1", "sede", "Did you mean \"seed\"?")]
    [InlineData("seed=x", "seed", "a whole number")]
    [InlineData("parts.7.size=1", "parts.7", "an index below 2")]
    [InlineData("seed.deep=1", "seed.deep", "nothing lies below")]
    [InlineData("parts.0.sise=1", "parts.0.sise", "size")]
    public void A_wrong_override_names_the_option_and_not_the_file(string change, string field, string says)
    {
        var e = Fails(Good, change);
        Assert.Equal(("--set " + change, field), (e.File, e.Field));
        Assert.Contains(says, e.Message);
    }

    [Fact]
    public void An_override_without_a_value_sign_is_refused() => Assert.Contains("key.key=value", Fails(Good, "seed").Message);

    [Fact]
    public void A_folder_in_the_place_of_a_file_is_a_user_error() => Assert.Contains("a folder, not a file", Assert.Throws<UserError>(() => StrictYaml.Read<Settings>(Path.GetTempPath())).Message);

    [Fact]
    public void A_missing_file_is_a_user_error() => Assert.Contains("no such file", Assert.Throws<UserError>(() => StrictYaml.Read<Settings>("/nowhere/c.yaml")).Message);

    [Fact]
    public void The_canonical_form_sorts_keys_and_does_not_depend_on_how_the_file_was_written() =>
        Assert.Equal("{\"costs\":{\"a\":0.1},\"fast\":false,\"parts\":[{\"name\":\"p\",\"size\":5}],\"reader\":\"chat-model\",\"seed\":1,\"share\":0.5}",
            StrictYaml.Canonical(StrictYaml.Parse<Settings>("parts: [{name: p}]\nreader: ChatModel\ncosts: {a: 1e-1}\nseed: 1", "c")));
}
