namespace PortfolioProject.Protocol;

/// <summary>Reads the JSON of an inference request in one pass; members may come in any order.</summary>
internal sealed class RequestReader(RowBuffer rows, ModelSignature model)
{
    private static readonly FieldSet RequestFields = new("id", "parameters", "inputs", "outputs", "model_name", "model_version");
    private static readonly FieldSet InputFields = new("name", "shape", "datatype", "parameters", "data");
    private static readonly FieldSet OutputFields = new("name", "parameters");

    private long? _binarySize;
    private long _shapeRows;

    /// <param name="tail">The bytes after the JSON: the binary data of the input, if it is sent so.</param>
    public InferenceRequest Read(Utf8JsonReader json, ReadOnlySpan<byte> tail)
    {
        var (id, binary, outputs) = ((string?)null, false, (List<(int Index, bool? Binary)>?)null);
        var fields = new Fields(RequestFields, "");
        while (fields.Next(ref json, out var field))
        {
            if (field == 0) id = StrictJson.Text(ref json, "id");
            else if (field == 1) binary = ReadParameters(ref json, "parameters", "binary_data_output", isSize: false) == 1;
            else if (field == 2) ReadInputs(ref json);
            else if (field == 3) outputs = ReadOutputs(ref json);
            else StrictJson.Constant(ref json, RequestFields.Names[field], field == 4 ? model.Name : model.Version);
        }

        json.Read();
        fields.Require(2);
        TakeBinary(tail);
        if (rows.Rows != _shapeRows) throw ProtocolException.Bad("inputs[0].data", "does not fill the shape", $"{_shapeRows} rows of {model.Features} values", $"{rows.Rows} rows");
        return new InferenceRequest(rows, id, outputs is null or [] ? model.AllOutputs(binary) : [.. outputs.Select(o => new RequestedOutput(o.Index, o.Binary ?? binary))]);
    }

    private void ReadInputs(ref Utf8JsonReader json)
    {
        StrictJson.Enter(ref json, JsonTokenType.StartArray, "inputs");
        json.Read();
        if (json.TokenType == JsonTokenType.EndArray) throw ProtocolException.Bad("inputs", "missing tensor", $"one ({model.Input.Name})", "none");
        StrictJson.Check(ref json, JsonTokenType.StartObject, "inputs[0]");
        ReadInput(ref json);
        json.Read();
        if (json.TokenType != JsonTokenType.EndArray) throw ProtocolException.Bad("inputs", "unknown or duplicate tensor", $"one ({model.Input.Name})", "more");
    }

    private void ReadInput(ref Utf8JsonReader json)
    {
        var fields = new Fields(InputFields, "inputs", 0);
        while (fields.Next(ref json, out var field))
        {
            if (field == 0) StrictJson.Constant(ref json, "inputs[0].name", model.Input.Name);
            else if (field == 1) _shapeRows = ReadShape(ref json, "inputs[0].shape");
            else if (field == 2) StrictJson.Constant(ref json, "inputs[0].datatype", model.Input.Datatype);
            else if (field == 3) _binarySize = ReadParameters(ref json, "inputs[0].parameters", "binary_data_size", isSize: true);
            else rows.ReadData(ref json, "inputs[0].data");
        }

        for (var required = 0; required < 3; required++) fields.Require(required);
        if (_binarySize is null) fields.Require(4);
        else if (fields.Saw(4)) throw ProtocolException.Bad("inputs[0]", "both data and binary_data_size", "one of them", "two");
    }

    /// <summary>[rows, features]; gives the rows.</summary>
    private long ReadShape(ref Utf8JsonReader json, string path)
    {
        StrictJson.Enter(ref json, JsonTokenType.StartArray, path);
        var (rank, count, columns) = (0, 0L, 0L);
        for (json.Read(); json.TokenType != JsonTokenType.EndArray; json.Read(), rank++)
        {
            StrictJson.Check(ref json, JsonTokenType.Number, $"{path}[{rank}]");
            if (!json.TryGetInt64(out var dimension) || dimension < 0)
                throw ProtocolException.Bad($"{path}[{rank}]", "not a dimension", "a whole number from 0 to 2^63 - 1", "another number");
            (count, columns) = rank == 0 ? (dimension, 0) : (count, rank == 1 ? dimension : columns);
        }

        if (rank != 2 || columns != model.Features || count == 0)
            throw ProtocolException.Bad(path, "wrong shape", $"[n, {model.Features}] with n of at least 1", rank != 2 ? $"{rank} dimensions" : $"[{count}, {columns}]");
        return count <= long.MaxValue / columns / sizeof(float) ? count : throw ProtocolException.Bad(path, "overflows", "fewer bytes than 2^63", "more");
    }

    private List<(int, bool?)> ReadOutputs(ref Utf8JsonReader json)
    {
        StrictJson.Enter(ref json, JsonTokenType.StartArray, "outputs");
        var outputs = new List<(int Index, bool? Binary)>();
        for (json.Read(); json.TokenType != JsonTokenType.EndArray; json.Read())
        {
            var fields = new Fields(OutputFields, "outputs", outputs.Count);
            StrictJson.Check(ref json, JsonTokenType.StartObject, fields.Path());
            var (index, binary) = (-1, (bool?)null);
            while (fields.Next(ref json, out var field))
            {
                if (field == 0) index = IndexOfOutput(StrictJson.Text(ref json, fields.Path(0)), fields.Path(0));
                else if (ReadParameters(ref json, fields.Path(1), "binary_data", isSize: false) is { } flag) binary = flag == 1;
            }

            fields.Require(0);
            if (outputs.Any(o => o.Index == index)) throw ProtocolException.Bad(fields.Path(0), "duplicate output", "each output once", "one again");
            outputs.Add((index, binary));
        }

        return outputs;
    }

    private int IndexOfOutput(string name, string path)
    {
        for (var i = 0; i < model.Outputs.Count; i++)
            if (model.Outputs[i].Name == name) return i;
        throw ProtocolException.Bad(path, "unknown output", string.Join(" or ", model.Outputs.Select(o => o.Name)), "another name");
    }

    /// <summary>Reads a parameters object; gives the value of <paramref name="known"/> (a size, or a flag as 0 or 1), null without it. Others are let pass.</summary>
    private static long? ReadParameters(ref Utf8JsonReader json, string path, string known, bool isSize)
    {
        StrictJson.Enter(ref json, JsonTokenType.StartObject, path);
        var (value, names) = ((long?)null, new HashSet<string>());
        for (json.Read(); json.TokenType != JsonTokenType.EndObject; json.Read())
        {
            var name = json.GetString()!;
            if (!names.Add(name)) throw ProtocolException.Bad(path, "duplicate parameter", "each name once", "one again");
            json.Read();
            var flag = json.TokenType is JsonTokenType.True or JsonTokenType.False;
            if (!flag && json.TokenType is not (JsonTokenType.String or JsonTokenType.Number))
                throw ProtocolException.Bad(path, "not a parameter", "a string, a number or a boolean", StrictJson.NameOf(json.TokenType));
            if (name != known) continue;
            if (flag && !isSize) value = json.TokenType == JsonTokenType.True ? 1 : 0;
            else if (isSize && json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var size) && size >= 0) value = size;
            else throw ProtocolException.Bad($"{path}.{known}", "wrong value", isSize ? "a number of bytes" : "true or false", "something else");
        }

        return value;
    }

    private void TakeBinary(ReadOnlySpan<byte> tail)
    {
        const string Size = "inputs[0].parameters.binary_data_size";
        if (_binarySize is null && tail.Length > 0) throw ProtocolException.Bad("body", "bytes after the JSON", "none without binary_data_size", $"{tail.Length}");
        if (_binarySize is not { } size) return;
        if (size != tail.Length) throw ProtocolException.Bad(Size, "not what follows the JSON (see Inference-Header-Content-Length)", $"{tail.Length} bytes", "another number");
        var filled = _shapeRows * model.Features * sizeof(float);
        if (size != filled) throw ProtocolException.Bad(Size, "does not fill the shape", $"{filled} bytes", $"{size}");
        rows.ReadBinary(tail, "inputs[0]");
    }
}
