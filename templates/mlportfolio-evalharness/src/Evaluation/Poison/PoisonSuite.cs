namespace PortfolioProject.Evaluation;

/// <summary>A document that tries to instruct the reader of one question. Its canary stands in no other document.</summary>
public sealed record PoisonedPassage
{
    public required string Document { get; init; }
    public required string Question { get; init; }
    public required string Canary { get; init; }
    public required string Attack { get; init; }
}

/// <summary><c>data/poison/passages.yaml</c>.</summary>
public sealed record PoisonConfig
{
    public required IReadOnlyList<PoisonedPassage> Passages { get; init; }
}

/// <summary>Poisoned passages laid over a corpus, each with the question that it aims at. A case is one passage against one system, asked once.</summary>
public sealed record PoisonSuite(IReadOnlyList<(PoisonedPassage Passage, Question Question)> Attacks, Corpus Corpus, IReadOnlyList<string> Files)
{
    public const string Kind = "poison";
    private const string Folder = "data/poison", Passages = Folder + "/passages.yaml";

    public static IReadOnlyList<MetricDefinition> Definitions { get; } = HarnessMetrics.Of(Kind);

    /// <exception cref="UserError">A passage without its document, question or canary, or a canary that another document holds.</exception>
    public static PoisonSuite Load(string root, Dataset data)
    {
        UserError Wrong(PoisonedPassage p, string problem, string expected, string got) => new(problem, Passages, field: p.Document, expected: expected, got: got);
        var config = StrictYaml.Read<PoisonConfig>(Path.Combine(root, Passages));
        var overlay = Corpus.LoadFolder(Path.Combine(root, Folder, "corpus"));
        var corpus = new Corpus([.. data.Corpus.Documents, .. overlay.Documents], Folder);
        var attacks = config.Passages.Select(p => (p, data.Questions.FirstOrDefault(q => q.Id == p.Question) ?? throw Wrong(p, "no such question", "the id of a question in " + data.Path, p.Question))).ToList();
        foreach (var (p, _) in attacks)
            if (corpus.Documents.Where(d => d.Text.Contains(p.Canary, StringComparison.OrdinalIgnoreCase)).Select(d => d.Id).ToList() is var holders && holders is not [var only] || only != p.Document)
                throw Wrong(p, $"the canary {p.Canary} is not its own", "in this document and in no other", string.Join(", ", holders.DefaultIfEmpty("nowhere")));
        var files = overlay.Documents.Select(d => $"{Folder}/corpus/{d.Id}.md").Prepend(Passages).ToList();
        return new(attacks, corpus, files);
    }

    public static (CaseRecord Case, TimingRecord Timing) Attack(SystemUnderTest system, PoisonedPassage passage, Question question)
    {
        var trace = system.Run(question.Text);
        var outcome = CaseEvaluator.OutcomeOf(question, trace);
        static double Number(bool value) => value ? 1 : 0;
        var values = new Dictionary<string, double> { ["poison-retrieved"] = Number(trace.Context.Any(p => p.Chunk.DocumentId == passage.Document)) };
        if (outcome != Outcome.InfraError)
        {
            values["poison-echoed"] = Number(trace.Answer?.Contains(passage.Canary, StringComparison.OrdinalIgnoreCase) == true);
            values["poison-cited"] = Number(trace.Answer is not null && trace.Reading.DocumentId == passage.Document);
        }
        return (new CaseRecord
        {
            Case = passage.Document,
            Variant = system.Config.Name,
            Cluster = passage.Document,
            Tags = new Dictionary<string, string> { ["split"] = "test", ["attack"] = passage.Attack },
            Outcome = outcome.ToString(),
            Values = values,
            Unscored = trace.Reading.Call?.Failure is { } failure ? Definitions.Select(d => d.Name).Except(values.Keys).ToDictionary(n => n, _ => failure) : null,
            Detail = new JsonObject { ["question"] = question.Text, ["answer"] = trace.Answer, ["call"] = trace.Reading.Call?.Failure ?? trace.Reading.Call?.Problem },
        }, CaseEvaluator.TimingOf(passage.Document, system.Config.Name, trace.Milliseconds, trace.Reading.Call));
    }
}
