using System.Text.Json.Nodes;

namespace PortfolioProject.Evidence.Tests;

public sealed class BlockTests : IDisposable
{
    private readonly Sample _sample = new();

    public void Dispose() => _sample.Dispose();

    private string Render(string template, Func<Portfolio, Portfolio>? change = null)
    {
        _sample.Write("docs/blocks/probe.hbs", template);
        return new Publication((change ?? (p => p))(_sample.Portfolio)).Render("probe", "README.md").TrimEnd('\n');
    }

    [Theory]
    [InlineData("{{num run.cases 0}} {{num extra}} {{num extra 1}}", "180 1,234.568 1,234.6")]
    [InlineData("{{num run.nothing}} {{pct nowhere.at.all}} {{interval nothing}} {{verdict nothing}}", "not measured not measured no interval not measured")]
    [InlineData("{{value \"accuracy\" \"absent\"}} {{metric \"accuracy\" \"absent\"}}", "not measured not measured")]
    [InlineData("{{title \"cost\"}} <b> & {{#if (eq run.kind \"main\")}}main{{else}}other{{/if}}", "Cost <b> & main")]
    [InlineData("{{pct share}} {{pct share 0}} {{signed share 2}} {{signed loss 2}} {{p tiny}} {{p share}}", "12.3 % 12 % +0.12 -0.25 < 0.001 0.123")]
    [InlineData("{{#with (latency \"good\" \"read\")}}{{num p50 0}}/{{num p99 0}}{{/with}}", "30/60")]
    [InlineData("{{#each (rows \"accuracy\" \"type\")}}{{variant}} {{slice}} {{n}};{{/each}}", "good type=numeric 20;fair type=numeric 20;null type=numeric 20;good type=text 40;fair type=text 40;null type=text 40;")]
    [InlineData("{{work.template}} {{work.version}} {{work.options.license}} {{decisions.owner}}/{{decisions.template}}", "sample 1.2.3 mit 1/0")]
    [InlineData("{{#each comparisons}}{{variant}} {{verdict this}} {{signed difference 0}};{{/each}}", "fair better +0;good better +1;")]
    [InlineData("{{#each decisions.items}}{{number}} {{title}} {{date}} {{origin}} {{metric}} {{num effect.p}}{{/each}}", "0001 Read twice 2026-11-21 owner accuracy 0.000")]
    [InlineData("{{run.kind}} {{run.nothing}}.{{#each (rows \"accuracy\")}}{{#if (eq variant \"good\")}} {{pct (value \"accuracy\" variant)}} {{num value 1}} {{value}}{{/if}}{{/each}} {{pct (value \"accuracy\" \"absent\")}}", "main . 70.0 % 0.7 0.7 not measured")]
    public void Templates_see_the_published_run(string template, string expected) => Assert.Equal(expected, Render(template, p => p with
    {
        Model = (_, _) => new JsonObject { ["extra"] = 1234.5678, ["share"] = 0.1234, ["loss"] = -0.25, ["tiny"] = 0.0001 },
    }));

    [Fact]
    public void The_template_may_add_to_the_model_and_override_it() =>
        Assert.Equal("mine 3.5", Render("{{work.data}} {{num extra 1}}", p => p with { Model = (_, _) => new JsonObject { ["extra"] = 3.5, ["work"] = new JsonObject { ["data"] = "mine" } } }));

    [Fact]
    public void Shipped_data_is_told_from_the_owners()
    {
        _sample.Write("data/SHIPPED.sha256", TextFile.Sha256("{}\n") + "  data/questions.jsonl\n");
        Assert.Equal("shipped", Render("{{work.data}}"));
    }

    [Fact]
    public void A_template_that_fails_is_a_user_error() => Assert.Contains("docs/blocks/probe.hbs", Assert.Throws<UserError>(() => Render("{{#each rows")).Message);

    [Fact]
    public void Blocks_are_found_outside_code_fences_only()
    {
        var text = "a\n```\n<!-- evidence:x -->\n```\n  <!-- evidence:y -->\n1\n2\n<!-- /evidence -->\nb";
        var block = Assert.Single(Block.Find(text, "f"));
        Assert.Equal(("y", 5, "1\n2\n"), (block.Name, block.Line, block.Body));
        Assert.Equal(text.Replace("1\n2\n", "3\n"), Block.Rewrite(text, "f", _ => "3\n"));
    }

    [Theory]
    [InlineData("<!-- evidence:x -->", 1)]
    [InlineData("a\n<!-- /evidence -->", 2)]
    [InlineData("a\n<!-- evidence:x -->\n<!-- evidence:y -->\n<!-- /evidence -->", 2)]
    public void Unbalanced_blocks_are_errors(string text, int line) => Assert.Equal(line, Assert.Throws<UserError>(() => Block.Find(text, "f")).Line);
}
