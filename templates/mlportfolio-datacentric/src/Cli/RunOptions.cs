namespace PortfolioProject.Cli;

/// <summary>The options that say what is computed on which data, shared by the verbs that read a table.</summary>
internal sealed class RunOptions
{
    public Option<string> Config { get; } = new("--config") { Description = "The configuration, relative to the repository's root.", DefaultValueFactory = _ => "configs/run.yaml" };

    public Option<string[]> Set { get; } = new("--set") { Description = "Overrides one key, for example --set data.path=mine.csv. May be given more than once.", AllowMultipleArgumentsPerToken = false };

    public void AddTo(Command command)
    {
        command.Add(Config);
        command.Add(Set);
    }

    public (RunConfig Config, Table Table) Load(ParseResult parsed, string root)
    {
        var config = RunConfig.Load(Path.Combine(root, parsed.GetValue(Config)!), parsed.GetValue(Set) ?? []);
        return (config, config.LoadTable(root));
    }

    /// <summary>The command as it was asked for: what a manifest records.</summary>
    public string Describe(ParseResult parsed) => string.Join(' ', new[] { "run" }.Concat(parsed.GetValue(Config) is { } c and not "configs/run.yaml" ? ["--config", c] : []).Concat((parsed.GetValue(Set) ?? []).SelectMany(s => new[] { "--set", s })));
}
