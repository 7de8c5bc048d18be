using PortfolioProject.ConfidentLearning;
using PortfolioProject.Review;

namespace PortfolioProject.DataCentric.Tests;

public sealed class ReviewTests : IDisposable
{
    private readonly TinyRepository _repository = new TinyRepository().WithContract();
    private readonly Table _table;
    private readonly IReadOnlyList<ReviewItem> _items;

    public ReviewTests()
    {
        _table = _repository.Load();
        var p = new Probabilities([.. Enumerable.Range(0, _table.Count).SelectMany(i => Enumerable.Range(0, 4).Select(k => k == (_table.Labels[i] + 1) % 4 ? 0.7 : 0.1))], 4);
        _items = ReviewQueue.Build(_table, ConfidentJoint.Estimate(_table.Labels, p), Enumerable.Range(0, _table.Count), 12);
    }

    public void Dispose() => _repository.Dispose();

    private string Decided(Func<int, string> decision)
    {
        ReviewQueue.Export(_table, _items, _repository.Path("runs/review"));
        var lines = TextFile.Read(_repository.Path("runs/review/labels.csv")).TrimEnd('\n').Split('\n');
        return string.Join('\n', lines.Select((l, i) => i == 0 ? l : l[..^1] + decision(i))) + "\n";
    }

    [Fact]
    public void No_row_of_the_sealed_test_set_is_put_to_review() => Assert.DoesNotContain(_items, i => _table.Sealed[i.Row - 1]);

    [Fact]
    public void Accepted_suggestions_and_chosen_labels_become_a_patch_that_applies()
    {
        var text = Decided(i => i switch { 1 => "accept,", 2 => "reject,", 3 => $"accept,{Other(2)}", _ => "," });
        string Other(int item) => _table.Classes.First(c => c != _items[item].Given && c != _items[item].Suggested);
        var patch = ReviewQueue.Import(_table, CsvText.Parse(text, "labels.csv"));
        Assert.Equal([(_items[0].Row, _items[0].Given, _items[0].Suggested), (_items[2].Row, _items[2].Given, Other(2))], patch.Changes.Select(c => (c.Row, c.Old, c.New)));
        _repository.Write("patches/0001.csv", patch.Text);
        var after = _repository.Load(["patches/0001.csv"]);
        Assert.Equal(_items[0].Suggested, after.Classes[after.Labels[_items[0].Row - 1]]);
        Assert.Equal(2, _table.Labels.Zip(after.Labels).Count(l => l.First != l.Second));
    }

    [Fact]
    public void Decisions_that_cannot_be_used_are_all_named()
    {
        var sealedRow = _table.Rows[Array.IndexOf(_table.Sealed, true)];
        var based = Patch.BaseOf(_table.Version);
        var error = Assert.Throws<UserError>(() => ReviewQueue.Import(_table, CsvText.Parse($"{ReviewQueue.Header}\n{based},{sealedRow},a,b,0.1,accept,\n{based},{_items[0].Row},{_items[0].Given},b,0.1,yes,\n{based},{_items[1].Row},{_items[1].Given},b,0.1,accept,z\n0000,{_items[2].Row},a,b,0.1,accept,\n{based},9999,a,b,0.1,accept,\n", "labels.csv")));
        foreach (var problem in new[] { ":2: row", "sealed", ":3: the decision is \"yes\"", ":4: \"z\" is no class", ":5: made for the data version 0000", ":6: there is no row" }) Assert.Contains(problem, error.Message);
    }

    [Fact]
    public void The_page_holds_every_item_and_cannot_be_broken_by_a_class_name()
    {
        ReviewQueue.Export(_table with { Classes = ["a", "</script><b>", "c", "d"] }, [.. _items, new ReviewItem(1, "</script><b>", "a", 0.1, [1, 2])], _repository.Path("runs/review"));
        var page = TextFile.Read(_repository.Path("runs/review/gallery.html"));
        Assert.DoesNotContain("</script><b>", page);
        Assert.DoesNotContain("/*DATA*/null", page);
        Assert.Equal(_items.Count + 1, page.Split("\"suggested\":").Length - 1);
    }
}
