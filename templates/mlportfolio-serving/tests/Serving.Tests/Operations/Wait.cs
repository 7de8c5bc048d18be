using System.Diagnostics;

namespace PortfolioProject.Serving.Tests;

/// <summary>Polls a condition with a generous limit: a busy machine is no failure.</summary>
internal static class Wait
{
    public static void Until(Func<bool> condition, double seconds = 60)
    {
        for (var waited = Stopwatch.StartNew(); !condition(); Thread.Sleep(10)) Assert.True(waited.Elapsed.TotalSeconds < seconds, "the condition did not come true");
    }

    public static async Task UntilAsync(Func<Task<bool>> condition, double seconds = 60)
    {
        for (var waited = Stopwatch.StartNew(); !await condition(); await Task.Delay(10)) Assert.True(waited.Elapsed.TotalSeconds < seconds, "the condition did not come true");
    }
}
