namespace PortfolioProject.ConfidentLearning;

/// <summary>
/// Sums in the order in which NumPy sums a contiguous array: eight running sums, blocks of at most 128. Counts of confident learning are rounded
/// at exact halves, so a sum that differs in its last bit can flag another row than the published implementations do.
/// </summary>
internal static class PairwiseSum
{
    private const int Lanes = 8, Block = 128;

    public static double Of(ReadOnlySpan<double> values)
    {
        if (values.Length > Block)
        {
            var half = values.Length / 2 / Lanes * Lanes;
            return Of(values[..half]) + Of(values[half..]);
        }

        var (whole, total) = (values.Length / Lanes * Lanes, 0.0);
        if (whole > 0)
        {
            Span<double> lane = stackalloc double[Lanes];
            values[..Lanes].CopyTo(lane);
            for (var i = Lanes; i < whole; i++) lane[i % Lanes] += values[i];
            total = lane[0] + lane[1] + (lane[2] + lane[3]) + (lane[4] + lane[5] + (lane[6] + lane[7]));
        }

        for (var i = whole; i < values.Length; i++) total += values[i];
        return total;
    }
}
