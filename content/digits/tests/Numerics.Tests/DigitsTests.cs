namespace PortfolioProject.Numerics.Tests;

/// <summary>data/digits is what its datasheet says.</summary>
public sealed class DigitsTests
{
    private static readonly string Folder = Path.Combine(Repository.FindRoot(AppContext.BaseDirectory), "data", "digits");
    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(Folder, "digits.csv"));

    [Fact]
    public void The_file_has_the_hash_of_its_datasheet() =>
        Assert.Contains($"`{TextFile.Sha256OfFile(Path.Combine(Folder, "digits.csv"))}`", TextFile.Read(Path.Combine(Folder, "DATASHEET.md")));

    [Fact]
    public void The_header_names_64_pixels_and_the_label() =>
        Assert.Equal([.. Enumerable.Range(0, 64).Select(i => $"p{i}"), "label"], Lines[0].Split(','));

    [Fact]
    public void Rows_are_those_of_the_datasheet_and_in_range()
    {
        var rows = Lines.Skip(1).Select(l => l.Split(',').Select(int.Parse).ToArray()).ToList();
        Assert.All(rows, row => Assert.All(row[..64], ink => Assert.InRange(ink, 0, 16)));
        Assert.Equal([178, 182, 177, 183, 181, 182, 181, 179, 174, 180], rows.GroupBy(r => r[64]).OrderBy(g => g.Key).Select(g => g.Count()));
        Assert.All(rows, row => Assert.Equal(65, row.Length));
    }
}
