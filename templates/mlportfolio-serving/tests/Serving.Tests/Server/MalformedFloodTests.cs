using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace PortfolioProject.Serving.Tests;

/// <summary>Whatever bytes come: no 5xx, no empty error body, and the next good request is answered.</summary>
public sealed class MalformedFloodTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Good = $$"""{"id":"x","parameters":{"binary_data_output":false},"inputs":[{{TestServer.Tensor}}],"outputs":[{"parameters":{"binary_data":false},"name":"label"}]}""";

    private static readonly string[] Pieces = ["{", "}", "[", "]", ",", ":", "\"", "\\", "\"inputs\":", "\"data\":", "\"shape\":", "\"datatype\":", "\"FP32\"", "\"name\":", "\"features\"", "\"id\":", "\"outputs\":", "\"parameters\":",
        "\"binary_data_size\":", "1", "-1", "1e39", "1e-400", "99999999999999999999", "NaN", "null", "true", "\\ud800", "\"\\ud800\"", "\u0000", "é", " ", "\n", "/*", "//", "[[[[[[[[[[[[[[[[[[[["];

    private static readonly string[] Paths = [TestServer.Infer, "/v2/models/sample/versions/1/infer", "/api/predict", "/api/feedback"];

    private readonly TestServer _server = shared.Server;

    /// <summary>Noise, grammar pieces in any order, and good requests that were cut, doubled or had a byte changed.</summary>
    private static Gen<byte[]> Bodies => Gen.OneOf(
        ArbMap.Default.GeneratorFor<byte[]>().Select(b => b ?? []),
        Gen.ListOf(Gen.Elements(Pieces)).Select(p => Encoding.UTF8.GetBytes(string.Concat(p))),
        Gen.Choose(0, Good.Length).Select(cut => Encoding.UTF8.GetBytes(Good[..cut])),
        Gen.Choose(0, Good.Length).SelectMany(at => Gen.Elements(Pieces).Select(piece => Encoding.UTF8.GetBytes(Good.Insert(at, piece)))),
        Gen.Choose(0, Good.Length - 1).SelectMany(at => Gen.Choose(0, 255).Select(value =>
        {
            var bytes = Encoding.UTF8.GetBytes(Good);
            bytes[at] = (byte)value;
            return bytes;
        })));

    [Fact]
    public void No_body_gives_a_5xx_or_an_empty_error_and_the_next_good_request_works()
    {
        var header = Gen.OneOf(Gen.Constant((int?)null), Gen.Choose(-2, 400).Select(n => (int?)n));
        Prop.ForAll(Gen.Elements(Paths).SelectMany(path => Bodies.SelectMany(body => header.Select(h => (path, body, h)))).ToArbitrary(), one =>
        {
            var reply = _server.SendAsync("POST", one.path, one.body, one.h is null ? [] : [("Inference-Header-Content-Length", $"{one.h}")]).GetAwaiter().GetResult();
            if (reply.Code is >= 200 and < 300) return;
            Assert.InRange(reply.Code, 400, 499);
            reply.Error(reply.Code);
            var next = _server.PostAsync(TestServer.Infer, Good).GetAwaiter().GetResult();
            Assert.True(next.Code == 200, next.Text);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1500).WithEndSize(60));
    }

    [Fact]
    public async Task Floods_from_many_connections_leave_the_server_answering()
    {
        var random = new Random(7);
        var bodies = Enumerable.Range(0, 2000).Select(i => Encoding.UTF8.GetBytes(Good[..random.Next(Good.Length)] + Pieces[random.Next(Pieces.Length)] + Good[random.Next(Good.Length)..])).ToList();
        var codes = new System.Collections.Concurrent.ConcurrentBag<int>();
        await Parallel.ForEachAsync(bodies, new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = TestContext.Current.CancellationToken }, async (body, _) =>
        {
            var reply = await _server.SendAsync("POST", TestServer.Infer, body);
            if (reply.Code != 200) reply.Error(reply.Code);
            codes.Add(reply.Code);
        });
        Assert.Equal(2000, codes.Count);
        Assert.DoesNotContain(codes, code => code >= 500);
        Assert.Equal(200, (await _server.PostAsync(TestServer.Infer, Good)).Code);
        Wait.Until(() => _server.Host.Context.InFlight() == 0);
    }

    [Theory]
    [InlineData("GARBAGE\r\n\r\n")]
    [InlineData("POST /v2/models/sample/infer HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -5\r\n\r\n")]
    [InlineData("POST /v2/models/sample/infer HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n")]
    [InlineData("POST /v2/models/sample/infer HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\nabc")]
    [InlineData("POST /v2/models/sample/infer HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd")]
    [InlineData("POST /v2/models/sample/infer HTTP/1.1\r\n\r\n")]
    public async Task Broken_http_is_refused_with_400_and_the_next_good_request_works(string bytes)
    {
        Assert.StartsWith("HTTP/1.1 400", await _server.RawAsync(bytes));
        Assert.Equal(200, (await _server.PostAsync(TestServer.Infer, Good)).Code);
    }
}
