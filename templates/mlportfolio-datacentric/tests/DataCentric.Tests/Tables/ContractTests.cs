namespace PortfolioProject.DataCentric.Tests;

public sealed class ContractTests
{
    private const string Yaml = """
        label: kind
        rows: { min: 4, max: 8 }
        class_share: { min: 0.2, max: 0.8 }
        test: { kind: stratified, share: 0.3 }
        columns:
          - { name: id, type: text, unique: true, ignore: true }
          - { name: n, type: integer, min: 0, max: 16 }
          - { name: v, type: number, max: 5, mostly: 0.7, missing: true }
          - { name: kind, type: text, values: [a, b] }
        """;

    private const string Good = "id,n,v,kind\nr1,3,0.5,a\nr2,4,1e-3,b\nr3,16,,a\nr4,0,-2,b\n";

    private static IReadOnlyList<Violation> Find(string csv) => ContractCheck.Find(CsvText.Parse(csv, "data.csv"), StrictYaml.Parse<Contract>(Yaml, "contract.yaml"));

    [Fact]
    public void A_table_that_keeps_its_contract_has_no_violation() => Assert.Empty(Find(Good));

    /// <summary>One broken file for each kind of rule, with the place where it breaks.</summary>
    [Theory]
    [InlineData("id,n,kind\nr1,3,a\nr2,4,b\nr3,6,a\nr4,0,b\n", 1, 1, "header", "\"v\" is missing")]
    [InlineData("id,n,v,kind,w\nr1,3,1,a,1\nr2,4,1,b,1\nr3,6,1,a,1\nr4,0,1,b,1\n", 1, 13, "header", "\"w\" is not in the contract")]
    [InlineData("id,n,v,kind,n\nr1,3,1,a,1\nr2,4,1,b,1\nr3,6,1,a,1\nr4,0,1,b,1\n", 1, 13, "header", "\"n\" stands twice")]
    [InlineData("id,n,v,kind\nr1,3,0.5,a\nr2,x,1,b\nr3,16,,a\nr4,0,-2,b\n", 3, 4, "type", "n: expected a whole number, got \"x\"")]
    [InlineData("id,n,v,kind\nr1,3,0.5,a\nr2,1.5,1,b\nr3,16,,a\nr4,0,-2,b\n", 3, 4, "type", "n: expected a whole number, got \"1.5\"")]
    [InlineData("id,n,v,kind\nr1,3,NaN,a\nr2,4,1,b\nr3,16,,a\nr4,0,-2,b\n", 2, 6, "type", "v: expected a finite number, got \"NaN\"")]
    [InlineData("id,n,v,kind\nr1,3,1e999,a\nr2,4,1,b\nr3,16,,a\nr4,0,-2,b\n", 2, 6, "type", "v: expected a finite number, got \"1e999\"")]
    [InlineData("id,n,v,kind\nr1,17,0.5,a\nr2,4,1,b\nr3,16,,a\nr4,0,-2,b\n", 2, 4, "range", "n: expected 0 to 16, got \"17\"")]
    [InlineData("id,n,v,kind\nr1,1,0.5,a\nr2,,1,b\nr3,16,,a\nr4,0,-2,b\n", 3, 4, "missing", "n: expected a value")]
    [InlineData("id,n,v,kind\nr1,3,0.5,a\nr2,4,1,b\nr3,16,,c\nr4,0,-2,c\n", 4, 8, "values", "kind: expected one of a, b, got \"c\"")]
    [InlineData("id,n,v,kind\nr1,3,0.5,a\nr2,4,1,b\nr1,16,,a\nr4,0,-2,b\n", 4, 1, "unique", "line 2 has it")]
    [InlineData("id,n,v,kind\nr1,3,0.5,a\nr2,4,1\nr3,16,,a\nr4,0,-2,b\n", 3, 6, "shape", "3 cells, expected 4")]
    [InlineData("id,n,v,kind\nr1,3,0.5,a\nr2,4,1,b,9\nr3,16,,a\nr4,0,-2,b\n", 3, 8, "shape", "5 cells, expected 4")]
    [InlineData("id;n;v;kind\nr1;3;1;a\n", 1, 3, "delimiter", "\";\", expected commas")]
    [InlineData("id;n;v;kind\nr1;x;1,5;a\n", 2, 4, "type", "n: expected a whole number, got \"x\"")]
    [InlineData("id\tn\tv\tkind\nr1\t3\t1\ta\n", 1, 3, "delimiter", "tabs, expected commas")]
    [InlineData("id,n,v,kind\n", 1, 1, "rows", "0 rows, expected 4 to 8")]
    [InlineData("id,n,v,kind\nr1,3,1,a\nr2,3,1,b\nr3,3,1,a\n", 1, 1, "rows", "3 rows")]
    [InlineData("id,n,v,kind\nr1,3,1,a\nr2,3,1,a\nr3,3,1,a\nr4,1,1,a\n", 2, 8, "classes", "all rows are of the class \"a\"")]
    [InlineData("id,n,v,kind\nr1,3,1,a\nr2,3,1,a\nr3,3,1,a\nr4,1,1,b\n", 5, 8, "classes", "\"b\" has one row only")]
    [InlineData("id,n,v,kind\nr1,3,1,a\nr2,3,1,a\nr3,3,1,a\nr4,1,1,a\nr5,1,1,a\nr6,1,1,a\nr7,1,1,b\n", 2, 8, "class share", "\"a\" has 85.7")]
    [InlineData("id,n,v,kind\nr1,3,9,a\nr2,4,9,b\nr3,16,1,a\nr4,0,-2,b\n", 2, 6, "range", "v: expected -∞ to 5, got \"9\"")]
    public void Each_rule_names_what_breaks_it_and_where(string csv, int line, int at, string rule, string message)
    {
        var found = Find(csv);
        Assert.Contains(found, v => (v.Line, v.At, v.Rule) == (line, at, rule) && v.Message.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void What_most_rows_keep_is_no_violation_where_the_contract_says_mostly() => Assert.Empty(Find(Good.Replace("0.5", "9")));

    [Fact]
    public void Everything_wrong_is_named_at_once_and_by_place()
    {
        var error = Assert.Throws<UserError>(() => ContractCheck.Require(CsvText.Parse("id,n,v,kind\nr1,x,0.5,a\nr1,4,NaN,b\nr3,99,,c\nr4,0\n", "data.csv") with { HasByteOrderMark = true },
            StrictYaml.Parse<Contract>(Yaml, "contract.yaml"), "contract.yaml"));
        foreach (var expected in new[] { "1:1: encoding", "2:4: type", "3:1: unique", "3:6: type", "4:4: range", "4:8: values", "5:4: shape" }) Assert.Contains("data.csv:" + expected, error.Message);
        Assert.Equal(ExitCode.Usage, error.Code);
    }

    [Fact]
    public void A_file_that_is_no_utf8_is_refused()
    {
        var file = Path.GetTempFileName();
        File.WriteAllBytes(file, [0x78, 0x0A, 0xFF, 0xFE]);
        Assert.Contains("invalid byte at offset 2", Assert.Throws<UserError>(() => CsvText.Read(file)).Message);
        File.Delete(file);
    }

    [Fact]
    public void Quoted_cells_may_hold_commas_and_quotes()
    {
        Assert.Equal(["a,b", "say \"x\"", "3"], CsvText.Cells("\"a,b\",\"say \"\"x\"\"\",3").Select(c => CsvText.Plain(c.Raw)));
        Assert.Equal("\"a,b\"", CsvText.Quote("a,b"));
    }

    [Fact]
    public void A_drafted_contract_is_kept_by_the_table_that_it_was_drafted_from()
    {
        const string csv = "Row Id,len,\"a \"\"b\"\"\",note,Species\n1,1.5,7,x y,setosa\n2,-2,8,z,virginica\n3,0,,w,setosa\n4,4,8,q,virginica\n";
        var draft = ContractInference.Draft(CsvText.Parse(csv, "flowers.csv"), null);
        var contract = StrictYaml.Parse<Contract>(draft, "flowers.contract.yaml");
        Assert.Equal("Species", contract.Label);
        Assert.Equal(["len", "a \"b\""], contract.Features.Select(f => f.Name));
        Assert.Empty(ContractCheck.Find(CsvText.Parse(csv, "flowers.csv"), contract));
        Assert.NotEmpty(ContractCheck.Find(CsvText.Parse(csv.Replace("1.5", "oops"), "flowers.csv"), contract));
    }

    [Theory]
    [InlineData("label: kind", "label: sort", "no such column")]
    [InlineData("{ kind: stratified, share: 0.3 }", "{ kind: blocked, blocks: 3, hold_out: [0, 3] }", "cannot be held out")]
    [InlineData("{ kind: stratified, share: 0.3 }", "{ kind: blocked, blocks: 2, hold_out: [0, 1] }", "cannot be held out")]
    [InlineData("columns:", "image: { width: 3, height: 3 }\ncolumns:", "no picture of this size")]
    [InlineData("name: y", "name: x", "named twice")]
    public void A_contract_that_cannot_be_meant_is_refused(string from, string to, string problem)
    {
        using var repository = new TinyRepository().WithContract(TinyRepository.ContractYaml.Replace(from, to));
        Assert.Contains(problem, Assert.Throws<UserError>(() => repository.Load()).Message);
    }
}
