namespace MLPortfolio.Candidate;

/// <summary>Where a table stands in a generated repository, and what has to go or change with it.</summary>
internal static class TableFiles
{
    public const string Digits = "data/digits/digits.csv", Own = "data/records/records.csv";

    /// <summary>The embedded digits keep their place; an employer's own table gets one of its own.</summary>
    public static string PathOf(string? data) => data is null ? Digits : Own;

    /// <summary>Writes the table and its datasheet; the embedded one, its test and its name go where it is not what the repository works on.</summary>
    public static void Lay(Workspace repository, string path, string csv, bool isDigits)
    {
        repository.Remove("tests/Numerics.Tests/DigitsTests.cs");
        if (!isDigits)
        {
            repository.Remove("data/digits");
            repository.Rename(Digits, path);
            repository.Rename("data/digits/DATASHEET.md", $"{Path.GetDirectoryName(path)}/DATASHEET.md");
        }

        repository.Write(path, csv);
        repository.Write($"{Path.GetDirectoryName(path)}/DATASHEET.md", Datasheet(path, csv, isDigits));
    }

    public static string Datasheet(string path, string csv, bool isDigits)
    {
        var lines = csv.Split('\n');
        var origin = isDigits
            ? "Handwritten digits as 8 × 8 pictures (p0 … p63, ink 0 to 16, row by row; label). Derived from \"Optical Recognition of Handwritten Digits\", E. Alpaydin and C. Kaynak, UCI Machine Learning Repository (1998), doi:10.24432/C50P49, licensed CC BY 4.0; changed for this exercise."
            : "Given by the organisation that set this exercise, and changed for it.";
        return $"""
            # Datasheet: {Path.GetFileName(path)}

            **Origin.** {origin}

            **File.** `{Path.GetFileName(path)}`: {lines.Length - 2} rows under a header of {lines[0].Count(c => c == ',') + 1} columns; sha256
            `{TextFile.Sha256(csv)}`.

            **Known problems.** There are some; TASK.md says what is asked. What you find belongs here: this section is yours to write.

            """;
    }
}
