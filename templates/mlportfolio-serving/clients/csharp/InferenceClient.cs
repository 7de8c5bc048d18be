using System.Buffers.Binary;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PortfolioProject.Client;

/// <summary>A tensor of the model: its name, datatype (FP32, BYTES, …) and shape; −1 is any length.</summary>
public sealed record TensorMetadata(string Name, string Datatype, IReadOnlyList<long> Shape);

/// <summary>What the server says of the model.</summary>
public sealed record ModelMetadata(string Name, IReadOnlyList<string> Versions, string Platform, IReadOnlyList<TensorMetadata> Inputs, IReadOnlyList<TensorMetadata> Outputs);

/// <summary>An answer. Probabilities are row-major, [Labels.Count, classes]; row i is called "PredictionId.i" in feedback, row 0 just PredictionId.</summary>
public sealed record Inference(string PredictionId, string Model, string Version, string? Id, float[] Probabilities, IReadOnlyList<string> Labels);

/// <summary>One row's answer by the product interface.</summary>
public sealed record Prediction(string PredictionId, string Label, IReadOnlyDictionary<string, double> Probabilities);

/// <summary>The server refused or failed. RetryAfter: when to ask again, if the server said (429, 503).</summary>
public sealed class InferenceException(int status, string message, TimeSpan? retryAfter) : Exception($"{status}: {message}")
{
    public int Status { get; } = status;

    public TimeSpan? RetryAfter { get; } = retryAfter;
}

/// <summary>
/// A client of the Open Inference Protocol V2 (with its binary tensor data extension) and of the product interface. One file, no package: copy it.
/// Thread-safe; <paramref name="http"/> has the server's base address and belongs to the caller.
/// </summary>
/// <param name="key">The API key; null where the server asks for none.</param>
public sealed class InferenceClient(HttpClient http, string? key = null)
{
    private const string HeaderLength = "Inference-Header-Content-Length";

    /// <summary>Whether the server takes requests now.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken cancel = default)
    {
        using var response = await http.GetAsync("v2/health/ready", cancel);
        return response.IsSuccessStatusCode;
    }

    public async Task<ModelMetadata> DescribeAsync(string model, string? version = null, CancellationToken cancel = default)
    {
        using var response = await SendAsync(new HttpRequestMessage(HttpMethod.Get, PathOf(model, version)), cancel);
        var json = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancel))!;
        IReadOnlyList<TensorMetadata> Tensors(string name) => [.. json[name]!.AsArray().Select(t => new TensorMetadata((string)t!["name"]!, (string)t["datatype"]!, [.. t["shape"]!.AsArray().Select(d => (long)d!)]))];
        return new ModelMetadata((string)json["name"]!, [.. json["versions"]!.AsArray().Select(v => (string)v!)], (string)json["platform"]!, Tensors("inputs"), Tensors("outputs"));
    }

    /// <summary>Predicts rows: row-major, <paramref name="features"/> values each.</summary>
    /// <param name="binary">Sends and takes tensors as bytes: for more than a few rows, much cheaper than JSON on both sides.</param>
    /// <param name="stickyKey">Callers with one key get one version while a canary runs.</param>
    /// <exception cref="InferenceException">The server refused or failed.</exception>
    public async Task<Inference> InferAsync(string model, ReadOnlyMemory<float> rows, int features, bool binary = true, string? version = null, string? id = null, string? stickyKey = null,
        CancellationToken cancel = default)
    {
        if (features <= 0 || rows.Length == 0 || rows.Length % features != 0) throw new ArgumentException($"{rows.Length} values are no rows of {features}", nameof(rows));
        var tensor = new JsonObject { ["name"] = "features", ["shape"] = new JsonArray(rows.Length / features, features), ["datatype"] = "FP32" };
        if (binary) tensor["parameters"] = new JsonObject { ["binary_data_size"] = rows.Length * sizeof(float) };
        else tensor["data"] = new JsonArray([.. MemoryMarshal.ToEnumerable(rows).Select(v => JsonValue.Create(v))]);
        var body = new JsonObject { ["inputs"] = new JsonArray(tensor) };
        if (id is not null) body["id"] = id;
        if (binary) body["parameters"] = new JsonObject { ["binary_data_output"] = true };
        var header = Encoding.UTF8.GetBytes(body.ToJsonString());
        using var request = new HttpRequestMessage(HttpMethod.Post, PathOf(model, version) + "/infer") { Content = new ByteArrayContent(binary ? [.. header, .. Bytes(rows.Span)] : header) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(binary ? "application/octet-stream" : "application/json");
        if (binary) request.Headers.Add(HeaderLength, $"{header.Length}");
        if (stickyKey is not null) request.Headers.Add("X-Sticky-Key", stickyKey);
        using var response = await SendAsync(request, cancel);
        return Read(await response.Content.ReadAsByteArrayAsync(cancel), response);
    }

    /// <summary>Predicts one row by the product interface.</summary>
    /// <exception cref="InferenceException">The server refused or failed.</exception>
    public async Task<Prediction> PredictAsync(IReadOnlyList<float> features, CancellationToken cancel = default)
    {
        using var request = Json("api/predict", new JsonObject { ["features"] = new JsonArray([.. features.Select(v => JsonValue.Create(v))]) });
        using var response = await SendAsync(request, cancel);
        var json = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancel))!;
        return new Prediction((string)json["predictionId"]!, (string)json["label"]!, json["probabilities"]!.AsObject().ToDictionary(p => p.Key, p => (double)p.Value!));
    }

    /// <summary>Tells the true label of a prediction; with one idempotency key it counts once, however often it is sent.</summary>
    /// <exception cref="InferenceException">The server refused or failed.</exception>
    public async Task SendFeedbackAsync(string predictionId, string label, string? idempotencyKey = null, CancellationToken cancel = default)
    {
        using var request = Json("api/feedback", new JsonObject { ["predictionId"] = predictionId, ["label"] = label });
        if (idempotencyKey is not null) request.Headers.Add("Idempotency-Key", idempotencyKey);
        using var response = await SendAsync(request, cancel);
    }

    private static string PathOf(string model, string? version) =>
        $"v2/models/{Uri.EscapeDataString(model)}" + (version is null ? "" : $"/versions/{Uri.EscapeDataString(version)}");

    private static HttpRequestMessage Json(string path, JsonObject body) => new(HttpMethod.Post, path) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        var response = await http.SendAsync(request, cancel);
        if (response.IsSuccessStatusCode) return response;
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync(cancel);
            string? message = null;
            try { message = (string?)JsonNode.Parse(text)?["error"]; }
            catch (Exception e) when (e is JsonException or InvalidOperationException) { }
            throw new InferenceException((int)response.StatusCode, message ?? "no message", response.Headers.RetryAfter?.Delta);
        }
    }

    private static Inference Read(byte[] body, HttpResponseMessage response)
    {
        var length = response.Headers.TryGetValues(HeaderLength, out var values) ? int.Parse(values.Single()) : body.Length;
        var (json, at) = (JsonNode.Parse(body.AsSpan(0, length))!, length);
        float[] probabilities = [];
        List<string> labels = [];
        foreach (var output in json["outputs"]!.AsArray())
        {
            var size = (int?)output!["parameters"]?["binary_data_size"];
            var bytes = body.AsSpan(at, size ?? 0);
            at += bytes.Length;
            if ((string?)output["datatype"] == "BYTES") labels = size is null ? [.. output["data"]!.AsArray().Select(n => (string)n!)] : Strings(bytes);
            else probabilities = size is null ? [.. output["data"]!.AsArray().Select(n => (float)n!)] : Floats(bytes);
        }

        return new Inference(response.Headers.GetValues("X-Prediction-Id").Single(), (string)json["model_name"]!, (string)json["model_version"]!, (string?)json["id"], probabilities, labels);
    }

    private static byte[] Bytes(ReadOnlySpan<float> values)
    {
        var bytes = new byte[values.Length * sizeof(float)];
        for (var i = 0; i < values.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        return bytes;
    }

    private static float[] Floats(ReadOnlySpan<byte> bytes)
    {
        var values = new float[bytes.Length / sizeof(float)];
        for (var i = 0; i < values.Length; i++) values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
        return values;
    }

    private static List<string> Strings(ReadOnlySpan<byte> bytes)
    {
        var strings = new List<string>();
        while (!bytes.IsEmpty)
        {
            var end = sizeof(uint) + BinaryPrimitives.ReadInt32LittleEndian(bytes);
            strings.Add(Encoding.UTF8.GetString(bytes[sizeof(uint)..end]));
            bytes = bytes[end..];
        }

        return strings;
    }
}
