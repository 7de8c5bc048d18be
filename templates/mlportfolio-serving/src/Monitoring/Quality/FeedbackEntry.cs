namespace PortfolioProject.Monitoring;

/// <summary>The truth about one row that was predicted, with all that quality and retraining need of the prediction: the log may forget it.</summary>
/// <param name="Key">The caller's Idempotency-Key, or one made from prediction and label.</param>
/// <param name="Inputs">The row as little-endian floats, if the log kept it.</param>
public sealed record FeedbackEntry(string Key, string Prediction, string Label, DateTimeOffset At, string Version, string Role, string Predicted, double Confidence, string? Cluster = null, byte[]? Inputs = null);

/// <summary>
/// Accepted and Repeated are both success: the second says that this key was seen with the same content. UnknownPrediction: the log does not
/// have it, or not any more. KeyReused: the key came with other content before. Full: the bound is reached. Failed: not written, nothing changed.
/// </summary>
public enum FeedbackOutcome { Accepted, Repeated, UnknownPrediction, KeyReused, Full, Failed }
