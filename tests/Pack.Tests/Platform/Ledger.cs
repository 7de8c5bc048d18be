using System.Diagnostics;
using System.Globalization;

namespace MLPortfolio.PackTests;

/// <summary>
/// What a test run leaves for the build's closing table, in artifacts/ledger/: seconds per template and step, and the
/// counts of suites that ran inside a generated repository.
/// </summary>
internal static class Ledger
{
    private static readonly Lock _gate = new();

    public static T Time<T>(string template, string step, Func<T> work)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            return work();
        }
        finally
        {
            Append("timings.tsv", template, step, watch.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture));
        }
    }

    public static void Count(string suite, int passed, int failed, int skipped) =>
        Append("counts.tsv", suite, $"{passed}", $"{failed}", $"{skipped}");

    /// <summary>A size of what is made: bytes, files or lines.</summary>
    public static void Size(string template, string what, long size) => Append("sizes.tsv", template, what, size.ToString(CultureInfo.InvariantCulture));

    /// <summary>A folder that a failure left behind.</summary>
    public static void Keep(string folder, string whose) => Append("kept.tsv", folder, whose);

    private static void Append(string file, params string[] fields)
    {
        lock (_gate)
        {
            var folder = Directory.CreateDirectory(Path.Combine(PackTree.Here.Root, "artifacts", "ledger")).FullName;
            File.AppendAllText(Path.Combine(folder, file), string.Join('\t', fields) + "\n");
        }
    }
}
