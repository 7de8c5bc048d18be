using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PortfolioProject.Bench;

/// <summary>One keep-alive HTTP/1.1 connection that sends the same bytes again and again; it reads of an answer only its status and its length, to cost little beside the server.</summary>
internal sealed class LoadConnection : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _request, _answer = new byte[1 << 18];

    public LoadConnection(Uri server, byte[] request)
    {
        _request = request;
        _socket.Connect(IPAddress.Loopback, server.Port);
    }

    /// <summary>The bytes of a POST with these headers and body.</summary>
    public static byte[] Post(string path, string headers, byte[] body) =>
        [.. Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: localhost\r\n{headers}Content-Length: {body.Length}\r\n\r\n"), .. body];

    /// <summary>Sends the request and reads the whole answer: its status. An answer has to tell its length.</summary>
    public async ValueTask<int> ExchangeAsync(CancellationToken cancel)
    {
        for (var sent = 0; sent < _request.Length;) sent += await _socket.SendAsync(_request.AsMemory(sent), cancel);
        for (var have = 0; ;)
        {
            var read = await _socket.ReceiveAsync(_answer.AsMemory(have), cancel);
            if (read == 0) throw new IOException("the server closed the connection");
            if (Status(_answer.AsSpan(0, have += read)) is { } status) return status;
        }
    }

    public void Dispose() => _socket.Dispose();

    private static int? Status(ReadOnlySpan<byte> answer)
    {
        var name = "\r\nContent-Length: "u8;
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0) return null;
        if (answer[..head].IndexOf(name) is var at && (at < 0 || !Utf8Parser.TryParse(answer[(at + name.Length)..], out int length, out _))) throw new IOException("an answer without its length");
        return answer.Length >= head + 4 + length && Utf8Parser.TryParse(answer["HTTP/1.1 ".Length..], out int status, out _) ? status : null;
    }
}
