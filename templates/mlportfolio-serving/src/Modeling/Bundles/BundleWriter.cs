namespace PortfolioProject.Modeling;

/// <summary>Writes bundles: into a hidden folder beside their place, loaded from there once, then renamed, so that no version is ever half there or unreadable.</summary>
public static class BundleWriter
{
    /// <summary>
    /// Packages a model as the registry's next version (1, 2, …) and gives it as loaded; one at a time, so that what lies in the hidden folder
    /// was left by a packaging that died. The manifest's version, files and golden probabilities are filled in here; golden features are the caller's.
    /// </summary>
    public static Bundle Write(ModelRegistry registry, BundleManifest manifest, IReadOnlyDictionary<string, Tensor> weights, Func<BundleManifest, string> card, IModelEngine engine)
    {
        using var held = registry.Lock();
        var staged = Path.Combine(registry.Folder, ".new");
        string InPlace(string name) => Path.Combine(staged, name);
        if (Directory.Exists(staged)) Directory.Delete(staged, recursive: true);
        Directory.CreateDirectory(staged);
        var model = new FittedModel([.. manifest.Features], engine.Load(weights), manifest.Temperature);
        var next = 1 + Directory.GetDirectories(registry.Folder).Max(f => long.TryParse(Path.GetFileName(f), out var number) ? number : 0);
        manifest = manifest with { Version = $"{next}", Golden = [.. manifest.Golden.Select(g => new GoldenRow(g.Features, model.Predict([.. g.Features])))] };
        Safetensors.Write(InPlace(BundleManifest.WeightsFile), weights, new Dictionary<string, string> { ["model"] = manifest.Name });
        TextFile.Write(InPlace(BundleManifest.CardFile), card(manifest));
        manifest = manifest with { Files = new[] { BundleManifest.WeightsFile, BundleManifest.CardFile }.ToDictionary(f => f, f => TextFile.Sha256OfFile(InPlace(f))) };
        TextFile.Write(InPlace(BundleManifest.FileName), JsonSerializer.Serialize(manifest, ModelJson.Pages.BundleManifest) + "\n");
        Bundle.Load(staged, engine);
        Directory.Move(staged, registry.FolderOf(manifest.Version));
        return Bundle.Load(registry.FolderOf(manifest.Version), engine);
    }
}
