using PortfolioProject.Cli;

namespace PortfolioProject.DataCentric.Tests;

public sealed class ReviewVerbTests : IDisposable
{
    private readonly TinyRepository _repository = new TinyRepository().WithContract();

    public void Dispose() => _repository.Dispose();

    private async Task<(int Code, string Output, string Error)> Type(params string[] words)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        return (await Host.Main(new System.CommandLine.RootCommand { ReviewVerb.Create(new Lazy<string>(() => _repository.Root)) }, ["review", .. words], output, error, TestContext.Current.CancellationToken), output.ToString(), error.ToString());
    }

    [Fact]
    public async Task A_review_goes_out_and_comes_back_as_a_patch()
    {
        Assert.Equal(0, (await Type("export", "--rows", "5")).Code);
        var file = _repository.Path("runs/review/labels.csv");
        var lines = TextFile.Read(file).TrimEnd('\n').Split('\n');
        Assert.InRange(lines.Length, 2, 6);
        TextFile.Write(file, string.Join('\n', lines.Select((l, i) => i == 1 ? l[..^1] + "accept," : l)) + "\n");
        Assert.Equal(0, (await Type("import", file)).Code);
        Assert.Single(Patch.Read(_repository.Path("patches/0001-review.csv"), "p").Changes);
        var again = await Type("import", file);
        Assert.Equal(2, again.Code);
        Assert.Contains("append-only", again.Error);
    }
}
