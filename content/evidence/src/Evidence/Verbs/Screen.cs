using Spectre.Console;

namespace PortfolioProject.Evidence;

/// <summary>What verbs show: plain aligned tables on stdout, progress on stderr.</summary>
public static class Screen
{
    /// <summary>Columns padded to their widest cell; columns of numbers (cells that begin with a digit or sign) to the right.</summary>
    public static void WriteTable(TextWriter output, IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> body)
    {
        var rows = body.ToList();
        var widths = head.Select((h, i) => rows.Select(r => r[i].Length).Append(h.Length).Max()).ToList();
        var right = head.Select((_, i) => rows.Count > 0 && rows.All(r => r[i].TrimStart('+', '-', '<', ' ') is [>= '0' and <= '9', ..] or "")).ToList();
        foreach (var row in rows.Prepend([.. widths.Select(w => new string('-', w))]).Prepend(head))
            output.Write(string.Join("  ", row.Select((c, i) => right[i] ? c.PadLeft(widths[i]) : c.PadRight(widths[i]))).TrimEnd() + "\n");
    }

    /// <summary>Runs <paramref name="work"/> under a progress line; it tells what is being done and which share of it. Silent when the screen is no terminal.</summary>
    public static T WithProgress<T>(Func<Action<string, double>, T> work)
    {
        if (Console.IsErrorRedirected || Console.IsOutputRedirected) return work((_, _) => { });
        return AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }).Progress().AutoClear(true).Start(progress =>
        {
            var line = progress.AddTask("starting");
            return work((doing, share) => (line.Description, line.Value) = (Markup.Escape(doing), 100 * share));
        });
    }
}
