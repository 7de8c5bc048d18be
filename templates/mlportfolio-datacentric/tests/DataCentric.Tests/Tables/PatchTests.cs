using FsCheck;
using FsCheck.Fluent;

namespace PortfolioProject.DataCentric.Tests;

public sealed class PatchTests
{
    private static readonly HashSet<int> _nothing = [];

    private static Change Cell(CsvText csv, int row, string field, string old, string now) => new(Patch.BaseOf(csv.Sha256), row, field, old, now, "test", "", "test");

    /// <summary>Files of every shape: line endings, quotes, with and without a last newline; changes of cells and whole rows.</summary>
    [Fact]
    public void Applied_and_reverted_a_file_has_its_bytes_again() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var stream = new RandomStream(seed, 1);
        var (rows, end) = (2 + stream.Below(12), stream.Below(2) == 0 ? "\n" : "\r\n");
        string[] cells = ["1", "-2.50", "\"3\"", "\"a,b\"", "", " x ", "\"q\"\"q\""];
        var text = $"x,y,kind{end}" + string.Concat(Enumerable.Range(0, rows).Select(_ => string.Join(',', Enumerable.Range(0, 3).Select(_ => cells[stream.Below(cells.Length)])) + end));
        if (end == "\n" && stream.Below(3) == 0) text = text.TrimEnd('\n');
        var csv = CsvText.Parse(text, "data.csv");
        var order = Enumerable.Range(1, csv.Count - 1).ToArray();
        stream.Shuffle<int>(order);
        var changes = order.Take(1 + stream.Below(order.Length)).Select(row =>
        {
            var line = csv.Lines[row].TrimEnd('\r');
            var column = stream.Below(3);
            return stream.Below(3) == 0 && line.Length > 0 && row < csv.Count - 1 ? Cell(csv, row, Patch.WholeRow, line, "") : Cell(csv, row, csv.Header[column], CsvText.Cells(line)[column].Raw, cells[stream.Below(cells.Length)]);
        }).ToList();
        var patch = new Patch("p.csv", changes);
        var applied = patch.Apply(csv, csv.Sha256, _nothing);
        Assert.Equal(text, Patch.Revert(applied, [patch]).Text);
        Assert.Equal(changes.All(c => c.Old == c.New), applied.Text == text);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_chain_of_patches_reverts_to_the_base()
    {
        var csv = CsvText.Parse("x,kind\n1,a\n2,a\n3,b\n4,b\n5,c\n", "data.csv");
        var first = new Patch("1", [Cell(csv, 2, Patch.WholeRow, "2,a", ""), Cell(csv, 3, "kind", "b", "c")]);
        var next = first.NextVersion(csv.Sha256);
        var second = new Patch("2", [new(Patch.BaseOf(next), 5, Patch.WholeRow, "5,c", "", "", "", ""), new(Patch.BaseOf(next), 1, "x", "1", "9", "", "", "")]);
        var rows = first.Kept([1, 2, 3, 4, 5]);
        var result = second.Apply(first.Apply(csv, csv.Sha256, _nothing), next, _nothing, rows);
        Assert.Equal("x,kind\n9,a\n3,c\n4,b\n", result.Text);
        Assert.Equal(csv.Text, Patch.Revert(result, [first, second]).Text);
    }

    [Fact]
    public void A_patch_for_other_data_is_refused()
    {
        var csv = CsvText.Parse("x,kind\n1,a\n2,b\n", "data.csv");
        var patch = new Patch("p.csv", [Cell(csv, 1, "kind", "a", "b")]);
        Assert.Contains("made for other data", Assert.Throws<UserError>(() => patch.Apply(CsvText.Parse("x,kind\n1,a\n3,b\n", "data.csv"), TextFile.Sha256("x,kind\n1,a\n3,b\n"), _nothing)).Message);
        Assert.Contains("not made by this patch", Assert.Throws<UserError>(() => Patch.Revert(CsvText.Parse("x,kind\n1,b\n3,b\n", "data.csv"), [patch])).Message);
    }

    [Theory, InlineData(9, "kind", "a", "there is no row 9"), InlineData(1, "sort", "a", "no such column"), InlineData(1, "kind", "b", "does not hold what the patch found")]
    public void A_change_that_does_not_fit_is_named_by_its_line(int row, string field, string old, string problem)
    {
        var csv = CsvText.Parse("x,kind\n1,a\n2,b\n", "data.csv");
        var error = Assert.Throws<UserError>(() => new Patch("p.csv", [Cell(csv, 2, "kind", "b", "a"), Cell(csv, row, field, old, "z")]).Apply(csv, csv.Sha256, _nothing));
        Assert.Equal(("p.csv", 3), (error.File, error.Line));
        Assert.Contains(problem, error.Message);
    }

    [Fact]
    public void The_sealed_test_set_cannot_be_patched()
    {
        using var repository = new TinyRepository().WithContract();
        var table = repository.Load();
        var row = table.Rows[Array.IndexOf(table.Sealed, true)];
        foreach (var (field, old, now) in new[] { ("kind", table.Classes[table.Labels[row - 1]], "a"), (Patch.WholeRow, table.Csv.Lines[row], "") })
        {
            repository.Write("patches/0001.csv", new Patch("", [new(Patch.BaseOf(table.Version), row, field, old, now, "", "", "")]).Text);
            Assert.Contains($"row {row} is in the sealed test set", Assert.Throws<UserError>(() => repository.Load(["patches/0001.csv"])).Message);
        }
    }

    [Fact]
    public void A_sealed_row_changed_by_hand_is_noticed()
    {
        using var repository = new TinyRepository().WithContract();
        var csv = CsvText.Read(repository.Path(TinyRepository.Data));
        var rows = SealedTest.Rows(csv, StrictYaml.Parse<Contract>(TinyRepository.ContractYaml, "c"));
        repository.WithContract(TinyRepository.ContractYaml.Replace("share: 0.3 }", $"share: 0.3, sha256: {SealedTest.Sha256(csv, rows)} }}"));
        _ = repository.Load();
        var lines = csv.Lines.ToArray();
        lines[rows[3]] = CsvText.WithCell(lines[rows[3]], 0, "1.111");
        repository.Write(TinyRepository.Data, string.Join('\n', lines));
        Assert.Contains("the sealed test set changed", Assert.Throws<UserError>(() => repository.Load()).Message);
    }

    [Fact]
    public void A_patched_table_keeps_its_row_numbers_its_test_set_and_a_version_of_its_own()
    {
        using var repository = new TinyRepository().WithContract();
        var table = repository.Load();
        var free = table.Rows.Where((_, i) => !table.Sealed[i]).Take(2).ToArray();
        var patch = new Patch("", [new(Patch.BaseOf(table.Version), free[0], Patch.WholeRow, table.Csv.Lines[free[0]], "", "", "", "")]);
        repository.Write("patches/0001.csv", patch.Text);
        var patched = repository.Load(["patches/0001.csv"]);
        Assert.Equal(table.Rows.Where(r => r != free[0]), patched.Rows);
        Assert.Equal(table.Rows.Where((_, i) => table.Sealed[i]), patched.Rows.Where((_, i) => patched.Sealed[i]));
        Assert.Equal(patch.NextVersion(table.Version), patched.Version);
        Assert.Equal(patch.Text, Patch.Read(repository.Path("patches/0001.csv"), "patches/0001.csv").Text);
    }

    [Fact]
    public void The_difference_of_two_files_is_a_patch_from_one_to_the_other()
    {
        var (from, to) = (CsvText.Parse("x,kind\n1,a\n2,b\n", "a.csv"), CsvText.Parse("x,kind\n1,b\n7,b\n", "b.csv"));
        var patch = Patch.Diff(from, to, "test");
        Assert.Equal([(1, "kind", "a", "b"), (2, "x", "2", "7")], patch.Changes.Select(c => (c.Row, c.Field, c.Old, c.New)));
        Assert.Equal(to.Text, patch.Apply(from, from.Sha256, _nothing).Text);
    }
}
