namespace PortfolioProject.Modeling;

/// <summary>Writes bundles: into a hidden folder beside their place, loaded from there once, then renamed, so that no version is ever half there or unreadable.</summary>
public static class BundleWriter
{
    /// <summary>
    /// Packages a model as the registry's next version (1, 2, …) and gives it as loaded. The manifest's version, files and golden
    /// probabilities are filled in here; golden features are the caller's.
    /// </summary>
    public static Bundle Write(ModelRegistry registry, BundleManifest manifest, IReadOnlyDictionary<string, Tensor> weights, Func<BundleManifest, string> card, IModelEngine engine)
    {
        var model = new FittedModel(manifest.Features, engine.Load(weights), manifest.Temperature);
        var staged = Directory.CreateDirectory(Path.Combine(registry.Folder, $".new-{Guid.NewGuid():N}")).FullName;
        try
        {
            for (; ; )
            {
                var numbered = manifest with { Version = Next(registry), Golden = [.. manifest.Golden.Select(g => new GoldenRow(g.Features, model.Predict([.. g.Features])))] };
                Safetensors.Write(Path.Combine(staged, BundleManifest.WeightsFile), weights, new Dictionary<string, string> { ["model"] = numbered.Name });
                TextFile.Write(Path.Combine(staged, BundleManifest.CardFile), card(numbered));
                string[] files = [BundleManifest.WeightsFile, BundleManifest.CardFile];
                numbered = numbered with { Files = files.ToDictionary(f => f, f => TextFile.Sha256OfFile(Path.Combine(staged, f))) };
                TextFile.Write(Path.Combine(staged, BundleManifest.FileName), JsonSerializer.Serialize(numbered, ModelJson.Pages.BundleManifest) + "\n");
                Bundle.Load(staged, engine);
                var target = registry.FolderOf(numbered.Version);
                try { Directory.Move(staged, target); }
                catch (IOException) when (Directory.Exists(target)) { continue; }
                return Bundle.Load(target, engine);
            }
        }
        finally
        {
            if (Directory.Exists(staged)) Directory.Delete(staged, recursive: true);
        }
    }

    private static string Next(ModelRegistry registry) =>
        $"{1 + Directory.GetDirectories(registry.Folder).Select(f => long.TryParse(Path.GetFileName(f), out var number) ? number : 0).DefaultIfEmpty(0).Max()}";
}
