using System.Buffers;
using Microsoft.AspNetCore.Http;
using PortfolioProject.Protocol;

namespace PortfolioProject.Server;

/// <summary>Writes whole responses with their length. The body is copied before the first wait.</summary>
public static class Answer
{
    public static Task Json(HttpContext http, int status, ReadOnlyMemory<byte> utf8) => Bytes(http, status, "application/json", utf8);

    /// <summary>{"error": …}; the message holds nothing that the caller sent.</summary>
    public static Task Error(HttpContext http, int status, string message)
    {
        http.Items[typeof(Answer)] = message;
        return Json(http, status, Metadata.Error(message));
    }

    public static async Task Bytes(HttpContext http, int status, string type, ReadOnlyMemory<byte> body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        http.Response.ContentLength = body.Length;
        http.Response.BodyWriter.Write(body.Span);
        await http.Response.BodyWriter.FlushAsync();
    }

    /// <summary>The message that <see cref="Error"/> gave; null: none.</summary>
    internal static string? ErrorOf(HttpContext http) => http.Items.TryGetValue(typeof(Answer), out var message) ? (string?)message : null;
}
