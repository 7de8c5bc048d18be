using Spectre.Console;

namespace PortfolioProject.Evidence;

/// <summary>What verbs show: plain aligned tables on stdout, progress on stderr.</summary>
public static class Screen
{
    /// <summary>Columns padded to their widest cell; numbers (cells that begin with a digit or sign) to the right.</summary>
    public static void WriteTable(TextWriter output, IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> body)
    {
        var rows = body.ToList();
        var widths = head.Select((h, i) => rows.Select(r => r[i].Length).Append(h.Length).Max()).ToList();
        var right = head.Select((_, i) => rows.Count > 0 && rows.All(r => r[i].Length == 0 || char.IsAsciiDigit(r[i].TrimStart('+', '-', '<', ' ')[0]))).ToList();
        foreach (var row in rows.Prepend([.. widths.Select(w => new string('-', w))]).Prepend(head))
            output.Write(string.Join("  ", row.Select((c, i) => right[i] ? c.PadLeft(widths[i]) : c.PadRight(widths[i]))).TrimEnd() + "\n");
    }

    /// <summary>Runs <paramref name="work"/> under a progress bar that it advances by one a call; silent when the screen is no terminal.</summary>
    public static async Task<T> WithProgress<T>(string title, int total, Func<Action, Task<T>> work)
    {
        if (Console.IsErrorRedirected || Console.IsOutputRedirected)
            return await work(() => { });
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await console.Progress().AutoClear(true).StartAsync(async progress =>
        {
            var bar = progress.AddTask(Markup.Escape(title), maxValue: Math.Max(total, 1));
            return await work(() => bar.Increment(1));
        });
    }
}
