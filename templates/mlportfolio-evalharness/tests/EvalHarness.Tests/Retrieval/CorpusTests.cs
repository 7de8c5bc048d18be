using PortfolioProject.Evidence;
using PortfolioProject.Retrieval;

namespace PortfolioProject.EvalHarness.Tests;

public sealed class CorpusTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("corpus").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string name, params byte[] bytes)
    {
        var file = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, bytes);
        return file;
    }

    private string Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    [Fact]
    public void A_folder_gives_its_text_files_in_ordinal_order_of_their_relative_paths()
    {
        Write("b.md", "intro\n# The title \nx");
        Write("sub/a.v2.txt", "no heading");
        Write("B.md", "# B");
        Write("ignored.pdf", "x");
        var corpus = Corpus.LoadFolder(_folder);
        Assert.Equal([("B", "B"), ("b", "The title"), ("sub/a.v2", "a.v2")], corpus.Documents.Select(d => (d.Id, d.Title)));
        Assert.Equal("no heading", corpus.Find("sub/a.v2")!.Text);
        Assert.Null(corpus.Find("nope"));
    }

    [Fact]
    public void Line_ends_become_LF_and_a_byte_order_mark_goes()
    {
        Write("a.md", "\ufeff# T\r\nx\ry\n");
        Assert.Equal("# T\nx\ny\n", Corpus.LoadFolder(_folder).Documents[0].Text);
    }

    [Fact]
    public void The_hash_is_that_of_the_UTF8_text() => // sha256sum of the three bytes "abc": FIPS 180-2, appendix B.1
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", new Document("a", "a", "abc").Sha256);

    [Fact]
    public void Invalid_UTF8_is_named_with_its_byte_offset()
    {
        Write("a.md", 0x61, 0xC3, 0xA9, 0x62, 0xC3, 0x28);
        var error = Assert.Throws<UserError>(() => Corpus.LoadFolder(_folder));
        Assert.EndsWith("a.md", error.File);
        Assert.Contains("byte offset 4", error.Got);
    }

    [Fact]
    public void An_empty_or_missing_folder_and_a_doubled_id_are_the_users_error()
    {
        Assert.Throws<UserError>(() => Corpus.LoadFolder(_folder));
        Assert.Throws<UserError>(() => Corpus.LoadFolder(Path.Combine(_folder, "nowhere")));
        Write("a.md", "x");
        Write("a.txt", "y");
        Assert.Contains("'a'", Assert.Throws<UserError>(() => Corpus.LoadFolder(_folder)).Got);
    }

    [Fact]
    public void A_jsonl_corpus_is_read_line_by_line_and_a_bad_line_is_named()
    {
        var good = Write("corpus.jsonl", "{\"_id\": \"d2\", \"title\": \"\", \"text\": \"# Head\\r\\nx\"}\n\n{\"_id\": \"d1\", \"title\": \"T\", \"text\": \"y\", \"metadata\": {}}\n");
        Assert.Equal([new Document("d1", "T", "y"), new Document("d2", "Head", "# Head\nx")], Corpus.Load(good).Documents);
        foreach (var bad in (string[])["{\"_id\": 3, \"text\": \"x\"}", "{\"_id\": \"a\"}", "[]", "{", "null"])
            Assert.Equal(2, Assert.Throws<UserError>(() => Corpus.Load(Write("bad.jsonl", "{\"_id\": \"a\", \"text\": \"x\"}\n" + bad))).Line);
    }
}
