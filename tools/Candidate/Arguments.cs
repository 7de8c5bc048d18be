namespace MLPortfolio.Candidate;

/// <summary>Options of a command line, each --name=value or --name value; what is unknown, empty or given twice is a <see cref="UserError"/>.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> _values = [];

    public static Arguments Parse(string[] args, string[] valued, string[] flags)
    {
        var parsed = new Arguments();
        for (var i = 0; i < args.Length; i++)
        {
            var (name, value) = args[i].StartsWith("--", StringComparison.Ordinal) && args[i][2..].Split('=', 2) is var parts ? (parts[0], parts.ElementAtOrDefault(1)) : throw new UserError($"unexpected {UserError.Quote(args[i])}", expected: "--name=value");
            if (!valued.Contains(name) && !flags.Contains(name))
            {
                throw new UserError($"no option --{name}", fix: ClosestName.Suggest(name, [.. valued, .. flags]));
            }

            value ??= flags.Contains(name) ? "true" : i + 1 < args.Length ? args[++i] : throw new UserError("a value is missing", field: $"--{name}");
            if (!parsed._values.TryAdd(name, value))
            {
                throw new UserError("given twice", field: $"--{name}");
            }
        }

        return parsed;
    }

    /// <summary>The value, null where the option is absent or empty.</summary>
    public string? this[string name] => _values.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    public bool Has(string flag) => this[flag] is "true";

    public string Required(string name, string expected) => this[name] ?? throw new UserError("a value is needed", field: $"--{name}", expected: expected);
}
