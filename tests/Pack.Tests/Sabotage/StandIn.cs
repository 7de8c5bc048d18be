namespace MLPortfolio.PackTests.Sabotage;

/// <summary>A copy that takes the place of a built repository while it is broken: what was compiled holds absolute paths, and here they stay true, so nothing is compiled anew.</summary>
internal static class StandIn
{
    public static int Of(GeneratedRepository built, Action<Victim> work)
    {
        var aside = built.Folder + ".aside";
        Directory.Move(built.Folder, aside);
        try
        {
            Victim.Copy(aside, built.Folder);
            work(new Victim(built, built.Folder) { IsBuilt = true });
        }
        finally
        {
            Directory.Delete(built.Folder, recursive: true);
            Directory.Move(aside, built.Folder);
        }

        return 0;
    }

    /// <summary>Lays every generated file down again that is not as it was generated, newer than what was compiled of it; runs go.</summary>
    public static void Mend(Victim victim, string pristine)
    {
        foreach (var file in Directory.EnumerateFiles(pristine, "*", SearchOption.AllDirectories))
        {
            var target = victim[Path.GetRelativePath(pristine, file)];
            if (!File.Exists(target) || !File.ReadAllBytes(file).AsSpan().SequenceEqual(File.ReadAllBytes(target)))
            {
                File.Copy(file, target, overwrite: true);
                File.SetLastWriteTimeUtc(target, DateTime.UtcNow);
            }
        }

        if (Directory.Exists(victim["runs"]))
        {
            Directory.Delete(victim["runs"], recursive: true);
        }
    }
}
