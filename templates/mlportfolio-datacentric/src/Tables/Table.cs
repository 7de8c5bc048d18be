namespace PortfolioProject.Tables;

/// <summary>A labelled numeric table. Rows are numbered as in the base file, from 1 under its header; patches never renumber them.</summary>
/// <param name="Values">Features as they stand in the file, [rows × features]; an empty cell holds the median of its column.</param>
/// <param name="Version">SHA-256 of the base file, or of the chain of base and patches.</param>
/// <param name="Empty">Empty cells of each feature.</param>
/// <param name="Csv">The file, patches applied.</param>
public sealed record Table(CsvText Csv, Contract Contract, IReadOnlyList<string> Features, double[] Values, int[] Labels, IReadOnlyList<string> Classes, int[] Rows, bool[] Sealed, string Version, int[] Empty)
{
    public int Count => Labels.Length;

    public int Width => Features.Count;

    /// <summary>The index of a class, −1 when there is none of this name.</summary>
    public int ClassOf(string name) => Classes.IndexOf(name);

    public ReadOnlySpan<double> Row(int i) => Values.AsSpan(i * Width, Width);

    /// <summary>Rows, one after another, scaled by the ranges of the contract; without a range, or with an empty one, a feature is left as it is.</summary>
    public double[] Scaled(ReadOnlySpan<double> rows)
    {
        var scaled = rows.ToArray();
        foreach (var (j, rule) in Contract.Features.Index())
            if (rule is { Min: { } min, Max: { } max } && max > min)
                for (var at = j; at < scaled.Length; at += Width) scaled[at] = (scaled[at] - min) / (max - min);
        return scaled;
    }

    /// <summary>Reads base and patches; a file that breaks its contract, a patch that does not fit and a changed test set are a <see cref="UserError"/>.</summary>
    public static Table Load(string root, string path, string? contractPath, IReadOnlyList<string> patches)
    {
        var (file, contractFile) = (Find(root, path), Find(root, contractPath ?? ContractOf(root, path)));
        var shown = Path.GetRelativePath(root, contractFile).Replace('\\', '/');
        var (csv, contract) = (CsvText.Read(file, path), Contract.Load(contractFile, shown));
        ContractCheck.Require(csv, contract, shown);
        var sealedRows = SealedTest.Rows(csv, contract);
        if (contract.Test.Sha256 is { } promised && SealedTest.Sha256(csv, sealedRows) is var hash && hash != promised)
            throw new UserError("the sealed test set changed", path, field: "test.sha256", expected: promised[..12] + "…", got: hash[..12] + "…", fix: $"Take the change back; a new test set needs a new contract ({shown})");
        var version = csv.Sha256;
        var kept = Enumerable.Range(1, csv.Count - 1).ToList();
        foreach (var patch in patches.Select(p => Patch.Read(Find(root, p), p)))
        {
            csv = patch.Apply(csv, version, sealedRows.ToHashSet(), kept);
            version = patch.NextVersion(version);
            kept = patch.Kept(kept);
            ContractCheck.Require(csv with { File = $"{path} with {patch.File}" }, contract, shown);
        }

        return Parse(csv, contract, [.. kept], [.. sealedRows], version);
    }

    /// <summary>The table of a file that keeps its contract.</summary>
    public static Table Parse(CsvText csv, Contract contract, int[] rows, HashSet<int> sealedRows, string version)
    {
        var (header, rules) = (csv.Header, contract.Features.ToList());
        var columns = rules.Select(r => header.IndexOf(r.Name)).ToArray();
        var cells = csv.Lines.Skip(1).Take(csv.Count - 1).Select(l => CsvText.Cells(l)).ToList();
        var given = cells.Select(c => CsvText.Plain(c[header.IndexOf(contract.Label)].Raw)).ToList();
        var classes = contract.Columns.First(c => c.Name == contract.Label).Values?.Where(given.ToHashSet().Contains).ToList() ?? [.. given.Distinct().Order(StringComparer.Ordinal)];
        var known = classes.Index().ToDictionary(c => c.Item, c => c.Index);
        var (values, empty) = (new double[cells.Count * columns.Length], new int[columns.Length]);
        for (var j = 0; j < columns.Length; j++)
        {
            var column = cells.Select(c => ContractCheck.Number(CsvText.Plain(c[columns[j]].Raw))).ToList();
            var median = column.OfType<double>().Order().ToList() is { Count: > 0 } sorted ? Statistics.Quantile(sorted, 0.5) : 0;
            for (var i = 0; i < cells.Count; i++) values[(i * columns.Length) + j] = column[i] ?? median;
            empty[j] = column.Count(v => v is null);
        }

        return new(csv, contract, [.. rules.Select(r => r.Name)], values, [.. given.Select(g => known[g])], classes, rows, [.. rows.Select(sealedRows.Contains)], version, empty);
    }

    /// <summary>The contract beside a data file (x.contract.yaml for x.csv), or that of the repository.</summary>
    public static string ContractOf(string root, string path) => Path.ChangeExtension(path, ".contract.yaml") is var beside && File.Exists(Find(root, beside)) ? beside : "configs/contract.yaml";

    /// <summary>A path from the repository's root or, failing that, from where the command was typed.</summary>
    public static string Find(string root, string path) => Path.Combine(root, path) is var inside && File.Exists(inside) ? inside : File.Exists(path) ? Path.GetFullPath(path) : inside;
}
