namespace PortfolioProject.Cli;

/// <summary>The options that name what is evaluated, shared by the verbs that evaluate.</summary>
/// <param name="chat">Chat models for a repository's root and a cassette mode; null where the repository has none.</param>
internal sealed class RunOptions(Func<string, string, IChatSystems>? chat = null)
{
    public Option<string> Config { get; } = new("--config") { Description = "The configuration, relative to the repository's root.", DefaultValueFactory = _ => "configs/run.yaml" };

    public Option<string[]> Set { get; } = new("--set") { Description = "Overrides one key, for example --set data.path=data/mine. May be given more than once.", AllowMultipleArgumentsPerToken = false };

    public Option<bool> Resume { get; } = new("--resume") { Description = "Goes on with the newest unfinished run of this configuration: nothing finished is lost or done again." };

    public Option<string> Cassettes { get; } = new("--cassettes") { Description = "How chat models are asked: replay-or-fail opens no connection, record keeps every paid answer, replay and live.", DefaultValueFactory = _ => "replay-or-fail" };

    public void AddTo(Command command)
    {
        Cassettes.AcceptOnlyFromAmong("replay-or-fail", "record", "replay", "live");
        if (chat is not null) command.Add(Cassettes);
        command.Add(Config);
        command.Add(Set);
    }

    public (RunConfig Config, Dataset Data, EvaluationRun Run) Load(ParseResult parsed, string root)
    {
        var config = RunConfig.Load(Path.Combine(root, parsed.GetValue(Config)!), parsed.GetValue(Set) ?? []);
        var data = Dataset.Load(root, config.Data.Path);
        var systems = SystemConfig.LoadAll(root, config.Systems);
        return (config, data, new EvaluationRun(root, config, systems, data, systems.Any(s => s.Asks) ? chat?.Invoke(root, parsed.GetValue(Cassettes)!) : null));
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
