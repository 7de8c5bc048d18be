using System.Runtime.InteropServices;
using PortfolioProject.Monitoring;

namespace PortfolioProject.Serving.Tests;

public sealed class FeedbackStoreTests : IDisposable
{
    private readonly OperationsSample _sample = new();
    private readonly MonitoringConfig _config = new() { FeedbackMegabytes = 1 };
    private readonly PredictionLog _log;
    private readonly PredictionId _first, _second;

    public FeedbackStoreTests()
    {
        _log = new PredictionLog(_sample.Folder, _config);
        var (one, two) = (OperationsSample.Outcome(version: "1"), OperationsSample.Outcome(version: "2", role: "canary", cluster: "k"));
        Assert.True(OperationsSample.Append(_log, one, label: 1, confidence: 0.75f));
        Assert.True(_log.Append(two, [1, 2, 3, 4], ["no", "yes \"x\""], [0.5, 1]));
        (_first, _second) = (new PredictionId(one.Id, 0), new PredictionId(two.Id, 1));
    }

    public void Dispose()
    {
        _log.Dispose();
        _sample.Dispose();
    }

    [Fact]
    public void An_entry_holds_what_was_predicted_for_its_row()
    {
        var store = new FeedbackStore(_log, _config);
        Assert.Equal(FeedbackOutcome.Accepted, store.Add(_second, "no", null));
        var entry = Assert.Single(store.Entries);
        Assert.Equal((_second.ToString(), "no", "yes \"x\"", 1, "2", "canary", "k"), (entry.Prediction, entry.Label, entry.Predicted, entry.Confidence, entry.Version, entry.Role, entry.Cluster));
        Assert.Equal([3, 4], MemoryMarshal.Cast<byte, float>(entry.Inputs).ToArray());
    }

    [Fact]
    public void A_label_sent_twice_counts_once_and_a_key_belongs_to_one_content()
    {
        var store = new FeedbackStore(_log, _config);
        Assert.Equal(FeedbackOutcome.Accepted, store.Add(_first, "no", "key-1"));
        Assert.Equal(FeedbackOutcome.Repeated, store.Add(_first, "no", "key-1"));
        Assert.Equal(FeedbackOutcome.KeyReused, store.Add(_first, "yes \"x\"", "key-1"));
        Assert.Equal(FeedbackOutcome.KeyReused, store.Add(_second, "no", "key-1"));
        Assert.Equal(FeedbackOutcome.Accepted, store.Add(_first, "no", null));
        Assert.Equal(FeedbackOutcome.Repeated, store.Add(_first, "no", null));
        Assert.Equal((2, 2), (store.Count, File.ReadLines(store.File).Count()));
        Assert.Single(store.Entries);
    }

    [Fact]
    public void The_last_label_of_a_row_counts()
    {
        var store = new FeedbackStore(_log, _config);
        store.Add(_first, "no", "a");
        store.Add(_first, "yes \"x\"", "b");
        Assert.Equal("yes \"x\"", Assert.Single(store.Entries).Label);
        Assert.Equal("yes \"x\"", Assert.Single(FeedbackStore.Read(_sample.Folder)).Label);
    }

    [Fact]
    public void A_prediction_that_the_log_does_not_know_is_refused()
    {
        var store = new FeedbackStore(_log, _config);
        Assert.Equal(FeedbackOutcome.UnknownPrediction, store.Add(new PredictionId(Guid.CreateVersion7(), 0), "no", null));
        Assert.Equal(FeedbackOutcome.UnknownPrediction, store.Add(new PredictionId(_second.Request, 2), "no", null));
        Assert.Equal(0, store.Count);
    }

    [Fact]
    public void Entries_and_keys_survive_a_restart_even_when_the_predictions_are_gone()
    {
        new FeedbackStore(_log, _config).Add(_first, "no", "key-1");
        foreach (var segment in Directory.GetFiles(_sample.Folder, "predictions-*")) File.Delete(segment);
        var restarted = new FeedbackStore(_log, _config);
        Assert.Equal(FeedbackOutcome.Repeated, restarted.Add(_first, "no", "key-1"));
        Assert.Equal(("no", 0), (Assert.Single(restarted.Entries).Label, restarted.Unreadable));
    }

    [Fact]
    public void A_torn_last_line_is_cut_and_a_damaged_one_is_counted()
    {
        var store = new FeedbackStore(_log, _config);
        store.Add(_first, "no", "a");
        store.Add(_second, "no", "b");

        var file = FeedbackStore.FileIn(_sample.Folder);
        var lines = File.ReadAllLines(file);
        File.WriteAllText(file, "{broken\n" + lines[0] + "\n" + lines[1][..40]);
        var restarted = new FeedbackStore(_log, _config);
        Assert.Equal((1, 1), (restarted.Unreadable, restarted.Count));
        Assert.Equal(FeedbackOutcome.Accepted, restarted.Add(_second, "no", "b"));
        Assert.Equal("{broken\n" + lines[0] + "\n", File.ReadAllText(file)[..(lines[0].Length + 9)]);
        Assert.Equal(3, File.ReadLines(file).Count());
        Assert.Equal(2, FeedbackStore.Read(_sample.Folder).Count);
    }

    [Fact]
    public void A_store_that_is_full_says_so()
    {
        var store = new FeedbackStore(_log, _config);
        var (n, outcome) = (0, FeedbackOutcome.Accepted);
        while (n < 20_000 && (outcome = store.Add(_first, "no", $"{n}")) == FeedbackOutcome.Accepted) n++;
        Assert.Equal(FeedbackOutcome.Full, outcome);
        Assert.InRange(new FileInfo(store.File).Length, 1_000_000, 1 << 20);
        Assert.Equal(FeedbackOutcome.Repeated, store.Add(_first, "no", "0"));
    }

    [Fact]
    public void An_entry_that_cannot_be_written_is_not_counted_as_known()
    {
        Directory.CreateDirectory(FeedbackStore.FileIn(_sample.Folder));
        var store = new FeedbackStore(_log, _config);
        Assert.Equal(FeedbackOutcome.Failed, store.Add(_first, "no", "a"));
        Directory.Delete(FeedbackStore.FileIn(_sample.Folder));
        Assert.Equal(FeedbackOutcome.Accepted, store.Add(_first, "no", "a"));
    }
}
