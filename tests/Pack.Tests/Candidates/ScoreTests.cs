using System.Text.Json.Nodes;

namespace MLPortfolio.PackTests.Candidates;

[Trait("Level", "L1")]
public sealed class ScoreTests
{
    private const string Truths = "kind,id,value,match,within\nlabel,3,7,value,0\nlabel,9,1,value,0\nduplicate,12,47,pair,0\nimbalance,8,0.3,id,0\nonset,live,200,near,25\nanswer,H01,the five days | 5 days,value,0\nclaim,T1,0.7778,value,0\n";

    private static JsonObject Scored(string findings, string kind)
    {
        using var sandbox = new Sandbox();
        Directory.CreateDirectory(sandbox["key"]);
        File.WriteAllText(sandbox["key/truth.csv"], Truths);
        File.WriteAllText(sandbox["findings.csv"], "kind,id,value,reason\n" + findings);
        var output = CandidateProgram.Run(sandbox.Folder, "score", "--key=key", "--findings=findings.csv", "--format=json").Exits().Output;
        return JsonNode.Parse(output)!.AsArray().Single(s => (string?)s!["kind"] == kind)!.AsObject();
    }

    [Theory]
    [InlineData("label", "label,3,7,clear\nlabel,9,2,\nlabel,4,4,\n", 3, 2, 1)]
    [InlineData("label", "label,3,7,\nlabel,3,7,again\n", 1, 1, 1)]
    [InlineData("label", "", 0, 0, 0)]
    [InlineData("duplicate", "duplicate,47,12,the other way round\n", 1, 1, 1)]
    [InlineData("duplicate", "duplicate,12,47,\nduplicate,47,12,\n", 1, 1, 1)]
    [InlineData("duplicate", "duplicate,12,48,\n", 1, 0, 0)]
    [InlineData("imbalance", "imbalance,8,,\n", 1, 1, 1)]
    [InlineData("onset", "onset,live,224,\n", 1, 1, 1)]
    [InlineData("onset", "onset,live,226,\n", 1, 1, 0)]
    [InlineData("answer", "answer,H01,\"Five days.\",\n", 1, 1, 1)]
    [InlineData("answer", "answer,H01,six days,\n", 1, 1, 0)]
    [InlineData("claim", "claim,T1,0.77778,\n", 1, 1, 1)]
    public void Findings_are_counted_by_kind(string kind, string findings, int claimed, int found, int right)
    {
        var score = Scored(findings, kind);
        Assert.Equal((claimed, found, right), ((int)score["claimed"]!, (int)score["found"]!, (int)score["right"]!));
        Assert.Equal(claimed == 0 ? null : (double?)found / claimed, (double?)score["precision"]);
        Assert.Equal((double)found / (int)score["planted"]!, (double)score["recall"]!);
    }

    [Theory]
    [InlineData("row,label\n1,2\n", "another header")]
    [InlineData("kind,id,value,reason\nlabl,3,7,\n", "not a finding")]
    [InlineData("kind,id,value,reason\nlabel,3\n", "findings.csv:2")]
    public void A_findings_file_that_cannot_be_read_is_refused(string text, string says)
    {
        using var sandbox = new Sandbox();
        Directory.CreateDirectory(sandbox["key"]);
        File.WriteAllText(sandbox["key/truth.csv"], Truths);
        File.WriteAllText(sandbox["findings.csv"], text);
        Assert.Contains(says, CandidateProgram.Run(sandbox.Folder, "score", "--key=key", "--findings=findings.csv").Exits(2).Error);
    }
}
