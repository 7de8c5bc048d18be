namespace MLPortfolio.PackTests;

[Trait("Level", "L0")]
public sealed class GlobTests
{
    [Theory]
    [InlineData("runs/**", "runs/a/b.json", true)]
    [InlineData("runs/**", "src/Evidence/Runs/Run.cs", false)]
    [InlineData("**/bin/**", "bin/x.dll", true)]
    [InlineData("**/bin/**", "src/Cli/bin/Debug/x.dll", true)]
    [InlineData("**/bin/**", "src/binary/x.cs", false)]
    [InlineData("**/*.user", "a/b/c.user", true)]
    [InlineData("*.md", "docs/a.md", false)]
    [InlineData("LICENSE", "LICENSE", true)]
    [InlineData("a?c.txt", "abc.txt", true)]
    public void A_pattern_matches_as_the_template_engine_does(string pattern, string path, bool expected) =>
        Assert.Equal(expected, new Glob(pattern).Matches(path));
}
