namespace MLPortfolio.PackTests;

/// <summary>A temporary folder outside the pack's repository, so that nothing generated in it inherits the pack's build files.</summary>
internal sealed class Sandbox : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("mlportfolio-").FullName;

    public string this[string name] => Path.Combine(Folder, name);

    public void Dispose()
    {
        if (Environment.GetEnvironmentVariable("MLPORTFOLIO_KEEP") is null)
        {
            Directory.Delete(Folder, recursive: true);
        }
    }
}
