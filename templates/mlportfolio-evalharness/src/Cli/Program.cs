var root = new Lazy<string>(() => Repository.FindRoot(Environment.CurrentDirectory));
var portfolio = new Lazy<Portfolio>(() => HarnessPortfolio.Create(root.Value, ChatModels.StaleCassettes(root.Value)));

var commands = new RootCommand("Evaluates question-answering systems on a curated set, offline, and says with intervals which is better. Without a verb: run.")
{
    EvaluationVerbs.Run(root, portfolio, ChatModels.Load),
    EvaluationVerbs.Sweep(root),
    EvaluationVerbs.Poison(root, ChatModels.Load),
    JudgeVerb.Create(root),
    ScoreVerb.Create(),
    ShowVerb.Create(root, ChatModels.Load),
    ExplainVerb.Create(portfolio),
    ImportVerb.Create(root),
    ExportVerb.Create(root),
    SharedVerbs.Pin(portfolio),
    SharedVerbs.Compare(portfolio),
    SharedVerbs.Check(portfolio),
    PortfolioProject.Upkeep.DoctorVerb.Create(root),
    PortfolioProject.Upkeep.UpdateVerb.Create(root),
    SharedVerbs.Merge(portfolio),
};
return await Host.Main(commands, args is [] || (args[0].StartsWith("--") && args[0] is not ("--help" or "--version")) ? ["run", .. args] : args);
