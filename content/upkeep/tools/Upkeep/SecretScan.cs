using System.Text.RegularExpressions;

namespace PortfolioProject.Upkeep;

/// <summary>Keys by their well-known shapes in every text file, and assignments of random-looking values outside tests; what says that it is an example is none.</summary>
internal static partial class SecretScan
{
    private const double RandomBits = 3.7;

    public static IEnumerable<Complaint> Of(Snapshot s) =>
        from file in s.Files
        where !file.EndsWith("packages.lock.json", StringComparison.Ordinal) && !Snapshot.Under(file, "results/") && file != ShippedList.Path
        let text = s.Text(file)
        where text is not null && (Snapshot.Under(file, "data/") ? text.Length < 100_000 : true)
        from found in KnownKey().Matches(text).Concat(Snapshot.Under(file, "tests/") ? [] : Assignment().Matches(text).Where(IsRandom)).Take(3)
        where !Example().IsMatch(found.Value)
        select new Complaint("secret", "run", $"{file}:{text.AsSpan(0, found.Index).Count('\n') + 1}", $"looks like a key: {found.Value[..Math.Min(8, found.Value.Length)]}…",
            "A published key is used by strangers within minutes, and shows how you would treat an employer's.", "Revoke it now, read it from the environment, and rewrite the history that holds it.");

    private static bool IsRandom(Match m)
    {
        var value = m.Groups["value"].Value;
        return value.Any(char.IsDigit) && value.Any(char.IsLetter) && Entropy(value) >= RandomBits;
    }

    /// <summary>Shannon entropy of a text's characters, bits a character.</summary>
    private static double Entropy(string text) => -text.GroupBy(c => c).Select(g => (double)g.Count() / text.Length).Sum(p => p * Math.Log2(p));

    [GeneratedRegex(@"\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36,255}|\bgithub_pat_\w{22,255}|\bsk-(?:proj-|ant-)?[A-Za-z0-9_-]{20,255}|\bAIza[\w-]{35}|\bxox[abprs]-[\w-]{10,255}|\bhf_[A-Za-z]{30,60}|\bnpm_[A-Za-z0-9]{36}|\bsk_live_\w{20,255}|\bglpat-[\w-]{20,255}|AccountKey=[A-Za-z0-9+/]{60,200}={0,2}|-----BEGIN (?:[A-Z]{1,20} )?PRIVATE KEY-----")]
    private static partial Regex KnownKey();

    [GeneratedRegex(@"(?i:(?:api_?key|secret|token|passw(?:or)?d|pwd|access_?key)\w{0,30})[""']?\s{0,20}[:=]\s{0,20}[""']?(?<value>[A-Za-z0-9+/_\-]{20,200}={0,2})(?=[""'\s;,]|$)")]
    private static partial Regex Assignment();

    [GeneratedRegex(@"(?i)example|sample|fake|dummy|test|placeholder|your|xxxx|12345|sha256|hash|digest")]
    private static partial Regex Example();
}
