using System.CommandLine;
using PortfolioProject.Evaluation;

namespace PortfolioProject.Cli;

/// <summary>The options that name what is evaluated, shared by the verbs that evaluate.</summary>
internal sealed class RunOptions
{
    public Option<string> Config { get; } = new("--config") { Description = "The configuration, relative to the repository's root.", DefaultValueFactory = _ => "configs/run.yaml" };

    public Option<string[]> Set { get; } = new("--set") { Description = "Overrides one key, for example --set data.path=data/mine. May be given more than once.", AllowMultipleArgumentsPerToken = false };

    public Option<bool> Resume { get; } = new("--resume") { Description = "Goes on with the newest unfinished run of this configuration: nothing finished is lost or done again." };

    public void AddTo(Command command)
    {
        command.Add(Config);
        command.Add(Set);
    }

    public (RunConfig Config, Dataset Data, EvaluationRun Run) Load(ParseResult parsed, string root)
    {
        var config = RunConfig.Load(Path.Combine(root, parsed.GetValue(Config)!), parsed.GetValue(Set) ?? []);
        var data = Dataset.Load(root, config.Data.Path);
        return (config, data, new EvaluationRun(root, config, SystemConfig.LoadAll(root, config.Systems), data));
    }

    /// <summary>The command as it was asked for: what a manifest records.</summary>
    public string Describe(string verb, ParseResult parsed)
    {
        var words = new List<string> { verb };
        if (parsed.GetValue(Config) is { } config and not "configs/run.yaml") words.AddRange(["--config", config]);
        foreach (var change in parsed.GetValue(Set) ?? []) words.AddRange(["--set", change]);
        return string.Join(' ', words);
    }
}
