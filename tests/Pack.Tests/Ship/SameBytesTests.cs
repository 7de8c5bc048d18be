using System.Security.Cryptography;

namespace MLPortfolio.PackTests.Ship;

[Trait("Level", "L5")]
public sealed class SameBytesTests(Hive hive)
{
    public static TheoryData<string> Templates => [.. PackTree.Here.Selected.Select(t => t.ShortName)];

    [Fact]
    public void Packing_twice_gives_the_same_file()
    {
        using var sandbox = new Sandbox();
        Assert.Equal(Sha256(hive.Package), Sha256(Hive.Pack(sandbox.Folder)));
    }

    /// <summary>One mebibyte a template: nearly all of it is the committed evidence, case by case.</summary>
    [Fact]
    public void The_package_is_small()
    {
        var bytes = new FileInfo(hive.Package).Length;
        Ledger.Size("pack", "nupkg", bytes);
        Assert.InRange(bytes, 1, 1024 * 1024 * PackTree.Here.Templates.Count);
    }

    [Fact]
    public void The_package_holds_no_build_output() =>
        Findings.AreNone(System.IO.Compression.ZipFile.OpenRead(hive.Package).Entries.Select(e => e.FullName)
            .Where(e => e.Split('/').Any(s => s is "bin" or "obj" or "runs" or "TestResults" or "artifacts") || e.EndsWith(".dll", StringComparison.Ordinal)));

    [Theory, MemberData(nameof(Templates))]
    public void Generating_twice_gives_the_same_bytes(string template)
    {
        using var sandbox = new Sandbox();
        var definition = PackTree.Here.Template(template);
        var first = hive.Generate(definition, sandbox["a"], "My.App-2");
        var second = hive.Generate(definition, sandbox["b"], "My.App-2");
        Assert.Equal(first.Files, second.Files);
        Findings.AreNone(first.Files.Where(f => Sha256(Path.Combine(first.Folder, f)) != Sha256(Path.Combine(second.Folder, f))));
    }

    /// <summary>A generated file is the source file where nothing is replaced: data keeps the bytes whose hash is recorded.</summary>
    [Theory, MemberData(nameof(Templates))]
    public void Data_and_evidence_arrive_byte_for_byte(string template)
    {
        var repository = hive.Default(template);
        Findings.AreNone(PackTree.Here.Template(template).Files.Where(f => f.CopyOnly)
            .Where(f => !repository.Has(f.Target) || Sha256(f.FullPath) != Sha256(Path.Combine(repository.Folder, f.Target))).Select(f => f.Target));
    }

    private static string Sha256(string file) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)));
}
