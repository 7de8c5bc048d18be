using System.ComponentModel;
using System.Diagnostics;

namespace PortfolioProject.Upkeep;

/// <summary>What git says about the repository: whether it is one, what it tracks and what is not committed. Without git nothing is tracked.</summary>
internal sealed record Git(bool IsRepository, string Problem, IReadOnlySet<string> Tracked, IReadOnlyList<string> Uncommitted)
{
    public static Git Ask(string root)
    {
        var (inside, said) = Run(root, "rev-parse", "--show-prefix");
        if (inside != 0) return new Git(false, said.Contains("not a git repository", StringComparison.Ordinal) ? "" : said.Trim().Split('\n')[0], new HashSet<string>(), []);
        var tracked = Run(root, "ls-files", "-z").Output.Split('\0', StringSplitOptions.RemoveEmptyEntries);
        var prefix = said.Trim();
        var changed = Run(root, "status", "--porcelain", "-z", "--no-renames", "--", ".").Output.Split('\0', StringSplitOptions.RemoveEmptyEntries);
        return new Git(true, "", tracked.ToHashSet(), [.. changed.Where(c => c.Length > 3).Select(c => c[3..]).Select(p => p.StartsWith(prefix, StringComparison.Ordinal) ? p[prefix.Length..] : p)]);
    }

    private static (int Code, string Output) Run(string root, params string[] arguments) => Run(root, arguments, null);

    /// <summary>What git printed, or its complaint when it failed; −1 without git.</summary>
    internal static (int Code, string Output) Run(string root, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        try
        {
            var start = new ProcessStartInfo("git", ["-C", root, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (var (key, value) in environment ?? new Dictionary<string, string>()) start.Environment[key] = value;
            using var git = Process.Start(start)!;
            var error = git.StandardError.ReadToEndAsync();
            var output = git.StandardOutput.ReadToEnd();
            git.WaitForExit();
            return (git.ExitCode, git.ExitCode == 0 ? output : error.Result);
        }
        catch (Win32Exception e)
        {
            return (-1, "git cannot be run: " + e.Message);
        }
    }
}
