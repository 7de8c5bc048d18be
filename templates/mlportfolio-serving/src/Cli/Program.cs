using PortfolioProject.Cli;

PredictorFactory? predictor = null;
// Micro-batching is a project that can be removed, and this line with it.
predictor = PortfolioProject.Batching.MicroBatching.Create;
var startup = new StartupStages();
startup.End("runtime");
var root = new Lazy<string>(() => Repository.FindRoot(Directory.GetCurrentDirectory()));
var portfolio = new Lazy<Portfolio>(() => ServingPortfolio.Create(root.Value, BenchReport.Evidence));
var commands = new RootCommand("Trains a modest model, serves it, watches it and rolls it back. Without a verb: run.")
{
    RunVerb.Create(root, startup, predictor),
    TrainVerb.Create(root),
    ServeVerb.Create(root, startup, predictor),
    BatchVerb.Create(root),
    BenchVerb.Create(root),
    HealthVerb.Create(),
    PromoteVerb.Create(root),
    PromoteVerb.CreateRollback(root),
    RetrainVerb.Create(root),
    SharedVerbs.Pin(portfolio),
    SharedVerbs.Compare(portfolio),
    SharedVerbs.Check(portfolio),
    PortfolioProject.Upkeep.DoctorVerb.Create(root),
    PortfolioProject.Upkeep.UpdateVerb.Create(root),
};
return await Host.Main(commands, args is [] || (args[0].StartsWith("--") && args[0] is not ("--help" or "--version")) ? ["run", .. args] : args);
