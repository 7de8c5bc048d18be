namespace PortfolioProject.Evidence.Tests;

public sealed class RunTests : IDisposable
{
    private readonly Sample _sample = new(pinned: false);

    public void Dispose() => _sample.Dispose();

    private string CasesOf(Run run) => File.ReadAllText(Path.Combine(run.Folder, "cases.jsonl"));

    [Fact]
    public void A_run_is_read_back_as_it_was_written()
    {
        var run = _sample.Evaluate();
        var (first, read) = (Sample.Cases().OrderBy(c => (c.Variant, c.Case), Run.Order).First(), Run.Load(run.Folder));
        Assert.Equal((180, 180, true), (read.Cases.Count, read.Timings.Count, read.Manifest.Complete));
        Assert.Equal(RunJsonLine(first), RunJsonLine(read.Cases[0]));
        Assert.Equal("1.2.3", read.Manifest.TemplateVersion);
        Assert.Equal([new DataFile("data/questions.jsonl", TextFile.Sha256("{}\n"), 3)], read.Manifest.Data);
        Assert.Matches(@"^\d{8}T\d{6}Z-[0-9a-f]{8}$", read.Manifest.Id);
        static string RunJsonLine(CaseRecord c) => RunJson.Line(c.Normalized());
    }

    [Fact]
    public void Lines_are_compact_sorted_and_plain_utf8()
    {
        var line = CasesOf(_sample.Evaluate()).Split('\n')[0];
        Assert.Equal("{\"case\":\"q00\",\"variant\":\"fair\",\"cluster\":\"d00\",\"outcome\":\"Incorrect\",\"tags\":{\"split\":\"test\",\"type\":\"numeric\"},"
            + "\"values\":{\"accuracy\":0,\"cost\":1,\"length\":0},\"detail\":{\"answer\":\"Übergröße < 0\"}}", line.Replace("\"accuracy\":1,\"cost\":0", "\"accuracy\":0,\"cost\":1").Replace("Correct", "Incorrect").Replace("InInc", "Inc"));
        Assert.NotEqual(0xEF, File.ReadAllBytes(Path.Combine(_sample.FullPath("runs"), Directory.GetDirectories(_sample.FullPath("runs"))[0], "cases.jsonl"))[0]);
    }

    [Fact]
    public void Bytes_do_not_depend_on_the_order_in_which_threads_finish()
    {
        var expected = CasesOf(_sample.Evaluate());
        using var writer = RunWriter.Start(_sample.Root, _sample.Manifest());
        Parallel.ForEach(Sample.Cases().Reverse(), new ParallelOptions { MaxDegreeOfParallelism = 4 }, c => writer.Add(c, Sample.Timing(c)));
        Assert.Equal(expected, CasesOf(writer.Finish()));
    }

    [Fact]
    public void A_run_killed_at_any_byte_resumes_to_the_same_bytes()
    {
        var expected = CasesOf(_sample.Evaluate());
        var cut = new RandomStream(4, 1);
        for (var trial = 0; trial < 12; trial++)
        {
            string folder;
            using (var writer = RunWriter.Start(_sample.Root, _sample.Manifest()))
            {
                foreach (var c in Sample.Cases().Reverse().Take(40)) writer.Add(c, Sample.Timing(c));
                folder = writer.Folder;
            }

            foreach (var file in new[] { "cases.jsonl", "timings.jsonl" })
                using (var stream = File.OpenWrite(Path.Combine(folder, file))) stream.SetLength(cut.Below((int)stream.Length + 1));
            using var resumed = RunWriter.Resume(_sample.Root, _sample.Manifest().ConfigHash, null)!;
            Assert.Equal(folder, resumed.Folder);
            Assert.InRange(resumed.Done.Count, 0, 40);
            foreach (var c in Sample.Cases().Where(c => !resumed.Done.Contains((c.Variant, c.Case)))) resumed.Add(c, Sample.Timing(c));
            var run = resumed.Finish();
            Assert.Equal(expected, CasesOf(run));
            Assert.Equal(run.Timings.Count, run.Timings.DistinctBy(t => (t.Variant, t.Case)).Count());
            Assert.Null(RunWriter.Resume(_sample.Root, _sample.Manifest().ConfigHash, null));
        }
    }

    [Fact]
    public void A_run_killed_while_it_is_being_finished_finishes_again()
    {
        var run = _sample.Evaluate();
        TextFile.Write(Path.Combine(run.Folder, "run.json"), RunJson.Page(run.Manifest with { Complete = false }));
        using var resumed = RunWriter.Resume(_sample.Root, run.Manifest.ConfigHash, null)!;
        Assert.Equal(180, resumed.Done.Count);
        Assert.Equal(CasesOf(run), CasesOf(resumed.Finish()));
    }

    [Fact]
    public void The_last_of_several_timings_of_a_case_stands_and_timings_of_unfinished_cases_go()
    {
        string folder;
        using (var writer = RunWriter.Start(_sample.Root, _sample.Manifest()))
        {
            writer.Add(Sample.Cases().First(), Sample.Timing(Sample.Cases().First()));
            folder = writer.Folder;
        }

        File.AppendAllText(Path.Combine(folder, "timings.jsonl"), "{\"case\":\"q00\",\"variant\":\"fair\",\"milliseconds\":{\"read\":99}}\n{\"case\":\"q01\",\"variant\":\"fair\",\"milliseconds\":{}}\n");
        Assert.Equal(99, Assert.Single(Run.Load(folder).Timings).Milliseconds["read"]);
    }

    [Fact]
    public void Two_writers_never_share_a_run()
    {
        var manifest = _sample.Manifest();
        using var first = RunWriter.Start(_sample.Root, manifest);
        var e = Assert.Throws<UserError>(() => RunWriter.Resume(_sample.Root, manifest.ConfigHash, null));
        Assert.Contains($"process {Environment.ProcessId}", e.Message);
        using var second = RunWriter.Start(_sample.Root, manifest);
        Assert.Equal(first.Folder + "-2", second.Folder);
    }

    [Fact]
    public void The_lock_of_a_dead_process_does_not_block()
    {
        var manifest = _sample.Manifest();
        string folder;
        using (var writer = RunWriter.Start(_sample.Root, manifest)) folder = writer.Folder;
        File.WriteAllText(Path.Combine(folder, "run.lock"), "");
        File.WriteAllText(Path.Combine(folder, "run.owner"), "process 1 on elsewhere");
        using var resumed = RunWriter.Resume(_sample.Root, manifest.ConfigHash, null);
        Assert.Equal(folder, resumed!.Folder);
    }

    [Fact]
    public void Resume_takes_the_newest_unfinished_run_of_this_configuration_and_shard()
    {
        var manifest = _sample.Manifest();
        foreach (var (minutes, shard) in new[] { (1, null), (2, null), (3, "1/2") })
            using (RunWriter.Start(_sample.Root, manifest with { Started = manifest.Started.AddMinutes(minutes), Shard = shard })) { }
        using var resumed = RunWriter.Resume(_sample.Root, manifest.ConfigHash, null)!;
        Assert.Equal(manifest.Started.AddMinutes(2), resumed.Manifest.Started);
        Assert.Null(RunWriter.Resume(_sample.Root, "other", null));
        Assert.Contains("data files changed", Assert.Throws<UserError>(() => RunWriter.Resume(_sample.Root, manifest.ConfigHash, "1/2", [])).Message);
    }

    [Fact]
    public void A_case_is_not_written_twice()
    {
        using var writer = RunWriter.Start(_sample.Root, _sample.Manifest());
        writer.Add(Sample.Cases().First());
        Assert.Throws<ArgumentException>(() => writer.Add(Sample.Cases().First()));
    }

    [Fact]
    public void After_a_failed_write_nothing_more_is_written_and_what_stands_is_resumed()
    {
        var writer = RunWriter.Start(_sample.Root, _sample.Manifest());
        writer.Add(Sample.Cases().First());
        writer.Dispose();
        Assert.ThrowsAny<Exception>(() => writer.Add(Sample.Cases().ElementAt(1)));
        Assert.Throws<IOException>(() => writer.Add(Sample.Cases().ElementAt(2)));
        Assert.Throws<IOException>(() => writer.Finish());
        using var resumed = RunWriter.Resume(_sample.Root, writer.Manifest.ConfigHash, null)!;
        Assert.Equal([("fair", "q00")], resumed.Done);
    }

    [Fact]
    public void A_value_that_is_no_number_is_refused_before_anything_is_written()
    {
        using var writer = RunWriter.Start(_sample.Root, _sample.Manifest());
        Assert.ThrowsAny<ArgumentException>(() => writer.Add(Sample.Cases().First() with { Values = new Dictionary<string, double> { ["accuracy"] = double.NaN } }));
        writer.Add(Sample.Cases().First());
        Assert.Single(writer.Finish().Cases);
    }

    [Theory]
    [InlineData("\"case\":\"q03\",", "", 4)]
    [InlineData("\"case\":\"q03\"", "\"case\":\"q02\"", 4)]
    [InlineData("\"case\":\"q03\"", "\"case\":3", 4)]
    public void A_damaged_record_is_named_by_file_and_line(string from, string to, int line)
    {
        var run = _sample.Evaluate();
        var file = Path.Combine(run.Folder, "cases.jsonl");
        var lines = File.ReadAllLines(file);
        lines[3] = lines[3].Replace(from, to);
        File.WriteAllText(file, string.Join('\n', lines) + "\n");
        var e = Assert.Throws<UserError>(() => Run.Load(run.Folder));
        Assert.Equal((file, line), (e.File, e.Line));
    }

    [Fact]
    public void A_torn_last_line_of_a_finished_run_is_an_error()
    {
        var run = _sample.Evaluate();
        File.AppendAllText(Path.Combine(run.Folder, "cases.jsonl"), "{\"case\":");
        Assert.Equal(181, Assert.Throws<UserError>(() => Run.Load(run.Folder)).Line);
    }

    [Fact]
    public void Merged_shards_equal_the_unsharded_run_byte_for_byte()
    {
        var whole = _sample.Evaluate();
        var shards = Enumerable.Range(1, 3).Select(s => _sample.Evaluate(Sample.Cases().Where(c => int.Parse(c.Case[1..]) % 3 == s - 1), $"{s}/3")).ToList();
        Assert.EndsWith(".shard-2-of-3", shards[1].Folder);
        var merged = RunStore.Merge(_sample.Root, [shards[2], shards[0], shards[1]], _sample.Portfolio.Measure);
        foreach (var file in new[] { "cases.jsonl", "metrics.json", "timings.jsonl" })
            Assert.Equal(File.ReadAllText(Path.Combine(whole.Folder, file)), File.ReadAllText(Path.Combine(merged.Folder, file)));
        Assert.Null(merged.Manifest.Shard);
    }

    [Fact]
    public void Shards_that_are_missing_doubled_unfinished_or_foreign_are_refused()
    {
        var shards = Enumerable.Range(1, 2).Select(s => _sample.Evaluate(Sample.Cases().Where(c => int.Parse(c.Case[1..]) % 2 == s - 1), $"{s}/2")).ToList();
        UserError Refused(params Run[] runs) => Assert.Throws<UserError>(() => RunStore.Merge(_sample.Root, runs));
        Assert.Equal((ExitCode.Incomplete, true), (Refused(shards[0]).Code, Refused(shards[0]).Message.Contains("missing: 2/2")));
        Assert.Contains("do not fit", Refused(shards[0], shards[0]).Message);
        Assert.Contains("not a shard", Refused(_sample.Evaluate()).Message);
        Assert.Contains("configuration differs", Refused(shards[0], shards[1] with { Manifest = shards[1].Manifest with { ConfigHash = "other" } }).Message);
        Assert.Contains("unfinished", Refused(shards[0], shards[1] with { Manifest = shards[1].Manifest with { Complete = false } }).Message);
    }

    [Fact]
    public void Operands_name_runs_by_folder_id_beginning_or_latest()
    {
        var (first, bench) = (_sample.Evaluate(), _sample.Evaluate(kind: "bench"));
        RunStore.Resolve(_sample.Root, "latest");
        foreach (var name in new[] { first.Folder, first.Manifest.Id, "runs/" + first.Manifest.Id, "latest", first.Manifest.Id + ":good", "latest:good" })
            Assert.Equal(first.Manifest.Id, RunStore.Resolve(_sample.Root, name).Run.Manifest.Id);
        Assert.Equal(bench.Manifest.Id, RunStore.Resolve(_sample.Root, "latest/bench").Run.Manifest.Id);
        Assert.Equal("good", RunStore.Resolve(_sample.Root, "latest:good").Variant);
        Assert.Equal(60, RunStore.Resolve(_sample.Root, "latest:good").Cases.Count);
        Assert.Contains("Did you mean \"good\"", Assert.Throws<UserError>(() => RunStore.Resolve(_sample.Root, "latest:goood")).Message);
        Assert.Contains("several runs", Assert.Throws<UserError>(() => RunStore.Resolve(_sample.Root, "2")).Message);
        Assert.Contains(first.Manifest.Id, Assert.Throws<UserError>(() => RunStore.Resolve(_sample.Root, "nowhere")).Message);
    }

    [Fact]
    public void Latency_is_the_nearest_rank_percentile_by_variant_and_stage()
    {
        var run = _sample.Evaluate();
        var row = LatencyTable.Measure(run.Timings).Rows.Single(r => r.Variant == "good");
        Assert.Equal(new LatencyRow("good", "read", 60, 30, 57, 60), row);
    }

    [Fact]
    public void The_root_is_found_from_below_and_its_absence_explained()
    {
        Assert.Equal(_sample.Root, Repository.FindRoot(_sample.FullPath("docs/decisions")));
        Assert.Contains("cd into the repository", Assert.Throws<UserError>(() => Repository.FindRoot(Path.GetTempPath())).Message);
    }
}
