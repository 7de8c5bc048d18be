namespace PortfolioProject.Cli;

/// <summary>
/// batch: every row of a CSV file through the same bundle and the same code as the server's, in the file's order. Finished rows are appended to a file beside the
/// result whose name holds the digests of bundle and input, so that --resume never mixes two; the whole result is renamed into place.
/// </summary>
internal static class BatchVerb
{
    private const int Block = 1024;

    public static Command Create(Lazy<string> root)
    {
        var file = new Argument<string>("FILE") { Description = "a CSV file with a header that names every feature of the model; other columns are ignored" };
        var output = new Option<string?>("--out") { Description = "The result; FILE with .predictions.csv by default" };
        var (name, version) = (new Option<string?>("--model") { Description = "The model; the only one by default" }, new Option<string?>("--version") { Description = "Its version; the stable one by default" });
        var resume = new Option<bool>("--resume") { Description = "Goes on behind the last finished row" };
        var command = new Command("batch", "Predict every row of a CSV file. Example: batch data/digits/digits.csv --out predictions.csv") { file, output, name, version, resume };
        command.SetAction((parsed, cancel) =>
        {
            var registry = ModelRegistry.Open(Path.Combine(root.Value, "models"), parsed.GetValue(name));
            var chosen = parsed.GetValue(version) ?? registry.State().Stable ?? throw new UserError("no version is promoted", registry.Folder, fix: "Name one: --version");
            var (bundle, source) = (Bundle.Load(registry.Require(chosen), Workspace.Engine), parsed.GetRequiredValue(file));
            var target = parsed.GetValue(output) ?? Path.ChangeExtension(source, ".predictions.csv");
            var rows = Screen.WithProgress(progress => Predict(bundle, source, target, parsed.GetValue(resume), progress, cancel));
            parsed.InvocationConfiguration.Output.Write($"{rows} rows by {registry.Name} {chosen} (digest {bundle.Digest[..12]}): {target}\n");
            return Task.FromResult((int)ExitCode.Pass);
        });
        return command;
    }

    /// <summary>Writes label, confidence and one probability a class for every row: how many rows there are.</summary>
    public static int Predict(Bundle bundle, string source, string target, bool resume, Action<string, double> progress, CancellationToken cancel)
    {
        if (!File.Exists(source)) throw new UserError("no such file", source);
        if (Path.GetFullPath(source) == Path.GetFullPath(target)) throw new UserError("the result would replace its own input", target, fix: "Name another file: --out");
        var part = $"{target}.{bundle.Digest[..8]}-{TextFile.Sha256OfFile(source)[..8]}.part";
        if (!resume) File.Delete(part);
        using var csv = CsvReader.FromFile(source, CsvTable.Options(File.ReadLines(source).FirstOrDefault("")));
        var (count, classes) = (0, bundle.Manifest.Classes);
        using (var results = new StreamWriter(JsonLines.Open(part)) { NewLine = "\n" })
        {
            if (results.BaseStream.Length == 0) results.WriteLine(string.Join(',', ["label", "confidence", .. classes.Select(c => Quoted("probability of " + c))]));
            else count = JsonLines.Read(part).Count - 1;
            foreach (var rows in Rows(csv, bundle, source).Skip(count).Chunk(Block))
            {
                cancel.ThrowIfCancellationRequested();
                var probabilities = new float[rows.Length * classes.Count];
                bundle.Predict([.. rows.SelectMany(r => r)], probabilities);
                foreach (var row in probabilities.Chunk(classes.Count)) results.WriteLine(string.Join(',', [Quoted(classes[Array.IndexOf(row, row.Max())]), Text(row.Max()), .. row.Select(Text)]));
                results.Flush();
                progress($"row {count += rows.Length}", (double)csv.ByteOffset / new FileInfo(source).Length);
            }
        }

        File.Move(part, target, overwrite: true);
        return count;
    }

    /// <summary>The model's features of every row, found by the header's names.</summary>
    private static IEnumerable<float[]> Rows(CsvReader csv, Bundle bundle, string file)
    {
        if (!CsvTable.Next(csv, file, wrong => throw wrong)) throw new UserError("the file is empty", file, expected: "a header line, then rows");
        string[] header = [.. csv.Current.ToArray().Select(name => name.TrimStart('\uFEFF'))];
        int[] columns = [.. bundle.Manifest.Features.Select(f => Array.IndexOf(header, f.Name) is var j and >= 0 ? j
            : throw new UserError($"no column {UserError.Quote(f.Name)}", file, 1, expected: "every feature of the model in the header", fix: ClosestName.Suggest(f.Name, header)))];
        for (; CsvTable.Next(csv, file, wrong => throw wrong);)
            yield return csv.FieldCount == header.Length ? [.. columns.Select(j => CsvTable.Number(csv.GetString(j), file, (int)csv.LineNumber, j, header[j], wrong => throw wrong))]
                : throw new UserError("a row of another length", file, (int)csv.LineNumber, expected: $"{header.Length} cells, as in the header", got: $"{csv.FieldCount}");
    }

    private static string Text(float value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Quoted(string text) => text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"").ReplaceLineEndings(" ")}\"" : text;
}
