using CsvHelper;

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
            var bundle = Bundle.Load(registry.Require(chosen), TrainingOptions.Engine);
            var source = parsed.GetRequiredValue(file);
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
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(target))!);
        var part = $"{target}.{bundle.Digest[..8]}-{TextFile.Sha256OfFile(source)[..8]}.part";
        var done = resume && File.Exists(part) ? WholeLines(part) : 0;
        using var csv = CsvReader.FromFile(source, CsvTable.Options(File.ReadLines(source).FirstOrDefault("")));
        if (!CsvTable.Next(csv, source)) throw new UserError("the file is empty", source, expected: "a header line, then rows");
        var (header, count) = (csv.Current.ToArray(), 0);
        header[0] = header[0].TrimStart('\uFEFF');
        var columns = bundle.Manifest.Features.Select(f => Column(header, f.Name, source)).ToArray();
        using (var results = new StreamWriter(part, append: done > 0) { NewLine = "\n" })
        {
            if (done == 0) results.WriteLine(string.Join(',', ["label", "confidence", .. bundle.Manifest.Classes.Select(c => Quoted("probability of " + c))]));
            var (rows, finished) = (new List<float>(Block * columns.Length), Math.Max(0, done - 1));
            for (var more = true; more;)
            {
                more = CsvTable.Next(csv, source);
                if (more && csv.FieldCount != header.Length)
                    throw new UserError("a row of another length", source, (int)csv.LineNumber, expected: $"{header.Length} cells, as in the header", got: $"{csv.FieldCount}");
                if (more && ++count > finished)
                    foreach (var j in columns) rows.Add(CsvTable.Number(csv.GetString(j), source, (int)csv.LineNumber, j, header[j]));
                if (more && rows.Count < Block * columns.Length) continue;
                cancel.ThrowIfCancellationRequested();
                Write(results, bundle, [.. rows]);
                rows.Clear();
                progress($"row {count}", (double)csv.ByteOffset / new FileInfo(source).Length);
            }
        }

        File.Move(part, target, overwrite: true);
        return count;
    }

    /// <summary>One flushed block of lines, so that a kill tears at most the last.</summary>
    private static void Write(StreamWriter results, Bundle bundle, float[] rows)
    {
        var classes = bundle.Manifest.Classes;
        var probabilities = new float[rows.Length / bundle.Manifest.Features.Count * classes.Count];
        bundle.Predict(rows, probabilities);
        foreach (var row in probabilities.Chunk(classes.Count))
        {
            var best = Array.IndexOf(row, row.Max());
            results.WriteLine(string.Join(',', row.Select(Text).Prepend(Text(row[best])).Prepend(Quoted(classes[best]))));
        }

        results.Flush();
    }

    /// <summary>How many whole lines the file holds; a torn rest is cut off.</summary>
    private static int WholeLines(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        var (lines, end, buffer) = (0, 0L, new byte[1 << 16]);
        for (int read, at = 0; (read = stream.Read(buffer)) > 0; at += read)
            for (var i = 0; i < read; i++)
                if (buffer[i] == '\n') (lines, end) = (lines + 1, at + i + 1);
        stream.SetLength(end);
        return lines;
    }

    private static int Column(string[] header, string feature, string file) => Array.IndexOf(header, feature) is var j and >= 0 ? j
        : throw new UserError($"no column {UserError.Quote(feature)}", file, 1, expected: "every feature of the model in the header", fix: ClosestName.Suggest(feature, header));

    private static string Text(float value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Quoted(string text) => text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"").ReplaceLineEndings(" ")}\"" : text;
}
