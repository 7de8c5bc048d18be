namespace PortfolioProject.Cli;

/// <summary>Drafts a contract for a table, and holds a table against its contract.</summary>
internal static class ContractVerb
{
    public static Command Create(Lazy<string> root)
    {
        var file = new Argument<string>("FILE") { Description = "A CSV file." };
        var label = new Option<string?>("--label") { Description = "The column that holds the class; by default label, class, target, y …, else the last." };
        var infer = new Command("infer", "Drafts FILE.contract.yaml beside the file. Example: contract infer mine.csv --label kind") { file, label };
        infer.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(file);
            var source = File.Exists(path) ? path : Table.Find(root.Value, path);
            var target = Path.ChangeExtension(source, ".contract.yaml");
            TextFile.Write(target, ContractInference.Draft(CsvText.Read(source, path), parsed.GetValue(label)));
            parsed.InvocationConfiguration.Output.Write($"drafted {target}\nnext: read it, then: run --set data.path={path}\n");
            return (int)ExitCode.Pass;
        });

        var checkedFile = new Argument<string>("FILE") { Description = "A CSV file." };
        var contract = new Option<string?>("--contract") { Description = "The contract; by default the one beside the file, else configs/contract.yaml." };
        var check = new Command("check", "Lists everything in a file that its contract forbids. Example: contract check data/digits/digits.csv") { checkedFile, contract };
        check.SetAction(parsed =>
        {
            var table = Table.Load(root.Value, parsed.GetRequiredValue(checkedFile), parsed.GetValue(contract), []);
            parsed.InvocationConfiguration.Output.Write($"{table.Count} rows, {table.Width} features, {table.Classes.Count} classes keep the contract; version {table.Version[..16]}\n");
            return (int)ExitCode.Pass;
        });
        return new Command("contract", "What a table must be.") { infer, check };
    }
}
