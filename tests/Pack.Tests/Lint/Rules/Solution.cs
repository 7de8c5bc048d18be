using System.Text;
using System.Xml.Linq;

namespace MLPortfolio.PackTests.Lint;

/// <summary>build/All.slnx opens every project of the pack at once, but those that need libtorch; MLPORTFOLIO_WRITE=1 writes it.</summary>
internal sealed class OneSolutionHoldsAllProjects : LintRule
{
    public override IEnumerable<string> Inspect(PackTree pack)
    {
        var path = Path.Combine(pack.Root, "build", "All.slnx");
        var projects = new[] { "content", "templates", "tests", "tools" }.Select(f => Path.Combine(pack.Root, f)).Where(Directory.Exists)
            .SelectMany(f => Directory.EnumerateFiles(f, "*.csproj", SearchOption.AllDirectories))
            .Select(f => "../" + Path.GetRelativePath(pack.Root, f).Replace('\\', '/')).Where(p => !p.StartsWith("../content/torch/", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        if (pack.IsBeingWritten)
        {
            File.WriteAllText(path, Render(projects));
        }

        var listed = File.Exists(path) ? XDocument.Load(path).Descendants("Project").Select(p => (string)p.Attribute("Path")!).ToList() : [];
        return projects.Except(listed).Select(p => $"build/All.slnx does not list {p}")
            .Concat(listed.Except(projects).Select(p => $"build/All.slnx lists {p}, which is not there"));
    }

    private static string Render(IEnumerable<string> projects)
    {
        var text = new StringBuilder("<Solution>\n");
        foreach (var folder in projects.GroupBy(p => string.Join('/', p.Split('/')[1..3])))
        {
            text.Append($"  <Folder Name=\"/{folder.Key}/\">\n");
            foreach (var project in folder)
            {
                text.Append($"    <Project Path=\"{project}\" />\n");
            }

            text.Append("  </Folder>\n");
        }

        return text.Append("</Solution>\n").ToString();
    }
}
