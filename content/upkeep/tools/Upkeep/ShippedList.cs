using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace PortfolioProject.Upkeep;

/// <summary>
/// tools/Upkeep/SHIPPED.txt: what the template laid down, so that what its owner did can be told from it. One fact a line: "prose HASH FILE" (a passage),
/// "file HASH PATH" (settings and datasheets), "data SHA256 PATH", "run ID KIND" (published runs), "path - PATH" (code and tests, by name alone). Machine-made.
/// </summary>
internal sealed partial record ShippedList(IReadOnlySet<string> Prose, IReadOnlyDictionary<string, string> Files, IReadOnlySet<string> Runs, IReadOnlyList<string> Data)
{
    public const string Path = "tools/Upkeep/SHIPPED.txt";
    private const int ShortestSentence = 5;

    public static ShippedList Parse(string text)
    {
        var facts = text.Replace("\r\n", "\n").Split('\n').Select(l => l.Split(' ', 3)).Where(f => f.Length == 3).ToList();
        return new(facts.Where(f => f[0] == "prose").Select(f => f[1]).ToHashSet(),
            facts.Where(f => f[0] is "file" or "path").DistinctBy(f => f[2]).ToDictionary(f => f[2], f => f[1]),
            facts.Where(f => f[0] == "run").Select(f => f[1]).ToHashSet(), [.. facts.Where(f => f[0] == "data").Select(f => f[1])]);
    }

    /// <summary>Whether a file holds settings: configs/ and the claims of a replication.</summary>
    public static bool IsSetting(string path) => path.StartsWith("configs/", StringComparison.Ordinal) || (path.StartsWith("claims", StringComparison.Ordinal) && path.EndsWith(".yaml", StringComparison.Ordinal));

    /// <summary>Whether a file stands as the template laid it down: for code and tests, whether the template brought a file of this name.</summary>
    public bool Holds(string path, Func<string?> text) => Files.TryGetValue(path, out var hash) && (hash == "-" || (text() is { } t && HashOfFile(t) == hash));

    /// <summary>Whether the template laid down a data file with these bytes, under whatever name; the list holds the first 16 digits.</summary>
    public bool HoldsData(string sha256) => Data.Any(d => sha256.StartsWith(d, StringComparison.Ordinal));

    /// <summary>Whether a passage is the template's: all of it, or a sentence of one that names the product or its owner and so reads otherwise everywhere.</summary>
    public bool Holds(Passage passage) => Prose.Contains(HashOfPassage(passage.Text)) || Sentences(passage.Text).Any(t => Prose.Contains(HashOfPassage(t)));

    public static IEnumerable<string> Sentences(string text) => SentenceEnd().Split(text).Where(t => t.Count(c => c == ' ') >= ShortestSentence - 1);

    /// <summary>Hash of a passage; letters and digits outside code count, so that rewrapping, another quotation mark or the product's name in a command is no edit.</summary>
    public static string HashOfPassage(string text) =>
        Hash(string.Concat((WithoutCode(text).Any(char.IsLetter) ? WithoutCode(text) : text).Where(char.IsLetterOrDigit)).ToLower(CultureInfo.InvariantCulture));

    public static string WithoutCode(string text) => Code().Replace(text, " ");

    /// <summary>Hash of a data or settings file, line ends and the seed aside: the seed is an option of the template.</summary>
    public static string HashOfFile(string text) => Hash(Seed().Replace(text.Replace("\r\n", "\n"), "seed: 0"));

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex Code();

    [GeneratedRegex(@"(?<=[.!?:;])\s+")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"\bseed: \d+")]
    private static partial Regex Seed();
}
