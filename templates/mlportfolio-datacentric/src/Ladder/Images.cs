namespace PortfolioProject.Ladder;

/// <summary>What can be done with rows that are pictures.</summary>
public static class Images
{
    public const int Width = Zones * Zones * Orientations;
    private const int Zones = 4, Orientations = 8;

    /// <summary>The picture moved by whole pixels; what comes in is 0.</summary>
    public static double[] Shift(double[] image, ImageRule size, int right, int down)
    {
        var moved = new double[image.Length];
        for (var y = 0; y < size.Height; y++)
            for (var x = 0; x < size.Width; x++)
                if (y - down >= 0 && y - down < size.Height && x - right >= 0 && x - right < size.Width) moved[(y * size.Width) + x] = image[((y - down) * size.Width) + x - right];
        return moved;
    }

    /// <summary>Gradient strength by direction in 4 × 4 zones, 8 directions each, shared between the two nearest directions and scaled to length 1 (Dalal and Triggs 2005).</summary>
    public static double[] GradientOrientations(double[] image, ImageRule size)
    {
        var histogram = new double[Zones * Zones * Orientations];
        double At(int x, int y) => image[(Math.Clamp(y, 0, size.Height - 1) * size.Width) + Math.Clamp(x, 0, size.Width - 1)];
        for (var y = 0; y < size.Height; y++)
        {
            for (var x = 0; x < size.Width; x++)
            {
                var (dx, dy) = (At(x + 1, y) - At(x - 1, y), At(x, y + 1) - At(x, y - 1));
                var turn = (Math.Atan2(dy, dx) / (2 * Math.PI) + 1) % 1 * Orientations;
                var (low, zone) = ((int)turn % Orientations, (y * Zones / size.Height * Zones) + (x * Zones / size.Width));
                var strength = Math.Sqrt((dx * dx) + (dy * dy));
                histogram[(zone * Orientations) + low] += strength * (1 - (turn - (int)turn));
                histogram[(zone * Orientations) + ((low + 1) % Orientations)] += strength * (turn - (int)turn);
            }
        }

        var length = Math.Sqrt(histogram.Sum(v => v * v));
        return length == 0 ? histogram : [.. histogram.Select(v => v / length)];
    }
}
