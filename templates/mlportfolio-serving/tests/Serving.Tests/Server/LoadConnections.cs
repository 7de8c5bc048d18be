using System.Net.Sockets;
using System.Text;

namespace PortfolioProject.Serving.Tests;

/// <summary>
/// Callers that keep a connection each and send one request after the other, until the server refuses a new connection or the caller is told
/// to stop. A request is lost when a connection that took it gave no whole answer of 200.
/// </summary>
internal sealed class LoadConnections
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _callers;
    private int _answered, _lost, _refused, _talking;
    private string? _problem;

    public LoadConnections(int port, int count, string path, string body)
    {
        var request = Encoding.UTF8.GetBytes($"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
        _callers = [.. Enumerable.Range(0, count).Select(_ => Task.Run(() => CallAsync(port, request)))];
    }

    public int Answered => Volatile.Read(ref _answered);

    /// <summary>Connections that have had an answer.</summary>
    public int Talking => Volatile.Read(ref _talking);

    public int Lost => Volatile.Read(ref _lost);

    public int Refused => Volatile.Read(ref _refused);

    public string? Problem => Volatile.Read(ref _problem);

    /// <summary>All callers have been refused, or told to stop.</summary>
    public Task Ended => Task.WhenAll(_callers);

    public void Stop() => _stop.Cancel();

    private async Task CallAsync(int port, byte[] request)
    {
        while (!_stop.IsCancellationRequested)
        {
            using var client = new TcpClient { NoDelay = true };
            try { await client.ConnectAsync("127.0.0.1", port); }
            catch (SocketException)
            {
                Interlocked.Increment(ref _refused);
                return;
            }

            if (!await TalkAsync(client.GetStream(), request)) return;
        }
    }

    /// <summary>False: a request was lost.</summary>
    private async Task<bool> TalkAsync(NetworkStream stream, byte[] request)
    {
        for (var first = true; !_stop.IsCancellationRequested; first = false)
        {
            var head = "";
            try
            {
                await stream.WriteAsync(request);
                head = await ReadAsync(stream);
            }
            catch (IOException e) { head = e.Message; }
            if (!head.StartsWith("HTTP/1.1 200 OK", StringComparison.Ordinal))
            {
                Volatile.Write(ref _problem, head.Length == 0 ? "closed without an answer" : head);
                Interlocked.Increment(ref _lost);
                return false;
            }

            Interlocked.Increment(ref _answered);
            if (first) Interlocked.Increment(ref _talking);
            if (head.Contains("Connection: close", StringComparison.OrdinalIgnoreCase)) return true;
        }

        return true;
    }

    /// <summary>Head and whole body; empty: cut off.</summary>
    private static async Task<string> ReadAsync(NetworkStream stream)
    {
        var (bytes, buffer) = (new List<byte>(), new byte[8192]);
        while (true)
        {
            var read = await stream.ReadAsync(buffer);
            if (read == 0) return "";
            bytes.AddRange(buffer[..read]);
            var text = Encoding.Latin1.GetString([.. bytes]);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end < 0) continue;
            var length = text[..end].Split("\r\n").First(h => h.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)).Split(':')[1];
            if (text.Length >= end + 4 + int.Parse(length)) return text[..end];
        }
    }
}
