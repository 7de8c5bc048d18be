namespace PortfolioProject.Cli;

/// <summary>What a verb was asked to do, and on what.</summary>
internal sealed record Job(ParseResult Parsed, bool Resume, RunConfig Config, Dataset Data, EvaluationRun Evaluation, CancellationToken Cancel);

/// <summary>The options that name what is evaluated, shared by the verbs that evaluate.</summary>
/// <param name="chat">Chat models for a repository's root and a cassette mode; null where the repository has none.</param>
internal sealed class RunOptions(Lazy<string> root, Func<string, string, IChatSystems>? chat = null)
{
    public Option<string> Config { get; } = new("--config") { Description = "The configuration, relative to the repository's root.", DefaultValueFactory = _ => "configs/run.yaml" };

    public Option<string[]> Set { get; } = new("--set") { Description = "Overrides one key, for example --set data.path=data/mine. May be given more than once.", AllowMultipleArgumentsPerToken = false };

    public Option<bool> Resume { get; } = new("--resume") { Description = "Goes on with the newest unfinished run of this configuration: nothing finished is lost or done again." };

    public Option<string> Cassettes { get; } = new("--cassettes") { Description = "How chat models are asked: replay-or-fail opens no connection, record keeps every paid answer, replay and live.", DefaultValueFactory = _ => "replay-or-fail" };

    /// <summary>Completes a verb: it loads what is evaluated, and acts on that.</summary>
    public Command Act(Command verb, Action<Job> act)
    {
        Cassettes.AcceptOnlyFromAmong("replay-or-fail", "record", "replay", "live");
        if (chat is not null) verb.Add(Cassettes);
        verb.Add(Config);
        verb.Add(Set);
        verb.SetAction((parsed, cancel) => Task.Run(() => act(Load(parsed, cancel)), CancellationToken.None));
        return verb;
    }

    private Job Load(ParseResult parsed, CancellationToken cancel)
    {
        var config = RunConfig.Load(Path.Combine(root.Value, parsed.GetValue(Config)!), parsed.GetValue(Set) ?? []);
        var data = Dataset.Load(root.Value, config.Data.Path);
        var systems = SystemConfig.LoadAll(root.Value, config.Systems);
        var models = systems.Any(s => s.Asks) ? chat?.Invoke(root.Value, parsed.GetValue(Cassettes)!) : null;
        return new(parsed, parsed.GetValue(Resume), config, data, new EvaluationRun(root.Value, config, systems, data, models), cancel);
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
