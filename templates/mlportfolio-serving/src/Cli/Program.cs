using System.CommandLine;
using PortfolioProject.Evidence;

var commands = new RootCommand("Trains a modest model, serves it, watches it and rolls it back. Without a verb: run.");
return await Host.Main(commands, args is [] || (args[0].StartsWith("--") && args[0] is not ("--help" or "--version")) ? ["run", .. args] : args);
