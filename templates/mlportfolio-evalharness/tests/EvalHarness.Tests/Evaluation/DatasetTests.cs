using PortfolioProject.Evaluation;
using PortfolioProject.Evidence;

namespace PortfolioProject.EvalHarness.Tests;

public sealed class DatasetTests : IDisposable
{
    private readonly TinyRepository _repository = new();

    public void Dispose() => _repository.Dispose();

    private Dataset WithQrels(string rows) => Written("qrels.tsv", "query-id\tcorpus-id\tscore\n" + rows);

    private Dataset Written(string name, string text)
    {
        _repository.Write("data/tiny/" + name, text);
        return _repository.Data();
    }

    private UserError Refused(string name, string text) => Assert.Throws<UserError>(() => Written(name, text));

    [Fact]
    public void Documents_that_hold_evidence_are_relevant_where_nobody_judged()
    {
        var data = _repository.Data();
        Assert.Equal(["q1", "q2", "q3", "q5", "q6", "q7"], data.Qrels.Keys.Order());
        Assert.Equal(KeyValuePair.Create("tariff", 1), Assert.Single(data.Qrels["q5"]));
    }

    [Fact]
    public void Judgements_are_read_with_their_grades_and_leave_other_documents_of_evidence_relevant()
    {
        var data = WithQrels("q5\ttariff\t3\r\nq5\tpumps\t0\r\nq8\tmeters\t-1\n\nq6\tpumps\t2\n");
        Assert.Equal([("pumps", 0), ("tariff", 3)], data.Qrels["q5"].OrderBy(p => p.Key).Select(p => (p.Key, p.Value)));
        Assert.Equal([("pumps", 2), ("tariff", 1)], data.Qrels["q6"].OrderBy(p => p.Key).Select(p => (p.Key, p.Value)));
        Assert.Equal(-1, data.Qrels["q8"]["meters"]);
        Assert.Equal(1, data.Qrels["q1"]["boilers"]);
    }

    [Theory]
    [InlineData("q5\ttariff")]
    [InlineData("q5\ttariff\tone")]
    [InlineData("q5\ttariff\t1.5")]
    [InlineData("q5 tariff 1")]
    [InlineData("q5\t0\ttariff\t1")]
    [InlineData("q5\ttariff\t1\tsure")]
    public void A_row_that_is_no_judgement_is_named_with_its_line(string row)
    {
        var error = Assert.Throws<UserError>(() => WithQrels("q5\tmeters\t1\n" + row + "\n"));
        Assert.Equal(("data/tiny/qrels.tsv", 3, $"\"{row}\""), (error.File, error.Line, error.Got));
    }

    [Fact]
    public void A_pair_judged_twice_is_refused() =>
        Assert.Equal(3, Assert.Throws<UserError>(() => WithQrels("q5\ttariff\t1\nq5\ttariff\t2\n")).Line);

    [Fact]
    public void Judgements_without_a_header_are_refused_so_that_the_first_is_not_lost()
    {
        var error = Refused("qrels.tsv", "q5\ttariff\t1\nq6\ttariff\t1\n");
        Assert.Equal(1, error.Line);
        Assert.Contains("query-id", error.Expected);
        Assert.Equal(1, Refused("qrels.tsv", "").Line);
    }

    [Fact]
    public void A_jsonl_corpus_takes_the_place_of_the_folder()
    {
        _repository.WriteQuestions([TinyRepository.Decline("q8", "test", "What does a new meter cost?", "m")]);
        var data = Written("corpus.jsonl", """{"_id":"m","title":"Meters","text":"One.\r\nTwo."}""" + "\n");
        Assert.Equal("One.\nTwo.", Assert.Single(data.Corpus.Documents).Text);
        Assert.Contains(data.Files, f => f.Path == "data/tiny/corpus.jsonl");
    }

    [Fact]
    public void Documents_with_CRLF_keep_their_anchors()
    {
        foreach (var (id, text) in TinyRepository.Documents) _repository.Write($"data/tiny/corpus/{id}.md", text.Replace("\n", "\r\n"));
        Assert.Equal(TinyRepository.Documents["pumps"], _repository.Data().Corpus.Find("pumps")!.Text);
    }

    [Fact]
    public void What_results_depend_on_is_hashed_and_nothing_else()
    {
        _repository.Write("data/tiny/DATASHEET.md", "# Datasheet\n");
        Assert.Equal(["data/tiny/corpus/boilers.md", "data/tiny/corpus/meters.md", "data/tiny/corpus/pumps.md", "data/tiny/corpus/tariff.md", "data/tiny/questions.jsonl"],
            _repository.Data().Files.Select(f => f.Path));
        var file = Path.Combine(_repository.Root, "data/tiny/questions.jsonl");
        Assert.Equal(new DataFile("data/tiny/questions.jsonl", TextFile.Sha256OfFile(file), new FileInfo(file).Length), _repository.Data().Files[^1]);
    }

    [Fact]
    public void The_folders_own_name_does_not_decide_what_is_hashed()
    {
        foreach (var file in Directory.GetFiles(Path.Combine(_repository.Root, "data/tiny"), "*", SearchOption.AllDirectories))
            _repository.Write(Path.GetRelativePath(_repository.Root, file).Replace("tiny", "corpus-of-mine"), File.ReadAllText(file));
        _repository.Write("data/corpus-of-mine/DATASHEET.md", "# Datasheet\n");
        Assert.DoesNotContain(Dataset.Load(_repository.Root, "data/corpus-of-mine").Files, f => f.Path.EndsWith("DATASHEET.md"));
    }

    [Fact]
    public void A_folder_that_is_not_there_or_holds_no_document_is_named()
    {
        var error = Assert.Throws<UserError>(() => Dataset.Load(_repository.Root, "data/none"));
        Assert.Equal(("data.path", "data/none"), (error.Field, error.Got));
        Directory.Delete(Path.Combine(_repository.Root, "data/tiny/corpus"), recursive: true);
        Assert.Contains("no such folder", Assert.Throws<UserError>(() => _repository.Data()).Message);
        Assert.Contains("the corpus is empty", Refused("corpus/notes.pdf", "x").Message);
        Assert.Contains("the corpus is empty", Refused("corpus.jsonl", "\n").Message);
    }

    [Fact]
    public void An_empty_document_is_searched_without_harm()
    {
        _repository.Write("data/tiny/corpus/empty.md", "");
        Assert.Equal(24, _repository.Run().Cases.Count);
    }

    [Fact]
    public void A_document_of_ten_megabytes_takes_seconds()
    {
        const string Filler = "The valve in chamber 1234 was opened by the duty engineer at noon and closed again before the shift ended. ";
        var text = string.Concat(Enumerable.Range(0, 10_000_000 / Filler.Length).Select(i => Filler.Replace("1234", $"{i}"))) + "The golden valve is in Tolverton.";
        var large = new Retrieval.Document("large", "", text);
        const string Quote = "The golden valve is in Tolverton.";
        var span = new GoldSpan("large", text.Length - Quote.Length, text.Length, Quote, large.Sha256);
        _repository.Write("data/tiny/corpus/large.md", text);
        _repository.WriteQuestions(Enumerable.Range(0, 100).Select(i => new Question { Id = $"q{i}", Text = "Where is the golden valve?", Answers = ["Tolverton"], Split = "test", Spans = [span] }));
        var begin = System.Diagnostics.Stopwatch.GetTimestamp();
        var data = _repository.Data();
        var system = new SystemBuilder(data.Corpus, 1, 10).Build(Stub.Config("bm25") with { Chunker = new() { Type = ChunkerType.Sentence, Size = 1000 } });
        Assert.EndsWith(Quote, system.Run("Where is the golden valve?").Answer);
        Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(begin).TotalSeconds, 0, 20);
    }
}
