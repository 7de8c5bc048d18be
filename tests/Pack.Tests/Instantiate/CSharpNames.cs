using System.Globalization;

namespace MLPortfolio.PackTests.Instantiate;

/// <summary>What C# takes as a name (C# specification, 6.4.3 and 6.4.4).</summary>
internal static class CSharpNames
{
    public static readonly HashSet<string> Keywords =
    [
        .. ("abstract as base bool break byte case catch char checked class const continue decimal default delegate do double else enum event explicit "
            + "extern false finally fixed float for foreach goto if implicit in int interface internal is lock long namespace new null object operator out "
            + "override params private protected public readonly ref return sbyte sealed short sizeof stackalloc static string struct switch this throw "
            + "true try typeof uint ulong unchecked unsafe ushort using virtual void volatile while").Split(' '),
    ];

    public static bool IsIdentifier(string name) =>
        name.Length > 0 && (name[0] == '_' || IsLetter(name[0])) && name.All(c => IsLetter(c) || char.GetUnicodeCategory(c) is
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.ConnectorPunctuation or UnicodeCategory.NonSpacingMark
            or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.Format);

    private static bool IsLetter(char c) => char.IsLetter(c) || char.GetUnicodeCategory(c) == UnicodeCategory.LetterNumber;
}
