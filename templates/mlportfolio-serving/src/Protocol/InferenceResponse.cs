using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using PortfolioProject.Modeling;

namespace PortfolioProject.Protocol;

/// <summary>Writes the response to an inference request: JSON, followed by the outputs that were asked for as binary data, in the same order.</summary>
public static class InferenceResponse
{
    private static readonly JsonWriterOptions Options = new() { SkipValidation = true };

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    /// <param name="probabilities">Row-major, [rows, classes], finite.</param>
    /// <returns>The length of the JSON if binary data follows it (the header Inference-Header-Content-Length), else null.</returns>
    public static int? Write(ArrayBufferWriter<byte> body, ModelSignature model, InferenceRequest request, ReadOnlySpan<float> probabilities)
    {
        var writer = _writer ??= new Utf8JsonWriter(body, Options);
        writer.Reset(body);
        writer.WriteStartObject();
        writer.WriteString("model_name"u8, model.Name);
        writer.WriteString("model_version"u8, model.Version);
        if (request.Id is not null) writer.WriteString("id"u8, request.Id);
        writer.WriteStartArray("outputs"u8);
        var binary = false;
        foreach (var output in request.Outputs)
        {
            WriteOutput(writer, model, output, probabilities);
            binary |= output.Binary;
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        if (!binary) return null;
        var length = body.WrittenCount;
        foreach (var output in request.Outputs)
            if (output.Binary) WriteBinary(body, model, output, probabilities);
        return length;
    }

    private static bool IsLabel(TensorSpec output) => output.Datatype == "BYTES";

    private static void WriteOutput(Utf8JsonWriter writer, ModelSignature model, RequestedOutput output, ReadOnlySpan<float> probabilities)
    {
        var (spec, classes) = (model.Outputs[output.Index], model.Classes.Count);
        writer.WriteStartObject();
        writer.WriteString("name"u8, spec.Name);
        writer.WriteString("datatype"u8, spec.Datatype);
        writer.WriteStartArray("shape"u8);
        writer.WriteNumberValue(probabilities.Length / classes);
        if (!IsLabel(spec)) writer.WriteNumberValue(classes);
        writer.WriteEndArray();
        if (output.Binary)
        {
            writer.WriteStartObject("parameters"u8);
            writer.WriteNumber("binary_data_size"u8, BinarySize(model, spec, probabilities));
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteStartArray("data"u8);
            if (IsLabel(spec))
                for (var at = 0; at < probabilities.Length; at += classes) writer.WriteStringValue(model.ClassTexts[ModelSignature.Likeliest(probabilities.Slice(at, classes))]);
            else
                foreach (var probability in probabilities) writer.WriteNumberValue(probability);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static int BinarySize(ModelSignature model, TensorSpec spec, ReadOnlySpan<float> probabilities)
    {
        if (!IsLabel(spec)) return probabilities.Length * sizeof(float);
        var (size, classes) = (0, model.Classes.Count);
        for (var at = 0; at < probabilities.Length; at += classes) size += sizeof(uint) + model.ClassBytes[ModelSignature.Likeliest(probabilities.Slice(at, classes))].Length;
        return size;
    }

    private static void WriteBinary(ArrayBufferWriter<byte> body, ModelSignature model, RequestedOutput output, ReadOnlySpan<float> probabilities)
    {
        var (isLabel, classes) = (IsLabel(model.Outputs[output.Index]), model.Classes.Count);
        if (!isLabel) body.Write(MemoryMarshal.AsBytes(probabilities));
        for (var at = 0; isLabel && at < probabilities.Length; at += classes)
        {
            var name = model.ClassBytes[ModelSignature.Likeliest(probabilities.Slice(at, classes))];
            BinaryPrimitives.WriteInt32LittleEndian(body.GetSpan(sizeof(int)), name.Length);
            body.Advance(sizeof(int));
            body.Write(name);
        }
    }
}
