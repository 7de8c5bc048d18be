using System.Buffers;
using Microsoft.AspNetCore.Http;
using PortfolioProject.Protocol;

namespace PortfolioProject.Server;

/// <summary>A whole request body, whatever its media type, in memory lent by the pool until <see cref="Dispose"/>.</summary>
public readonly struct Body : IDisposable
{
    private readonly byte[] _bytes;
    private readonly int _length;

    private Body(byte[] bytes, int length) => (_bytes, _length) = (bytes, length);

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, _length);

    /// <exception cref="ProtocolException">413: longer than the limit, as declared or as it came. 415: compressed. 408: not whole before the deadline.</exception>
    public static async ValueTask<Body> ReadAsync(HttpContext http, int limit, Deadline deadline)
    {
        if (http.Request.ContentLength > limit) throw TooLong(limit);
        if (http.Request.Headers.ContentEncoding.Count > 0 && http.Request.Headers.ContentEncoding != "identity")
            throw new ProtocolException(415, "Content-Encoding", "not supported", "none", "one");
        var reader = http.Request.BodyReader;
        while (true)
        {
            if (!reader.TryRead(out var read))
            {
                try { read = await reader.ReadAsync(deadline.Token); }
                catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested) { throw new ProtocolException(408, "body", "came too slowly"); }
            }

            var (buffer, tooLong) = (read.Buffer, read.Buffer.Length > limit);
            if (read.IsCompleted && !tooLong)
            {
                var body = new Body(ArrayPool<byte>.Shared.Rent((int)buffer.Length), (int)buffer.Length);
                buffer.CopyTo(body._bytes);
                reader.AdvanceTo(buffer.End);
                return body;
            }

            reader.AdvanceTo(tooLong ? buffer.End : buffer.Start, buffer.End);
            if (tooLong) throw TooLong(limit);
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);

    private static ProtocolException TooLong(int limit) => new(413, "body", "too large", $"at most {limit} bytes", "more");
}
