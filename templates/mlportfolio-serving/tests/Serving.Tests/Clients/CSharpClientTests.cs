using PortfolioProject.Client;
using PortfolioProject.Evidence;
using PortfolioProject.Server;

namespace PortfolioProject.Serving.Tests;

public sealed class CSharpClientTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;
    private readonly TestServer _server = shared.Server;
    private readonly InferenceClient _client = new(shared.Server.Client);

    [Fact]
    public async Task It_describes_the_model()
    {
        Assert.True(await _client.IsReadyAsync(Cancel));
        var model = await _client.DescribeAsync("sample", "1", Cancel);
        Assert.Equal(("sample", "builtin_safetensors"), (model.Name, model.Platform));
        Assert.Equal(["1"], model.Versions);
        Assert.Equal(("features", "FP32"), (model.Inputs[0].Name, model.Inputs[0].Datatype));
        Assert.Equal([-1L, 3], model.Inputs[0].Shape);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Json_and_binary_give_what_the_model_gives(bool binary)
    {
        float[] rows = [1, 2, 3, 4, 5, 6, 0.1f, -7.25f, 1e-20f];
        var expected = new float[6];
        _server.Host.Models.Choose(null, null)!.Bundle.Predict(rows, expected);
        var answer = await _client.InferAsync("sample", rows, 3, binary, version: "1", id: "é", stickyKey: "caller", cancel: Cancel);
        Assert.Equal(expected, answer.Probabilities);
        Assert.Equal(expected.Chunk(2).Select(p => p[0] >= p[1] ? "rot" : TestServer.Label), answer.Labels);
        Assert.Equal(("sample", "1", "é"), (answer.Model, answer.Version, answer.Id));
    }

    [Fact]
    public async Task Feedback_follows_a_prediction()
    {
        var prediction = await _client.PredictAsync([1, 2, 3], Cancel);
        Assert.Equal(1, prediction.Probabilities.Values.Sum(), 1e-6);
        await _client.SendFeedbackAsync(prediction.PredictionId, prediction.Label, "once-" + prediction.PredictionId, Cancel);
        Assert.Contains(_server.Host.Context.Feedback.Entries, e => e.Prediction == prediction.PredictionId && e.Label == prediction.Label);
    }

    [Fact]
    public async Task Refusals_carry_status_and_message()
    {
        var unknown = await Assert.ThrowsAsync<InferenceException>(() => _client.DescribeAsync("a/b", cancel: Cancel));
        Assert.Equal(404, unknown.Status);
        var wrong = await Assert.ThrowsAsync<InferenceException>(() => _client.InferAsync("sample", new float[] { 1, 2 }, 2, cancel: Cancel));
        Assert.StartsWith("400: inputs[0].shape: wrong shape; expected [n, 3]", wrong.Message);
        Assert.Null(wrong.RetryAfter);
        await Assert.ThrowsAsync<ArgumentException>(() => _client.InferAsync("sample", new float[] { 1, 2 }, 3, cancel: Cancel));
    }

    [Fact]
    public async Task It_sends_its_key_and_reads_when_to_come_back()
    {
        await using var server = await TestServer.StartAsync(c => c with { Limits = c.Limits with { RatePerSecond = 1 } }, o => o with { Keys = new ApiKeys(TextFile.Sha256("k"), TextFile.Sha256("a")) });
        Assert.Equal(401, (await Assert.ThrowsAsync<InferenceException>(() => new InferenceClient(server.Client).PredictAsync([1, 2, 3], Cancel))).Status);
        var keyed = new InferenceClient(server.Client, "k");
        await keyed.PredictAsync([1, 2, 3], Cancel);
        var limited = await Assert.ThrowsAsync<InferenceException>(async () => { for (var i = 0; i < 1000; i++) await keyed.PredictAsync([1, 2, 3], Cancel); });
        Assert.Equal(429, limited.Status);
        Assert.InRange(limited.RetryAfter!.Value.TotalSeconds, 1, 2);
    }
}
