using System.Diagnostics;
using System.Text;
using PortfolioProject.Evaluation;

namespace PortfolioProject.Models.Tests;

/// <summary>The program as a user runs it, against an endpoint that fails a fifth of the time: 320 questions, two prompts, three repeats.</summary>
public sealed class BigRunTests : IDisposable
{
    private const int Questions = 320, Repeats = 3, Calls = 2 * Repeats * Questions, Tries = 10, Parallel = 16, Broken = 13;
    private static readonly Fault[] Passing = [Fault.TooMany, Fault.Error500, Fault.Unavailable503, Fault.Reset, Fault.ResetInBody, Fault.TruncatedJson, Fault.Html];
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory.Replace(Path.Combine("tests", "Models.Tests"), Path.Combine("src", "Cli")), typeof(EvaluationRun).Assembly.GetName().Name![..^nameof(Evaluation).Length] + "Cli.dll");
    private readonly Bench _bench = new();
    private readonly StringBuilder _printed = new();

    public void Dispose() => _bench.Dispose();

    private static int Pump(string question) => int.Parse(question.Split(' ')[5]);

    private static string Question(int pump) => $"At what pressure does pump {pump} start?";

    private Process Start(string? trace, params string[] arguments)
    {
        var info = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [Program, .. arguments, "--verbose"])
        {
            WorkingDirectory = _bench.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [Bench.KeyVariable] = Bench.Key },
        };
        if (trace is not null) (info.Environment["DOTNET_EnableEventPipe"], info.Environment["DOTNET_EventPipeConfig"], info.Environment["DOTNET_EventPipeOutputPath"]) = ("1", "System.Net.Sockets:0xffffffffffffffff:5", Path.Combine(_bench.Root, trace));
        var process = Process.Start(info)!;
        void Keep(object sender, DataReceivedEventArgs e) { lock (_printed) _printed.AppendLine(e.Data); }
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private async Task<int> RunAsync(string? trace, params string[] arguments)
    {
        using var process = Start(trace, arguments);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(5));
        return process.ExitCode;
    }

    private async Task UntilAsync(Func<bool> holds, string what)
    {
        for (var begin = Stopwatch.GetTimestamp(); !holds(); await Task.Delay(20))
            Assert.True(Stopwatch.GetElapsedTime(begin) < TimeSpan.FromMinutes(2), $"waited in vain until {what}; printed: {Printed()}");
    }

    private Run Newest() => RunStore.NewestComplete(_bench.Root, "main")!;

    private string Printed() { lock (_printed) return _printed.ToString(); }

    private string CasesOf(Run run) => File.ReadAllText(Path.Combine(run.Folder, "cases.jsonl"));

    [Fact]
    public async Task Killed_and_resumed_with_a_fifth_of_answers_failing_no_case_is_lost_no_call_is_paid_twice_and_tokens_and_cost_are_exact()
    {
        var (faults, repaired) = (0, false);
        await using var server = await ProtocolServer.StartAsync(answer: q => ProtocolServer.Reply(true, $"{Pump(q)}.5 bar", [1], ""), fault: (question, attempt) =>
        {
            var (pump, draw) = (Pump(question), new RandomStream(Pump(question), attempt));
            if (pump == Broken) return repaired ? null : Fault.Error500;
            if (draw.Unit() >= 0.2) return null;
            Interlocked.Increment(ref faults);
            return Passing[draw.Below(Passing.Length)];
        });
        var gate = new TaskCompletionSource();
        server.Hold = gone => gate.Task.WaitAsync(gone);
        _bench.WriteEvaluation(server.BaseUrl, Questions, Repeats, $"timeout_seconds: 100\nfirst_delay_seconds: 0.001\nmax_delay_seconds: 0.01\nmax_tries: {Tries}\nmax_parallel: {Parallel}\n");

        // Sixteen calls are in flight at once; then they flow until about a third is paid for, and wait again: what was answered is kept, and the process is killed.
        using (var first = Start(null, "run", "--cassettes", "record"))
        {
            await UntilAsync(() => server.Held == Parallel, "sixteen calls wait at once");
            var second = new TaskCompletionSource();
            server.Hold = gone => server.Paid.Values.Sum() < Calls / 3 ? Task.CompletedTask : second.Task.WaitAsync(gone);
            gate.SetResult();
            await UntilAsync(() => server.Held == Parallel, "every call waits");
            first.Kill(entireProcessTree: true);
            await first.WaitForExitAsync(TestContext.Current.CancellationToken);
            await UntilAsync(() => server.Held == 0, "the server noticed");
            second.SetResult();
        }
        var paid = server.Paid.Values.Sum();
        Assert.InRange(paid, Calls / 3, (Calls / 3) + Parallel);
        Assert.Equal(paid, _bench.Files.Count(f => f.EndsWith(".json", StringComparison.Ordinal)));

        Assert.Equal(0, await RunAsync(null, "run", "--cassettes", "record", "--resume"));
        var run = Newest();
        Assert.Single(Directory.GetDirectories(Path.Combine(_bench.Root, "runs")));
        Assert.Equal(2 * Questions, run.Cases.Count);
        Assert.Equal([$"q{Broken}", $"q{Broken}"], run.Cases.Where(c => c.Outcome == "InfraError").Select(c => c.Case));
        Assert.All(run.Cases.Where(c => c.Case != $"q{Broken}"), c => Assert.Equal(("Correct", 1.0), (c.Outcome, c.Values["pass^3"])));
        Assert.Equal(Questions - 1, server.Paid.Count);
        Assert.All(server.Paid.Values, times => Assert.Equal(2 * Repeats, times));
        Assert.Equal(Parallel, server.MaxInFlight);

        // Retries: exactly the bound where nothing ever comes back; in all, one for each fault but those of calls that the kill cut short.
        Assert.All(run.Timings.Where(t => t.Case == $"q{Broken}"), t => Assert.Equal(Repeats * (Tries - 1), t.Retries));
        Assert.InRange(server.Tries[Question(Broken)], 2 * Repeats * Tries, (2 * Repeats * Tries) + (2 * Repeats * Tries));
        Assert.InRange(faults - run.Timings.Where(t => t.Case != $"q{Broken}").Sum(t => t.Retries), 0, Parallel * (Tries - 1));
        Assert.InRange(faults / (double)(faults + (Calls - (2 * Repeats))), 0.17, 0.23);

        var tokens = Enumerable.Range(1, Questions).Where(i => i != Broken).SelectMany(i => Enumerable.Repeat(ProtocolServer.TokensOf(Question(i)), 2 * Repeats)).Aggregate((a, b) => a + b);
        var usage = run.Manifest.Resources!["models"]!.AsArray().Single().Deserialize<ModelUsage>(JsonSerializerOptions.Web)!;
        var cost = Bench.Prices.Cost("test-model", tokens);
        Assert.Equal((Calls - (2 * Repeats), 0, tokens, cost, cost), (usage.Calls, usage.Replayed, usage.Tokens, usage.CostAsRun, usage.CostAsIfLive));

        // The endpoint is mended: only what is missing is asked.
        repaired = true;
        Assert.Equal(0, await RunAsync("record.nettrace", "run", "--cassettes", "record"));
        Assert.Equal(Calls, server.Paid.Values.Sum());
        var whole = Newest();
        Assert.Equal(2 * Repeats, whole.Manifest.Resources!["models"]!.AsArray().Single()!["calls"]!.GetValue<int>() - whole.Manifest.Resources["models"]![0]!["replayed"]!.GetValue<int>());

        var (requests, connections) = (server.Requests, server.Connections);
        Assert.Equal(0, await RunAsync("replay.nettrace", "run"));
        Assert.Equal((requests, connections), (server.Requests, server.Connections));
        Assert.Equal(CasesOf(whole), CasesOf(Newest()));
        Assert.NotEqual(whole.Manifest.Id, Newest().Manifest.Id);
        bool Connected(string trace) => File.ReadAllBytes(Path.Combine(_bench.Root, trace)).AsSpan().IndexOf(Encoding.Unicode.GetBytes("ConnectStart")) >= 0;
        Assert.True(Connected("record.nettrace"), "the trace of a run that connects must show it");
        Assert.False(Connected("replay.nettrace"), "replay-or-fail opened a socket");

        // A changed prompt makes its own cassettes stale, and check names each.
        _bench.Write("prompts/ask-v2.md", File.ReadAllText(Path.Combine(_bench.Root, "prompts/ask-v2.md")).Replace("briefly", "in one word"));
        lock (_printed) _printed.Append("<<check>>");
        Assert.Equal(0, await RunAsync(null, "check", "--format", "json"));
        var stale = JsonNode.Parse(Printed().Split("<<check>>")[1])!.AsArray().Where(r => (string?)r!["check"] == "cassettes").Select(r => (Result: (string)r!["result"]!, Detail: (string)r["detail"]!)).ToList();
        Assert.Equal(Calls / 2, stale.Count);
        Assert.All(stale, s => Assert.Equal("warning", s.Result));
        Assert.All(stale, s => Assert.Contains(".json: stale, ask-v2@", s.Detail));
        Assert.Equal(Calls / 2, stale.Select(s => s.Detail[(s.Detail.IndexOf("repeat", StringComparison.Ordinal))..]).Distinct().Count());

        Assert.Contains("***", CasesOf(run)); // the endpoint's error repeated the key
        Assert.DoesNotContain(Bench.Key, Printed());
        Assert.All(Directory.GetFiles(_bench.Root, "*", SearchOption.AllDirectories), f => Assert.True(File.ReadAllBytes(f).AsSpan().IndexOf(Encoding.UTF8.GetBytes(Bench.Key)) < 0 && File.ReadAllBytes(f).AsSpan().IndexOf(Encoding.Unicode.GetBytes(Bench.Key)) < 0, f));
    }
}
