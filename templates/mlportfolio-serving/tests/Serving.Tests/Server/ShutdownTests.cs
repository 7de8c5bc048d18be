using PortfolioProject.Evidence;

namespace PortfolioProject.Serving.Tests;

public sealed class ShutdownTests
{
    private static readonly string Request = $$"""{"inputs":[{{TestServer.Tensor}}]}""";

    [Fact]
    public async Task Sigterm_under_load_loses_no_request_and_exits_0()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "SIGTERM is a signal of Unix");
        var root = TestServer.NewRepository();
        using var server = ServeProcess.Start(root);
        server.ErrorDataReceived += (_, _) => { };
        server.BeginErrorReadLine();
        var load = new LoadConnections(await ServeProcess.PortAsync(server), 16, TestServer.Infer, Request);
        await Wait.UntilAsync(() => Task.FromResult(load.Answered > 500 && load.Talking == 16));
        var before = load.Answered;
        await ServeProcess.TerminateAsync(server);
        await load.Ended.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await server.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(load.Lost == 0, $"{load.Lost} lost of {load.Answered + load.Lost}: {load.Problem}");
        Assert.Equal(16, load.Refused);
        Assert.True(load.Answered >= before);
        Assert.Equal(0, server.ExitCode);
        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task What_is_under_way_when_the_server_stops_is_answered_and_its_connection_closed()
    {
        for (var round = 0; round < 5; round++)
        {
            await using var server = await TestServer.StartAsync();
            var load = new LoadConnections(server.Host.Address.Port, 12, TestServer.Infer, Request);
            await Wait.UntilAsync(() => Task.FromResult(load.Answered > 200 && load.Talking == 12));
            await server.Host.StopAsync();
            await load.Ended.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
            Assert.True(load.Lost == 0, $"{load.Lost} lost of {load.Answered + load.Lost}: {load.Problem}");
            Assert.Equal(12, load.Refused);
        }
    }

    [Fact]
    public async Task Without_keys_serve_refuses_to_start_in_production_with_exit_code_2()
    {
        var root = TestServer.NewRepository();
        using var server = ServeProcess.Start(root, "Production");
        var error = await server.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await server.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, server.ExitCode);
        Assert.StartsWith("error: SERVING_PREDICT_KEY_SHA256: no predict key: the service does not start in Production", error);
        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task An_address_in_use_is_a_plain_error()
    {
        await using var first = await TestServer.StartAsync();
        var address = first.Host.Address.GetLeftPart(UriPartial.Authority);
        var error = await Assert.ThrowsAsync<UserError>(async () => await TestServer.StartAsync(with: o => o with { Urls = address }));
        Assert.StartsWith("--urls: the service cannot listen there", error.Message);
    }
}
