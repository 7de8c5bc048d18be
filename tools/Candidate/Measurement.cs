namespace MLPortfolio.Candidate;

/// <summary>Runs the main job in two copies, as handed out and repaired, and keeps what both measured: the values that a sound answer moves between.</summary>
internal static class Measurement
{
    public static void Write(Workspace repository, Workspace key, Problem problem)
    {
        foreach (var (name, repaired) in new[] { ("as-handed-out", false), ("repaired", true) })
        {
            var folder = Directory.CreateTempSubdirectory("candidate-measure-").FullName;
            try
            {
                var copy = new Workspace(Path.Combine(folder, "repository"));
                foreach (var file in repository.Files())
                {
                    Directory.CreateDirectory(Path.GetDirectoryName(copy.PathOf(file))!);
                    File.Copy(repository.PathOf(file), copy.PathOf(file));
                }

                foreach (var (file, text) in repaired ? problem.Repaired : new Dictionary<string, string>())
                {
                    copy.Write(file, text);
                }

                var (code, said) = Generator.Run(null, copy.Root, ["run", "--project", "src/Cli", "--", .. problem.MainJob]);
                if (code != 0)
                {
                    throw new UserError($"the main job failed on the data {name.Replace('-', ' ')}: {said.Trim()}");
                }

                foreach (var metrics in Directory.GetFiles(copy.PathOf("runs"), "metrics.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
                {
                    var kind = (string)System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(metrics)!, "run.json")))!["kind"]!;
                    key.Write($"expected/{name}/{kind}.json", File.ReadAllText(metrics));
                }
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        key.Write("KEY.md", key.Read("KEY.md").Replace(Papers.NotMeasured, Papers.Measured, StringComparison.Ordinal));
    }
}
