using System.IO.Pipelines;

namespace PortfolioProject.Server;

/// <summary>A whole request body, whatever its media type, in memory lent by the pool until <see cref="Dispose"/>.</summary>
public readonly struct Body : IDisposable
{
    private const int ObjectBytes = 4096;
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerOptions.Strict) { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private readonly byte[] _bytes;
    private readonly int _length;

    private Body(in ReadOnlySequence<byte> content)
    {
        (_bytes, _length) = (ArrayPool<byte>.Shared.Rent((int)content.Length), (int)content.Length);
        content.CopyTo(_bytes);
    }

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, _length);

    /// <summary>Cancelled when the time is up or the caller has gone.</summary>
    public static CancellationTokenSource Deadline(HttpContext http, int milliseconds)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        source.CancelAfter(milliseconds);
        return source;
    }

    /// <exception cref="ProtocolException">413: longer than the limit, as declared or as it came. 415: compressed. 408: not whole before the deadline.</exception>
    public static async ValueTask<Body> ReadAsync(HttpContext http, int limit, CancellationToken deadline)
    {
        var (request, reader) = (http.Request, http.Request.BodyReader);
        if (request.ContentLength > limit) throw TooLong(limit);
        if (request.Headers.ContentEncoding.Count > 0 && request.Headers.ContentEncoding != "identity") throw ProtocolException.Bad("Content-Encoding", "not supported", "none", "one", 415);
        ReadResult read;
        try { read = await reader.ReadAtLeastAsync(limit + 1, deadline); }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested) { throw new ProtocolException(408, "body: came too slowly"); }
        catch (IOException e) when (e is not (ConnectionResetException or BadHttpRequestException)) { throw new ProtocolException(400, "body: not framed as HTTP has it"); }
        try { return read.Buffer.Length <= limit ? new Body(read.Buffer) : throw TooLong(limit); }
        finally { reader.AdvanceTo(read.Buffer.End); }
    }

    /// <summary>Reads a small object strictly: an unknown, repeated, missing or mistyped member is a 400 that shows what was expected. No body at all is an empty object.</summary>
    public static async Task<T> ReadObjectAsync<T>(HttpContext http, int milliseconds, string expected)
    {
        using var deadline = Deadline(http, milliseconds);
        using var body = await ReadAsync(http, ObjectBytes, deadline.Token);
        try { return JsonSerializer.Deserialize<T>(body._length == 0 ? "{}"u8 : body.Memory.Span, Strict) ?? throw new JsonException(); }
        catch (JsonException) { throw ProtocolException.Bad("body", "not understood", expected, "something else"); }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);

    private static ProtocolException TooLong(int limit) => ProtocolException.Bad("body", "too large", $"at most {limit} bytes", "more", 413);
}
