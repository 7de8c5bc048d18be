using System.IO.Compression;
using System.Text.RegularExpressions;

namespace MLPortfolio.PackTests.Instantiate;

/// <summary>A gallery shows the README alone: no relative link or picture works there.</summary>
[Trait("Level", "L1")]
public sealed partial class PackageReadmeTests(Hive hive)
{
    private const long MostBytes = 1_500_000;

    [GeneratedRegex(@"\]\((?!https?://|#)[^)]*\)|<img\b|<!-- /?repository -->")]
    private static partial Regex NeedsTheRepository();

    [Fact]
    public void The_readme_of_the_package_needs_no_other_file()
    {
        using var package = ZipFile.OpenRead(hive.Package);
        using var reader = new StreamReader(package.GetEntry("README.md")!.Open());
        var text = reader.ReadToEnd();
        Assert.DoesNotMatch(NeedsTheRepository(), text);
        Assert.Contains("dotnet new install MLPortfolio.Templates", text);
        Assert.Contains("| `mlportfolio-evalharness` | `--owner` |", text);
        Assert.DoesNotContain(package.Entries, e => e.FullName.StartsWith("docs/", StringComparison.Ordinal) || e.FullName.StartsWith("tools/", StringComparison.Ordinal));
    }

    [Fact]
    public void Links_and_pictures_of_the_repository_are_there_and_pictures_are_small()
    {
        var root = PackTree.Here.Root;
        foreach (var document in new[] { "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md" })
        {
            foreach (Match link in Regex.Matches(File.ReadAllText(Path.Combine(root, document)), @"\]\((?<path>(?!https?://|#)[^)]*)\)"))
            {
                Assert.True(File.Exists(Path.Combine(root, link.Groups["path"].Value)), $"{document}: {link.Value}");
            }
        }

        Assert.InRange(Directory.GetFiles(Path.Combine(root, "docs", "images")).Sum(f => new FileInfo(f).Length), 1, MostBytes);
    }

    [Fact]
    public void The_package_offers_the_item_template_beside_the_others()
    {
        using var sandbox = new Sandbox();
        Assert.Contains("mlportfolio-decision", hive.New(sandbox.Folder, "list", "mlportfolio").Exits().Output);
        Assert.Contains("--before", hive.New(sandbox.Folder, "mlportfolio-decision", "-h").Exits().Output);
    }
}
