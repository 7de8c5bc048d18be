using System.CommandLine;
using PortfolioProject.Cli;
using PortfolioProject.Evaluation;
using PortfolioProject.Evidence;
using PortfolioProject.Metrics;

var root = new Lazy<string>(() => Repository.FindRoot(Environment.CurrentDirectory));
var portfolio = new Lazy<Portfolio>(() => HarnessPortfolio.Create(root.Value));

var commands = new RootCommand("Evaluates question-answering systems on a curated set, offline, and says with intervals which is better. Without a verb: run.")
{
    RunVerb.Create(root),
    SweepVerb.Create(root),
    ScoreVerb.Create(),
    ShowVerb.Create(root),
    ExplainVerb.Create(),
    SharedVerbs.Pin(portfolio.Value),
    SharedVerbs.Compare(portfolio.Value),
    SharedVerbs.Check(portfolio.Value),
    SharedVerbs.Merge(portfolio.Value),
};
return await Host.Main(commands, args.Length == 0 ? ["run"] : args);
