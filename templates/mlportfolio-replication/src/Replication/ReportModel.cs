namespace PortfolioProject.Replication;

/// <summary>What blocks quote beyond the shared model: verdicts, their lines, compute, and each paper's findings.</summary>
public static class ReportModel
{
    public static JsonObject Of(string root, IReadOnlyList<Study> studies, Run main)
    {
        var results = Path.GetDirectoryName(main.Folder)!;
        var published = Directory.GetDirectories(results).Where(f => !f.EndsWith(".new", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(Run.Load).ToDictionary(r => r.Manifest.Kind);
        var claims = ClaimJudge.Judge(ClaimFile.Read(root), kind => published.GetValueOrDefault(kind));
        var output = new StringWriter { NewLine = "\n" };
        Summary.Write(output, [.. claims.Where(c => LabPortfolio.StudyOf(studies, c.Claim.Kind) == LabPortfolio.StudyOf(studies, main.Manifest.Kind))]);
        var model = new JsonObject
        {
            ["claims"] = new JsonArray([.. claims.Select(Node)]),
            ["count"] = claims.Count,
            ["lines"] = Lines(claims.SelectMany(c => c.Lines)),
            ["missed"] = Lines(claims.SelectMany(c => c.Lines).Where(l => !l.Holds)),
            ["tally"] = new JsonObject(Enum.GetValues<Outcome>().Select(o => KeyValuePair.Create($"{o}", (JsonNode?)claims.Count(c => c.Outcome == o)))),
            ["compute"] = new JsonArray([.. published.Values.Select(Compute)]),
            ["output"] = new JsonArray([.. output.ToString().TrimEnd('\n').Split('\n').Select(l => JsonValue.Create(l))]),
        };
        foreach (var study in studies)
            foreach (var (key, value) in study.Findings(published)) model[key] = value?.DeepClone();
        return model;
    }

    /// <summary>A claim with its lines, as documents and --format json show it.</summary>
    public static JsonObject Node(JudgedClaim c) => new()
    {
        ["id"] = c.Claim.Id,
        ["paper"] = c.Claim.Paper,
        ["kind"] = c.Claim.Kind,
        ["statement"] = c.Claim.Statement,
        ["quote"] = c.Claim.Quote,
        ["quoted"] = c.Claim.Quoted,
        ["where"] = c.Claim.Where,
        ["source"] = $"{c.Claim.Source}".ToLowerInvariant(),
        ["verdict"] = c.Verdict,
        ["holding"] = c.Holding,
        ["count"] = c.Lines.Count,
        ["lines"] = Lines(c.Lines),
    };

    private static JsonArray Lines(IEnumerable<JudgedLine> lines) => [.. lines.Select(l => new JsonObject
    {
        ["id"] = l.Claim,
        ["what"] = l.What,
        ["rule"] = Summary.Rule(l.Line),
        ["ours"] = Summary.Figure(l.Ours),
        ["median"] = Summary.Figure(l.Median),
        ["interval"] = Summary.Bounds(l),
        ["n"] = l.N,
        ["deviation"] = Summary.Figure(l.Deviation),
        ["holds"] = l.Holds ? "yes" : "no",
    })];

    private static JsonObject Compute(Run run)
    {
        var parts = run.Manifest.Resources ?? [];
        double Sum(string key) => parts.ContainsKey(key) ? (double)parts[key]! : parts.Sum(p => (double?)p.Value?[key] ?? 0);
        return new JsonObject { ["kind"] = run.Manifest.Kind, ["cases"] = run.Cases.Count, ["seconds"] = Sum("seconds"), ["core_seconds"] = Sum("core_seconds"), ["megabytes"] = Sum("peak_megabytes") };
    }
}
