namespace MLPortfolio.PackTests;

/// <summary>Findings are sentences; a test that has any prints them one a line.</summary>
internal static class Findings
{
    public static void AreNone(IEnumerable<string> findings)
    {
        var list = findings.ToList();
        if (list.Count > 0)
        {
            Assert.Fail($"{list.Count} found:\n  {string.Join("\n  ", list.Take(30))}{(list.Count > 30 ? "\n  …" : "")}");
        }
    }
}
