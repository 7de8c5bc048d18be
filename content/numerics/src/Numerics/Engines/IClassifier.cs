namespace PortfolioProject.Numerics;

/// <summary>A trained model, ready to predict: immutable and thread-safe. Float32, as weights are exchanged.</summary>
public interface IClassifier
{
    /// <summary>"softmax" or "mlp".</summary>
    string Architecture { get; }

    int Features { get; }

    int Classes { get; }

    /// <summary>
    /// By the names of a PyTorch state_dict. softmax: linear.weight [classes, features], linear.bias; mlp: hidden.weight [hidden, features],
    /// hidden.bias, output.weight [classes, hidden], output.bias.
    /// </summary>
    IReadOnlyDictionary<string, Tensor> Weights { get; }

    /// <summary>
    /// Probabilities [n × classes] of rows [n × features], both row-major. A row's result does not depend on the rows beside it. Lengths that
    /// do not fit throw <see cref="ArgumentException"/>.
    /// </summary>
    void Predict(ReadOnlySpan<float> rows, Span<float> probabilities);
}
