using PortfolioProject.Evidence;
using PortfolioProject.Modeling;

namespace PortfolioProject.Serving.Tests;

public sealed class RegistryTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("registry-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    /// <summary>Entries as "action version"; the state as "stable previous canary share shadow", "-" for none.</summary>
    [Theory]
    [InlineData("", "- - - 0 -")]
    [InlineData("promote 1", "1 - - 0 -")]
    [InlineData("promote 1;promote 2;promote 2", "2 1 - 0 -")]
    [InlineData("promote 1;promote 2;rollback", "1 - - 0 -")]
    [InlineData("promote 1;promote 2;rollback;rollback", "1 - - 0 -")]
    [InlineData("promote 1;promote 2;promote 3;rollback 1", "1 - - 0 -")]
    [InlineData("promote 1;promote 2;rollback 9", "9 - - 0 -")]
    [InlineData("promote 1;promote 2;rollback;promote 3", "3 1 - 0 -")]
    [InlineData("promote 1;canary 2 0.25;shadow 3", "1 - 2 0.25 3")]
    [InlineData("promote 1;canary 2 0.25;promote 2", "2 1 - 0 -")]
    [InlineData("promote 1;canary 2 0.25;rollback 2", "1 - - 0 -")]
    [InlineData("promote 1;promote 2;canary 3 0.5;rollback", "1 - 3 0.5 -")]
    [InlineData("promote 1;canary 2 0.25;shadow 3;clear 2", "1 - - 0 3")]
    [InlineData("promote 1;canary 2 0.25;shadow 3;clear 3", "1 - 2 0.25 -")]
    [InlineData("promote 1;canary 2 0.25;shadow 3;clear", "1 - - 0 -")]
    [InlineData("promote 1;canary 2 7", "1 - 2 1 -")]
    [InlineData("promote 1;canary 1 0.5;shadow 1", "1 - - 0 -")]
    public void The_state_follows_from_the_log(string log, string expected)
    {
        var registry = new ModelRegistry(_root, "digits");
        foreach (var entry in log.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(e => e.Split(' ')))
            registry.Append(Entry(entry[0], entry.ElementAtOrDefault(1), entry.ElementAtOrDefault(2) is { } share ? double.Parse(share, System.Globalization.CultureInfo.InvariantCulture) : null));
        var s = registry.State();
        Assert.Equal(expected, FormattableString.Invariant($"{s.Stable ?? "-"} {s.Previous ?? "-"} {s.Canary ?? "-"} {s.CanaryShare} {s.Shadow ?? "-"}"));
    }

    [Fact]
    public void A_torn_last_line_is_dropped_when_read_and_cut_off_when_appended_to()
    {
        var registry = new ModelRegistry(_root, "digits");
        registry.Append(Entry("promote", "1"));
        registry.Append(Entry("promote", "2"));
        using (var log = new FileStream(registry.Log, FileMode.Open)) log.SetLength(log.Length - 20);
        Assert.Equal("1", registry.State().Stable);
        registry.Append(Entry("promote", "3"));
        Assert.Equal(["1", "3"], registry.History().Select(e => e.Version));
    }

    [Fact]
    public void A_broken_line_inside_the_log_is_named_and_not_passed_over()
    {
        var registry = new ModelRegistry(_root, "digits");
        registry.Append(Entry("promote", "1"));
        File.AppendAllText(registry.Log, "{\"action\":\"promote\"}\n");
        registry.Append(Entry("promote", "2"));
        var error = Assert.Throws<UserError>(registry.State);
        Assert.Equal((registry.Log, 2), (error.File, error.Line));
    }

    [Fact]
    public async Task Entries_of_writers_at_once_are_all_there_and_whole()
    {
        var writers = Enumerable.Range(0, 8).Select(writer => Task.Run(() =>
        {
            var registry = new ModelRegistry(_root, "digits");
            for (var i = 0; i < 25; i++) registry.Append(Entry("promote", $"{writer}-{i}"));
        }, TestContext.Current.CancellationToken));
        await Task.WhenAll(writers);
        var versions = new ModelRegistry(_root, "digits").History().Select(e => e.Version!).ToList();
        Assert.Equal(200, versions.Distinct().Count());
        foreach (var writer in versions.GroupBy(v => v.Split('-')[0]))
            Assert.Equal(Enumerable.Range(0, 25).Select(i => $"{writer.Key}-{i}"), writer);
    }

    [Theory]
    [InlineData("../digits")]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData(".hidden")]
    [InlineData("a\n")]
    public void Names_that_could_leave_the_registry_are_refused(string name)
    {
        Assert.Throws<UserError>(() => new ModelRegistry(_root, name));
        Assert.Throws<UserError>(() => new ModelRegistry(_root, "digits").FolderOf(name));
    }

    [Fact]
    public void Versions_are_folders_with_a_manifest_numbers_by_size()
    {
        var registry = new ModelRegistry(_root, "digits");
        foreach (var version in new[] { "10", "9", "torch-1", ".new-1" }) TextFile.Write(Path.Combine(registry.Folder, version, "manifest.json"), "{}");
        Directory.CreateDirectory(Path.Combine(registry.Folder, "11"));
        Assert.Equal(["9", "10", "torch-1"], registry.Versions);
        Assert.Contains("torch-1", Assert.Throws<UserError>(() => registry.Require("torch-2")).Message);
    }

    [Fact]
    public void Without_a_name_the_only_model_is_opened_and_several_are_listed()
    {
        Assert.Contains("no model yet", Assert.Throws<UserError>(() => ModelRegistry.Open(_root)).Message);
        TextFile.Write(Path.Combine(_root, "digits", "1", "manifest.json"), "{}");
        TextFile.Write(Path.Combine(_root, "lost+found", "1", "manifest.json"), "{}");
        Assert.Equal("digits", ModelRegistry.Open(_root).Name);
        TextFile.Write(Path.Combine(_root, "wine", "1", "manifest.json"), "{}");
        Assert.Equal("one of digits, wine", Assert.Throws<UserError>(() => ModelRegistry.Open(_root)).Expected);
        Assert.Equal("wine", ModelRegistry.Open(_root, "wine").Name);
    }

    private static Promotion Entry(string action, string? version, double? share = null) => new(DateTimeOffset.UnixEpoch, action, version, share, "cli", "a test");
}
