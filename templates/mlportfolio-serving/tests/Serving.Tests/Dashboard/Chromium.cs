using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace PortfolioProject.Serving.Tests;

/// <summary>The machine's own browser, driven without a window. Without one the tests that need it are skipped, and say so.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable"];
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (Places.FirstOrDefault(File.Exists) is not { } place) return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = place,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    /// <summary>The dashboard in a window of its own, with everything that it asked for and complained of.</summary>
    internal async Task<DashboardWindow> OpenAsync(Uri server, ColorScheme scheme = ColorScheme.Light, int width = 1280)
    {
        Assert.SkipWhen(_browser is null, "skipped: no Chromium on this machine (" + string.Join(", ", Places) + ")");
        var page = await _browser!.NewPageAsync(new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 900 } });
        page.SetDefaultTimeout(60_000);
        var window = new DashboardWindow(page);
        await page.GotoAsync(server.ToString());
        return window;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}

internal sealed class DashboardWindow : IAsyncDisposable
{
    public DashboardWindow(IPage page)
    {
        Page = page;
        page.Request += (_, request) => Requests.Add(request.Url);
        page.PageError += (_, error) => Complaints.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal)) Complaints.Add(message.Text);
        };
    }

    public IPage Page { get; }

    public ConcurrentBag<string> Requests { get; } = [];

    /// <summary>Errors of scripts and of the content security policy; answers with an error status are not among them.</summary>
    public ConcurrentBag<string> Complaints { get; } = [];

    public ILocator this[string selector] => Page.Locator(selector);

    public async Task<string> TextAsync(string selector) => (await Page.Locator(selector).First.TextContentAsync())!.Trim();

    /// <summary>Waits until an element's text is as wanted; a busy machine is no failure.</summary>
    public async Task<string> UntilAsync(string selector, Func<string, bool> wanted)
    {
        var text = "";
        for (var deadline = DateTime.UtcNow.AddSeconds(60); DateTime.UtcNow < deadline; await Task.Delay(50))
            if (wanted(text = await TextAsync(selector))) return text;
        Assert.Fail($"{selector} reads \"{text}\"");
        return text;
    }

    /// <summary>Draws lines through points given as shares of the drawing surface.</summary>
    public async Task DrawAsync(params (double X, double Y)[] points)
    {
        await Page.Locator("#paper").ScrollIntoViewIfNeededAsync();
        var box = (await Page.Locator("#paper").BoundingBoxAsync())!;
        (float X, float Y) At((double X, double Y) p) => ((float)(box.X + (box.Width * p.X)), (float)(box.Y + (box.Height * p.Y)));
        await Page.Mouse.MoveAsync(At(points[0]).X, At(points[0]).Y);
        await Page.Mouse.DownAsync();
        foreach (var point in points.Skip(1)) await Page.Mouse.MoveAsync(At(point).X, At(point).Y, new() { Steps = 6 });
        await Page.Mouse.UpAsync();
    }

    public async ValueTask DisposeAsync() => await Page.CloseAsync();
}
