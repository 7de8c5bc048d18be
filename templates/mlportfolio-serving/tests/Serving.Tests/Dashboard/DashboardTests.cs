using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Playwright;
using PortfolioProject.Modeling;
using PortfolioProject.Numerics;
using PortfolioProject.Server;

namespace PortfolioProject.Serving.Tests;

/// <summary>The page in a real browser against a real server that serves a model of the shipped digits.</summary>
public sealed class DashboardTests(TrainedRepository repository, Chromium chromium) : IClassFixture<TrainedRepository>, IClassFixture<Chromium>
{
    private const string AdminKey = "the key of a test";

    public static TheoryData<string, string> Digits => new()
    {
        { "0", "0.5,0.1 0.3,0.25 0.25,0.5 0.3,0.75 0.5,0.9 0.7,0.75 0.75,0.5 0.7,0.25 0.5,0.1" },
        { "4", "0.45,0.1 0.25,0.6 0.8,0.6|0.6,0.35 0.6,0.95" },
        { "7", "0.25,0.15 0.75,0.15 0.45,0.9" },
    };

    [Theory, MemberData(nameof(Digits))]
    public async Task A_digit_drawn_with_the_pointer_is_recognised_and_its_feedback_counted(string digit, string strokes)
    {
        await using var server = await StartAsync();
        await using var window = await chromium.OpenAsync(server.Address);
        await window["#paper"].WaitForAsync();
        foreach (var stroke in strokes.Split('|')) await window.DrawAsync([.. stroke.Split(' ').Select(p => p.Split(',')).Select(p => (double.Parse(p[0], Invariant), double.Parse(p[1], Invariant)))]);

        await window["#label[aria-busy=false]"].WaitForAsync();
        Assert.Equal(digit, await window.UntilAsync("#label", text => text == digit));
        Assert.Equal($"by digits {Stable(server)}", await window.TextAsync("#answered-by"));
        Assert.Equal(10, await window["#probabilities li"].CountAsync());
        Assert.Equal(digit, await window.TextAsync("#probabilities li.first span"));

        await window["#feedback button"].ClickAsync();
        await window.UntilAsync("#feedback-note", text => text == "Thank you.");
        await window.UntilAsync("#quality", text => text.Contains("100.0 % right of 1 labelled", StringComparison.Ordinal));
        Assert.Empty(window.Complaints);
    }

    /// <summary>Every cell is set by keys alone; the page sends what they show, and the model's answer to that is what the page says.</summary>
    [Fact]
    public async Task A_digit_is_drawn_and_predicted_by_keyboard_alone()
    {
        await using var server = await StartAsync();
        await using var window = await chromium.OpenAsync(server.Address);
        await window["#cells"].WaitForAsync();
        var row = CsvTable.Read(repository.Root, TrainingConfig.Load(repository.Root).Data).Row(2).ToArray();
        float[] coarse = [.. row.Select(v => 4 * MathF.Round(v / 4))];

        await TabToAsync(window, "document.activeElement.getAttribute('role') === 'gridcell'");
        for (var cell = 0; cell < 64; cell++)
        {
            if (coarse[cell] == 16) await window.Page.Keyboard.PressAsync("Space");
            else for (var i = 0; i < coarse[cell] / 4; i++) await window.Page.Keyboard.PressAsync("+");
            Assert.Equal($"row {(cell / 8) + 1}, column {(cell % 8) + 1}: {coarse[cell]} of 16", await window.Page.EvaluateAsync<string>("document.activeElement.getAttribute('aria-label')"));
            if (cell % 8 < 7) await window.Page.Keyboard.PressAsync("ArrowRight");
            else if (cell < 63) await PressAsync(window, "ArrowDown", "Home");
        }

        await window.Page.Keyboard.PressAsync("Enter");

        var bundle = Bundle.Load(repository.Registry.FolderOf(Stable(server)), new BuiltinEngine());
        var probabilities = new float[10];
        bundle.Predict(coarse, probabilities);
        var label = bundle.Manifest.Classes[Array.IndexOf(probabilities, probabilities.Max())];
        Assert.Equal(label, await window.UntilAsync("#label", text => text == label));
    }

    [Fact]
    public async Task Latency_throughput_and_drift_move_under_load()
    {
        await using var server = await StartAsync();
        await using var window = await chromium.OpenAsync(server.Address);
        await window.UntilAsync("#drift-state", text => text.StartsWith("Not", StringComparison.Ordinal));
        Assert.Equal(0, await window["#stages tr"].CountAsync() is var n && n > 0 ? int.Parse(await window.TextAsync("#stages tr:first-child td:last-child"), Invariant) : 0);

        using var http = new HttpClient { BaseAddress = server.Address };
        var features = Enumerable.Range(0, 64).Select(i => (i % 5) * 4).ToArray();
        for (var i = 0; i < 400; i++) (await http.PostAsJsonAsync("api/predict", new { features }, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        (await http.PostAsync("api/predict", new StringContent("{"), TestContext.Current.CancellationToken)).Dispose();

        await window.UntilAsync("#stages tr:first-child td:last-child", text => int.Parse(text.Replace(",", ""), Invariant) >= 400);
        Assert.True(double.Parse(await window.TextAsync("#stages tr:first-child td"), Invariant) > 0);
        await window.UntilAsync("#counters div:nth-child(2) dd", text => text != "0" && text != "–");
        await window.UntilAsync("#drift-state", text => text.StartsWith("Alarm", StringComparison.Ordinal));
        Assert.Equal(64, await window["#drift-image > div"].CountAsync());
        Assert.NotEqual(0, await window["#drift-image > .alarm"].CountAsync());
        Assert.Contains("!", await window.TextAsync("#drift-image > .alarm"));
        await window.UntilAsync("#errors", text => text.Contains("400", StringComparison.Ordinal));
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task Only_an_admin_promotes_and_rolls_back_and_by_keyboard_too()
    {
        await using var server = await StartAsync("Production");
        await using var window = await chromium.OpenAsync(server.Address);
        await window.UntilAsync("#health", text => text == "key needed");
        await UseKeyAsync(window, "predict");
        await window.UntilAsync("#health", text => text == "ready");
        var (stable, other) = Stable(server) == "1" ? ("1", "2") : ("2", "1");
        await window["#versions li"].First.WaitForAsync();

        await window[$"button[aria-label='Promote {other}']"].ClickAsync();
        await window.UntilAsync("#admin-note", text => text.StartsWith("The admin key is needed", StringComparison.Ordinal));
        Assert.Equal(stable, Stable(server));

        await UseKeyAsync(window, AdminKey);
        await window[$"button[aria-label='Promote {other}']"].FocusAsync();
        await window.Page.Keyboard.PressAsync("Enter");
        await window.UntilAsync($"#versions li[data-key='{other}'] .role", text => text == "stable");
        await window.UntilAsync($"#versions li[data-key='{stable}'] .role", text => text == "previous");
        Assert.Equal(other, Stable(server));
        await window.UntilAsync("#promotions li", text => text.Contains($"promote {other} by dashboard", StringComparison.Ordinal));

        await window["#rollback"].FocusAsync();
        await window.Page.Keyboard.PressAsync("Space");
        await window.UntilAsync($"#versions li[data-key='{stable}'] .role", text => text == "stable");
        Assert.Equal(stable, Stable(server));
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task A_key_is_kept_in_memory_alone()
    {
        await using var server = await StartAsync("Production");
        await using var window = await chromium.OpenAsync(server.Address);
        await UseKeyAsync(window, AdminKey);
        await window.UntilAsync("#health", text => text == "ready");

        Assert.Equal(0, await window.Page.EvaluateAsync<int>("localStorage.length + sessionStorage.length + document.cookie.length"));
        Assert.DoesNotContain(window.Requests, url => url.Contains(Uri.EscapeDataString(AdminKey), StringComparison.Ordinal));
        await window.Page.ReloadAsync();
        await window.UntilAsync("#health", text => text == "key needed");
    }

    [Fact]
    public async Task The_page_asks_no_other_host_and_its_policy_forbids_it()
    {
        await using var server = await StartAsync();
        await using var window = await chromium.OpenAsync(server.Address);
        await window["#paper"].WaitForAsync();
        await window.UntilAsync("#health", text => text == "ready");

        Assert.All(window.Requests.Where(url => !url.StartsWith("data:", StringComparison.Ordinal)), url => Assert.StartsWith(server.Address.ToString(), url));
        Assert.Contains(window.Requests, url => url.EndsWith("/api/status", StringComparison.Ordinal));
        Assert.Equal("blocked", await window.Page.EvaluateAsync<string>("fetch('https://example.com/').then(() => 'sent', () => 'blocked')"));
        Assert.Equal(0, await window.Page.EvaluateAsync<int>("document.querySelectorAll('script:not([src]), style, [style*=\"url\"], [onclick]').length"));
        using var http = new HttpClient();
        using var answer = await http.GetAsync(server.Address, TestContext.Current.CancellationToken);
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy);
        Assert.DoesNotContain("unsafe", policy);
    }

    [Theory, InlineData(ColorScheme.Light), InlineData(ColorScheme.Dark)]
    public async Task Text_is_readable_in_light_and_dark(ColorScheme scheme)
    {
        await using var server = await StartAsync();
        await using var window = await chromium.OpenAsync(server.Address, scheme);
        await window["#versions li"].First.WaitForAsync();
        await window["#predict"].ClickAsync();
        await window.UntilAsync("#label", text => text != "–");

        var background = await window.Page.EvaluateAsync<double>($"() => {{ {Contrast} return luminance(getComputedStyle(document.body).backgroundColor); }}");
        Assert.True(scheme == ColorScheme.Dark ? background < 0.1 : background > 0.8, $"{background}");
        var poor = await window.Page.EvaluateAsync<string[]>($"() => {{ {Contrast} return poor(); }}");
        Assert.Empty(poor);
    }

    [Theory, InlineData(375), InlineData(320)]
    public async Task On_a_phone_nothing_runs_out_of_the_page(int width)
    {
        await using var server = await StartAsync();
        using var http = new HttpClient { BaseAddress = server.Address };
        for (var i = 0; i < 210; i++) (await http.PostAsJsonAsync("api/predict", new { features = new int[64] }, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        await using var window = await chromium.OpenAsync(server.Address, width: width);
        await window["#versions li"].First.WaitForAsync();
        await window["#drift-details summary"].ClickAsync();
        await window.UntilAsync("#drift-state", text => text.Contains("rows", StringComparison.Ordinal));

        Assert.Equal(width, await window.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.Equal("", await window.Page.EvaluateAsync<string>($"[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > {width} + 1 && !e.closest('.scroll')).map(e => e.tagName + '.' + e.className).join()"));
    }

    [Fact]
    public async Task Every_control_has_a_name_and_shows_when_it_has_the_focus()
    {
        await using var server = await StartAsync();
        await using var window = await chromium.OpenAsync(server.Address);
        await window["#versions li"].First.WaitForAsync();

        Assert.Equal("", await window.Page.EvaluateAsync<string>(
            "[...document.querySelectorAll('button, input, select, [role=grid]')].filter(e => !(e.getAttribute('aria-label') || e.labels?.length || e.textContent.trim() || e.hidden)).map(e => e.outerHTML).join()"));
        var seen = new HashSet<string>();
        for (var i = 0; i < 40; i++)
        {
            await window.Page.Keyboard.PressAsync("Tab");
            if (await window.Page.EvaluateAsync<bool>("document.activeElement === document.body")) break;
            seen.Add(await window.Page.EvaluateAsync<string>("document.activeElement.id || document.activeElement.getAttribute('aria-label') || document.activeElement.textContent"));
            Assert.Equal("solid 3px", await window.Page.EvaluateAsync<string>("(s => s.outlineStyle + ' ' + s.outlineWidth)(getComputedStyle(document.activeElement))"));
        }

        Assert.Subset(seen, new HashSet<string> { "key", "predict", "clear-input", "repeat", "share", "fit" });
        Assert.Contains(seen, name => name.StartsWith("Promote ", StringComparison.Ordinal));
    }

    /// <summary>Nothing in the page knows digits: another signature gives a form with its names, ranges and classes.</summary>
    [Fact]
    public async Task Another_table_gives_a_form_of_its_features()
    {
        using var sample = new SampleBundle();
        new ModelRegistry(sample.Folder, "sample").Append(new Promotion(DateTimeOffset.UtcNow, "promote", "1", null, "cli", "the first version"));
        await using var server = await ServerHost.StartAsync(new ServerOptions(sample.Folder, new ServingConfig { Models = "." }), TestContext.Current.CancellationToken);
        await using var window = await chromium.OpenAsync(server.Address);
        await window[".fields"].WaitForAsync();

        Assert.Equal(["a", "b", "c"], await window.Page.EvaluateAsync<string[]>("[...document.querySelectorAll('.fields input')].map(i => i.name)"));
        Assert.Equal(0, await window["#paper"].CountAsync());
        await window["input[name=a]"].FillAsync("-0.75");
        await window["input[name=b]"].FillAsync("");
        await window["#predict"].ClickAsync();
        await window.UntilAsync("#answered-by", text => text.Contains("b needs a number", StringComparison.Ordinal));
        await window["input[name=b]"].FillAsync("0.5");
        await window["input[name=b]"].PressAsync("Enter");

        var probabilities = new float[2];
        sample.Bundle.Predict([-0.75f, 0.5f, 0], probabilities);
        var label = sample.Bundle.Manifest.Classes[probabilities[0] >= probabilities[1] ? 0 : 1];
        Assert.Equal(label, await window.UntilAsync("#label", text => text == label));
    }

    private static IFormatProvider Invariant => System.Globalization.CultureInfo.InvariantCulture;

    private static string Stable(ServerHost server) => server.Models.Choose(null, null)!.Version;

    private static async Task UseKeyAsync(DashboardWindow window, string key)
    {
        await window["#key"].FillAsync(key);
        await window["#key"].PressAsync("Enter");
    }

    private static async Task PressAsync(DashboardWindow window, params string[] keys)
    {
        foreach (var key in keys) await window.Page.Keyboard.PressAsync(key);
    }

    private static async Task TabToAsync(DashboardWindow window, string reached)
    {
        for (var i = 0; i < 30 && !await window.Page.EvaluateAsync<bool>(reached); i++) await window.Page.Keyboard.PressAsync("Tab");
        Assert.True(await window.Page.EvaluateAsync<bool>(reached));
    }

    /// <summary>Each test serves the same registry with logs of its own.</summary>
    private Task<ServerHost> StartAsync(string environment = "Development")
    {
        static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
        var config = ServingConfig.Load(repository.Root);
        return ServerHost.StartAsync(new ServerOptions(repository.Root, config with { Monitoring = config.Monitoring with { Folder = $"logs-{Guid.NewGuid():N}" } }, Environment: environment)
        {
            Keys = environment == "Development" ? new ApiKeys(null, null) : new ApiKeys(Hash("predict"), Hash(AdminKey)),
        }, TestContext.Current.CancellationToken);
    }

    /// <summary>WCAG 2.1: relative luminance, and every visible text below a contrast of 4.5 (3 where it is large), disabled controls aside.</summary>
    private const string Contrast = """
        function luminance(css) {
          const canvas = new OffscreenCanvas(1, 1).getContext('2d');
          canvas.fillStyle = css;
          canvas.fillRect(0, 0, 1, 1);
          const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        }
        function behind(e) {
          for (; e; e = e.parentElement) if (!/, 0\)$|transparent/.test(getComputedStyle(e).backgroundColor)) return getComputedStyle(e).backgroundColor;
          return 'white';
        }
        function poor() {
          return [...document.querySelectorAll('body *')].filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && e.checkVisibility() && !e.disabled && !e.closest('noscript, .skip, .cell, .heat'))
            .map(e => [e, luminance(getComputedStyle(e).color), luminance(behind(e))]).map(([e, a, b]) => [e, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)])
            .filter(([e, c]) => c < (parseFloat(getComputedStyle(e).fontSize) >= 24 ? 3 : 4.5)).map(([e, c]) => `${e.tagName} ${e.id} ${e.textContent.slice(0, 20)} ${c.toFixed(2)}`);
        }
        """;
}
