using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace PortfolioProject.Evidence;

/// <summary>Gathers what a manifest says about the configuration, the data, the repository's state and the host.</summary>
public static class Provenance
{
    /// <summary>The manifest of a run that starts now. <paramref name="dataFiles"/> are hashed; their paths may be absolute or relative to the root.</summary>
    public static RunManifest Describe(string root, string kind, string command, object configuration, long seed, IEnumerable<string> dataFiles, string? shard = null)
    {
        var status = Git(root, "status", "--porcelain", "--", ".");
        var locks = Directory.GetFiles(root, "packages.lock.json", SearchOption.AllDirectories).OrderBy(f => Repository.Relative(root, f), StringComparer.Ordinal);
        var cpu = File.Exists("/proc/cpuinfo") ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name"))?.Split(':', 2)[1].Trim() : null;
        return new RunManifest("", kind, command, TextFile.Sha256(StrictYaml.Canonical(configuration)), (JsonObject)StrictYaml.CanonicalNode(configuration), seed,
            [.. dataFiles.Select(f => Hash(root, f)).OrderBy(d => d.Path, StringComparer.Ordinal)], RuntimeInformation.OSDescription,
            cpu ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? $"{RuntimeInformation.ProcessArchitecture}", Environment.ProcessorCount,
            RuntimeInformation.FrameworkDescription, DateTimeOffset.UtcNow, Shard: shard, GitCommit: Git(root, "rev-parse", "HEAD")?.Trim(),
            GitDirty: status is null ? null : status.Length > 0, LockHash: TextFile.Sha256(string.Join('\n', locks.Select(TextFile.Sha256OfFile))),
            TemplateVersion: Repository.ReadInfo(root).Version);
    }

    private static DataFile Hash(string root, string file) => new FileInfo(Path.Combine(root, file)) is { Exists: true } found
        ? new DataFile(Repository.Relative(root, found.FullName), TextFile.Sha256OfFile(found.FullName), found.Length)
        : throw new UserError("no such data file", file);

    private static string? Git(string root, params string[] arguments)
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", ["-C", root, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            git.BeginErrorReadLine();
            var output = git.StandardOutput.ReadToEnd();
            git.WaitForExit();
            return git.ExitCode == 0 ? output : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
