using PortfolioProject.Cli;
using PortfolioProject.RandomFeatures;

Study[] studies =
[
    new("grokking", "configs/grokking.yaml", "configs/grokking-smoke.yaml", (text, file, changes) => new ModularAddition(GrokkingConfig.Parse(text, file, changes), Engine.Modular),
        kind => kind.StartsWith("grokking", StringComparison.Ordinal), GrokkingFigures.Of, GrokkingFigures.Findings),
    new("belkin", "configs/belkin.yaml", "configs/smoke.yaml", (text, file, changes) => new DoubleDescent(ExperimentConfig.Parse(text, file, changes), file), _ => true, Figures.Of, Findings.Of),
];
var root = new Lazy<string>(() => Repository.FindRoot(Environment.CurrentDirectory));
var portfolio = new Lazy<Portfolio>(() => LabPortfolio.Create(root.Value, studies));

var commands = new RootCommand("Reproduces a paper claim by claim: runs its experiments, judges its claims by rules fixed before, and says what did not reproduce. Without a verb: run.")
{
    RunVerb.Create(root, studies),
    AblateVerb.Create(root, studies),
    ClaimsVerb.Create(root),
    VerifyVerb.Create(root, studies),
    PlotVerb.Create(root, studies),
    SharedVerbs.Pin(portfolio),
    SharedVerbs.Compare(portfolio),
    SharedVerbs.Check(portfolio),
    PortfolioProject.Upkeep.DoctorVerb.Create(root),
    PortfolioProject.Upkeep.UpdateVerb.Create(root),
    SharedVerbs.Merge(portfolio),
};
return await Host.Main(commands, args is [] || (args[0].StartsWith("--") && args[0] is not ("--help" or "--version")) ? ["run", .. args] : args);
