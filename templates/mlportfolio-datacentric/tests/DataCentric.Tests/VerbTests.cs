using System.CommandLine;
using System.Text.Json.Nodes;
using PortfolioProject.Cli;

namespace PortfolioProject.DataCentric.Tests;

/// <summary>The command line as a person uses it: exit codes, messages, and what is written.</summary>
public sealed class VerbTests : IDisposable
{
    private readonly TinyRepository _repository = new TinyRepository().WithContract();

    public void Dispose() => _repository.Dispose();

    private async Task<(int Code, string Output, string Error)> Type(params string[] words)
    {
        var root = new Lazy<string>(() => _repository.Root);
        var (output, error) = (new StringWriter(), new StringWriter());
        var commands = new RootCommand { RunVerb.Create(root), AuditVerb.Create(root), LabelsVerb.Create(), ContractVerb.Create(root), PatchVerb.Create(root) };
        return (await Host.Main(commands, words, output, error, TestContext.Current.CancellationToken), output.ToString(), error.ToString());
    }

    [Fact]
    public async Task A_run_on_a_broken_file_names_everything_ends_with_2_and_writes_nothing()
    {
        _repository.Write("broken.csv", TinyRepository.Clouds(40, 1).Replace(",kind\n", ",kind\noops,1,a\n1,NaN,b\n1,2\n1,2,e\n"));
        var (code, output, error) = await Type("run", "--set", "data.path=broken.csv");
        Assert.Equal((2, ""), (code, output));
        foreach (var place in new[] { "broken.csv:2:1: type", "broken.csv:3:3: type", "broken.csv:4:3: shape", "broken.csv:5:5: values", "broken.csv:5:5: classes" }) Assert.Contains(place, error);
        Assert.False(Directory.Exists(_repository.Path("runs")));
    }

    [Theory, InlineData("", "rows"), InlineData("x,y,kind\n", "rows"), InlineData("x;y;kind\n1;2;a\n", "delimiter"), InlineData("\uFEFFx,y,kind\n1,2,a\n1,2,a\n", "encoding")]
    public async Task A_contract_cannot_be_drafted_from_what_is_no_table(string csv, string rule)
    {
        File.WriteAllText(_repository.Path("odd.csv"), csv);
        var (code, _, error) = await Type("contract", "infer", _repository.Path("odd.csv"));
        Assert.Equal(2, code);
        Assert.Contains(rule + ": ", error);
        Assert.False(File.Exists(_repository.Path("odd.contract.yaml")));
    }

    [Fact]
    public async Task An_inferred_contract_is_all_that_a_new_table_needs()
    {
        var csv = "number,width,height,sort\n" + string.Concat(Enumerable.Range(0, 160).Select(i => $"{i + 1},{i % 7 + (i % 2 * 3)},{i % 5 - (i % 2)},{(i % 2 == 0 ? "oak, red" : "ash")}\n".Replace("oak, red", "\"oak, red\"")));
        _repository.Write("trees.csv", csv);
        Assert.Equal(0, (await Type("contract", "infer", _repository.Path("trees.csv"), "--label", "sort")).Code);
        var (code, output, error) = await Type("run", "--set", "data.path=trees.csv");
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("detection not measured", output);
        Assert.Contains("redesigned", output);
    }

    [Fact]
    public async Task The_harder_setting_and_detection_run_beside_the_ladder_where_faults_are_planted()
    {
        Assert.Equal(0, (await Type("run", "--format", "json")).Code);
        Assert.Equal(["detection", "hard", "main"], Directory.GetDirectories(_repository.Path("runs")).Select(f => Run.Load(f).Manifest.Kind).Order());
    }

    [Fact]
    public async Task A_shard_that_is_none_is_refused() => Assert.Equal(2, (await Type("run", "--shard", "3/2")).Code);

    [Fact]
    public async Task Patches_go_on_and_come_off_byte_by_byte()
    {
        var table = _repository.Load();
        var row = table.Rows.First(r => !table.Sealed[r - 1]);
        _repository.Write("patches/0001.csv", new Patch("", [new(Patch.BaseOf(table.Version), row, Patch.WholeRow, table.Csv.Lines[row], "", "test", "", "test")]).Text);
        Assert.Equal(0, (await Type("patch", "apply", TinyRepository.Data, "patches/0001.csv", "--out", _repository.Path("on.csv"))).Code);
        Assert.Equal(table.Csv.Count - 1, CsvText.Read(_repository.Path("on.csv")).Count);
        Assert.Equal(0, (await Type("patch", "revert", _repository.Path("on.csv"), "patches/0001.csv", "--out", _repository.Path("off.csv"))).Code);
        Assert.Equal(File.ReadAllBytes(_repository.Path(TinyRepository.Data)), File.ReadAllBytes(_repository.Path("off.csv")));
    }

    [Fact]
    public async Task Label_errors_of_any_model_are_found_and_in_sample_predictions_refused()
    {
        _repository.Write("p.json", "{ \"labels\": [0, 0, 1, 1, 1], \"pred_probs\": [[0.9, 0.1], [0.1, 0.9], [0.2, 0.8], [0.3, 0.7], [0.1, 0.9]] }");
        var refused = await Type("labels", _repository.Path("p.json"));
        Assert.Equal(2, refused.Code);
        Assert.Contains("in-sample probabilities are refused", refused.Error);
        var found = JsonNode.Parse((await Type("labels", _repository.Path("p.json"), "--held-out")).Output)!;
        Assert.Equal("[1]", found["filters"]!["confident_learning"]!.ToJsonString());
        Assert.Equal(5, found["scores"]!["self_confidence"]!.AsArray().Count);
    }
}
