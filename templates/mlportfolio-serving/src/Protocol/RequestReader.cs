namespace PortfolioProject.Protocol;

/// <summary>Reads the JSON of an inference request, and the bytes after it.</summary>
internal static class RequestReader
{
    private const string SizeField = "inputs[0].parameters.binary_data_size";

    /// <param name="tail">The bytes after the JSON: the binary data of the input, if it is sent so.</param>
    public static InferenceRequest Read(JsonElement body, ReadOnlySpan<byte> tail, RowBuffer rows, ModelSignature model)
    {
        var root = new StrictJson(body, "", "id", "parameters", "inputs", "outputs", "model_name", "model_version");
        if (root.Has("model_name")) root.Constant("model_name", model.Name);
        if (root.Has("model_version")) root.Constant("model_version", model.Version);
        var (id, binary, inputs) = (root.Has("id") ? root.Text("id") : null, root.Flag("binary_data_output") ?? false, root.Get("inputs", JsonValueKind.Array));
        if (inputs.GetArrayLength() == 0) throw ProtocolException.Bad("inputs", "missing tensor", $"one ({model.Input.Name})", "none");
        if (inputs.GetArrayLength() > 1) throw ProtocolException.Bad("inputs", "unknown or duplicate tensor", $"one ({model.Input.Name})", "more");
        ReadInput(new StrictJson(inputs[0], "inputs[0]", "name", "shape", "datatype", "parameters", "data"), tail, rows, model);
        var outputs = new List<RequestedOutput>();
        foreach (var output in root.Has("outputs") ? root.Get("outputs", JsonValueKind.Array).EnumerateArray() : default) outputs.Add(ReadOutput(output, outputs, model, binary));
        return new InferenceRequest(rows, id, outputs.Count == 0 ? model.AllOutputs(binary) : outputs);
    }

    private static void ReadInput(StrictJson input, ReadOnlySpan<byte> tail, RowBuffer rows, ModelSignature model)
    {
        input.Constant("name", model.Input.Name);
        input.Constant("datatype", model.Input.Datatype);
        var (count, size) = (ReadShape(input.Get("shape", JsonValueKind.Array), model.Features), input.Size("binary_data_size"));
        if (size is null)
        {
            if (tail.Length > 0) throw ProtocolException.Bad("body", "bytes after the JSON", "none without binary_data_size", $"{tail.Length}");
            rows.ReadData(input.Get("data", JsonValueKind.Array), "inputs[0].data");
        }
        else
        {
            var filled = count * model.Features * sizeof(float);
            if (input.Has("data")) throw ProtocolException.Bad("inputs[0]", "both data and binary_data_size", "one of them", "two");
            if (size != tail.Length) throw ProtocolException.Bad(SizeField, "not what follows the JSON (see Inference-Header-Content-Length)", $"{tail.Length} bytes", "another number");
            if (size != filled) throw ProtocolException.Bad(SizeField, "does not fill the shape", $"{filled} bytes", $"{size}");
            rows.ReadBinary(tail, "inputs[0]");
        }

        if (rows.Rows != count) throw ProtocolException.Bad("inputs[0].data", "does not fill the shape", $"{count} rows of {model.Features} values", $"{rows.Rows} rows");
    }

    /// <summary>[rows, features]; gives the rows.</summary>
    private static long ReadShape(JsonElement shape, int features)
    {
        const string Place = "inputs[0].shape";
        var sizes = new List<long>();
        foreach (var dimension in shape.EnumerateArray())
        {
            if (dimension.ValueKind != JsonValueKind.Number) StrictJson.Check(dimension, JsonValueKind.Number, $"{Place}[{sizes.Count}]");
            sizes.Add(dimension.TryGetInt64(out var size) && size >= 0 ? size : throw ProtocolException.Bad($"{Place}[{sizes.Count}]", "not a dimension", "a whole number from 0 to 2^63 - 1", "another number"));
        }

        if (sizes.Count != 2 || sizes[1] != features || sizes[0] == 0)
            throw ProtocolException.Bad(Place, "wrong shape", $"[n, {features}] with n of at least 1", sizes.Count != 2 ? $"{sizes.Count} dimensions" : $"[{sizes[0]}, {sizes[1]}]");
        return sizes[0] <= long.MaxValue / features / sizeof(float) ? sizes[0] : throw ProtocolException.Bad(Place, "overflows", "fewer bytes than 2^63", "more");
    }

    private static RequestedOutput ReadOutput(JsonElement value, List<RequestedOutput> before, ModelSignature model, bool binary)
    {
        var place = $"outputs[{before.Count}]";
        var output = new StrictJson(value, place, "name", "parameters");
        var name = output.Text("name");
        var index = model.Outputs.Index().FirstOrDefault(o => o.Item.Name == name, (-1, null!)).Index;
        if (index < 0) throw ProtocolException.Bad(place + ".name", "unknown output", string.Join(" or ", model.Outputs.Select(o => o.Name)), "another name");
        if (before.Exists(o => o.Index == index)) throw ProtocolException.Bad(place + ".name", "duplicate output", "each output once", "one again");
        return new RequestedOutput(index, output.Flag("binary_data") ?? binary);
    }
}
