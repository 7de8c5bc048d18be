namespace PortfolioProject.Protocol;

/// <summary>An output that a request wants: its index in the signature, and whether as binary data.</summary>
public readonly record struct RequestedOutput(int Index, bool Binary);

/// <summary>
/// An inference request of the Open Inference Protocol V2 with its binary tensor data extension. Values live in pooled memory until
/// <see cref="Dispose"/>. Source: kserve/open-inference-protocol (inference_rest.md) and Triton's extension_binary_data.md.
/// </summary>
public sealed class InferenceRequest : IDisposable
{
    private readonly RowBuffer _rows;

    internal InferenceRequest(RowBuffer rows, string? id, IReadOnlyList<RequestedOutput> outputs, bool isSingle = false) => (_rows, Id, Outputs, IsSingle) = (rows, id, outputs, isSingle);

    public string? Id { get; }

    public IReadOnlyList<RequestedOutput> Outputs { get; }

    /// <summary>One row that was not sent as a batch of one.</summary>
    public bool IsSingle { get; }

    public int Rows => _rows.Rows;

    /// <summary>Row-major, [Rows, features].</summary>
    public ReadOnlyMemory<float> Values => _rows.Values;

    /// <summary>
    /// Reads a request body. <paramref name="headerLength"/> is the header Inference-Header-Content-Length: null without one, 0 when the body
    /// is nothing but the input's bytes (a raw binary request, answered in binary).
    /// </summary>
    /// <exception cref="ProtocolException">The request breaks the protocol, the model's signature or a limit.</exception>
    public static InferenceRequest Parse(ReadOnlyMemory<byte> body, int? headerLength, ModelSignature model, int mostRows)
    {
        var (length, row) = (headerLength ?? body.Length, model.Features * sizeof(float));
        if (body.IsEmpty) throw ProtocolException.Bad("body", "empty", "an inference request", "no bytes");
        if (length < 0 || length > body.Length) throw ProtocolException.Bad("Inference-Header-Content-Length", "not within the body", "0 to the body's length", length < 0 ? "less" : "more");
        if (length == 0 && body.Length % row != 0) throw ProtocolException.Bad("body", "not a raw binary tensor", $"whole rows of {row} bytes", $"{body.Length} bytes");
        return Read(model, mostRows, rows =>
        {
            if (length == 0)
            {
                rows.ReadBinary(body.Span, "body");
                return new InferenceRequest(rows, null, model.AllOutputs(binary: true));
            }

            using var json = StrictJson.Open(body[..length]);
            return RequestReader.Read(json.RootElement, body.Span[length..], rows, model);
        });
    }

    /// <summary>Reads {"features": […]}, one row, or {"rows": [[…], …]}; no outputs are named.</summary>
    /// <exception cref="ProtocolException">The body is anything else.</exception>
    public static InferenceRequest ParseRows(ReadOnlyMemory<byte> body, ModelSignature model, int mostRows) => Read(model, mostRows, rows =>
    {
        using var json = StrictJson.Open(body);
        var root = new StrictJson(json.RootElement, "", "features", "rows");
        var single = root.Has("features");
        if (single == root.Has("rows")) throw ProtocolException.Bad("body", "not one of two", "features or rows", single ? "both" : "neither");
        var field = single ? "features" : "rows";
        rows.ReadData(root.Get(field, JsonValueKind.Array), field);
        if (single && rows.Rows > 1) throw ProtocolException.Bad("features", "more than one row", $"{model.Features} numbers; several rows go into rows", $"{rows.Count}");
        return new InferenceRequest(rows, null, [], single);
    });

    public void Dispose() => _rows.Dispose();

    private static InferenceRequest Read(ModelSignature model, int mostRows, Func<RowBuffer, InferenceRequest> read)
    {
        var rows = new RowBuffer(model.Features, mostRows);
        try { return read(rows); }
        catch (Exception e) when (StrictJson.Explain(e) is { } fault)
        {
            rows.Dispose();
            throw fault;
        }
    }
}
