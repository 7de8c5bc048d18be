namespace PortfolioProject.Cli;

/// <summary>The options of every verb that trains, and what they name: configuration, table, registry and engine.</summary>
internal sealed class TrainingOptions
{
    public Option<string> Config { get; } = new("--config") { Description = "The configuration, relative to the repository's root.", DefaultValueFactory = _ => TrainingConfig.File };

    public Option<string[]> Set { get; } = new("--set") { Description = "Overrides one key, for example --set data.path=mine.csv. May be given more than once." };

    public Option<bool> Resume { get; } = new("--resume") { Description = "Goes on with the newest unfinished evaluation of this configuration: folds that are whole are not fitted again." };

    public Option<string> Format { get; } = SharedVerbs.FormatOption();

    public static IModelEngine Engine { get; } = new BuiltinEngine();

    public void AddTo(Command command, bool resume = true)
    {
        foreach (var option in resume ? new Option[] { Config, Set, Resume, Format } : [Config, Set]) command.Add(option);
    }

    public TrainingConfig Load(ParseResult parsed, string root) => TrainingConfig.Load(root, parsed.GetValue(Config)!, parsed.GetValue(Set) ?? []);

    public static ModelRegistry Registry(string root, TrainingConfig config) => new(Path.Combine(root, ServingConfig.Load(root).Models), config.ModelName);

    /// <summary>Evaluates every variant under a progress line.</summary>
    public Run Evaluate(ParseResult parsed, string root, TrainingConfig config, Table table, CancellationToken cancel, string kind = EvidenceRun.Kind) => Screen.WithProgress(progress =>
        EvidenceRun.Execute(root, config, table, Engine, kind, Describe(parsed), parsed.GetValue(Resume), progress, cancel));

    /// <summary>Where words go: beside the results when those are JSON.</summary>
    public TextWriter Prose(ParseResult parsed) => parsed.GetValue(Format) == "json" ? parsed.InvocationConfiguration.Error : parsed.InvocationConfiguration.Output;

    /// <summary>The table, the choice with its reason and the worst failure; or every number as JSON.</summary>
    public void Summarize(ParseResult parsed, Run run)
    {
        var metrics = run.LoadMetrics();
        if (parsed.GetValue(Format) == "json")
        {
            var rows = metrics.Rows.Where(r => r.Slice is null).GroupBy(r => r.Variant).Select(v => KeyValuePair.Create(v.Key, (JsonNode?)new JsonObject(v.Select(r =>
                KeyValuePair.Create(r.Name, (JsonNode?)new JsonObject { ["value"] = r.Value, ["low"] = r.Interval?.Low, ["high"] = r.Interval?.High, ["n"] = r.N })))));
            parsed.InvocationConfiguration.Output.Write(new JsonObject { ["run"] = run.Manifest.Id, ["chosen"] = ReportModel.Chosen(run), ["models"] = new JsonObject(rows) }.ToJsonString() + "\n");
        }
        else Prose(parsed).Write(string.Join('\n', ReportModel.Summary(run, metrics)) + "\n");
        Prose(parsed).Write($"run:    {run.Folder}\n");
    }

    /// <summary>The command as it was asked for: what a manifest records.</summary>
    private string Describe(ParseResult parsed) => string.Join(' ', [parsed.CommandResult.Command.Name, .. parsed.GetValue(Config) is { } config and not TrainingConfig.File ? ["--config", config] : Array.Empty<string>(),
        .. (parsed.GetValue(Set) ?? []).SelectMany(change => new[] { "--set", change })]);
}
