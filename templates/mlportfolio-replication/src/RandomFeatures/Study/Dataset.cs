using System.Globalization;
using PortfolioProject.Evidence;
using PortfolioProject.Numerics;

namespace PortfolioProject.RandomFeatures;

/// <summary>A table of numbers with an integer label in the last column, classes 0 … k − 1.</summary>
public sealed record Dataset(Matrix Rows, IReadOnlyList<int> Labels, int Classes)
{
    /// <summary>Reads a CSV file; one whose SHA-256 is not the configured one, or whose cells do not parse, is a <see cref="UserError"/>.</summary>
    public static Dataset Load(string root, string path, string sha256, double divideBy)
    {
        var file = Path.Combine(root, path);
        var lines = TextFile.Read(file, "Restore it, or name another file under `data`").TrimEnd('\n').Split('\n');
        if (TextFile.Sha256OfFile(file) is var hash && hash != sha256)
            throw new UserError("the data file is not the one that the configuration names", path, field: "sha256", expected: sha256, got: hash, fix: "Restore the file; for data of your own, put its hash into the configuration");
        var columns = lines[0].Split(',').Length;
        if (columns < 2 || lines.Length < 3) throw new UserError("no table", path, expected: "a header line, rows, inputs and a label in the last column");
        var (rows, labels) = (new Matrix(lines.Length - 1, columns - 1), new int[lines.Length - 1]);
        for (var i = 1; i < lines.Length; i++)
        {
            var cells = lines[i].Split(',');
            if (cells.Length != columns) throw new UserError("a row of another length", path, i + 1, expected: $"{columns} cells", got: $"{cells.Length}");
            for (var k = 0; k < columns - 1; k++)
                rows[i - 1, k] = double.TryParse(cells[k], NumberStyles.Float, CultureInfo.InvariantCulture, out var x) && double.IsFinite(x) ? x / divideBy
                    : throw new UserError("not a number", path, i + 1, k + 1, got: UserError.Quote(cells[k]));
            labels[i - 1] = int.TryParse(cells[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var label) && label < 1000 ? label
                : throw new UserError("not a class", path, i + 1, columns, expected: "0, 1, 2, …", got: UserError.Quote(cells[^1]));
        }

        var classes = labels.Max() + 1;
        return classes >= 2 ? new Dataset(rows, labels, classes) : throw new UserError("one class only", path, expected: "at least two");
    }
}
