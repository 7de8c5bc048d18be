namespace PortfolioProject.Cli;

/// <summary>Runs one case again and prints every intermediate: query terms, ranking, context, reading, grade, counterfactuals.</summary>
internal static class ShowVerb
{
    private const int Shown = 10;

    public static Command Create(Lazy<string> root, Func<string, string, IChatSystems>? chat)
    {
        var options = new RunOptions(root, chat);
        var id = new Argument<string>("case") { Description = "The question's id." };
        var system = new Option<string?>("--system") { Description = "The system to run it through; the baseline when not given." };
        return options.Act(new("show", "Runs one question again and prints what happened at each stage. Example: show Q017 --system bm25-span") { id, system }, job =>
        {
            var (questions, name) = (job.Data.Questions, job.Parsed.GetValue(system) ?? job.Config.Baseline);
            var question = questions.FirstOrDefault(q => q.Id == job.Parsed.GetValue(id))
                ?? throw new UserError("no such question", job.Data.Path + "/questions.jsonl", field: "case", expected: $"one of {questions.Count} ids, {questions[0].Id} to {questions[^1].Id}", got: job.Parsed.GetValue(id));
            var under = job.Evaluation.Prepare((_, _) => { }, job.Cancel).FirstOrDefault(s => s.Config.Name == name)
                ?? throw new UserError("no such system", job.Config.Systems, field: "--system", expected: "a system's name", got: name);
            Print(question, under, job.Data);
        });
    }

    private static void Print(Question question, SystemUnderTest system, Dataset data)
    {
        var trace = system.Run(question.Text);
        var outcome = CaseEvaluator.OutcomeOf(question, trace);
        var gold = question.Spans.Select(s => (s.Document, s.Start, s.End)).ToList();
        string Mark(Chunk c) => gold.Any(g => g.Document == c.DocumentId && g.Start < c.End && c.Start < g.End) ? "gold " : "     ";
        var lines = new List<string>
        {
            $"question    {question.Id} ({question.Split}, {question.Type}, {question.Difficulty}): {question.Text}",
            $"gold        {(question.Answerable ? string.Join(" | ", question.Answers ?? ["no answer known"]) : "unanswerable" + (question.Note is null ? "" : ": " + question.Note))}",
        };
        lines.AddRange(question.Spans.Select(s => $"evidence    {s.Document} {s.Start}..{s.End}: \"{s.Quote.ReplaceLineEndings(" ")}\""));
        lines.Add($"system      {system.Config.Name}: {system.Config.About}");
        lines.Add($"query terms {string.Join(' ', Tokenizer.Tokenize(question.Text).ToArray())}");
        lines.Add($"ranking     {trace.Ranking.Count} of {system.Chunks.Count} chunks");
        lines.AddRange(trace.Ranking.Take(Shown).Select((s, i) => $"  {i + 1,3}  {Mark(system.Chunks[s.Index])} {s.Score,9:0.0000}  {system.Chunks[s.Index].Id}  {Line(system.Chunks[s.Index].Text, 70)}"));
        var first = trace.Ranking.Select((s, i) => (Chunk: system.Chunks[s.Index], Rank: i + 1)).FirstOrDefault(x => Mark(x.Chunk) == "gold ");
        if (question.Spans.Count > 0) lines.Add(first.Chunk is null ? $"            no gold chunk among {trace.Ranking.Count}" : $"            first gold chunk at rank {first.Rank}");
        lines.Add($"context     {trace.Context.Count} chunks, {trace.Context.Sum(p => p.Chunk.Text.Length)} of {system.Config.ContextBudget} characters");
        lines.AddRange(trace.Context.Select(p => $"       {Mark(p.Chunk)} {p.Chunk.Id} {p.Chunk.Start}..{p.Chunk.End}  {Line(p.Chunk.Text, 90)}"));
        lines.Add($"reading     {(trace.Reading.Answer is null ? "nothing" : $"\"{Line(trace.Reading.Answer, 300)}\" from {trace.Reading.DocumentId} {trace.Reading.Start}..{trace.Reading.End}")}; confidence {trace.Reading.Confidence:0.000}, threshold {system.Threshold:0.000}");
        lines.Add($"answer      {(trace.Answer is null ? "abstained" : Line(trace.Answer, 300))}");
        if (trace.Answer is not null && question.Answers is { } golds) lines.Add($"grading     normalised \"{Line(AnswerMetrics.Normalize(trace.Answer), 200)}\"; exact match {AnswerMetrics.ExactMatch(trace.Answer, golds)}, as a number {AnswerMetrics.NumericMatch(trace.Answer, golds)}, F1 {AnswerMetrics.F1(trace.Answer, golds):0.000}");
        lines.Add($"outcome     {outcome}{(Attribution.Of(question, system, trace, outcome, data.Corpus) is { } stage ? $", failed at: {stage}" : "")}");
        if (trace.Reading.Call is { } call) lines.Add($"call        {call.Failure ?? call.Problem ?? $"{call.InputTokens} tokens in, {call.OutputTokens} out"}");
        else lines.Add($"if          retrieval were perfect: {Attribution.WithOracleRetrieval(question, system, outcome)}; reading were perfect: {Attribution.WithOracleReading(question, trace, outcome)}; it might not abstain: {Grader.Grade(question, trace.Reading.Answer)}");
        Console.Out.WriteLine(string.Join('\n', lines));
    }

    private static string Line(string text, int length) => text.ReplaceLineEndings(" ") is var flat && flat.Length > length ? flat[..length] + "…" : flat;
}
