namespace PortfolioProject.Models.Tests;

public sealed class PromptTests
{
    [Theory]
    [InlineData("{{context}}", "{{context}} {{colour}}", "{{colour}}")]
    [InlineData("{{context}}", "{{ Context }}", "{{Context}}")]
    [InlineData("{{context}}", "", "{{context}}")]
    [InlineData("---\nname", "name", "front matter")]
    [InlineData("name: ask", "name: other", "other-v1.md")]
    [InlineData("version: 1", "version: 2", "ask-v2.md")]
    [InlineData("version: 1", "version: one", "version")]
    [InlineData("version: 1", "version: 1\nauthor: me", "author")]
    [InlineData("# System", "System", "# System")]
    public void A_prompt_that_would_not_do_what_it_says_is_an_error(string old, string broken, string named) =>
        Assert.Contains(named, Assert.Throws<UserError>(() => Prompt.Parse(Bench.PromptText.Replace(old, broken), "prompts/ask-v1.md")).Message);

    [Fact]
    public void Sections_become_messages_and_a_question_that_looks_like_a_placeholder_stays_a_question()
    {
        var messages = Prompt.Parse(Bench.PromptText, "prompts/ask-v1.md").Render("{{context}} $1?", "{{question}} # User");
        Assert.Equal([(ChatRole.System, "Answer from the passages."), (ChatRole.User, "{{question}} # User\n\nQuestion: {{context}} $1?")], messages.Select(m => (m.Role, m.Text)));
    }

    [Fact]
    public void The_id_follows_every_character()
    {
        var id = Prompt.Parse(Bench.PromptText, "prompts/ask-v1.md").Id;
        Assert.StartsWith("ask-v1@", id);
        Assert.NotEqual(id, Prompt.Parse(Bench.PromptText + " ", "prompts/ask-v1.md").Id);
    }

    [Fact]
    public void The_shipped_prompts_ask_for_the_four_fields()
    {
        var files = Directory.GetFiles(Path.Combine(Repository.FindRoot(AppContext.BaseDirectory), "prompts"), "answer-*.md");
        Assert.True(files.Length >= 2);
        foreach (var messages in files.Select(f => Prompt.Read(f).Render("q", "c")))
            Assert.All(new[] { "\"answerable\"", "\"answer\"", "\"citations\"", "\"quote\"" }, field => Assert.Contains(field, messages[0].Text));
    }
}
