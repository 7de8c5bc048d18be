using PortfolioProject.Grokking;

namespace PortfolioProject.Torch.Tests;

public sealed class ConfigurationTests
{
    [Fact]
    public void Every_configuration_that_names_a_transformer_can_be_read()
    {
        var folder = Path.Combine(Repository.FindRoot(AppContext.BaseDirectory), "configs");
        var files = Directory.GetFiles(folder, "grokking*.yaml", SearchOption.AllDirectories).Where(f => File.ReadAllText(f).Contains("transformer:", StringComparison.Ordinal)).ToList();
        Assert.Equal(4, files.Count);
        Assert.All(files, file => Assert.StartsWith("transformer share ",
            new ModularAddition(GrokkingConfig.Parse(TextFile.Read(file), file, []), ModularEngine.Builtin).Plan("")[0].Keys[0].Variant));
    }
}
