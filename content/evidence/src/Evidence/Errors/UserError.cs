namespace PortfolioProject.Evidence;

/// <summary>
/// Wrong input by the user: says where, what was expected, what was found and how to mend it. Printed on stderr without a stack
/// trace; the process ends with <see cref="Code"/> (2 unless set otherwise).
/// </summary>
public sealed class UserError(string problem, string? file = null, int? line = null, int? column = null, string? field = null,
    string? expected = null, string? got = null, string? fix = null) : Exception(Compose(problem, file, line, column, field, expected, got, fix))
{
    public string? File { get; } = file;
    public int? Line { get; } = line;
    public int? Column { get; } = column;
    public string? Field { get; } = field;
    public string? Expected { get; } = expected;
    public string? Got { get; } = got;
    public string? Fix { get; } = fix;
    public ExitCode Code { get; init; } = ExitCode.Usage;

    /// <summary>Quotes a value for a message, cut after 60 characters.</summary>
    public static string Quote(string? value) =>
        value is null ? "nothing" : $"\"{(value.Length > 60 ? value[..60] + "…" : value).ReplaceLineEndings(" ")}\"";

    private static string Compose(string problem, string? file, int? line, int? column, string? field, string? expected, string? got, string? fix)
    {
        static string Join(string separator, params string?[] parts) => string.Join(separator, parts.Where(p => !string.IsNullOrEmpty(p)));
        var where = Join(": ", Join(":", file, line?.ToString(), line is null ? null : column?.ToString()), field, problem);
        return Join(". ", Join("; ", where, Join(", ", expected is null ? null : "expected " + expected, got is null ? null : "got " + got)), fix);
    }
}
