using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;

namespace PortfolioProject.Upkeep;

/// <summary>What `doctor` saw: the steps of the way up, the score of each area, and what a reviewer would still object to.</summary>
internal sealed record Diagnosis(string Template, string Version, IReadOnlyList<StepState> Steps, IReadOnlyList<AreaScore> Scores, IReadOnlyList<Complaint> Findings)
{
    public static Diagnosis Of(Snapshot s)
    {
        var own = new Owned(s);
        var (scores, steps) = (Rubric.Judge(s, own), WeekPlan.Judge(s, own));
        var info = Repository.ReadInfo(s.Root);
        return new(info.Template, info.Version, steps, scores, [.. CustodyReview.Of(s, own), .. ProseReview.Of(s)]);
    }
}

/// <summary>The verb `doctor`: a reviewer's objections, before a reviewer has them.</summary>
public static class DoctorVerb
{
    private const int ShownOfAKind = 4;
    private static readonly JsonSerializerOptions Page = new(JsonSerializerDefaults.Web) { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create(Lazy<string> root)
    {
        var format = SharedVerbs.FormatOption();
        var all = new Option<bool>("--all") { Description = "show every finding and every scored item" };
        var strict = new Option<bool>("--strict") { Description = "exit 1 while anything is found" };
        var defend = new Option<bool>("--defend") { Description = "print the questions that an interviewer would ask of this repository, as Markdown" };
        var command = new Command("doctor", "What a hiring reviewer would still object to, and what docs/make-it-yours.md has left. Example: doctor --defend > docs/DEFENCE.md") { format, all, strict, defend };
        command.SetAction(parsed =>
        {
            var (snapshot, output) = (new Snapshot(root.Value), parsed.InvocationConfiguration.Output);
            if (parsed.GetValue(defend))
            {
                var questions = Defence.Of(snapshot);
                output.Write(parsed.GetValue(format) == "json" ? JsonSerializer.Serialize(questions, Page) + "\n" : Defence.Render(questions));
                return (int)ExitCode.Pass;
            }

            var diagnosis = Diagnosis.Of(snapshot);
            if (parsed.GetValue(format) == "json") output.Write(JsonSerializer.Serialize(diagnosis, Page) + "\n");
            else Write(diagnosis, output, parsed.GetValue(all));
            return (int)(parsed.GetValue(strict) && diagnosis.Findings.Count > 0 ? ExitCode.Regression : ExitCode.Pass);
        });
        return command;
    }

    private static void Write(Diagnosis d, TextWriter output, bool all)
    {
        foreach (var kind in d.Findings.GroupBy(f => f.Kind))
        {
            output.Write($"{kind.Key} ({kind.Count()}), step {kind.First().Step}\n");
            foreach (var f in kind.Take(all ? int.MaxValue : ShownOfAKind)) output.Write($"  {f.Where}: {f.What}\n");
            if (!all && kind.Count() > ShownOfAKind) output.Write($"  and {kind.Count() - ShownOfAKind} more: doctor --all\n");
            output.Write($"  why: {kind.First().Why}\n  do:  {kind.First().Do}\n\n");
        }

        if (all)
            foreach (var area in d.Scores)
            {
                output.Write($"{area.Area} ({area.Source})\n");
                foreach (var i in area.Items) output.Write($"  {Points(i.Points),3}  {i.Item}{(i.Evidence.Length > 0 ? ": " + i.Evidence : "")}{(i.Missing.Length > 0 ? $" [next: {i.Missing}]" : "")}\n");
                output.Write("\n");
            }

        Screen.WriteTable(output, ["area", "points", "of", "source"], d.Scores.Select(a => new[] { a.Area, Points(a.Earned), Points(a.Of), a.Source }));
        output.Write("\nHalf a point: done once by hand and written down; a point: it repeats by itself. Only what is yours counts, and only that it is there.\n\n");
        Screen.WriteTable(output, ["step", "done", "left to do (docs/make-it-yours.md)"], d.Steps.Select(p => new[] { p.Step, p.Done ? "yes" : "no", p.Todo }));
        output.Write($"\n{d.Findings.Count} findings; {d.Steps.Count(p => p.Done)} of {d.Steps.Count} steps done.{(all ? "" : " Every item and its evidence: doctor --all.")} The questions that it invites: doctor --defend\n");
    }

    private static string Points(double points) => points.ToString("0.#", CultureInfo.InvariantCulture);
}
