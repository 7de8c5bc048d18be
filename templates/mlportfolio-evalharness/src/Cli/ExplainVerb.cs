namespace PortfolioProject.Cli;

/// <summary>Prints a metric's definition as it stands beside the code that computes it.</summary>
internal static class ExplainVerb
{
    public static Command Create(Lazy<Portfolio> portfolio)
    {
        var metric = new Argument<string?>("metric") { Description = "A metric's name; none lists all.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("explain", "Says exactly what a metric measures, over which cases. Example: explain ndcg@10") { metric };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(metric) is not { } name) Console.Out.WriteLine(string.Join('\n', portfolio.Value.Metrics.Select(m => $"{m.Name,-20} {m.Title}")) + "\nfor score: " + RankingMeasures.Names);
            else if (portfolio.Value.Metrics.FirstOrDefault(m => m.Name == name) is { } m)
                Console.Out.WriteLine($"{m.Name}: {m.Title}\n  {m.Definition}\n  unit: {m.Unit}; good direction: {m.Direction.ToString().ToLowerInvariant()}; denominator: {m.Denominator}, test split\n  value: mean over cases; interval: 95 % percentile bootstrap over source documents");
            else if (RankingMeasures.Names.Contains(name.Split('@')[0])) Console.Out.WriteLine($"{name}: {RankingMeasures.Parse(name).Definition}");
            else throw new UserError("unknown metric", field: "metric", expected: string.Join(", ", portfolio.Value.Metrics.Select(d => d.Name)) + "; for score " + RankingMeasures.Names, got: name);
        });
        return command;
    }
}
