using PortfolioProject.Cli;

var root = new Lazy<string>(() => Repository.FindRoot(Environment.CurrentDirectory));
var portfolio = new Lazy<Portfolio>(() => DataPortfolio.Create(root.Value));

var commands = new RootCommand("Improves a frozen model by its data alone: label errors, leaks, duplicates, sampling, features, each step measured with an interval. Without a verb: run.")
{
    RunVerb.Create(root),
    AuditVerb.Create(root),
    LabelsVerb.Create(),
    ReviewVerb.Create(root),
    ContractVerb.Create(root),
    PatchVerb.Create(root),
    BenchVerb.Create(root),
    SharedVerbs.Pin(portfolio),
    SharedVerbs.Compare(portfolio),
    SharedVerbs.Check(portfolio),
    PortfolioProject.Upkeep.DoctorVerb.Create(root),
    PortfolioProject.Upkeep.UpdateVerb.Create(root),
    SharedVerbs.Merge(portfolio),
};
return await Host.Main(commands, args is [] || (args[0].StartsWith("--") && args[0] is not ("--help" or "--version")) ? ["run", .. args] : args);
