using PortfolioProject.Evidence;
using PortfolioProject.Modeling;

namespace PortfolioProject.Serving.Tests;

public sealed class CsvTableTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("csv-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("", null, null, "empty")]
    [InlineData("a,b,y\n", 1, null, "too few rows")]
    [InlineData("1,2,3\n1,2,3\n", 1, null, "the first line holds numbers")]
    [InlineData("a,a,y\n1,2,x\n", 1, 2, "two columns of one name")]
    [InlineData("a,,y\n1,2,x\n", 1, 2, "a column without a name")]
    [InlineData("y\nx\n", 1, null, "wrong number of columns")]
    [InlineData("a,b,y\n1,2,x\n1,2\n", 3, null, "a row of another length")]
    [InlineData("a,b,y\n1,2,x\n\n1,2,x,4\n", 4, null, "a row of another length")]
    [InlineData("a,b,y\n1,2,x\n1,,x\n", 3, 2, "a missing value")]
    [InlineData("a,b,y\n1,2,x\n1,2,\n", 3, 3, "a missing value")]
    [InlineData("a,b,y\n1,red,x\n", 2, 2, "not a number")]
    [InlineData("a,b,y\n1,\"1,5\",x\n", 2, 2, "not a number")]
    [InlineData("a,b,y\n1,NaN,x\n", 2, 2, "not a finite")]
    [InlineData("a,b,y\n1,1e39,x\n", 2, 2, "not a finite")]
    [InlineData("a,b,y\n1,-Infinity,x\n", 2, 2, "not a finite")]
    [InlineData("a,b,y\n1,\"2,x\n", 2, null, "quotes")]
    [InlineData("a,b,y\n1,\"2\"3,x\n", 2, null, "quotes")]
    public void What_cannot_be_used_is_named_with_line_and_column(string text, int? line, int? column, string problem)
    {
        var error = Assert.Throws<UserError>(() => Read(text));
        Assert.Equal(("t.csv", line, column), (error.File, error.Line, error.Column));
        Assert.Contains(problem, error.Message);
    }

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once_the_first_of_each_column_with_its_line()
    {
        var error = Assert.Throws<UserError>(() => Read("a,b,y\n1,2,x\n1,,x\nred,2,y\n1,2\n3,NaN,\n1,blue,z\n1,\"2,x\n")).Message.Split('\n');
        Assert.Equal(["t.csv: 7 problems:", "  t.csv:3:2: b: a missing value", "  t.csv:4:1: a: not a number", "  t.csv:5: a row of another length", "  t.csv:6:3: y: a missing value", "  t.csv:8: quotes that do not pair up. Quote a whole cell, and double a quote inside it"],
            error.Select(line => line.Split(';')[0]));
        Assert.EndsWith("(and 2 more)", error[1]);
        Assert.Equal(4, Assert.Throws<UserError>(() => Read("a,,a,y\n", new DataConfig { Path = "t.csv", Label = "k", Group = "g", Ignore = [] })).Message.Count(c => c == '\n'));
    }

    [Theory]
    [InlineData("one", 2)]
    [InlineData("many", 102)]
    public void Too_few_or_too_many_classes_are_refused(string kind, int rows)
    {
        var error = Assert.Throws<UserError>(() => Read("a,y\n" + string.Concat(Enumerable.Range(0, Math.Max(rows, 20)).Select(i => kind == "one" ? "1,x\n" : $"1,{i}.5\n"))));
        Assert.Equal(("y", "2 to 100 different labels"), (error.Field, error.Expected));
    }

    [Theory]
    [InlineData(",")]
    [InlineData(";")]
    [InlineData("\t")]
    public void Separators_quotes_blanks_and_line_ends_of_other_systems_are_read(string separator)
    {
        var rows = Enumerable.Range(0, 12).Select(i => string.Join(separator, $" {i}", "\"-1.5e1\"", $"\"the \"\"{i % 2}\"\", class\""));
        var table = Read("\uFEFF" + string.Join(separator, "a", "\"b c\"", "y") + "\r\n" + string.Join("\r\n", rows) + "\r\n\r\n");
        Assert.Equal(["a", "b c"], table.Features);
        Assert.Equal(["the \"0\", class", "the \"1\", class"], table.Classes);
        Assert.Equal([3, -15], table.Row(3).ToArray());
        Assert.Equal([0, 1, 0, 1], table.Labels[..4]);
    }

    [Fact]
    public void Whole_numbers_as_labels_are_in_order_of_size_and_other_names_in_ordinal_order()
    {
        Assert.Equal(["-1", "2", "10"], Read("a,y\n" + string.Concat(Enumerable.Repeat("1,10\n1,2\n1,-1\n", 4))).Classes);
        Assert.Equal(["10", "2", "b"], Read("a,y\n" + string.Concat(Enumerable.Repeat("1,10\n1,2\n1,b\n", 4))).Classes);
    }

    [Fact]
    public void Label_group_and_ignored_columns_are_found_by_name()
    {
        var text = "kind,id,a,who\n" + string.Concat(Enumerable.Range(0, 12).Select(i => $"k{i % 2},r{i},{i},w{i % 3}\n"));
        var table = Read(text, new DataConfig { Path = "t.csv", Label = "kind", Group = "who", Ignore = ["id"] });
        Assert.Equal(("a", "k0,k1", "w1", "column who"), (table.Features.Single(), string.Join(',', table.Classes), table.Groups[1], table.GroupedBy));
        Assert.Contains("Did you mean \"kind\"?", Assert.Throws<UserError>(() => Read(text, new DataConfig { Path = "t.csv", Label = "knd" })).Message);
        Assert.Contains("one group", Assert.Throws<UserError>(() => Read("a,g,y\n" + string.Concat(Enumerable.Range(0, 12).Select(i => $"1,same,{i % 2}\n")), new DataConfig { Path = "t.csv", Group = "g" })).Message);
    }

    [Fact]
    public void Blocks_follow_the_row_order_unless_rows_are_sorted_by_class()
    {
        string Rows(Func<int, int> label) => "a,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i},{label(i)}\n"));
        var mixed = Read(Rows(i => i % 3), new DataConfig { Path = "t.csv", Blocks = 6 });
        Assert.Equal(Enumerable.Range(0, 60).Select(i => $"block-{i / 10:00}"), mixed.Groups);
        var sorted = Read(Rows(i => i / 20), new DataConfig { Path = "t.csv", Blocks = 6 });
        Assert.Contains("within each class", sorted.GroupedBy);
        Assert.All(Enumerable.Range(0, 3), k => Assert.Equal(6, Enumerable.Range(0, 60).Where(i => sorted.Labels[i] == k).Select(i => sorted.Groups[i]).Distinct().Count()));
    }

    private Table Read(string text, DataConfig? data = null)
    {
        File.WriteAllText(Path.Combine(_root, "t.csv"), text);
        return CsvTable.Read(_root, data ?? new DataConfig { Path = "t.csv" });
    }
}
