using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using YamlDotNet.RepresentationModel;

namespace MLPortfolio.PackTests.Instantiate;

/// <summary>What must hold in every generated repository, whatever its name and options. Each check returns its findings.</summary>
internal static partial class RepositoryChecks
{
    public static IEnumerable<string> All(GeneratedRepository repository) =>
        [.. NoTokenIsLeft(repository), .. FilesParse(repository), .. NamedPathsExist(repository), .. NamesAreLegal(repository), .. NoFolderIsEmpty(repository)];

    [GeneratedRegex(@"PortfolioProject|Portfolio[ -]Project[ -][A-Z]\w+|portfolio-project-[a-z]+|^[ \t]*(?:#|//#|<!--#)(?:if|elseif|else|endif)\b", RegexOptions.Multiline)]
    private static partial Regex Token();

    public static IEnumerable<string> NoTokenIsLeft(GeneratedRepository repository)
    {
        foreach (var file in repository.Files)
        {
            if (Token().Match(file) is { Success: true } inPath)
            {
                yield return $"{file}: {inPath.Value} is left in its path";
            }

            if (Path.GetExtension(file) is not ".png" && Token().Match(repository.Read(file)) is { Success: true } inText)
            {
                yield return $"{file}: {inText.Value.Trim()} is left";
            }
        }
    }

    public static IEnumerable<string> FilesParse(GeneratedRepository repository)
    {
        foreach (var file in repository.Files)
        {
            if (Error(file, repository.Read(file)) is { } error)
            {
                yield return $"{file}: {error}";
            }
        }

        static string? Error(string file, string text)
        {
            try
            {
                switch (Path.GetExtension(file))
                {
                    case ".json":
                        using (JsonDocument.Parse(text))
                        {
                            return null;
                        }

                    case ".jsonl":
                        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                        {
                            JsonDocument.Parse(line).Dispose();
                        }

                        return null;
                    case ".yml" or ".yaml":
                        new YamlStream().Load(new StringReader(text));
                        return null;
                    case ".xml" or ".csproj" or ".props" or ".targets" or ".slnx" or ".svg":
                        XDocument.Parse(text);
                        return null;
                    default:
                        return null;
                }
            }
            catch (Exception e) when (e is JsonException or YamlDotNet.Core.YamlException or XmlException)
            {
                return $"does not parse: {e.Message}";
            }
        }
    }

    /// <summary>Links of Markdown, and paths in prose or code that start at a folder of the repository.</summary>
    [GeneratedRegex(@"\]\((?!\w+:|#)(?<path>[^)#\s]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"(?<![\w/.*<{-])(?<path>(?:src|tests|data|configs|deploy|docs|results|\.github|\.devcontainer)/[\w./-]*\w)(?![\w/*<{])")]
    private static partial Regex RootedPath();

    /// <summary>Every path that a solution, a workflow, a Dockerfile or a document of the repository names is there.</summary>
    public static IEnumerable<string> NamedPathsExist(GeneratedRepository repository)
    {
        foreach (var file in repository.Files.Where(f => !f.StartsWith("data/", StringComparison.Ordinal) && !f.StartsWith("results/", StringComparison.Ordinal)))
        {
            var folder = Path.GetDirectoryName(file)!;
            var text = repository.Read(file);
            IEnumerable<string> named = Path.GetExtension(file) switch
            {
                ".slnx" => XDocument.Parse(text).Descendants("Project").Select(p => (string)p.Attribute("Path")!),
                ".csproj" => XDocument.Parse(text).Descendants("ProjectReference").Select(p => Path.Combine(folder, (string)p.Attribute("Include")!)),
                ".md" => Link().Matches(text).Select(m => m.Groups["path"].Value).Select(p => p.StartsWith('/') ? p[1..] : Path.GetRelativePath(repository.Folder, Path.GetFullPath(p, Path.Combine(repository.Folder, folder))).Replace('\\', '/')).Concat(Rooted(text)),
                ".yml" or ".yaml" or "" or ".dockerignore" => Rooted(text),
                _ => [],
            };
            // Without evidence (another seed) the documents still say where it will stand.
            foreach (var path in named.Distinct().Where(p => !repository.Has(p) && (repository.Has("results") || !p.StartsWith("results/", StringComparison.Ordinal))))
            {
                yield return $"{file} names {path}, which is not there";
            }
        }

        static IEnumerable<string> Rooted(string text) => RootedPath().Matches(text).Select(m => m.Groups["path"].Value)
            .Where(p => !p.Split('/').Any(s => Placeholder().IsMatch(s)));
    }

    /// <summary>A segment that stands for a name of the owner's choice: X, X.Tests, NAME, NNNN-slug.md.</summary>
    [GeneratedRegex(@"^(?:X|NAME|NNNN)(?:[.-]|$)")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$")]
    private static partial Regex Slug();

    /// <summary>The namespace is a legal C# name with no keyword in it; the image and its Kubernetes objects have a DNS-safe name.</summary>
    public static IEnumerable<string> NamesAreLegal(GeneratedRepository repository)
    {
        foreach (var segment in repository.Namespace.Split('.'))
        {
            if (!CSharpNames.IsIdentifier(segment) || CSharpNames.Keywords.Contains(segment))
            {
                yield return $"{repository.Namespace}: {segment} is no C# name";
            }
        }

        if (repository.Has("deploy/compose.yaml"))
        {
            var yaml = new YamlStream();
            yaml.Load(new StringReader(repository.Read("deploy/compose.yaml")));
            var slug = ((YamlScalarNode)yaml.Documents[0].RootNode["name"]).Value!;
            if (!Slug().IsMatch(slug))
            {
                yield return $"deploy/compose.yaml: {slug} is no DNS name of at most 40 characters";
            }
        }
    }

    /// <summary>
    /// A generated text is its source with a value for each token and nothing else changed: the engine may take a piece of a
    /// file for a directive of its own. Files with declared conditions are left out.
    /// </summary>
    public static IEnumerable<string> OnlyTokensChange(GeneratedRepository repository)
    {
        var tokens = repository.Template.Symbols.Values.Select(s => (string?)s["replaces"]).OfType<string>().OrderByDescending(t => t.Length).Select(Regex.Escape);
        var split = new Regex(string.Join('|', tokens));
        foreach (var file in repository.Template.Files.DistinctBy(f => f.Target).Where(f => f is { IsText: true, CopyOnly: false } && repository.Has(f.Target) && !Lint.Directive.Find(f.Text).Any()))
        {
            var (text, at) = (repository.Read(file.Target), 0);
            foreach (var (piece, i) in split.Split(file.Text).Select((p, i) => (p, i)))
            {
                var found = text.IndexOf(piece, at, StringComparison.Ordinal);
                if (found < 0 || (i == 0 && found != 0) || text.AsSpan(at, found - at).Contains('\n'))
                {
                    yield return $"{file.Target} differs from its source near line {text.AsSpan(0, at).Count('\n') + 1}";
                    at = text.Length;
                    break;
                }

                at = found + piece.Length;
            }

            if (at != text.Length)
            {
                yield return $"{file.Target} goes on where its source ends";
            }
        }
    }

    public static IEnumerable<string> NoFolderIsEmpty(GeneratedRepository repository) =>
        Directory.EnumerateDirectories(repository.Folder, "*", SearchOption.AllDirectories)
            .Where(d => !Directory.EnumerateFileSystemEntries(d).Any() && !d.Split('/', '\\').Any(s => s is "bin" or "obj" or "runs"))
            .Select(d => $"{Path.GetRelativePath(repository.Folder, d)} is empty");
}
