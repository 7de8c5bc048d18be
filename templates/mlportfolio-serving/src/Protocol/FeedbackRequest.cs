namespace PortfolioProject.Protocol;

/// <summary>{"predictionId": …, "label": …}: the true class of a row that was predicted.</summary>
public static class FeedbackRequest
{
    private static readonly FieldSet Names = new("predictionId", "label");

    /// <exception cref="ProtocolException">The body is anything else.</exception>
    public static (string Prediction, string Label) Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            var json = StrictJson.Open(body);
            var (fields, texts) = (new Fields(Names, ""), new string[2]);
            while (fields.Next(ref json, out var field)) texts[field] = StrictJson.Text(ref json, Names.Names[field]);
            json.Read();
            for (var required = 0; required < texts.Length; required++) fields.Require(required);
            return (texts[0], texts[1]);
        }
        catch (Exception e) when (StrictJson.Explain(e) is { } fault) { throw fault; }
    }
}
