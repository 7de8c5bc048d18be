using System.Text;
using System.Text.RegularExpressions;

namespace MLPortfolio.PackTests;

/// <summary>The template engine's path patterns: <c>**</c> crosses folders, <c>*</c> and <c>?</c> do not; anchored at both ends.</summary>
internal sealed class Glob
{
    private readonly Regex _pattern;

    public Glob(string pattern)
    {
        var regex = new StringBuilder("^");
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i..].StartsWith("**/", StringComparison.Ordinal))
            {
                regex.Append("(?:.*/)?");
                i += 2;
            }
            else if (pattern[i..].StartsWith("**", StringComparison.Ordinal))
            {
                regex.Append(".*");
                i++;
            }
            else
            {
                regex.Append(pattern[i] switch { '*' => "[^/]*", '?' => "[^/]", var c => Regex.Escape(c.ToString()) });
            }
        }

        Text = pattern;
        _pattern = new Regex(regex.Append('$').ToString(), RegexOptions.CultureInvariant);
    }

    public string Text { get; }

    public bool Matches(string path) => _pattern.IsMatch(path);
}
