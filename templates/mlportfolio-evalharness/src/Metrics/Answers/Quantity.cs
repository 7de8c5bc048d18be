namespace PortfolioProject.Metrics;

/// <summary>A number with its unit, in the base unit of its kind of <c>units.txt</c> ("energy" in Wh, "euro/energy", …; "" without a known unit).</summary>
internal sealed partial record Quantity(double Value, string Kind)
{
    private static readonly Dictionary<string, (string Kind, double Factor)> Exact = ReadUnits();

    private static readonly Dictionary<string, (string Kind, double Factor)> AnyCase =
        Exact.Where(u => u.Key.Length > 1).DistinctBy(u => u.Key, StringComparer.OrdinalIgnoreCase).ToDictionary(StringComparer.OrdinalIgnoreCase);

    public static IReadOnlyList<Quantity> FindAll(string text) => [.. Pattern().Matches(text).Select(From)];

    /// <summary>Whether the text says nothing but quantities: "2 to 3 bar" does, "15 March" and "pump 3" do not.</summary>
    public static bool IsAll(string text) => SquadText.Tokens(Pattern().Replace(text, m => Unit(m.Groups["currency"].Value + m.Groups["unit"].Value) is null ? $" {m.Groups["unit"]} " : " "))
        .All(t => t is "and" or "or" or "to" or "between" or "about" || !t.Any(char.IsLetterOrDigit));

    public bool Matches(Quantity other) => Kind == other.Kind && Math.Abs(Value - other.Value) <= 1e-9 * Math.Max(Math.Abs(Value), Math.Abs(other.Value));

    private static Quantity From(Match match)
    {
        string Part(string name) => match.Groups[name].Value;
        var digits = match.Groups["thousands"].Success ? Separators().Replace(Part("number"), "") : Part("number").Replace(',', '.');
        var value = double.Parse(digits, CultureInfo.InvariantCulture) * (Part("sign") is "-" or "−" ? -1 : 1)
            * Part("scale") switch { "k" or "thousand" => 1e3, "M" or "million" => 1e6, "billion" => 1e9, _ => 1 };
        var unit = Unit(Part("currency") + Part("unit")) ?? ("", 1);
        var over = match.Groups["per"].Captures.Select(c => Unit(c.Value) ?? (c.Value, 1)).ToList();
        return new(over.Aggregate(value * unit.Factor, (v, u) => v / u.Factor), string.Join('/', over.Select(u => u.Kind).Prepend(unit.Kind)));
    }

    private static (string Kind, double Factor)? Unit(string name)
    {
        name = name.Replace("° ", "°").Replace(' ', '-');
        return Exact.TryGetValue(name, out var unit) || AnyCase.TryGetValue(name, out unit) ? unit : null;
    }

    private static Dictionary<string, (string, double)> ReadUnits()
    {
        using var reader = new StreamReader(typeof(Quantity).Assembly.GetManifestResourceStream("units.txt")!);
        return reader.ReadToEnd().Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line.TrimEnd().Split(' '))
            .SelectMany(u => u[2..], (u, name) => (name, (u[0], double.Parse(u[1], CultureInfo.InvariantCulture)))).ToDictionary(StringComparer.Ordinal);
    }

    /// <summary>Numbers as they are written.</summary>
    public static HashSet<string> Numbers(string text) => [.. Regex.Matches(text, "[0-9]+(?:[.,][0-9]+)*").Select(m => m.Value)];

    [GeneratedRegex(@"[,'’ \u00a0\u2009\u202f]")]
    private static partial Regex Separators();

    /// <summary>
    /// A number that is no part of a name ("HX-200") or a version ("1.5.2"): thousands by comma, apostrophe or (thin) space, decimals by a
    /// point, or by a comma where no three digits follow or a 0 precedes. Before it a currency, after it a scale and a unit, the unit possibly "per" others.
    /// </summary>
    [GeneratedRegex("""
        (?:(?<currency>[€$£]|\b(?:EUR|USD|GBP))[\s]?)?
        (?:(?<![^\s(€$£])(?<sign>[-+−]))?
        (?<![\p{L}\p{N}_]|[0-9][.,]|\p{L}[-_])
        (?<number>(?<thousands>[1-9][0-9]{0,2}(?:[,'’\u0020\u00a0\u2009\u202f][0-9]{3})+(?:\.[0-9]+)?)|0,[0-9]+|[0-9]+(?:\.[0-9]+|,(?:[0-9]{1,2}|[0-9]{4,}))?)
        (?![0-9]|[.,][0-9])
        (?:\s?(?<scale>thousand|million|billion)\b|(?<scale>[kM])(?![\p{L}\p{N}€$£]))?
        (?(currency)|(?:[\s-]?(?<unit>(?:degrees?|deg|square|cubic|kilowatt|megawatt)[\ -]\p{L}+|per\ cent|[kM]?[€$£]|°\ ?[CF]\b|[%‰]|(?!per\b)\p{L}+[²³23]?))?)
        (?:\s?(?:/|\bper\b)\s?(?<per>[€$£%]|\p{L}+[²³23]?))*
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
