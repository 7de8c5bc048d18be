namespace PortfolioProject.Server;

/// <summary>Writes whole responses with their length. The body is copied before the first wait. What is refused throws a <see cref="ProtocolException"/> instead: <see cref="Edge"/> writes it.</summary>
public static class Answer
{
    public static Task Json(HttpContext http, int status, ReadOnlyMemory<byte> utf8) => Bytes(http, status, "application/json", utf8);

    public static async Task Bytes(HttpContext http, int status, string type, ReadOnlyMemory<byte> body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        http.Response.ContentLength = body.Length;
        http.Response.BodyWriter.Write(body.Span);
        await http.Response.BodyWriter.FlushAsync();
    }
}
