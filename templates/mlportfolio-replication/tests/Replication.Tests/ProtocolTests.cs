namespace PortfolioProject.Replication.Tests;

/// <summary>
/// Numbers of a second implementation, written in another language from the description of the protocol alone with another library's singular
/// value decomposition: streams, split, label noise, features, solvers, choice of the penalty and kernel limit all have to agree.
/// </summary>
public sealed class ProtocolTests
{
    private static readonly Lazy<IReadOnlyList<CellResult>> Cells = new(() =>
    {
        var root = Repository.FindRoot(AppContext.BaseDirectory);
        var file = Path.Combine(root, "data", "digits", "digits.csv");
        var data = Dataset.Load(root, "data/digits/digits.csv", TextFile.Sha256OfFile(file), 16);
        var protocol = new Protocol(100, [50, 100, 200], [0, 0.2], 1.5, FeatureKind.Cosine,
            [new Method("minimum-norm", 0, []), new Method("truncated", 0.01, []), new Method("ridge", 0, [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10])]);
        var run = new SeedRun(protocol, data.Rows, data.Labels, data.Classes, 5);
        return [.. run.Kernel, .. run.Run()];
    });

    [Theory]
    [InlineData("kernel", null, null, 0.479535848, 514, 12.5327987)]
    [InlineData("minimum-norm", 50, null, 1.22630322, 958, 9.38522841)]
    [InlineData("truncated", 50, null, 1.22630322, 958, 9.38522841)]
    [InlineData("ridge", 50, 1.0, 0.653967477, 646, 3.28658579)]
    [InlineData("minimum-norm", 100, null, 283.023632, 1507, 263.703362)]
    [InlineData("truncated", 100, null, 6.33912173, 1181, 37.9167514)]
    [InlineData("ridge", 100, 1.0, 0.572415963, 500, 3.77248089)]
    [InlineData("minimum-norm", 200, null, 1.17459891, 777, 18.1153954)]
    [InlineData("truncated", 200, null, 1.17459891, 777, 18.1153954)]
    [InlineData("ridge", 200, 1.0, 0.520884708, 411, 3.99042027)]
    public void Seed_5_with_a_hundred_rows_and_a_fifth_of_labels_wrong_is_what_another_implementation_found(string method, int? width, double? penalty, double loss, int wrong, double norm)
    {
        var cell = Cells.Value.Single(c => c.Method == method && c.Width == width && c.Noise == 0.2);
        Assert.Equal(penalty, cell.Penalty);
        Assert.Equal(wrong, (int)Math.Round(cell.TestError * 1697));
        Assert.Equal(1, cell.TestLoss / loss, 1e-6);
        Assert.Equal(1, cell.Norm / norm, 1e-6);
    }
}
