using System.CommandLine;
using PortfolioProject.Evaluation;
using PortfolioProject.Evidence;

namespace PortfolioProject.Interchange.Tests;

public sealed class ImportTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("import").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private string Save(string path, string text)
    {
        var file = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }

    private int Run(params string[] args) => new RootCommand { ImportVerb.Create(new(_root)), ExportVerb.Create(new(_root)) }.Parse([.. args.Select(a => a.Replace("~", _root, StringComparison.Ordinal))])
        .Invoke(new() { EnableDefaultExceptionHandler = false });

    private UserError Fails(params string[] args) => Assert.Throws<UserError>(() => Run(args));

    private Dataset Load(string name = "data/x") => Dataset.Load(_root, name);

    private void SaveBeir(string qrels = "query-id\tcorpus-id\tscore\nq1\td1\t1\nq1\td2\t0\nq2\td2\t2\n")
    {
        Save("beir/corpus.jsonl", "{\"_id\": \"d1\", \"title\": \"One\", \"text\": \"Alpha \\u00e9 \\ud83d\\ude00.\", \"metadata\": {}}\n\n{\"_id\": 2, \"title\": \"Two\", \"text\": \"\"}\n{\"_id\": \"d2\", \"title\": \"Two\", \"text\": \"Beta.\"}\n");
        Save("beir/queries.jsonl", "{\"_id\": \"q1\", \"text\": \"What?\"}\n{\"_id\": \"q2\", \"text\": \"Who?\"}\n{\"_id\": \"q3\", \"text\": \"Unjudged?\"}\n");
        Save("beir/qrels/test.tsv", qrels);
    }

    [Fact]
    public void Beir_keeps_titles_judgements_and_queries_without_judgements()
    {
        SaveBeir();
        Assert.Equal(0, Run("import", "beir", "~/beir", "--out", "data/x"));
        var data = Load();
        Assert.Equal([("2", "Two", ""), ("d1", "One", "Alpha é 😀."), ("d2", "Two", "Beta.")], data.Corpus.Documents.Select(d => (d.Id, d.Title, d.Text)));
        Assert.Equal(["q1", "q2", "q3"], data.Questions.Select(q => q.Id));
        Assert.All(data.Questions, q => Assert.Equal(("test", true, null), (q.Split, q.Answerable, q.Answers)));
        Assert.Equal(new Dictionary<string, int> { ["d1"] = 1, ["d2"] = 0 }, data.Qrels["q1"]);
        Assert.Equal(["q1", "q2"], data.Qrels.Keys.Order());
    }

    [Fact]
    public void A_missing_beir_header_is_reported_and_loses_no_query()
    {
        SaveBeir("q1\td1\t1\r\nq2\td2\t2\r\n");
        Assert.Contains(BeirFormat.Import(Path.Combine(_root, "beir"), []).Warnings, w => w.Contains("test.tsv: the header", StringComparison.Ordinal));
        Run("import", "beir", "~/beir", "--out", "data/x");
        Assert.Equal(["q1", "q2"], Load().Qrels.Keys.Order());
    }

    [Fact]
    public void Beir_takes_the_named_qrels_and_says_which_there_are()
    {
        SaveBeir();
        Save("beir/qrels/dev.tsv", "query-id\tcorpus-id\tscore\nq3\td1\t1\n");
        Run("import", "beir", "~/beir", "--out", "data/both", "--qrels", "dev", "test");
        Assert.Equal(["test", "test", "dev"], Load("data/both").Questions.Select(q => q.Split));
        Assert.Equal("some of dev, test", Fails("import", "beir", "~/beir", "--out", "data/x", "--qrels", "train").Expected);
        File.Move(Path.Combine(_root, "beir/qrels/test.tsv"), Path.Combine(_root, "beir/qrels/train.tsv"));
        Assert.Equal("none named", Fails("import", "beir", "~/beir", "--out", "data/x").Got);
    }

    [Fact]
    public void A_judgement_of_an_unknown_query_is_left_out_and_one_of_an_unknown_document_stays()
    {
        SaveBeir("query-id\tcorpus-id\tscore\nq1\tgone\t1\nq9\td1\t1\n");
        Run("import", "beir", "~/beir", "--out", "data/x");
        Assert.Equal("query-id\tcorpus-id\tscore\nq1\tgone\t1\n", File.ReadAllText(Path.Combine(_root, "data/x/qrels.tsv")));
    }

    [Fact]
    public void Import_export_import_gives_the_same_files()
    {
        SaveBeir();
        Run("import", "beir", "~/beir", "--out", "data/x");
        Run("export", "beir", "--data", "data/x", "--out", "~/exported");
        Run("import", "beir", "~/exported", "--out", "data/again");
        string[] files = ["corpus.jsonl", "questions.jsonl", "qrels.tsv"];
        var first = files.Select(f => File.ReadAllLines(Path.Combine(_root, "data/x", f)).Order(StringComparer.Ordinal));
        Assert.Equal(first, files.Select(f => File.ReadAllLines(Path.Combine(_root, "data/again", f)).Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("{\"_id\": \"q1\", \"text\": \"a\"}\n{\"_id\": \"q2\" \"text\"}\n", 2, 14, null, "a JSON object")]
    [InlineData("{\"_id\": \"q1\"}\n", 1, null, "text", "a field \"text\"")]
    [InlineData("\n{\"text\": \"a\"}\n", 2, null, "_id", "a field \"_id\"")]
    [InlineData("{\"_id\": \"q1\", \"text\": [1]}\n", 1, null, "text", "a text")]
    [InlineData("{\"_id\": \"q1\", \"text\": \"  \"}\n", 1, null, "text", "a text that is not empty")]
    [InlineData("{\"_id\": \"q1\", \"text\": \"\\ud800\"}\n", 1, null, "text", "Unicode text, without a lone surrogate")]
    [InlineData("{\"_id\": \"q1\", \"text\": \"a\"}\n{\"_id\": \"q1\", \"text\": \"b\"}\n", 2, null, "_id", "unique ids")]
    [InlineData("[1]\n", 1, null, "", "a JSON object")]
    [InlineData("\n", null, null, null, "a JSON object a line")]
    public void Malformed_lines_are_errors_with_file_line_and_field(string queries, int? line, int? column, string? field, string expected)
    {
        SaveBeir();
        var file = Save("beir/queries.jsonl", queries);
        var error = Fails("import", "beir", "~/beir", "--out", "data/x");
        Assert.Equal((file, line, column, field, expected), (error.File, error.Line, error.Column, error.Field, error.Expected));
        Assert.False(Directory.Exists(Path.Combine(_root, "data/x")));
    }

    [Fact]
    public void Invalid_utf8_missing_files_and_folders_are_errors()
    {
        SaveBeir();
        File.WriteAllBytes(Path.Combine(_root, "beir/corpus.jsonl"), [.. "{\"_id\": \"d1\", \"text\": \""u8, 0xff, .. "\"}\n"u8]);
        Assert.Contains("UTF-8", Fails("import", "beir", "~/beir", "--out", "data/x").Message, StringComparison.Ordinal);
        Assert.Contains("no such file", Fails("import", "beir", "~/none", "--out", "data/x").Message, StringComparison.Ordinal);
        Assert.Equal("a folder", Fails("import", "squad", "~/beir", "--out", "data/x").Got);
        Assert.Equal(2, Fails("import", "beir", "~/beir", "--out", "data/x") is { Code: ExitCode.Usage } ? 2 : 0);
    }

    [Theory]
    [InlineData("query-id\tcorpus-id\tscore\nq1\td1\n", 2)]
    [InlineData("query-id\tcorpus-id\tscore\nq1\td1\t1.5\n", 2)]
    [InlineData("query-id corpus-id score\nq1\td1\t1\n", 1)]
    public void Malformed_beir_judgements_are_errors(string qrels, int line)
    {
        SaveBeir(qrels);
        Assert.Equal(line, Fails("import", "beir", "~/beir", "--out", "data/x").Line);
    }

    [Fact]
    public void A_folder_with_content_is_replaced_only_by_force_and_only_when_an_import_wrote_it()
    {
        SaveBeir();
        Run("import", "beir", "~/beir", "--out", "data/x");
        Assert.Equal("3 entries", Fails("import", "beir", "~/beir", "--out", "data/x").Got);
        Assert.Equal(0, Run("import", "beir", "~/beir", "--out", "data/x", "--force"));
        Save("data/x/notes.md", "mine");
        Assert.Equal("notes.md", Fails("import", "beir", "~/beir", "--out", "data/x", "--force").Got);
        Assert.True(File.Exists(Path.Combine(_root, "data/x/notes.md")));
    }

    [Fact]
    public void A_failure_half_way_leaves_nothing_and_keeps_what_was_there()
    {
        var target = Path.Combine(_root, "out");
        Assert.Throws<UserError>(() => OutputFolder.Write(target, false, into => { File.WriteAllText(Path.Combine(into, "a"), "half"); throw new UserError("stop"); }));
        Assert.Empty(Directory.GetFileSystemEntries(_root));
    }

    [Fact]
    public void Squad_offsets_are_code_points_and_become_utf16()
    {
        Save("squad.json", """
            {"version": "v2.0", "data": [{"title": "Heat Pumps", "paragraphs": [
              {"context": "😀 The pump\r\nholds 𝒜 4 bar.", "qas": [
                {"id": "a", "question": "How much?", "is_impossible": false, "answers": [{"text": "4 bar", "answer_start": 20}, {"text": "4 bar", "answer_start": 20}, {"text": "bar", "answer_start": 22}]},
                {"id": "b", "question": "Who?", "is_impossible": true, "answers": [], "plausible_answers": [{"text": "pump", "answer_start": 6}]},
                {"id": "c", "question": "Wrong?", "answers": [{"text": "pump", "answer_start": 0}]}]},
              {"context": "Second.", "qas": [{"id": 4, "question": "What?", "answers": [{"text": "Second", "answer_start": 0}]}]}]}]}
            """);
        Run("import", "squad", "~/squad.json", "--out", "data/x");
        var data = Load();
        Assert.Equal(["Heat_Pumps_0", "Heat_Pumps_1"], data.Corpus.Documents.Select(d => d.Id));
        Assert.Equal("😀 The pump\nholds 𝒜 4 bar.", data.Corpus.Documents[0].Text);
        var questions = data.Questions.ToDictionary(q => q.Id);
        Assert.Equal(["4 bar", "bar"], questions["a"].Answers!);
        Assert.Equal([(21, "4 bar"), (23, "bar")], questions["a"].Spans.Select(s => (s.Start, s.Quote)));
        Assert.Equal((false, 0, "Heat_Pumps_0"), (questions["b"].Answerable, questions["b"].Spans.Count, questions["b"].Source));
        Assert.Empty(questions["c"].Spans);
        Assert.All(data.Questions, q => Assert.Equal("Heat_Pumps", q.Cluster));
        Assert.Contains(SquadFormat.Import(Path.Combine(_root, "squad.json")).Warnings, w => w.Contains("question c", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{", 1, 2, null)]
    [InlineData("{\"data\": 1}", null, null, "data")]
    [InlineData("{\"data\": [{\"paragraphs\": [{\"context\": \"x\", \"qas\": [{\"id\": 1, \"question\": \"\", \"answers\": []}]}]}]}", null, null, "data[0].paragraphs[0].qas[0].question")]
    [InlineData("{\"data\": [{\"paragraphs\": [{\"context\": \"x\", \"qas\": [{\"id\": 1, \"question\": \"q\", \"answers\": [{\"text\": \"x\", \"answer_start\": \"0\"}]}]}]}]}", null, null, "data[0].paragraphs[0].qas[0].answers[0].answer_start")]
    public void Malformed_squad_is_an_error_with_its_place(string json, int? line, int? column, string? field)
    {
        Save("squad.json", json);
        var error = Fails("import", "squad", "~/squad.json", "--out", "data/x");
        Assert.Equal((line, column, field), (error.Line, error.Column, error.Field));
    }

    [Fact]
    public void Six_thousand_squad_questions_import_at_once()
    {
        var paragraphs = Enumerable.Range(0, 1500).Select(p => $$"""{"context": "Paragraph {{p}} about valve {{p}} 😀 end.", "qas": [{{string.Join(',', Enumerable.Range(0, 4).Select(q => $$"""{"id": "{{p}}-{{q}}", "question": "Which {{q}}?", "is_impossible": false, "answers": [{"text": "{{p}}", "answer_start": 10}]}"""))}}]}""");
        var set = SquadFormat.Import(Save("big.json", $$"""{"data": [{"title": "Big", "paragraphs": [{{string.Join(',', paragraphs)}}]}]}"""));
        Assert.Equal((1500, 6000, 0), (set.Documents.Count, set.Questions.Count, set.Warnings.Count));
    }

    [Fact]
    public void An_unanswerable_question_with_an_answer_is_refused()
    {
        Save("docs/a.md", "valve");
        Save("q.jsonl", """{"id": 1, "question": "Which?", "answers": ["valve"], "corpus": "a", "answerable": false}""" + "\n");
        Assert.Contains("true where answers or spans are given", Fails("import", "spans", "~/q.jsonl", "--corpus", "~/docs", "--out", "data/x").Message);
    }

    [Fact]
    public void Spans_name_corpus_files_with_or_without_extension_in_code_points_or_utf16()
    {
        Save("docs/a.md", "# 😀 A\r\nvalve");
        Save("docs/sub/b.txt", "pump");
        Save("q.jsonl", """
            {"id": 1, "question": "Which?", "answers": ["valve"], "corpus": "a.md", "spans": [{"start": 6, "end": 11}]}
            {"id": "two", "question": "Where?", "corpus": "sub/b", "spans": [{"start": 0, "end": 4}]}
            {"id": "three", "question": "Nobody knows?", "corpus": "a"}
            """);
        Run("import", "spans", "~/q.jsonl", "--corpus", "~/docs", "--out", "data/x");
        var questions = Load().Questions;
        Assert.Equal([("1", true, "valve"), ("two", true, "pump"), ("three", false, null)], questions.Select(q => (q.Id, q.Answerable, q.Spans.SingleOrDefault()?.Quote)));
        Assert.Equal((7, 12, "a"), (questions[0].Spans[0].Start, questions[0].Spans[0].End, questions[0].Source));
        Assert.Equal("lve", SpansFormat.Import(Save("p.jsonl", "{\"id\": 1, \"question\": \"q\", \"corpus\": \"a\", \"spans\": [{\"start\": 9, \"end\": 12}]}"), Path.Combine(_root, "docs"), utf16: true).Questions[0].Spans[0].Quote);
    }

    [Fact]
    public void All_spans_that_do_not_fit_are_listed_at_once()
    {
        Save("docs/a.md", "0123456789");
        Save("q.jsonl", """
            {"id": 1, "question": "q", "corpus": "a", "spans": [{"start": 5, "end": 11}, {"start": 5, "end": 5}]}
            {"id": 2, "question": "q", "corpus": "b.md", "spans": [{"start": 0, "end": 1}]}
            {"id": 3, "question": "q", "corpus": "a", "spans": [{"start": -1, "end": 1}]}
            """);
        var error = Fails("import", "spans", "~/q.jsonl", "--corpus", "~/docs", "--out", "data/x");
        string[] parts = ["4 spans", "line 1: spans[0]: 5..11 ends beyond document \"a\" of 10 characters", "line 1: spans[1]: expected 0 ≤ start < end, got 5..5", "line 2: spans[0]: the corpus has no document \"b.md\"", "line 3: spans[0]: expected 0 ≤ start < end, got -1..1"];
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Trec_judgements_join_a_corpus_and_queries()
    {
        Save("docs/a.md", "# A\ntext");
        Save("topics.tsv", "1\tfirst query\n\n2\tsecond\tquery\n");
        Save("qrels.txt", "1 0 a 2\n1 0 gone 1\n3 0 a 1\n");
        Run("import", "trec", "~/qrels.txt", "--corpus", "~/docs", "--queries", "~/topics.tsv", "--out", "data/x");
        Assert.Equal([("1", "first query"), ("2", "second\tquery")], Load().Questions.Select(q => (q.Id, q.Text)));
        Assert.Equal(new Dictionary<string, int> { ["a"] = 2, ["gone"] = 1 }, Load().Qrels["1"]);
        Save("topics.tsv", "1\tfirst query\nsecond\n");
        Assert.Equal(2, Fails("import", "trec", "~/qrels.txt", "--corpus", "~/docs", "--queries", "~/topics.tsv", "--out", "data/y").Line);
    }
}
