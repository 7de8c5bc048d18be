using System.Text.Json.Nodes;

namespace MLPortfolio.PackTests.Lint;

/// <summary>The smallest pack that every rule accepts: two templates over one overlay. A test breaks one thing in it.</summary>
internal static class MiniaturePack
{
    public static PackTree Write(string root)
    {
        Put(root, "TemplatePack.csproj", "<Project><PropertyGroup><Version>1.2.3</Version></PropertyGroup></Project>\n");
        Put(root, "content/common/LICENSE", "Copyright (c) Portfolio Project Owner\n");
        Put(root, "content/common/.github/workflows/ci.yml", "name: ci\n#if (deploy != \"none\")\nimage: portfolio-project-slug\n#endif\n");
        Put(root, "content/evidence/src/Evidence/Blocks/Publication.cs", "const string Unmeasured = \"*not measured*\\n\";\n");
        Put(root, "content/upkeep/tools/Upkeep/Upkeep.txt", "x\n");
        foreach (var name in new[] { "demo", "other" })
        {
            var folder = $"templates/{name}";
            Put(root, $"{folder}/.template.config/template.json", Template(name).ToJsonString() + "\n");
            Put(root, $"{folder}/.template.config/dotnetcli.host.json", """{"symbolInfo":{"owner":{},"deploy":{}}}""");
            Put(root, $"{folder}/.template.config/ide.host.json", """{"symbolInfo":[{"id":"owner"},{"id":"deploy"}]}""");
            Put(root, $"{folder}/.mlportfolio.json", $$"""{"template":"{{name}}","version":"1.2.3","name":"Portfolio-Project-Title-Json","options":{"owner":"Portfolio-Project-Owner-Json","deploy":"portfolio-project-deploy"} }""");
            Put(root, $"{folder}/README.md", "# Portfolio Project Title\nIt is mine.\n<!-- evidence:headline -->\n0.9\n<!-- /evidence -->\n");
            Put(root, $"{folder}/unmeasured/README.md", "# Portfolio Project Title\nIt is mine.\n<!-- evidence:headline -->\n*not measured*\n<!-- /evidence -->\n");
            Put(root, $"{folder}/deploy/Dockerfile", "FROM scratch\n");
            Put(root, $"{folder}/data/cases.csv", "a,b\n");
            Put(root, $"{folder}/configs/run.yaml", "seed: 1\n");
            Put(root, $"{folder}/Directory.Packages.props", "<Project><ItemGroup><PackageVersion Include=\"A\" Version=\"1.0.0\" /></ItemGroup></Project>\n");
            Put(root, $"{folder}/src/Cli/Cli.csproj", "<Project><ItemGroup><PackageReference Include=\"A\" /></ItemGroup></Project>\n");
            Put(root, $"{folder}/src/Cli/packages.lock.json", "{}\n");
            Put(root, $"{folder}/src/Cli/Program.cs", "namespace PortfolioProject.Cli;\n");
        }

        Put(root, "build/All.slnx", "<Solution><Project Path=\"../templates/demo/src/Cli/Cli.csproj\" /><Project Path=\"../templates/other/src/Cli/Cli.csproj\" /></Solution>");
        Put(root, "README.md", "<!-- options -->\n<!-- /options -->\n");
        var pack = new PackTree(root);
        foreach (var template in pack.Templates)
        {
            Put(template.Folder, "tools/Upkeep/SHIPPED.txt", ShippedListIsFresh.Render(template));
        }

        Put(root, "README.md", $"<!-- options -->\n{ReadmeTableIsFresh.Render(pack)}<!-- /options -->\n");
        return new PackTree(root);
    }

    public static void Put(string root, string path, string text)
    {
        var full = Path.Combine(root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    private static JsonObject Template(string name)
    {
        static JsonArray Leave() => [.. Leavings.Patterns.Select(p => (JsonNode)p)];
        return new JsonObject
        {
            ["shortName"] = name,
            ["preferNameDirectory"] = true,
            ["sources"] = new JsonArray(
                new JsonObject
                {
                    ["source"] = "./",
                    ["exclude"] = new JsonArray([.. Leavings.Patterns.Append("unmeasured/**").Select(p => (JsonNode)p)]),
                    ["copyOnly"] = new JsonArray("data/**"),
                    ["modifiers"] = new JsonArray(
                        new JsonObject { ["condition"] = "(deploy == \"none\")", ["exclude"] = new JsonArray("deploy/**") },
                        new JsonObject { ["condition"] = "(deploy == \"docker\")", ["exclude"] = new JsonArray("README.md") }),
                },
                new JsonObject { ["source"] = "./unmeasured/", ["condition"] = "(owner != \"us\" && deploy == \"docker\")", ["exclude"] = Leave() },
                new JsonObject { ["source"] = "../../content/common/", ["exclude"] = Leave() },
                new JsonObject { ["source"] = "../../content/upkeep/", ["exclude"] = Leave() }),
            ["symbols"] = JsonNode.Parse("""
                {
                  "owner": { "type": "parameter", "datatype": "text", "description": "Who.", "defaultValue": "us", "replaces": "Portfolio Project Owner" },
                  "deploy": { "type": "parameter", "datatype": "choice", "description": "What.", "defaultValue": "docker", "replaces": "portfolio-project-deploy",
                    "choices": [ { "choice": "none" }, { "choice": "docker" } ] },
                  "ownerJson": { "type": "derived", "valueSource": "owner", "valueTransform": "json", "replaces": "\"Portfolio-Project-Owner-Json\"" },
                  "heading": { "type": "derived", "valueSource": "name", "valueTransform": "identity", "replaces": "Portfolio Project Title" },
                  "headingJson": { "type": "derived", "valueSource": "name", "valueTransform": "json", "replaces": "\"Portfolio-Project-Title-Json\"" },
                  "slug": { "type": "derived", "valueSource": "name", "valueTransform": "lower", "replaces": "portfolio-project-slug" }
                }
                """),
            ["SpecialCustomOperations"] = JsonNode.Parse("""
                { "src/**/*.cs": { "operations": [ { "type": "conditional", "configuration": { "if": [ "//#if" ] } } ] },
                  "tests/**/*.cs": { "operations": [ { "type": "conditional", "configuration": { "if": [ "//#if" ] } } ] } }
                """),
            ["forms"] = JsonNode.Parse("""{ "json": { "identifier": "jsonEncode" }, "lower": { "identifier": "lowerCase" } }"""),
        };
    }
}
