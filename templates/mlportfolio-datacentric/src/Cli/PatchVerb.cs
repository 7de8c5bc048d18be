namespace PortfolioProject.Cli;

/// <summary>Changes to data as files: applied, taken back byte by byte, or made of two versions of a file.</summary>
internal static class PatchVerb
{
    public static Command Create(Lazy<string> root)
    {
        Command Make(string name, string description, Func<CsvText, string, IReadOnlyList<string>, string> work, string second)
        {
            var (data, rest) = (new Argument<string>("DATA") { Description = "A CSV file." }, new Argument<string[]>("OTHER") { Description = second, Arity = ArgumentArity.OneOrMore });
            var target = new Option<string>("--out") { Description = "The file to write.", Required = true };
            var command = new Command(name, description) { data, rest, target };
            command.SetAction(parsed =>
            {
                var path = parsed.GetRequiredValue(data);
                var csv = CsvText.Read(Table.Find(root.Value, path), path);
                TextFile.Write(parsed.GetRequiredValue(target), work(csv, path, parsed.GetRequiredValue(rest)));
                parsed.InvocationConfiguration.Output.Write($"wrote {parsed.GetValue(target)}\n");
                return (int)ExitCode.Pass;
            });
            return command;
        }

        IReadOnlyList<Patch> Read(IEnumerable<string> files) => [.. files.Select(f => Patch.Read(Table.Find(root.Value, f), f))];
        const string Patches = "Patch files, in the order in which they apply.";
        return new Command("patch", "Changes to data as code.")
        {
            Make("apply", "Writes the data with patches applied; the sealed test set stays as it is. Example: patch apply data/digits/digits.csv patches/0001-review.csv --out patched.csv",
                (csv, path, files) => Table.Load(root.Value, path, null, files.ToList()) is var table && csv.Count > 0 ? table.Csv.Text : "", Patches),
            Make("revert", "Writes the data as they were before, byte by byte. Example: patch revert patched.csv patches/0001-review.csv --out base.csv", (csv, _, files) => Patch.Revert(csv, Read(files)).Text, Patches),
            Make("diff", "Makes a patch of two versions of a file with the same rows. Example: patch diff data/digits/digits.csv edited.csv --out patches/0002-edit.csv",
                (csv, _, files) => Patch.Diff(csv, CsvText.Read(Table.Find(root.Value, files[0]), files[0]), "diff").Text, "The file after the change."),
        };
    }
}
