using System.CommandLine;
using PortfolioProject.Cli;
using PortfolioProject.Evidence;
using PortfolioProject.Modeling;
using PortfolioProject.Server;

namespace PortfolioProject.Serving.Tests;

public sealed class HealthTests
{
    [Fact]
    public async Task It_passes_only_while_the_service_is_ready()
    {
        using var sample = new SampleBundle();
        Uri address;
        await using (var server = await ServerHost.StartAsync(new ServerOptions(sample.Folder, new ServingConfig { Models = "." }), TestContext.Current.CancellationToken))
        {
            address = server.Address;
            Assert.Equal(4, (await Ask(address)).Code);
            new ModelRegistry(sample.Folder, "sample").Append(new Promotion(DateTimeOffset.UtcNow, "promote", "1", null, "cli", "the first version"));
            await Wait.UntilAsync(async () => (await Ask(address)).Code == 0);
        }

        var (code, error) = await Ask(address);
        Assert.Equal(4, code);
        Assert.StartsWith("error: ", error);
    }

    private static async Task<(int Code, string Error)> Ask(Uri address)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        return (await Host.Main(new RootCommand { HealthVerb.Create() }, ["health", "--url", address.ToString()], output, error, TestContext.Current.CancellationToken), error.ToString());
    }
}
