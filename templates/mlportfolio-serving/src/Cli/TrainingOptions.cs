namespace PortfolioProject.Cli;

/// <summary>What a verb works on: both configurations, and the model's versions and logs that they name.</summary>
internal sealed record Workspace(string Root, TrainingConfig Training, ServingConfig Serving)
{
    public static IModelEngine Engine => ModelEngine.Of(Repository.FindRoot(Environment.CurrentDirectory));

    public ModelRegistry Registry => new(Path.Combine(Root, Serving.Models), Training.ModelName);

    /// <summary>Where monitoring writes about the model.</summary>
    public string Logs => Path.Combine(Root, Serving.Monitoring.Folder, Training.ModelName);

    public Table Table() => CsvTable.Read(Root, Training.Data);
}

/// <summary>The options of every verb that trains or promotes, and what such verbs share.</summary>
internal static class TrainingOptions
{
    private static readonly HashSet<string> ServingKeys = [.. typeof(ServingConfig).GetProperties().Select(p => JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name))];

    public static Option<string> Config { get; } = new("--config") { Description = "The configuration, relative to the repository's root.", DefaultValueFactory = _ => TrainingConfig.File };

    public static Option<string[]> Set { get; } = new("--set") { Description = $"Overrides one key of it or of {ServingConfig.File}, for example --set data.path=mine.csv or --set monitoring.folder=logs. May be given more than once." };

    public static Option<bool> Resume { get; } = new("--resume") { Description = "Goes on with the newest unfinished evaluation of this configuration: folds that are whole are not fitted again." };

    public static Option<string> Format { get; } = SharedVerbs.FormatOption();

    /// <summary>A verb on what its options name; one that evaluates takes --resume and --format too.</summary>
    public static Command Verb(Command command, Lazy<string> root, bool evaluates, Func<ParseResult, Workspace, CancellationToken, Task<ExitCode>> action)
    {
        foreach (var option in evaluates ? new Option[] { Config, Set, Resume, Format } : [Config, Set]) command.Add(option);
        command.SetAction(async (parsed, cancel) => (int)await action(parsed, Load(parsed, root.Value), cancel));
        return command;
    }

    private static Workspace Load(ParseResult parsed, string root)
    {
        var overrides = (parsed.GetValue(Set) ?? []).ToLookup(change => ServingKeys.Contains(change.Split('.', '=')[0]));
        return new Workspace(root, TrainingConfig.Load(root, parsed.GetValue(Config)!, [.. overrides[false]]), ServingConfig.Load(root, [.. overrides[true]]));
    }

    /// <summary>Evaluates every variant and says what came out: the table, the choice with its reason and the worst failure; or every number as JSON.</summary>
    public static Run Evaluate(ParseResult parsed, Workspace at, Table table, CancellationToken cancel, string kind = EvidenceRun.Kind)
    {
        var run = Screen.WithProgress(progress => EvidenceRun.Execute(at.Root, at.Training, table, Workspace.Engine, kind, Describe(parsed), parsed.GetValue(Resume), progress, cancel));
        var metrics = run.LoadMetrics();
        if (parsed.GetValue(Format) == "json")
        {
            var models = metrics.Rows.Where(r => r.Slice is null).GroupBy(r => r.Variant).ToDictionary(v => v.Key, v => v.ToDictionary(r => r.Name, r => new { r.Value, r.Interval?.Low, r.Interval?.High, r.N }));
            parsed.InvocationConfiguration.Output.Write(JsonSerializer.Serialize(new { Run = run.Manifest.Id, Chosen = ReportModel.Chosen(run), models }, JsonSerializerOptions.Web) + "\n");
        }
        else Prose(parsed).Write(string.Join('\n', ReportModel.Summary(run, metrics)) + "\n");
        Prose(parsed).Write($"run:    {run.Folder}\n");
        return run;
    }

    /// <summary>Where words go: beside the results when those are JSON.</summary>
    public static TextWriter Prose(ParseResult parsed) => parsed.GetValue(Format) == "json" ? parsed.InvocationConfiguration.Error : parsed.InvocationConfiguration.Output;

    /// <summary>The command as it was asked for: what a manifest records.</summary>
    private static string Describe(ParseResult parsed) => string.Join(' ', [parsed.CommandResult.Command.Name, .. parsed.GetValue(Config) is { } config and not TrainingConfig.File ? ["--config", config] : Array.Empty<string>(),
        .. (parsed.GetValue(Set) ?? []).SelectMany(change => new[] { "--set", change })]);
}
