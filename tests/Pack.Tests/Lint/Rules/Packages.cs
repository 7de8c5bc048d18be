using System.Xml.Linq;

namespace MLPortfolio.PackTests.Lint;

/// <summary>One version a package across all templates and the overlays' in-place build; and none that no project refers to (restore calls it NU1004).</summary>
internal sealed class PackageVersionsAgree : LintRule
{
    public override IEnumerable<string> Inspect(PackTree pack)
    {
        var lists = pack.Templates.Select(t => t.Folder).Append(Path.Combine(pack.Root, "content"))
            .Select(f => Path.Combine(f, "Directory.Packages.props")).Where(File.Exists)
            .Select(f => (Where: Path.GetRelativePath(pack.Root, f), Versions: Versions(f))).ToList();
        foreach (var package in lists.SelectMany(l => l.Versions.Select(v => (l.Where, v.Id, v.Version))).GroupBy(v => v.Id))
        {
            if (package.Select(v => v.Version).Distinct().Count() > 1)
            {
                yield return $"{package.Key} has the versions {string.Join(", ", package.Select(v => $"{v.Version} ({v.Where})"))}";
            }
        }

        foreach (var template in pack.Templates)
        {
            var path = Path.Combine(template.Folder, "Directory.Packages.props");
            if (!File.Exists(path))
            {
                continue;
            }

            var referenced = template.Files.Where(f => Path.GetExtension(f.Target) is ".csproj" or ".props" && Path.GetFileName(f.Target) != "Directory.Packages.props")
                .SelectMany(f => XDocument.Parse(f.Text).Descendants("PackageReference").Select(r => (string)r.Attribute("Include")!)).ToHashSet();
            var listed = Versions(path).Select(v => v.Id).ToList();
            var pinned = template.Files.Where(f => f.Target.EndsWith("packages.lock.json", StringComparison.Ordinal)).Select(f => f.Text).ToList();
            foreach (var id in listed.Except(referenced).Where(id => !pinned.Any(l => l.Contains($"\"{id}\": {{", StringComparison.Ordinal))))
            {
                yield return $"{template.ShortName}: Directory.Packages.props lists {id}, which no project refers to and no lock file pins";
            }

            foreach (var id in referenced.Except(listed))
            {
                yield return $"{template.ShortName}: {id} has no version in Directory.Packages.props";
            }
        }
    }

    private static IEnumerable<(string Id, string Version)> Versions(string file) =>
        XDocument.Load(file).Descendants("PackageVersion").Select(v => ((string)v.Attribute("Include")!, (string)v.Attribute("Version")!));
}

/// <summary>A generated repository restores what its lock files say: each project has one, but where another engine than the default leaves them all out.</summary>
internal sealed class EveryProjectIsLocked : TemplateRule
{
    protected override IEnumerable<string> Inspect(PackTree pack, TemplateDefinition template) =>
        from project in template.Files
        where project.Target.EndsWith(".csproj", StringComparison.Ordinal) && !template.Sources[project.Source].IsOfAnotherEngine
        let file = Path.GetDirectoryName(project.Target)!.Replace('\\', '/') + "/packages.lock.json"
        where template.Files.All(f => f.Target != file)
        select $"{file} is missing";
}
