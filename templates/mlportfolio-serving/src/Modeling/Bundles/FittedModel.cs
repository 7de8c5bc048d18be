namespace PortfolioProject.Modeling;

/// <summary>A model with its preprocessing; the temperature is already in the weights. Thread-safe.</summary>
internal sealed record FittedModel(FeatureColumn[] Columns, IClassifier Classifier, double Temperature)
{
    /// <summary>Probabilities [n × classes] of raw rows [n × features], both row-major.</summary>
    public void Predict(ReadOnlySpan<float> raw, Span<float> probabilities)
    {
        if (raw.Length % Columns.Length != 0) throw new ArgumentException($"{raw.Length} values are no rows of {Columns.Length} features", nameof(raw));
        var rented = ArrayPool<float>.Shared.Rent(Math.Max(1, raw.Length));
        Classifier.Predict(Scale(Columns, raw, rented.AsSpan(0, raw.Length)), probabilities);
        ArrayPool<float>.Shared.Return(rented);
    }

    public float[] Predict(ReadOnlySpan<float> raw)
    {
        var probabilities = new float[raw.Length / Columns.Length * Classifier.Classes];
        Predict(raw, probabilities);
        return probabilities;
    }

    /// <summary>What the model sees of raw rows.</summary>
    public static Span<float> Scale(FeatureColumn[] columns, ReadOnlySpan<float> raw, Span<float> scaled)
    {
        for (var i = 0; i < raw.Length; i += columns.Length)
            for (var j = 0; j < columns.Length; j++) scaled[i + j] = columns[j].Scaled(raw[i + j]);
        return scaled;
    }
}
