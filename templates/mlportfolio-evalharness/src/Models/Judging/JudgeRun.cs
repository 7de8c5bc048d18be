using PortfolioProject.Evaluation;

namespace PortfolioProject.Models;

/// <summary>
/// A judge over the answers of one variant, or of two, on their test questions, and over the labelled items of the same kind. Its cases are the
/// questions, under "A" or "B over A", and the labelled items under <see cref="JudgeMetrics.Calibration"/>.
/// </summary>
public sealed class JudgeRun(string root, ChatModels models)
{
    public Run Execute(string command, Operand a, Operand? b, bool resume, Action<string, double> progress, CancellationToken cancel)
    {
        var config = StrictYaml.Read<JudgeConfig>(Path.Combine(root, "configs", "judge.yaml"));
        var chat = StrictYaml.Read<ChatConfig>(Path.Combine(root, config.Model));
        var prompt = Prompt.Read(Path.Combine(root, chat.Prompt)).Id;
        var labels = JudgeItem.Read(Path.Combine(root, config.Labels)).Where(i => i.B is null == b is null).ToList();
        var manifest = Provenance.Describe(root, JudgeMetrics.Kind, command, new { Kind = JudgeMetrics.Kind, Inputs = new { Judge = config, Chat = chat, Prompt = prompt, A = Name(a), B = b is null ? null : Name(b) } }, a.Run.Manifest.Seed, [config.Labels]);
        using var writer = (resume ? RunWriter.Resume(root, manifest.ConfigHash, null, manifest.Data) : null) ?? RunWriter.Start(root, manifest);
        models.Cassettes.Since = writer.Manifest.Started;
        var variant = b is null ? a.Variant! : $"{b.Variant} over {a.Variant}";
        var questions = (b?.Cases ?? a.Cases).Where(HarnessPortfolio.InTest).ToDictionary(c => c.Case);
        var labelled = new CaseRecord { Case = "", Variant = JudgeMetrics.Calibration, Cluster = "", Outcome = "", Tags = new Dictionary<string, string> { ["split"] = JudgeMetrics.Calibration } };
        var judge = models.Judge(chat, config.Repeats);
        var work = a.Cases.Where(c => questions.ContainsKey(c.Case)).Select(c => (Source: c with { Variant = variant }, Item: Item(c, b is null ? null : questions[c.Case])))
            .Concat(labels.Select(i => (Source: labelled with { Cluster = i.Id }, Item: i)));
        Asking.All(writer, work.Select(w => new Asking(w.Source.Variant, w.Item.Id, () => Grade(judge, w.Source, w.Item, cancel))), models.Parallel,
            share => progress("judging", share), cancel);
        return writer.Finish(run => writer.Manifest with { Resources = new JsonObject { ["models"] = ChatModels.Sum(run.Timings) } }, HarnessPortfolio.Measure);
    }

    private static string Name(Operand o) => o.Variant is null ? throw new UserError("whose answers?", o.Run.Manifest.Id, expected: "RUN:variant, with one of " + string.Join(", ", o.Run.Variants), got: "a whole run") : $"{o.Run.Manifest.Id}:{o.Variant}";

    private static JudgeItem Item(CaseRecord a, CaseRecord? b)
    {
        static string Said(CaseRecord c) => (string?)c.Detail?["answer"] ?? "(declined to answer)";
        var golds = a.Detail?["golds"]?.AsArray().Select(g => (string?)g) ?? [];
        var reference = a.Tags.GetValueOrDefault("answerable") == "no" ? "The documents do not hold the answer: declining is right." : string.Join("\n", golds.DefaultIfEmpty("not known"));
        return new(a.Case, (string?)a.Detail?["question"] ?? "", reference, Said(a), b is null ? null : Said(b));
    }

    private static (CaseRecord Case, TimingRecord Timing) Grade(Judge judge, CaseRecord source, JudgeItem item, CancellationToken cancel)
    {
        var begin = Stopwatch.GetTimestamp();
        var judged = judge.GradeAsync(item, cancel).GetAwaiter().GetResult();
        var values = judged.Verdict is null ? [] : new Dictionary<string, double>
        { ["judge-abstained"] = judged.Verdict == Judge.Abstained ? 1 : 0, ["judge-unparsed"] = judged.Verdict == Judge.Unparsed ? 1 : 0, ["judge-consistency"] = judged.Consistency };
        if (item.Labels.Contains(judged.Verdict)) values[item.B is null ? "judge-score" : "judge-preference"] = judged.Verdict switch { "a" => 0, "tie" => 0.5, "b" => 1, var score => double.Parse(score!, CultureInfo.InvariantCulture) };
        var record = source with
        {
            Case = item.Id,
            Outcome = judged.Verdict is null ? nameof(Outcome.InfraError) : judged.Verdict is Judge.Abstained or Judge.Unparsed ? judged.Verdict : "judged",
            Values = values,
            Unscored = judged.Call.Failure is { } failure ? new Dictionary<string, string> { ["judge-abstained"] = failure } : null,
            Detail = new JsonObject { ["verdict"] = judged.Verdict, ["label"] = item.Label, ["by"] = item.By, ["replies"] = new JsonArray([.. judged.Replies.Select(r => JsonValue.Create(r))]) },
        };
        return (record, CaseEvaluator.TimingOf(record, new Dictionary<string, double> { ["judge"] = Stopwatch.GetElapsedTime(begin).TotalMilliseconds }, judged.Call));
    }
}
