namespace PortfolioProject.Protocol;

/// <summary>Writes the response to an inference request: JSON, followed by the outputs that were asked for as binary data, in the same order.</summary>
public static class InferenceResponse
{
    private static readonly JsonWriterOptions Options = new() { SkipValidation = true };

    /// <param name="probabilities">Row-major, [rows, classes], finite.</param>
    /// <returns>The length of the JSON if binary data follows it (the header Inference-Header-Content-Length), else null.</returns>
    public static int? Write(ArrayBufferWriter<byte> body, ModelSignature model, InferenceRequest request, ReadOnlySpan<float> probabilities)
    {
        var tail = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(body, Options);
        json.WriteStartObject();
        json.WriteString("model_name"u8, model.Name);
        json.WriteString("model_version"u8, model.Version);
        if (request.Id is not null) json.WriteString("id"u8, request.Id);
        json.WriteStartArray("outputs"u8);
        foreach (var output in request.Outputs) WriteOutput(json, tail, model, output, probabilities);
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        if (tail.WrittenCount == 0) return null;
        var length = body.WrittenCount;
        body.Write(tail.WrittenSpan);
        return length;
    }

    private static void WriteOutput(Utf8JsonWriter json, ArrayBufferWriter<byte> tail, ModelSignature model, RequestedOutput output, ReadOnlySpan<float> probabilities)
    {
        var (spec, classes) = (model.Outputs[output.Index], model.Classes.Count);
        var isLabel = spec.Datatype == "BYTES";
        json.WriteStartObject();
        json.WriteString("name"u8, spec.Name);
        json.WriteString("datatype"u8, spec.Datatype);
        json.WriteStartArray("shape"u8);
        json.WriteNumberValue(probabilities.Length / classes);
        if (!isLabel) json.WriteNumberValue(classes);
        json.WriteEndArray();
        if (output.Binary)
        {
            var before = tail.WrittenCount;
            if (!isLabel) tail.Write(MemoryMarshal.AsBytes(probabilities));
            for (var at = 0; isLabel && at < probabilities.Length; at += classes) tail.Write(model.ClassElements[Bundle.Likeliest(probabilities.Slice(at, classes))]);
            json.WriteStartObject("parameters"u8);
            json.WriteNumber("binary_data_size"u8, tail.WrittenCount - before);
            json.WriteEndObject();
        }
        else
        {
            json.WriteStartArray("data"u8);
            for (var at = 0; isLabel && at < probabilities.Length; at += classes) json.WriteStringValue(model.ClassTexts[Bundle.Likeliest(probabilities.Slice(at, classes))]);
            for (var i = 0; !isLabel && i < probabilities.Length; i++) json.WriteNumberValue(probabilities[i]);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
