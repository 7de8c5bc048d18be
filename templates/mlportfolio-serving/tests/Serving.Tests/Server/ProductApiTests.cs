using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;

namespace PortfolioProject.Serving.Tests;

public sealed class ProductApiTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer _server = shared.Server;

    [Fact]
    public async Task One_row_gives_one_prediction_with_names_and_headers()
    {
        var reply = await _server.PostAsync("/api/predict", """{"features":[1,2,3]}""");
        Assert.Equal(200, reply.Code);
        Assert.Equal(["predictionId", "label", "probabilities", "model"], reply.Json.AsObject().Select(m => m.Key));
        Assert.Equal(["rot", TestServer.Label], reply.Json["probabilities"]!.AsObject().Select(m => m.Key));
        Assert.Equal(reply.Headers["X-Prediction-Id"], (string?)reply.Json["predictionId"]);
        Assert.Equal(("sample", "1", _server.Host.Models.Choose(null, null)!.Bundle.Digest), ((string?)reply.Json["model"]!["name"], (string?)reply.Json["model"]!["version"], (string?)reply.Json["model"]!["digest"]));
        var best = reply.Json["probabilities"]!.AsObject().MaxBy(p => (float)p.Value!);
        Assert.Equal(best.Key, (string?)reply.Json["label"]);
    }

    [Fact]
    public async Task Both_interfaces_give_the_same_bits_and_every_answer_says_which_model_and_how_long()
    {
        var v2 = await _server.PostAsync(TestServer.Infer, $$"""{"inputs":[{{TestServer.Tensor}}]}""");
        var product = await _server.PostAsync("/api/predict", """{"rows":[[1,2,3],[4,5,6]]}""");
        Assert.Equal(v2.Json["outputs"]![0]!["data"]!.ToJsonString(), new JsonArray([.. product.Json["predictions"]!.AsArray().SelectMany(p => p!["probabilities"]!.AsObject().Select(m => m.Value!.DeepClone()))]).ToJsonString());
        foreach (var reply in new[] { v2, product })
        {
            Assert.Equal(("1", _server.Host.Models.Choose(null, null)!.Bundle.Digest), (reply.Headers["X-Model-Version"], reply.Headers["X-Model-Digest"]));
            Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$", reply.Headers["X-Prediction-Id"]);
            Assert.Matches(@"^read;dur=\d+\.\d{3}, parse;dur=\d+\.\d{3}, queue;dur=\d+\.\d{3}, batch-wait;dur=0\.000, model;dur=\d+\.\d{3}, write;dur=\d+\.\d{3}$", reply.Headers["Server-Timing"]);
        }
    }

    [Fact]
    public async Task Rows_of_a_batch_have_ids_of_their_own()
    {
        var reply = await _server.PostAsync("/api/predict", """{"rows":[[1,2,3],[4,5,6]]}""");
        var id = reply.Headers["X-Prediction-Id"];
        Assert.Equal([id, id + ".1"], reply.Json["predictions"]!.AsArray().Select(p => (string?)p!["predictionId"]));
    }

    [Theory]
    [InlineData("", "body: empty")]
    [InlineData("{}", "body: not one of two")]
    [InlineData("""{"features":[1,2]}""", "features: no whole rows")]
    [InlineData("""{"features":[1,2,"3"]}""", "features[2]: not a number")]
    [InlineData("""{"features":[1,2,1e39]}""", "features[2]: out of range")]
    [InlineData("""{"rows":[[1,2,3],[1,2]]}""", "rows[1]: ragged")]
    public async Task Broken_rows_are_refused(string body, string message) => Assert.StartsWith(message, (await _server.PostAsync("/api/predict", body)).Error(400));

    [Fact]
    public async Task A_value_left_out_is_refused_and_counted_as_missing_for_its_feature()
    {
        var monitor = _server.Host.Models.Choose(null, null)!.Monitor;
        long[] Missing() => [.. monitor.DataQuality.Features.Select(f => f.Missing)];
        var before = Missing();
        (await _server.PostAsync("/api/predict", """{"features":[1,null,3]}""")).Error(400);
        (await _server.PostAsync("/api/predict", """{"rows":[[1,2,3],[4,5,null]]}""")).Error(400);
        (await _server.PostAsync(TestServer.Infer, """{"inputs":[{"name":"features","shape":[2,3],"datatype":"FP32","data":[1,2,3,4,5,null]}]}""")).Error(400);
        (await _server.SendAsync("POST", TestServer.Infer, [.. BitConverter.GetBytes(float.NaN), .. new byte[8]], ("Inference-Header-Content-Length", "0"))).Error(400);
        (await _server.PostAsync("/api/predict", """{"features":[1,"2",3]}""")).Error(400);
        Assert.Equal([1, 1, 2], Missing().Zip(before, (after, earlier) => after - earlier));
    }

    [Fact]
    public async Task Feedback_is_accepted_once_however_often_it_comes()
    {
        var id = (string)(await _server.PostAsync("/api/predict", """{"features":[1,2,3]}""")).Json["predictionId"]!;
        var before = _server.Host.Context.Feedback.Count;
        var body = $$"""{"predictionId":"{{id}}","label":"rot"}""";
        for (var i = 0; i < 2; i++)
        {
            var reply = await _server.PostAsync("/api/feedback", body, ("Idempotency-Key", "key-" + id));
            Assert.Equal((200, $$"""{"predictionId":"{{id}}","status":"accepted"}"""), (reply.Code, reply.Text));
        }

        Assert.Equal(before + 1, _server.Host.Context.Feedback.Count);
        Assert.StartsWith("Idempotency-Key: used before", (await _server.PostAsync("/api/feedback", body.Replace("rot", TestServer.Label), ("Idempotency-Key", "key-" + id))).Error(409));
        Assert.Equal("rot", Assert.Single(_server.Host.Context.Feedback.Entries, e => e.Prediction == id).Label);
    }

    [Fact]
    public async Task Feedback_on_a_row_of_a_v2_batch_finds_its_prediction()
    {
        var id = (await _server.PostAsync(TestServer.Infer, $$"""{"inputs":[{{TestServer.Tensor}}]}""")).Headers["X-Prediction-Id"];
        Assert.Equal(200, (await _server.PostAsync("/api/feedback", $$"""{"predictionId":"{{id}}.1","label":"rot"}""")).Code);
        (await _server.PostAsync("/api/feedback", $$"""{"predictionId":"{{id}}.2","label":"rot"}""")).Error(404);
    }

    [Theory]
    [InlineData("", 400, "body: not understood; expected {\"predictionId\": text, \"label\": text}")]
    [InlineData("{}", 400, "body: not understood; expected {\"predictionId\": text, \"label\": text}")]
    [InlineData("null", 400, "body: not understood; expected {\"predictionId\": text, \"label\": text}")]
    [InlineData("[]", 400, "body: not understood; expected {\"predictionId\": text, \"label\": text}")]
    [InlineData("{", 400, "body: not understood; expected {\"predictionId\": text, \"label\": text}")]
    [InlineData("""{"predictionId":"ID"}""", 400, "body: not understood; expected {\"predictionId\": text, \"label\": text}")]
    [InlineData("""{"predictionId":"ID","label":7}""", 400, "body: not understood; expected {\"predictionId\": text, \"label\": text}")]
    [InlineData("""{"predictionId":"ID","label":null}""", 400, "body: not understood; expected {\"predictionId\": text, \"label\": text}")]
    [InlineData("""{"predictionId":"ID","label":"rot","label":"rot"}""", 400, "body: not understood; expected {\"predictionId\": text, \"label\": text}")]
    [InlineData("""{"predictionId":"ID","Label":"rot"}""", 400, "body: not understood; expected {\"predictionId\": text, \"label\": text}")]
    [InlineData("""{"predictionId":"ID","label":"blau"}""", 400, "label: not a class of the model")]
    [InlineData("""{"predictionId":"nonsense","label":"rot"}""", 400, "predictionId: not an id")]
    [InlineData("""{"predictionId":"018f0000-0000-7000-8000-000000000000","label":"rot"}""", 404, "predictionId: the log has no such prediction")]
    [InlineData("""{"predictionId":"ID","label":"rot","more":1}""", 400, "body: not understood")]
    public async Task Broken_feedback_is_refused(string body, int status, string message)
    {
        var id = (string)(await _server.PostAsync("/api/predict", """{"features":[1,2,3]}""")).Json["predictionId"]!;
        Assert.StartsWith(message, (await _server.PostAsync("/api/feedback", body.Replace("ID", id))).Error(status));
        Assert.StartsWith("Idempotency-Key: wrong length", (await _server.PostAsync("/api/feedback", $$"""{"predictionId":"{{id}}","label":"rot"}""", ("Idempotency-Key", new string('k', 129)))).Error(400));
    }

    [Fact]
    public async Task The_document_lists_every_path_that_is_served_and_no_other()
    {
        var document = (await _server.GetAsync("/openapi/v1.json")).Json;
        var documented = document["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject().Select(m => $"{m.Key.ToUpperInvariant()} {p.Key}")).Order(StringComparer.Ordinal);
        var served = _server.Host.Endpoints.OfType<RouteEndpoint>().SelectMany(e => e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Where(method => method != "HEAD").Select(method => $"{method} /{e.RoutePattern.RawText!.TrimStart('/')}"));
        Assert.Equal(served.Where(r => r != "GET /" && !r.Contains("/dashboard/")).Order(StringComparer.Ordinal), documented);
        foreach (var reference in References(document)) Assert.NotNull(reference[2..].Split('/').Aggregate(document, (node, part) => node![part]!));
    }

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject o => o.SelectMany(m => m.Key == "$ref" ? [(string)m.Value!] : References(m.Value)),
        JsonArray a => a.SelectMany(References),
        _ => [],
    };
}
