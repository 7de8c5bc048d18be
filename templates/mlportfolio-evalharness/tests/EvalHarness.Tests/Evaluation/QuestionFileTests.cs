using System.Text;
using PortfolioProject.Evaluation;
using PortfolioProject.Evidence;

namespace PortfolioProject.EvalHarness.Tests;

public sealed class QuestionFileTests : IDisposable
{
    private const string Good = """{"id":"a","question":"What?"}""";
    private readonly string _file = Path.Combine(Directory.CreateTempSubdirectory("questions-").FullName, "questions.jsonl");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_file)!, recursive: true);

    private IReadOnlyList<Question> Read(byte[] bytes)
    {
        File.WriteAllBytes(_file, bytes);
        return QuestionFile.Read(_file, "shown.jsonl");
    }

    private IReadOnlyList<Question> Read(string text) => Read(Encoding.UTF8.GetBytes(text));

    private UserError Refused(string line)
    {
        var error = Assert.Throws<UserError>(() => Read(Good + "\n\n" + line + "\n"));
        Assert.Equal(("shown.jsonl", 3), (error.File, error.Line));
        Assert.StartsWith("shown.jsonl:3:", error.Message);
        Assert.False(string.IsNullOrEmpty(error.Expected));
        Assert.False(string.IsNullOrEmpty(error.Got));
        return error;
    }

    [Fact]
    public void Broken_JSON_is_named_with_its_column()
    {
        var error = Refused("""{"id":"b" "question":"x"}""");
        Assert.Equal(11, error.Column);
        Assert.Contains("'\"' is invalid after a value", error.Got);
        Assert.DoesNotContain("Path:", error.Message);
        Assert.Equal(10, Refused("""{"id":"b",""").Column);
    }

    [Theory]
    [InlineData("[]", null)]
    [InlineData("null", null)]
    [InlineData("3", null)]
    [InlineData("""{"id":3,"question":"x"}""", "id")]
    [InlineData("""{"id":null,"question":"x"}""", null)]
    [InlineData("""{"id":"b","question":["x"]}""", "question")]
    [InlineData("""{"id":"b","question":"x","answers":"y"}""", "answers")]
    [InlineData("""{"id":"b","question":"x","answers":["y",null]}""", null)]
    [InlineData("""{"id":"b","question":"x","answers":[7]}""", "answers[0]")]
    [InlineData("""{"id":"b","question":"x","answerable":"no"}""", "answerable")]
    [InlineData("""{"id":"b","question":"x","evidence":[null]}""", null)]
    [InlineData("""{"id":"b","question":"x","evidence":[{"document":"d","start":"0","end":3,"quote":"abc","sha256":"0"}]}""", "evidence[0].start")]
    [InlineData("""{"id":"b","question":"x","evidence":[{"document":"d","start":0.5,"end":3,"quote":"abc","sha256":"0"}]}""", "evidence[0].start")]
    [InlineData("""{"id":"b","question":"x","evidence":[{"document":"d","start":0,"end":3,"quote":"abc"}]}""", null)]
    [InlineData("""{"id":"b","question":"x","evidence":[{"document":"d","start":0,"end":3,"quote":null,"sha256":"0"}]}""", null)]
    public void A_value_of_the_wrong_type_is_refused(string line, string? field)
    {
        var error = Refused(line);
        if (field is not null) Assert.Equal(field, error.Field);
    }

    [Theory]
    [InlineData("""{"question":"x"}""", "id")]
    [InlineData("""{"id":"b"}""", "question")]
    [InlineData("""{"id":"b","question":"x","answer":["y"]}""", "answer")]
    [InlineData("""{"id":"b","Question":"x"}""", "Question")]
    [InlineData("""{"id":"b","id":"c","question":"x"}""", "id")]
    public void A_missing_unknown_or_doubled_key_is_named(string line, string key) => Assert.Contains($"'{key}'", Refused(line).Message);

    [Theory]
    [InlineData("""{"id":"","question":"x"}""", "id", "\"\"")]
    [InlineData("""{"id":"b","question":"  "}""", "question", "an empty text")]
    [InlineData("""{"id":"b","question":"x","split":"train"}""", "split", "train")]
    [InlineData("""{"id":"b","question":"x","answers":[]}""", "answers", "an empty list")]
    [InlineData("""{"id":"b","question":"x","answerable":false,"answers":["y"]}""", "answerable", "false")]
    [InlineData("""{"id":"b","question":"x","answerable":false,"evidence":[{"document":"d","start":0,"end":1,"quote":"a","sha256":"0"}]}""", "answerable", "false")]
    [InlineData("""{"id":"b","question":"x","evidence":[{"document":"d","start":3,"end":1,"quote":"a","sha256":"0"}]}""", "evidence", "3..1")]
    [InlineData("""{"id":"b","question":"x","evidence":[{"document":"d","start":3,"end":3,"quote":"","sha256":"0"}]}""", "evidence", "3..3")]
    [InlineData("""{"id":"b","question":"x","evidence":[{"document":"d","start":-1,"end":3,"quote":"a","sha256":"0"}]}""", "evidence", "-1..3")]
    public void A_value_that_makes_no_sense_is_refused_with_what_was_expected(string line, string field, string got)
    {
        var error = Refused(line);
        Assert.Equal((field, got), (error.Field, error.Got));
    }

    [Fact]
    public void A_second_question_of_one_id_names_both_lines()
    {
        var error = Refused("""{"id":"a","question":"Which?"}""");
        Assert.Equal(("id", "the id of line 1"), (error.Field, error.Got));
    }

    [Fact]
    public void An_unanswerable_question_may_have_an_empty_list_of_answers() =>
        Assert.False(Read("""{"id":"b","question":"x","answerable":false,"answers":[],"evidence":[]}""")[0].Answerable);

    [Theory]
    [InlineData("\n\r\n")]
    [InlineData("\r\n")]
    [InlineData("\n  \n")]
    public void Blank_lines_a_byte_order_mark_and_CRLF_change_nothing(string between)
    {
        var questions = Read("\ufeff" + Good + between + """{"id":"b","question":"Où est le 😀?"}""" + "\r\n\r\n");
        Assert.Equal(["What?", "Où est le 😀?"], questions.Select(q => q.Text));
    }

    [Fact]
    public void Invalid_UTF8_is_named_with_its_line()
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes(Good + "\n{\"id\":\"b\",\"question\":\""), 0xC3, 0x28, .. "\"}\n"u8];
        var error = Assert.Throws<UserError>(() => Read(bytes));
        Assert.Equal(("shown.jsonl", 2), (error.File, error.Line));
        Assert.Contains("UTF-8", error.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n \r\n")]
    public void An_empty_file_is_refused(string text) => Assert.Contains("at least one question", Assert.Throws<UserError>(() => Read(text)).Message);

    [Fact]
    public void A_missing_file_is_named_with_what_to_do()
    {
        var error = Assert.Throws<UserError>(() => QuestionFile.Read(_file, "shown.jsonl"));
        Assert.Equal("shown.jsonl", error.File);
        Assert.Contains("import", error.Fix);
    }
}
