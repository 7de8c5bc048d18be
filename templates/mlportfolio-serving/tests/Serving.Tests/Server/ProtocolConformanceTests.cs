using System.Text;
using System.Text.Json.Nodes;

namespace PortfolioProject.Serving.Tests;

/// <summary>The Open Inference Protocol V2 over HTTP.</summary>
public sealed class ProtocolConformanceTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Model = "/v2/models/sample", Versioned = Model + "/versions/1";

    private readonly TestServer _server = shared.Server;

    [Theory]
    [InlineData("/v2/health/live", """{"live":true}""")]
    [InlineData("/v2/health/ready", """{"live":true,"ready":true}""")]
    [InlineData(Model + "/ready", """{"name":"sample","ready":true}""")]
    [InlineData(Versioned + "/ready", """{"name":"sample","ready":true}""")]
    public async Task Health_says_what_is_ready(string path, string body)
    {
        var reply = await _server.GetAsync(path);
        Assert.Equal((200, body, "application/json"), (reply.Code, reply.Text, reply.Headers["Content-Type"]));
        var head = await _server.SendAsync("HEAD", path);
        Assert.Equal((200, 0), (head.Code, head.Body.Length));
    }

    [Theory]
    [InlineData("/v2")]
    [InlineData("/v2/")]
    public async Task Server_metadata_advertises_the_binary_extension(string path)
    {
        var json = (await _server.GetAsync(path)).Json;
        Assert.Equal(["name", "version", "extensions"], json.AsObject().Select(m => m.Key));
        Assert.Equal("binary_tensor_data", (string?)json["extensions"]![0]);
        Assert.NotEmpty((string)json["name"]!);
        Assert.NotEmpty((string)json["version"]!);
    }

    [Theory]
    [InlineData(Model)]
    [InlineData(Versioned)]
    public async Task Model_metadata_describes_tensors_and_versions(string path) => Assert.Equal(
        """{"name":"sample","versions":["1"],"platform":"builtin_safetensors","inputs":[{"name":"features","datatype":"FP32","shape":[-1,3]}],"outputs":[{"name":"probabilities","datatype":"FP32","shape":[-1,2]},{"name":"label","datatype":"BYTES","shape":[-1]}]}""",
        (await _server.GetAsync(path)).Text);

    [Theory]
    [InlineData("GET", "/v2/models/other")]
    [InlineData("GET", "/v2/models/other/ready")]
    [InlineData("POST", "/v2/models/other/infer")]
    [InlineData("GET", Model + "/versions/9")]
    [InlineData("GET", Model + "/versions/9/ready")]
    [InlineData("POST", Model + "/versions/9/infer")]
    [InlineData("GET", "/v2/models/..%2F..%2Fetc")]
    [InlineData("GET", "/v2/models/sample%2Fversions%2F1")]
    [InlineData("POST", Model + "/versions/%2e%2e%2f/infer")]
    [InlineData("GET", "/v2/models/sample%00")]
    [InlineData("GET", "/v2/models")]
    [InlineData("GET", "/v2/nothing")]
    [InlineData("GET", "/nothing")]
    public async Task What_does_not_exist_is_404_with_an_error(string method, string path)
    {
        var reply = await _server.SendAsync(method, path, method == "POST" ? Encoding.UTF8.GetBytes(Request()) : null);
        if (path.Contains("%00")) Assert.InRange(reply.Code, 400, 404);
        else reply.Error(404);
    }

    [Theory]
    [InlineData("POST", "/v2", "GET, HEAD")]
    [InlineData("POST", "/v2/health/live", "GET, HEAD")]
    [InlineData("DELETE", "/v2/health/ready", "GET, HEAD")]
    [InlineData("PUT", Model, "GET, HEAD")]
    [InlineData("GET", TestServer.Infer, "POST")]
    [InlineData("PUT", TestServer.Infer, "POST")]
    [InlineData("GET", "/api/predict", "POST")]
    public async Task Another_method_is_405_with_an_error_and_the_methods_allowed(string method, string path, string allowed)
    {
        var reply = await _server.SendAsync(method, path, method is "PUT" or "POST" ? "{}"u8.ToArray() : null);
        reply.Error(405);
        Assert.Equal(allowed, reply.Headers["Allow"]);
    }

    [Theory]
    [InlineData(TestServer.Infer)]
    [InlineData(Versioned + "/infer")]
    public async Task Inference_answers_with_every_required_member(string path)
    {
        var reply = await _server.PostAsync(path, $$"""{"id":"a-1","inputs":[{{TestServer.Tensor}}]}""", ("Content-Type", "application/json"));
        Assert.Equal(200, reply.Code);
        var json = reply.Json;
        Assert.Equal(["model_name", "model_version", "id", "outputs"], json.AsObject().Select(m => m.Key));
        Assert.Equal(("sample", "1", "a-1"), ((string?)json["model_name"], (string?)json["model_version"], (string?)json["id"]));
        Assert.Equal(["probabilities", "label"], json["outputs"]!.AsArray().Select(o => (string?)o!["name"]));
        Assert.Equal("""[2,2]""", json["outputs"]![0]!["shape"]!.ToJsonString());
        var probabilities = Floats(json["outputs"]![0]!);
        Assert.Equal(Expected([1, 2, 3, 4, 5, 6]), probabilities);
        Assert.Equal([TestServer.Label, TestServer.Label], json["outputs"]![1]!["data"]!.AsArray().Select(n => (string?)n));
        Assert.Equal(1f, probabilities[0] + probabilities[1], 1e-6f);
        Assert.Equal(reply.Body.Length.ToString(), reply.Headers["Content-Length"]);
    }

    [Fact]
    public async Task Without_an_id_the_answer_has_none()
    {
        var reply = await _server.PostAsync(TestServer.Infer, Request());
        Assert.Equal(["model_name", "model_version", "outputs"], reply.Json.AsObject().Select(m => m.Key));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("text/plain")]
    [InlineData("application/octet-stream")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("no media type at all")]
    public async Task The_media_type_of_a_request_does_not_matter(string? type) =>
        Assert.Equal(200, (await _server.PostAsync(TestServer.Infer, Request(), type is null ? [] : [("Content-Type", type)])).Code);

    [Fact]
    public async Task Chunked_requests_are_read()
    {
        var body = Request();
        var raw = await _server.RawAsync($"POST {TestServer.Infer} HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\n{body[..5]}\r\n{body.Length - 5:x}\r\n{body[5..]}\r\n0\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 OK", raw);
    }

    [Fact]
    public async Task Outputs_are_filtered_in_the_order_asked_for()
    {
        var only = (await _server.PostAsync(TestServer.Infer, $$"""{"outputs":[{"name":"label"}],"inputs":[{{TestServer.Tensor}}]}""")).Json["outputs"]!.AsArray();
        Assert.Equal(["label"], only.Select(o => (string?)o!["name"]));
        var both = (await _server.PostAsync(TestServer.Infer, $$"""{"outputs":[{"name":"label"},{"name":"probabilities"}],"inputs":[{{TestServer.Tensor}}]}""")).Json["outputs"]!.AsArray();
        Assert.Equal(["label", "probabilities"], both.Select(o => (string?)o!["name"]));
        var all = (await _server.PostAsync(TestServer.Infer, $$"""{"outputs":[],"inputs":[{{TestServer.Tensor}}]}""")).Json["outputs"]!.AsArray();
        Assert.Equal(2, all.Count);
    }

    [Fact]
    public async Task Nested_flat_and_binary_data_give_the_same_bits()
    {
        var flat = Floats((await _server.PostAsync(TestServer.Infer, Request("[1,2,3,4,5,6]"))).Json["outputs"]![0]!);
        Assert.Equal(flat, Floats((await _server.PostAsync(TestServer.Infer, Request("[[1,2,3],[4,5,6]]"))).Json["outputs"]![0]!));
        var binary = await Binary("""{"inputs":[{"name":"features","shape":[2,3],"datatype":"FP32","parameters":{"binary_data_size":24}}]}""", 1, 2, 3, 4, 5, 6);
        Assert.Equal(flat, Floats(binary.Json["outputs"]![0]!));
        Assert.Equal("application/json", binary.Headers["Content-Type"]);
    }

    [Fact]
    public async Task Binary_outputs_follow_the_json()
    {
        var reply = await Binary("""{"id":"b","parameters":{"binary_data_output":true},"inputs":[{"name":"features","shape":[1,3],"datatype":"FP32","parameters":{"binary_data_size":12}}]}""", 1, 2, 3);
        Assert.Equal((200, "application/octet-stream"), (reply.Code, reply.Headers["Content-Type"]));
        var length = int.Parse(reply.Headers["Inference-Header-Content-Length"]);
        var outputs = JsonNode.Parse(reply.Body.AsSpan(0, length))!["outputs"]!;
        Assert.Equal((8, 9), ((int)outputs[0]!["parameters"]!["binary_data_size"]!, (int)outputs[1]!["parameters"]!["binary_data_size"]!));
        Assert.Null(outputs[0]!["data"]);
        Assert.Equal(SampleModel.Bytes(Expected([1, 2, 3])), reply.Body[length..(length + 8)]);
        Assert.Equal([5, 0, 0, 0, .. Encoding.UTF8.GetBytes(TestServer.Label)], reply.Body[(length + 8)..]);
    }

    [Fact]
    public async Task A_raw_binary_request_is_answered_in_binary()
    {
        var reply = await _server.SendAsync("POST", TestServer.Infer, SampleModel.Bytes(1, 2, 3, 4, 5, 6), ("Inference-Header-Content-Length", "0"));
        Assert.Equal((200, "application/octet-stream"), (reply.Code, reply.Headers["Content-Type"]));
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("abc")]
    [InlineData("")]
    [InlineData("1.5")]
    [InlineData("99999999999999999999")]
    [InlineData("10000")]
    public async Task A_header_length_that_is_none_is_refused(string value)
    {
        // HttpClient would not send every such value.
        var raw = await _server.RawAsync($"POST {TestServer.Infer} HTTP/1.1\r\nHost: 127.0.0.1\r\nInference-Header-Content-Length: {value}\r\nContent-Length: {Request().Length}\r\nConnection: close\r\n\r\n{Request()}");
        Assert.StartsWith("HTTP/1.1 400", raw);
        Assert.Contains("{\"error\":\"Inference-Header-Content-Length: ", raw);
    }

    [Theory]
    [MemberData(nameof(InferenceRequestTests.Refusals), MemberType = typeof(InferenceRequestTests))]
    public async Task Every_broken_request_is_refused_over_http_and_the_next_good_one_answered(string json, string message)
    {
        var body = json.Replace("T", TestServer.Tensor).Replace("[S", """[{"name":"features","shape":""");
        Assert.StartsWith(message, (await _server.PostAsync(TestServer.Infer, body)).Error(400));
        Assert.Equal(200, (await _server.PostAsync(TestServer.Infer, Request())).Code);
    }

    [Fact]
    public async Task Too_large_a_body_is_413_whether_declared_or_chunked_and_the_client_can_read_the_answer()
    {
        await using var small = await TestServer.StartAsync(c => c with { Limits = c.Limits with { BodyBytes = 4096 } });
        var big = $$"""{"id":"{{new string('x', 3_000_000)}}","inputs":[{{TestServer.Tensor}}]}""";
        Assert.StartsWith("body: too large; expected at most 4096 bytes", (await small.PostAsync(TestServer.Infer, big)).Error(413));
        Assert.StartsWith("body: too large", (await small.PostAsync(TestServer.Infer, big, ("Transfer-Encoding", "chunked"))).Error(413));
        Assert.Equal(200, (await small.PostAsync(TestServer.Infer, Request())).Code);
    }

    [Fact]
    public async Task Too_many_rows_are_413_and_compressed_bodies_415()
    {
        await using var small = await TestServer.StartAsync(c => c with { Limits = c.Limits with { Rows = 1 } });
        Assert.StartsWith("inputs[0].data: too many rows", (await small.PostAsync(TestServer.Infer, Request())).Error(413));
        Assert.StartsWith("Content-Encoding: not supported", (await _server.PostAsync(TestServer.Infer, Request(), ("Content-Encoding", "gzip"))).Error(415));
    }

    private static string Request(string data = "[1,2,3,4,5,6]") => $$"""{"inputs":[{"name":"features","shape":[2,3],"datatype":"FP32","data":{{data}}}]}""";

    private async Task<Reply> Binary(string header, params float[] values) =>
        await _server.SendAsync("POST", TestServer.Infer, [.. Encoding.UTF8.GetBytes(header), .. SampleModel.Bytes(values)], ("Inference-Header-Content-Length", $"{Encoding.UTF8.GetByteCount(header)}"), ("Content-Type", "application/octet-stream"));

    private float[] Expected(float[] rows)
    {
        var probabilities = new float[rows.Length / 3 * 2];
        _server.Host.Models.Choose(null, null)!.Bundle.Predict(rows, probabilities);
        return probabilities;
    }

    private static float[] Floats(JsonNode output) => [.. output["data"]!.AsArray().Select(n => (float)n!)];
}
