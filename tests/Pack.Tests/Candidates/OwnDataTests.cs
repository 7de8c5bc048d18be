using System.Globalization;

namespace MLPortfolio.PackTests.Candidates;

[Trait("Level", "L1")]
public sealed class OwnDataTests
{
    /// <summary>A table with an identifier, a text column, decimals and three classes of clearly different means.</summary>
    private static string Table(int rows, string separator = ",") => string.Join(separator, "customer_id", "region", "income", "age", "visits", "class") + "\n" + string.Concat(Enumerable.Range(0, rows).Select(i =>
        string.Create(CultureInfo.InvariantCulture, $"C{7919 * i % 100003}{separator}{"north south east".Split(' ')[i % 3 == 0 ? 0 : i % 2 + 1]}{separator}{(i % 3) * 10 + i * 37 % 11 * 0.25:0.00}{separator}{20 + i * 13 % 50}{separator}{(i % 3) * 4 + i * 31 % 5}{separator}{"low mid high".Split(' ')[i % 3]}\n")));

    [Theory]
    [InlineData("mlportfolio-datacentric", "data/records/records.csv")]
    [InlineData("mlportfolio-serving", "data/records/records.csv")]
    [InlineData("mlportfolio-replication", "data/records/records.csv")]
    public void A_table_of_the_employer_takes_the_place_of_the_digits(string template, string path)
    {
        using var sandbox = new Sandbox();
        File.WriteAllText(sandbox["own.csv"], Table(400));
        CandidateProgram.Scaffold(sandbox.Folder, template, "out", CandidateProgram.Salt, "--data=own.csv").Exits();
        var planted = File.ReadAllText(sandbox[$"out/repository/{path}"]);
        Assert.DoesNotContain("C7919", planted);
        Assert.Contains(CandidateProgram.Truths(sandbox["out"]), t => t[0] == "label");
        var configs = string.Concat(Directory.GetFiles(sandbox["out/repository/configs"], "*.yaml").Select(File.ReadAllText));
        Assert.Contains(path, configs);
        Assert.Equal(template == "mlportfolio-replication", Directory.Exists(sandbox["out/repository/data/digits"]));
    }

    [Fact]
    public void Own_questions_take_the_place_of_held_out_ones()
    {
        using var sandbox = new Sandbox();
        File.WriteAllText(sandbox["own.jsonl"], string.Concat(Enumerable.Range(1, 6).Select(i => $$"""{"id": "x{{i}}", "question": "What is secret number {{i}}?", "answers": ["gold-{{i}}"], "answerable": true}""" + "\n")));
        CandidateProgram.Scaffold(sandbox.Folder, "mlportfolio-evalharness", "out", CandidateProgram.Salt, "--data=own.jsonl").Exits();
        Assert.Equal(6, CandidateProgram.Truths(sandbox["out"]).Count(t => t[0] == "answer" && t[2].StartsWith("gold-", StringComparison.Ordinal)));
        Assert.DoesNotContain(CandidateProgram.Files(sandbox["out/repository"]), f => System.Text.Encoding.UTF8.GetString(f.Value).Contains("gold-", StringComparison.Ordinal) && !f.Key.StartsWith("src/", StringComparison.Ordinal) && !f.Key.StartsWith("tests/", StringComparison.Ordinal) && !f.Key.StartsWith("docs/", StringComparison.Ordinal) && !f.Key.StartsWith("README", StringComparison.Ordinal));
    }

    public static TheoryData<string, string, string, string> Refused => new()
    {
        { "mlportfolio-datacentric", "a,b,label\n1,2\n", "2 cells, expected 3", "own.csv" },
        { "mlportfolio-datacentric", "", "", "own.csv" },
        { "mlportfolio-datacentric", "a,b,label\n1,2,x\n", "too few rows", "own.csv" },
        { "mlportfolio-datacentric", Table(400, ";"), "expected commas", "own.csv" },
        { "mlportfolio-serving", Table(400).Replace(",high", ","), "an empty cell", "own.csv" },
        { "mlportfolio-serving", Table(400).Replace(",high", ",low").Replace(",mid", ",low"), "no set of classes", "own.csv" },
        { "mlportfolio-replication", Table(150), "too few rows", "own.csv" },
        { "mlportfolio-evalharness", "{\"id\": 3}\n", "not a question", "own.jsonl" },
        { "mlportfolio-evalharness", "{\"id\": \"a\", \"question\": \"b\", \"answers\": [\"c\"]}\nnot json\n", "own.jsonl:2", "own.jsonl" },
        { "mlportfolio-datacentric", "\0\u0001", "", "own.csv" },
    };

    [Theory, MemberData(nameof(Refused))]
    public void Data_that_cannot_be_used_are_refused_and_nothing_is_written(string template, string text, string says, string file)
    {
        using var sandbox = new Sandbox();
        File.WriteAllText(sandbox[file], text);
        var refused = CandidateProgram.Scaffold(sandbox.Folder, template, "out", CandidateProgram.Salt, $"--data={file}").Exits(2);
        Assert.StartsWith("error: ", refused.Error);
        Assert.Contains(says, refused.Error);
        Assert.DoesNotContain("   at ", refused.Error);
        Assert.Equal([file], Directory.GetFileSystemEntries(sandbox.Folder).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("a secret salt is needed", "--template=mlportfolio-datacentric", "--name=T", "--out=out")]
    [InlineData("12 characters or more", "--template=mlportfolio-datacentric", "--name=T", "--out=out", "--salt=short")]
    [InlineData("no exercise for this template", "--template=mlportfolio-x", "--name=T", "--out=out", "--salt=a long enough salt")]
    [InlineData("--name", "--template=mlportfolio-datacentric", "--out=out", "--salt=a long enough salt")]
    [InlineData("--out", "--template=mlportfolio-datacentric", "--name=T", "--salt=a long enough salt")]
    [InlineData("not empty", "--template=mlportfolio-datacentric", "--name=T", "--out=full", "--salt=a long enough salt")]
    [InlineData("no such data file", "--template=mlportfolio-datacentric", "--name=T", "--out=out", "--salt=a long enough salt", "--data=gone.csv")]
    [InlineData("dotnet new", "--template=mlportfolio-datacentric", "--name=a*b", "--out=out", "--salt=a long enough salt")]
    [InlineData("no option --sallt", "--template=mlportfolio-datacentric", "--sallt=x")]
    [InlineData("given twice", "--name=a", "--name=b")]
    public void A_wrong_call_is_refused_with_a_sentence(string says, params string[] arguments)
    {
        using var sandbox = new Sandbox();
        Directory.CreateDirectory(sandbox["full"]);
        File.WriteAllText(sandbox["full/mine.txt"], "kept");
        var refused = CandidateProgram.Run(sandbox.Folder, ["scaffold", .. arguments]).Exits(2);
        Assert.Contains(says, refused.Error);
        Assert.Equal(["full"], Directory.GetFileSystemEntries(sandbox.Folder).Select(Path.GetFileName));
        Assert.Equal("kept", File.ReadAllText(sandbox["full/mine.txt"]));
    }
}
