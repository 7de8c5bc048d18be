namespace PortfolioProject.Server;

/// <summary>Runs a model on rows: row-major raw values in, row-major probabilities out, both whole rows. May be called from many threads.</summary>
public interface IPredictor
{
    /// <summary>How many requests may be inside at once; 0: as configured.</summary>
    int AtOnce => 0;

    /// <returns>How long the rows waited for a batch to fill.</returns>
    ValueTask<TimeSpan> PredictAsync(ServedModel model, ReadOnlyMemory<float> rows, Memory<float> probabilities, CancellationToken deadline);
}

/// <summary>Makes another predictor than the direct one, from the repository's root and overrides of its configuration; null: not wanted.</summary>
public delegate IPredictor? PredictorFactory(string root, IReadOnlyList<string> overrides);
