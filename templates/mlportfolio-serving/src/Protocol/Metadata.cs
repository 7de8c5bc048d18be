using System.Text.Json.Nodes;

namespace PortfolioProject.Protocol;

/// <summary>The JSON, in UTF-8, of the protocol's health, metadata and error responses.</summary>
public static class Metadata
{
    public static byte[] Server(string name, string version) =>
        JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["name"] = name, ["version"] = version, ["extensions"] = new JsonArray("binary_tensor_data") });

    /// <param name="versions">Those that may be asked for in the address.</param>
    /// <param name="platform">Engine and format of the weights, such as builtin_safetensors.</param>
    public static byte[] Model(ModelSignature model, IReadOnlyList<string> versions, string platform)
    {
        static object Tensor(TensorSpec t) => new { name = t.Name, datatype = t.Datatype, shape = t.Shape };
        return JsonSerializer.SerializeToUtf8Bytes(new { name = model.Name, versions, platform, inputs = new[] { Tensor(model.Input) }, outputs = model.Outputs.Select(Tensor) });
    }

    public static byte[] Live() => JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["live"] = true });

    /// <param name="model">Null: the server as a whole.</param>
    /// <param name="problem">Why it is not ready, or, if it is, why the last change of versions was refused; null: neither.</param>
    public static byte[] Ready(string? model, bool ready, string? problem)
    {
        var answer = new JsonObject { [model is null ? "live" : "name"] = model ?? (JsonNode)true, ["ready"] = ready };
        if (problem is not null) answer[ready ? "refused" : "error"] = problem;
        return JsonSerializer.SerializeToUtf8Bytes(answer);
    }

    public static byte[] Error(string message) => JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["error"] = message });
}
