using System.IO.Pipelines;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;

namespace PortfolioProject.Bench;

/// <summary>What Kestrel alone costs: an endpoint without routing or logging that reads a body to its end and answers with a constant of the usual size.</summary>
internal static class BareServer
{
    private static readonly byte[] Answer = [.. "{\"model_name\":\""u8, .. Enumerable.Repeat((byte)'x', 480), .. "\"}"u8];

    public static async Task RunAsync(TextWriter output, CancellationToken cancel)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => ServerHost.Configure(kestrel, new LimitsConfig()));
        await using var app = builder.Build();
        app.Run(async context =>
        {
            for (ReadResult read = default; !read.IsCompleted; context.Request.BodyReader.AdvanceTo(read.Buffer.End)) read = await context.Request.BodyReader.ReadAsync(context.RequestAborted);
            (context.Response.ContentType, context.Response.ContentLength) = ("application/json", Answer.Length);
            await context.Response.BodyWriter.WriteAsync(Answer, context.RequestAborted);
        });
        await app.StartAsync(cancel);
        output.WriteLine(app.Urls.First());
        await app.WaitForShutdownAsync(cancel);
    }
}
