using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using PortfolioProject.Monitoring;

namespace PortfolioProject.Serving.Tests;

public sealed class PredictionLogTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly OperationsSample _sample = new();

    private string Logs => Path.Combine(_sample.Folder, "logs");

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void A_record_is_one_plain_line_and_is_read_back_as_it_was()
    {
        var outcome = new PredictionOutcome(Guid.Parse("0199d3a0-0000-7000-8000-000000000001"), Start, "3", "canary", "a1");
        using (var log = new PredictionLog(Logs, new MonitoringConfig()))
        {
            Assert.True(log.Append(outcome, [1, -2.5f, 0, 4], ["yes \"x\"", "no"], [0.987654, 1]));
            Assert.Equal((1, 0), (log.Written, log.Lost));
        }

        Assert.Equal("{\"id\":\"0199d3a0-0000-7000-8000-000000000001\",\"at\":\"2026-03-01T12:00:00+00:00\",\"version\":\"3\",\"role\":\"canary\","
            + "\"labels\":[\"yes \\u0022x\\u0022\",\"no\"],\"confidence\":[0.9877,1],\"cluster\":\"a1\",\"inputs\":\"AACAPwAAIMAAAAAAAACAQA==\"}\n", File.ReadAllText(Directory.GetFiles(Logs).Single()));
        var read = Assert.Single(PredictionLog.Read(Logs));
        Assert.Equal((outcome.Id, Start, "3", "canary", "a1"), (read.Id, read.At, read.Version, read.Role, read.Cluster));
        Assert.Equal(["yes \"x\"", "no"], read.Labels);
        Assert.Equal([0.9877, 1], read.Confidence);
        Assert.Equal([1, -2.5f, 0, 4], MemoryMarshal.Cast<byte, float>(read.Inputs).ToArray());
    }

    [Theory]
    [InlineData(InputRetention.Kept, true, false)]
    [InlineData(InputRetention.Hashed, false, true)]
    [InlineData(InputRetention.Dropped, false, false)]
    public void Inputs_are_kept_hashed_or_dropped_as_configured(InputRetention retention, bool kept, bool hashed)
    {
        using (var log = new PredictionLog(Logs, new MonitoringConfig { Inputs = retention })) OperationsSample.Append(log, OperationsSample.Outcome(), row: [5, 6]);
        var read = Assert.Single(PredictionLog.Read(Logs));
        Assert.Equal(kept ? MemoryMarshal.AsBytes<float>([5, 6]).ToArray() : null, read.Inputs);
        Assert.Equal(hashed ? Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<float>([5, 6]))) : null, read.Sha256);
    }

    [Fact]
    public void The_log_stays_within_its_size_and_forgets_the_oldest_first()
    {
        var ids = new List<Guid>();
        using var log = new PredictionLog(Logs, new MonitoringConfig { LogMegabytes = 1 });
        for (var i = 0; i < 12_000; i++)
        {
            var outcome = OperationsSample.Outcome(Start.AddSeconds(i));
            Assert.True(OperationsSample.Append(log, outcome));
            ids.Add(outcome.Id);
        }

        Wait.Until(() => log.Bytes <= 1 << 20);
        // Deleting goes on beside: what is read is the end of what was written, and stays within the bound.
        var kept = PredictionLog.Read(Logs).Select(r => r.Id).ToList();
        Assert.InRange(kept.Count, 4_000, 11_999);
        Assert.Equal(ids[^kept.Count..], kept);
        Assert.Null(log.Find(ids[0]));
        Assert.Equal(ids[^1], log.Find(ids[^1])!.Id);
        Assert.Equal(ids[^1000], log.Find(ids[^1000])!.Id);
    }

    [Fact]
    public async Task Reading_and_searching_go_on_while_the_oldest_files_are_deleted()
    {
        using var log = new PredictionLog(Logs, new MonitoringConfig { LogMegabytes = 1 });
        var (first, stop) = (OperationsSample.Outcome(), false);
        var reader = Task.Run(() =>
        {
            while (!Volatile.Read(ref stop))
            {
                log.Find(first.Id);
                Assert.InRange(PredictionLog.Newest(Logs, 300).Count, 0, 300);
                Assert.InRange(log.Bytes, 0, 64 << 20);
            }
        }, TestContext.Current.CancellationToken);
        for (var i = 0; i < 40_000; i++) Assert.True(OperationsSample.Append(log, OperationsSample.Outcome()));
        Volatile.Write(ref stop, true);
        await reader;
        Assert.Null(log.LastError);
        Assert.Equal(300, PredictionLog.Newest(Logs, 300).Count);
    }

    [Fact]
    public void Records_older_than_the_bound_are_deleted_even_when_nothing_is_written_any_more()
    {
        Directory.CreateDirectory(Logs);
        var old = Path.Combine(Logs, PredictionLog.NameOf(DateTimeOffset.UtcNow.AddDays(-9)));
        File.WriteAllText(old, "{}\n");
        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddDays(-8));
        var young = Path.Combine(Logs, PredictionLog.NameOf(DateTimeOffset.UtcNow.AddDays(-2)));
        File.WriteAllText(young, "{}\n");
        File.WriteAllText(Path.Combine(Logs, "feedback.jsonl"), "");
        File.SetLastWriteTimeUtc(Path.Combine(Logs, "feedback.jsonl"), DateTime.UtcNow.AddDays(-80));
        using var log = new PredictionLog(Logs, new MonitoringConfig { LogDays = 7 });
        Wait.Until(() => !File.Exists(old));
        Assert.Equal([Path.Combine(Logs, "feedback.jsonl"), young], Directory.GetFiles(Logs).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Concurrent_writers_tear_no_line_and_lose_none()
    {
        using var log = new PredictionLog(Logs, new MonitoringConfig { LogMegabytes = 64 });
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            for (var i = 0; i < 2_000; i++) Assert.True(OperationsSample.Append(log, OperationsSample.Outcome(), row: new float[1 + (i % 50)]));
        });
        Assert.Equal((16_000, 16_000), (log.Written, PredictionLog.Read(Logs).DistinctBy(r => r.Id).Count()));
        Assert.Equal(16_000, Directory.GetFiles(Logs).Sum(f => File.ReadLines(f).Count()));
    }

    [Fact]
    public async Task Nothing_that_was_acknowledged_is_lost_when_the_process_is_killed()
    {
        for (var trial = 1; trial <= 3; trial++)
        {
            var folder = Path.Combine(_sample.Folder, $"killed{trial}");
            var children = Enumerable.Range(0, 2).Select(_ => ChildProcess.StartWriter(folder)).ToList();
            var acknowledged = await Task.WhenAll(children.Select(child => Task.Run(() => KillAfter(child, 2_000 * trial))));
            var kept = PredictionLog.Read(folder).Select(r => $"{r.Id}").ToHashSet();
            Assert.Equal(0, acknowledged.Sum(ids => ids.Count(id => !kept.Contains(id))));
        }

        // The last line of the pipe may be torn; an id has 36 characters.
        static List<string> KillAfter(Process child, int count)
        {
            var ids = new List<string>();
            while (ids.Count < count && child.StandardOutput.ReadLine() is { } id) ids.Add(id);
            child.Kill();
            while (child.StandardOutput.ReadLine() is { } id) ids.Add(id);
            child.Dispose();
            Assert.InRange(ids.RemoveAll(id => id.Length != 36), 0, 1);
            Assert.InRange(ids.Count, count, int.MaxValue);
            return ids;
        }
    }

    [Fact]
    public void A_torn_last_line_is_passed_over()
    {
        var outcome = OperationsSample.Outcome();
        using (var log = new PredictionLog(Logs, new MonitoringConfig()))
            for (var i = 0; i < 3; i++) OperationsSample.Append(log, i == 1 ? outcome : OperationsSample.Outcome());
        var file = Directory.GetFiles(Logs).Single();
        using (var stream = File.OpenWrite(file)) stream.SetLength(stream.Length - 5);
        using var next = new PredictionLog(Logs, new MonitoringConfig());
        Assert.Equal(2, PredictionLog.Read(Logs).Count());
        Assert.Equal(outcome.Id, next.Find(outcome.Id)!.Id);
    }

    [Fact]
    public void When_the_disk_is_full_predictions_go_on_and_each_lost_record_is_counted()
    {
        if (!File.Exists("/dev/full")) Assert.Skip("/dev/full is not here");
        var (clock, full) = (new ManualClock(Start), true);
        using var log = new PredictionLog(Logs, new MonitoringConfig(), clock, file => full
            ? File.OpenHandle("/dev/full", FileMode.Open, FileAccess.Write) : File.OpenHandle(file, FileMode.CreateNew, FileAccess.Write));
        for (var i = 0; i < 5; i++, clock.Advance(TimeSpan.FromSeconds(2))) Assert.False(OperationsSample.Append(log, OperationsSample.Outcome(clock.GetUtcNow())));
        Assert.Equal((0, 5), (log.Written, log.Lost));
        Assert.Contains("No space left", log.LastError);
        full = false;
        clock.Advance(TimeSpan.FromDays(1));
        Assert.True(OperationsSample.Append(log, OperationsSample.Outcome(clock.GetUtcNow())));
        Assert.Equal((1, 5, null), (log.Written, log.Lost, log.LastError));
    }

    [Fact]
    public void While_the_disk_is_full_it_is_tried_once_a_second_not_once_a_request()
    {
        var (clock, tries) = (new ManualClock(Start), 0);
        using var log = new PredictionLog(Logs, new MonitoringConfig(), clock, _ => throw new IOException($"try {++tries}"));
        for (var i = 0; i < 1000; i++, clock.Advance(TimeSpan.FromMilliseconds(5))) Assert.False(OperationsSample.Append(log, OperationsSample.Outcome(clock.GetUtcNow())));
        Assert.Equal((0, 1000), (log.Written, log.Lost));
        Assert.Equal(5, tries);
    }

    [Fact]
    public void A_file_system_that_fills_in_the_middle_of_a_line_spoils_no_other_line()
    {
        var disk = Path.Combine(_sample.Folder, "disk");
        Directory.CreateDirectory(disk);
        if (!Mount("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk)) Assert.Skip("a small file system cannot be mounted here (it takes root)");
        try
        {
            var (clock, answered, kept) = (new ManualClock(Start), 0, 0);
            using var log = new PredictionLog(Path.Combine(disk, "logs"), new MonitoringConfig(), clock);
            var ballast = Path.Combine(disk, "ballast");
            File.WriteAllBytes(ballast, new byte[40 << 10]);
            for (; answered < 400; answered++, clock.Advance(TimeSpan.FromSeconds(2)))
            {
                if (answered == 300) File.Delete(ballast);
                kept += OperationsSample.Append(log, OperationsSample.Outcome(clock.GetUtcNow()), row: [answered]) ? 1 : 0;
            }

            Assert.Equal((kept, 400 - kept), ((int)log.Written, (int)log.Lost));
            Assert.InRange(kept, 120, 399);
            var values = PredictionLog.Read(log.Folder).Select(r => MemoryMarshal.Cast<byte, float>(r.Inputs)[0]).ToList();
            Assert.Equal(kept, values.Count);
            Assert.Contains(350f, values);
            Assert.Equal(kept, File.ReadLines(Directory.GetFiles(log.Folder).Single()).Count());
        }
        finally { Mount("umount", disk); }

        static bool Mount(string program, params string[] arguments)
        {
            try
            {
                using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
                process.WaitForExit();
                return process.ExitCode == 0;
            }
            catch (System.ComponentModel.Win32Exception) { return false; }
        }
    }

    [Theory]
    [InlineData("0199d3a0-0000-7000-8000-000000000001", true, 0)]
    [InlineData("0199d3a0-0000-7000-8000-000000000001.63", true, 63)]
    [InlineData("0199d3a0-0000-7000-8000-000000000001.", false, 0)]
    [InlineData("0199d3a0-0000-7000-8000-000000000001.-1", false, 0)]
    [InlineData("{0199d3a0-0000-7000-8000-000000000001}", false, 0)]
    [InlineData("ffffffff-ffff-ffff-ffff-ffffffffffff", true, 0)]
    [InlineData("", false, 0)]
    [InlineData(null, false, 0)]
    public void An_id_names_a_request_and_a_row(string? text, bool valid, int row)
    {
        Assert.Equal(valid, PredictionId.TryParse(text, out var id));
        if (!valid) return;
        Assert.Equal((row, text), (id.Row, id.ToString()));
        using var log = new PredictionLog(Logs, new MonitoringConfig());
        OperationsSample.Append(log, OperationsSample.Outcome());
        Assert.Null(log.Find(id.Request));
    }
}
