using System.Text.Json.Nodes;

namespace PortfolioProject.Protocol;

/// <summary>The JSON, in UTF-8, of the protocol's health, metadata and error responses.</summary>
public static class Metadata
{
    public static byte[] Server(string name, string version) =>
        Utf8(new() { ["name"] = name, ["version"] = version, ["extensions"] = new JsonArray("binary_tensor_data") });

    /// <param name="versions">Those that may be asked for in the address.</param>
    /// <param name="platform">Engine and format of the weights, such as builtin_safetensors.</param>
    public static byte[] Model(ModelSignature model, IReadOnlyList<string> versions, string platform) => Utf8(new()
    {
        ["name"] = model.Name,
        ["versions"] = new JsonArray([.. versions.Select(v => JsonValue.Create(v))]),
        ["platform"] = platform,
        ["inputs"] = Tensors([model.Input]),
        ["outputs"] = Tensors(model.Outputs),
    });

    public static byte[] Live() => Utf8(new() { ["live"] = true });

    /// <param name="model">Null: the server as a whole.</param>
    /// <param name="problem">Why it is not ready; null: it is.</param>
    public static byte[] Ready(string? model, string? problem)
    {
        var ready = new JsonObject { [model is null ? "live" : "name"] = model is null ? true : model, ["ready"] = problem is null };
        if (problem is not null) ready["error"] = problem;
        return Utf8(ready);
    }

    public static byte[] Error(string message) => Utf8(new() { ["error"] = message });

    private static JsonArray Tensors(IReadOnlyList<TensorSpec> tensors) => [.. tensors.Select(t => new JsonObject
    {
        ["name"] = t.Name,
        ["datatype"] = t.Datatype,
        ["shape"] = new JsonArray([.. t.Shape.Select(d => JsonValue.Create(d))]),
    })];

    private static byte[] Utf8(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString());
}
