using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace PortfolioProject.Models.Tests;

public enum Fault
{
    TooMany, TooManyForASecond, TooManyUntilADate, TooManyForAnHour, Error500, Unavailable503, Timeout408, Conflict409, BadRequest400, Unauthorized401, NotFound404,
    Stall, Reset, ResetInBody, TruncatedJson, Html, ErrorObject, Refusal, Length, ContentFilter, EmptyChoices, NoUsage,
}

/// <summary>
/// A test server that speaks the chat-completions protocol, streamed or not, and the embeddings protocol, and answers POST /ask; with faults on demand. It is no model: what it answers
/// is what the test told it to. Its errors repeat the authorization header, as a careless endpoint might.
/// </summary>
public sealed class ProtocolServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _connections, _requests, _inFlight, _maxInFlight, _held;

    private ProtocolServer(WebApplication app) => _app = app;

    /// <summary>What goes wrong, by question and number of the try (from 0).</summary>
    public Func<string, int, Fault?> FaultOf { get; init; } = (_, _) => null;

    public Func<string, string> Answer { get; init; } = question => Reply(true, "answer to " + question, [1], "");

    /// <summary>Where the question alone does not decide: an answer to the whole request.</summary>
    public Func<JsonObject, string>? AnswerTo { get; init; }

    /// <summary>The vector of a text; with <see cref="AsNumbers"/> sent as a list even where base64 was asked for, as many servers do.</summary>
    public Func<string, float[]> Vector { get; set; } = text => [text.Length, 1];

    public bool AsNumbers { get; set; }

    public TimeSpan Delay { get; init; }

    /// <summary>Requests wait here before they are answered; one whose sender went away is not.</summary>
    public Func<CancellationToken, Task> Hold { get; set; } = _ => Task.CompletedTask;

    public int Held => _held;

    public string BaseUrl => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/v1";

    public int Connections => _connections;

    public int Requests => _requests;

    public int MaxInFlight => _maxInFlight;

    /// <summary>Whole answers sent, by question; tries seen, by question; when each try came.</summary>
    public ConcurrentDictionary<string, int> Paid { get; } = new();

    public ConcurrentDictionary<string, int> Tries { get; } = new();

    public ConcurrentQueue<(string Question, long Ticks)> Arrivals { get; } = new();

    public ConcurrentQueue<JsonObject> Bodies { get; } = new();

    public string? Authorization { get; private set; }

    public static string Reply(bool answerable, string answer, int[] citations, string quote) => JsonSerializer.Serialize(new { answerable, answer, citations, quote });

    /// <summary>What an answer to a question is billed as.</summary>
    public static Tokens TokensOf(string question) => new(1000 + question.Length, 100 + (question.Length % 7), 50 + (question.Length % 5), 10 + (question.Length % 3));

    public static async Task<ProtocolServer> StartAsync(Func<string, int, Fault?>? fault = null, Func<string, string>? answer = null, TimeSpan delay = default, Func<JsonObject, string>? answerTo = null)
    {
        ProtocolServer? server = null;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(System.Net.IPAddress.Loopback, 0, o => o.Use(next => connection =>
        {
            Interlocked.Increment(ref server!._connections);
            return next(connection);
        })));
        var app = builder.Build();
        server = new ProtocolServer(app) { FaultOf = fault ?? ((_, _) => null), Answer = answer ?? (question => Reply(true, "answer to " + question, [1], "")), AnswerTo = answerTo, Delay = delay };
        foreach (var path in (string[])["/v1/chat/completions", "/v1/embeddings", "/ask"]) app.MapPost(path, server.HandleAsync);
        await app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await _app.StopAsync(soon.Token);
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        var now = Interlocked.Increment(ref _inFlight);
        for (int seen; now > (seen = _maxInFlight) && Interlocked.CompareExchange(ref _maxInFlight, now, seen) != seen;) { }
        try
        {
            Authorization = context.Request.Headers.Authorization.ToString();
            var body = (JsonObject)(await JsonNode.ParseAsync(context.Request.Body))!;
            Bodies.Enqueue(body);
            var question = (string?)body["question"] ?? (string?)body["input"]?[0] ?? ((string)body["messages"]!.AsArray()[^1]!["content"]!).Split('\n')[^1]["Question: ".Length..];
            Arrivals.Enqueue((question, Stopwatch.GetTimestamp()));
            if (Delay > TimeSpan.Zero) await Task.Delay(Delay);
            await HoldAsync(context.RequestAborted);
            Interlocked.Decrement(ref _inFlight); // before the answer leaves: its reader may send the next request at once
            await RespondAsync(context, body, question, FaultOf(question, Tries.AddOrUpdate(question, 1, (_, n) => n + 1) - 1));
        }
        catch (OperationCanceledException) { }
    }

    private async Task HoldAsync(CancellationToken gone)
    {
        Interlocked.Increment(ref _held);
        try { await Hold(gone); }
        catch (OperationCanceledException) when (Interlocked.Decrement(ref _inFlight) >= 0) { throw; }
        finally { Interlocked.Decrement(ref _held); }
    }

    private async Task RespondAsync(HttpContext context, JsonObject body, string question, Fault? fault)
    {
        var reply = body["question"] is not null ? Answer(question) : body["input"] is JsonArray texts ? Embeddings(texts, (string?)body["encoding_format"] == "base64").ToJsonString()
            : Completion(AnswerTo?.Invoke(body) ?? Answer(question), question, fault).ToJsonString();
        switch (fault)
        {
            case Fault.TooMany or Fault.TooManyForASecond or Fault.TooManyUntilADate or Fault.TooManyForAnHour:
                if (fault == Fault.TooManyForASecond) context.Response.Headers.RetryAfter = "1";
                if (fault == Fault.TooManyForAnHour) context.Response.Headers.RetryAfter = "3600";
                if (fault == Fault.TooManyUntilADate) context.Response.Headers.RetryAfter = DateTimeOffset.UtcNow.AddSeconds(2).ToString("R", CultureInfo.InvariantCulture);
                await ErrorAsync(context, 429);
                break;
            case Fault.Error500: await ErrorAsync(context, 500); break;
            case Fault.Unavailable503: await ErrorAsync(context, 503); break;
            case Fault.Timeout408: await ErrorAsync(context, 408); break;
            case Fault.Conflict409: await ErrorAsync(context, 409); break;
            case Fault.BadRequest400: await ErrorAsync(context, 400); break;
            case Fault.Unauthorized401: await ErrorAsync(context, 401); break;
            case Fault.NotFound404: await ErrorAsync(context, 404); break;
            case Fault.Stall: await Task.Delay(Timeout.Infinite, context.RequestAborted); break;
            case Fault.Reset: context.Abort(); break;
            case Fault.ResetInBody:
                context.Response.ContentLength = reply.Length;
                await context.Response.WriteAsync(reply[..(reply.Length / 2)]);
                await context.Response.Body.FlushAsync();
                context.Abort();
                break;
            case Fault.TruncatedJson: await WriteAsync(context, reply[..(reply.Length / 2)]); break;
            case Fault.Html: await WriteAsync(context, "<html><body>Welcome</body></html>", "text/html"); break;
            case Fault.ErrorObject: await WriteAsync(context, """{"error":{"message":"out of memory"}}"""); break;
            default:
                Paid.AddOrUpdate(question, 1, (_, n) => n + 1);
                if (body["stream"]?.GetValue<bool>() == true) await StreamAsync(context, question);
                else await WriteAsync(context, reply);
                break;
        }
    }

    private static Task ErrorAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return WriteAsync(context, new JsonObject { ["error"] = new JsonObject { ["message"] = $"refused: {context.Request.Headers.Authorization}", ["type"] = "test", ["code"] = $"{status}" } }.ToJsonString());
    }

    private static Task WriteAsync(HttpContext context, string text, string type = "application/json")
    {
        context.Response.ContentType = type;
        return context.Response.WriteAsync(text);
    }

    private static JsonObject Completion(string answer, string question, Fault? fault)
    {
        var completion = new JsonObject { ["id"] = "c1", ["object"] = "chat.completion", ["created"] = 1, ["model"] = "served-model" };
        var message = new JsonObject { ["role"] = "assistant", ["content"] = fault == Fault.Refusal ? null : answer, ["refusal"] = fault == Fault.Refusal ? "I would rather not" : null };
        var reason = fault switch { Fault.Length => "length", Fault.ContentFilter => "content_filter", _ => "stop" };
        completion["choices"] = fault == Fault.EmptyChoices ? new JsonArray() : new JsonArray(new JsonObject { ["index"] = 0, ["message"] = message, ["finish_reason"] = reason });
        if (fault != Fault.NoUsage) completion["usage"] = Usage(question);
        return fault == Fault.ErrorObject ? [] : completion;
    }

    /// <summary>Last text first, so that only the indexes say which vector is whose; billed at ten tokens a text.</summary>
    private JsonObject Embeddings(JsonArray texts, bool base64) => new()
    {
        ["object"] = "list",
        ["model"] = "served-model",
        ["usage"] = new JsonObject { ["prompt_tokens"] = 10 * texts.Count, ["total_tokens"] = 10 * texts.Count },
        ["data"] = new JsonArray([.. texts.Select((t, i) => (JsonNode)new JsonObject { ["object"] = "embedding", ["index"] = i, ["embedding"] = Encoded(Vector((string)t!), base64 && !AsNumbers) }).Reverse()]),
    };

    private static JsonNode Encoded(float[] vector, bool base64) => base64 ? JsonValue.Create(Convert.ToBase64String(MemoryMarshal.AsBytes<float>(vector)))! : new JsonArray([.. vector.Select(v => JsonValue.Create(v))]);

    private static JsonObject Usage(string question)
    {
        var t = TokensOf(question);
        return new JsonObject
        {
            ["prompt_tokens"] = t.Input,
            ["completion_tokens"] = t.Output,
            ["total_tokens"] = t.Input + t.Output,
            ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = t.Cached },
            ["completion_tokens_details"] = new JsonObject { ["reasoning_tokens"] = t.Reasoning },
        };
    }

    private async Task StreamAsync(HttpContext context, string question)
    {
        context.Response.ContentType = "text/event-stream";
        JsonObject Piece(JsonArray choices) => new() { ["id"] = "c1", ["object"] = "chat.completion.chunk", ["created"] = 1, ["model"] = "served-model", ["choices"] = choices };
        async Task Send(JsonObject piece) => await context.Response.WriteAsync($"data: {piece.ToJsonString()}\n\n");
        foreach (var part in Answer(question).Chunk(8))
            await Send(Piece(new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = new JsonObject { ["content"] = new string(part) }, ["finish_reason"] = null })));
        await Send(Piece(new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = new JsonObject(), ["finish_reason"] = "stop" })));
        var last = Piece([]);
        last["usage"] = Usage(question);
        await Send(last);
        await context.Response.WriteAsync("data: [DONE]\n\n");
    }
}
