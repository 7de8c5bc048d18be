namespace PortfolioProject.Protocol;

/// <summary>
/// The quick way to read a short decimal number as float32, correctly rounded: up to seven digits are exact in a float, and so are powers of
/// ten up to 10¹⁰, so one division rounds once (W. D. Clinger, "How to read floating point numbers accurately", PLDI 1990). Everything else,
/// exponents included, is left to the full parser.
/// </summary>
internal static class DecimalFloat
{
    private const int MaxDigits = 7;

    private static ReadOnlySpan<float> PowersOfTen => [1e0f, 1e1f, 1e2f, 1e3f, 1e4f, 1e5f, 1e6f, 1e7f, 1e8f, 1e9f, 1e10f];

    /// <summary>Takes a valid JSON number; false: not read here.</summary>
    public static bool TryParse(ReadOnlySpan<byte> number, out float value)
    {
        value = 0;
        var negative = number[0] == '-';
        var (digits, point, mantissa) = (0, -1, 0);
        for (var i = negative ? 1 : 0; i < number.Length; i++)
        {
            var digit = (uint)(number[i] - '0');
            if (digit <= 9)
            {
                mantissa = mantissa * 10 + (int)digit;
                if (mantissa != 0 && ++digits > MaxDigits) return false;
            }
            else if (number[i] == '.') point = i;
            else return false;
        }

        var decimals = point < 0 ? 0 : number.Length - point - 1;
        if (decimals >= PowersOfTen.Length) return false;
        value = mantissa / PowersOfTen[decimals];
        if (negative) value = -value;
        return true;
    }
}
