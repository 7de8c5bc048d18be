namespace PortfolioProject.Evidence;

/// <summary>Keeps a second process out of a run that is being written. The system frees the lock of a dead process, so a stale file blocks nobody.</summary>
internal sealed class RunLock : IDisposable
{
    private readonly FileStream _held;
    private readonly string _owner;

    private RunLock(string folder, FileMode mode)
    {
        _held = new FileStream(LockFile(folder), mode, FileAccess.ReadWrite, FileShare.None);
        File.WriteAllText(_owner = OwnerFile(folder), $"process {Environment.ProcessId} on {Environment.MachineName}");
    }

    /// <summary>Makes and locks a folder, or returns null when somebody made it first.</summary>
    public static RunLock? Create(string folder) => Directory.Exists(folder) ? null : Take(Directory.CreateDirectory(folder).FullName, FileMode.CreateNew);

    public static RunLock Open(string folder) => Take(folder, FileMode.OpenOrCreate) ?? throw new UserError(
        $"the run is being written by {(File.Exists(OwnerFile(folder)) ? File.ReadAllText(OwnerFile(folder)) : "another process")}", folder, fix: "Wait for it, or stop it first");

    public void Dispose()
    {
        File.Delete(_owner);
        _held.Dispose();
        File.Delete(_held.Name);
    }

    private static RunLock? Take(string folder, FileMode mode)
    {
        try { return new RunLock(folder, mode); }
        catch (IOException) when (File.Exists(LockFile(folder))) { return null; }
    }

    private static string LockFile(string folder) => Path.Combine(folder, "run.lock");

    private static string OwnerFile(string folder) => Path.Combine(folder, "run.owner");
}
