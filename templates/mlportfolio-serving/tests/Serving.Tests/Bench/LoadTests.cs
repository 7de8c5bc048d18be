using System.Net;
using System.Net.Sockets;
using System.Text;
using PortfolioProject.Bench;
using PortfolioProject.Evidence;

namespace PortfolioProject.Serving.Tests;

public sealed class LoadTests
{
    private static readonly byte[] Request = LoadConnection.Post("/x", "", "ping"u8.ToArray());

    /// <summary>While the server stalls, requests go on falling due: an open loop charges the wait to all of them, a closed loop to the one that was under way.</summary>
    [Fact]
    public async Task A_stall_is_charged_to_every_request_that_was_due_meanwhile()
    {
        const double Stall = 500, PerSecond = 400;
        await using var open = new StubServer(stallAt: 20, TimeSpan.FromMilliseconds(Stall));
        var loaded = await LoadGenerator.OpenAsync(open.Address, Request, 1, PerSecond, TimeSpan.FromSeconds(1.2), new RandomStream(1, 0), TestContext.Current.CancellationToken);
        await using var closed = new StubServer(stallAt: 20, TimeSpan.FromMilliseconds(Stall));
        var asked = await LoadGenerator.ClosedAsync(closed.Address, Request, 1, TimeSpan.FromSeconds(1.2), TestContext.Current.CancellationToken);

        int Waited(LoadResult result) => result.Milliseconds.Count(ms => ms > Stall / 5);
        Assert.True(Waited(loaded) > PerSecond * Stall / 1000 * 0.6, $"{Waited(loaded)} of {loaded.Answered} waited");
        Assert.True(Waited(asked) < Waited(loaded) / 4, $"{Waited(asked)} of {asked.Answered} waited in a closed loop");
        Assert.True(loaded.Percentile(0.9) > Stall / 5);
    }

    [Fact]
    public async Task Arrivals_depend_on_the_seed_alone_and_every_one_is_accounted_for()
    {
        await using var server = new StubServer();
        var counts = new List<int>();
        foreach (var connections in new[] { 1, 7 })
        {
            var result = await LoadGenerator.OpenAsync(server.Address, Request, connections, 500, TimeSpan.FromSeconds(0.4), new RandomStream(3, 5), TestContext.Current.CancellationToken);
            Assert.Equal(0, result.Failed);
            counts.Add(result.Answered);
        }

        Assert.Equal(counts[0], counts[1]);
        Assert.InRange(counts[0], 140, 260);
    }

    [Fact]
    public async Task Refused_and_broken_answers_are_failures()
    {
        await using var refusing = new StubServer(status: i => i % 2 == 0 ? 503 : 200);
        var refused = await LoadGenerator.ClosedAsync(refusing.Address, Request, 2, TimeSpan.FromSeconds(0.3), TestContext.Current.CancellationToken);
        Assert.InRange(refused.Failed, refused.Answered - 2, refused.Answered + 2);
        Assert.NotEqual(0, refused.Failed);

        await using var hanging = new StubServer(status: i => i % 3 == 0 ? 0 : 200);
        var broken = await LoadGenerator.ClosedAsync(hanging.Address, Request, 1, TimeSpan.FromSeconds(0.3), TestContext.Current.CancellationToken);
        Assert.InRange(broken.Failed, (broken.Answered / 2) - 1, (broken.Answered / 2) + 1);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200)]
    [InlineData("HTTP/1.1 503 Busy\r\nx: y\r\nContent-Length: 0\r\n\r\n", 503)]
    public async Task An_answer_is_whole_only_at_its_end_however_it_is_cut(string answer, int status)
    {
        for (var cut = 1; cut < answer.Length; cut++)
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            using var connection = new LoadConnection(new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"), Request);
            using var peer = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
            peer.NoDelay = true;
            var exchange = connection.ExchangeAsync(TestContext.Current.CancellationToken).AsTask();
            await peer.SendAsync(Encoding.ASCII.GetBytes(answer[..cut]), TestContext.Current.CancellationToken);
            await Task.Delay(2, TestContext.Current.CancellationToken);
            Assert.False(exchange.IsCompleted, answer[..cut]);
            await peer.SendAsync(Encoding.ASCII.GetBytes(answer[cut..]), TestContext.Current.CancellationToken);
            Assert.Equal(status, await exchange);
        }
    }

    /// <summary>Answers each request with a status; 0 closes the connection instead. One request, counted over all connections, is held back for a while.</summary>
    private sealed class StubServer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Func<int, int> _status;
        private readonly (int At, TimeSpan Length) _stall;
        private readonly Task _accepting;
        private int _count = -1;

        public StubServer(int stallAt = -1, TimeSpan stall = default, Func<int, int>? status = null)
        {
            (_status, _stall) = (status ?? (_ => 200), (stallAt, stall));
            _listener.Start();
            _accepting = AcceptAsync();
        }

        public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            await _accepting;
        }

        private async Task AcceptAsync()
        {
            try
            {
                for (; ; ) _ = AnswerAsync(await _listener.AcceptSocketAsync());
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }

        private async Task AnswerAsync(Socket socket)
        {
            using var held = socket;
            socket.NoDelay = true;
            var buffer = new byte[Request.Length];
            while (await ReadAsync(socket, buffer))
            {
                var number = Interlocked.Increment(ref _count);
                if (number == _stall.At) await Task.Delay(_stall.Length);
                if (_status(number) == 0) return;
                await socket.SendAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {_status(number)} X\r\nContent-Length: 2\r\n\r\nok"));
            }
        }

        private static async Task<bool> ReadAsync(Socket socket, byte[] buffer)
        {
            for (var have = 0; have < buffer.Length;)
            {
                var read = await socket.ReceiveAsync(buffer.AsMemory(have));
                if (read == 0) return false;
                have += read;
            }

            return true;
        }
    }
}
