using System.CommandLine;
using PortfolioProject.Evaluation;

namespace PortfolioProject.Models;

/// <summary>Lets a model grade answers, and says how far its grades agree with labels.</summary>
public static class JudgeVerb
{
    public static Command Create(Lazy<string> root)
    {
        var a = new Argument<string>("A") { Description = "whose answers are graded, RUN:variant" };
        var b = new Argument<string?>("B") { Description = "whose answers are set against A's, RUN:variant; without it A's are scored from 1 to 5", Arity = ArgumentArity.ZeroOrOne };
        var cassettes = new Option<string>("--cassettes") { Description = "replay-or-fail opens no connection, record keeps every paid grade, replay and live", DefaultValueFactory = _ => "replay-or-fail" };
        var resume = new Option<bool>("--resume") { Description = "Goes on with the newest unfinished run of this configuration" };
        var format = SharedVerbs.FormatOption();
        var command = new Command("judge", "Grades answers by a model, believed only as far as it agrees with labels. Example: judge latest:bm25-span latest:hybrid-span --cassettes record")
            { a, b, cassettes.AcceptOnlyFromAmong("replay-or-fail", "record", "replay", "live"), resume, format };
        command.SetAction((parsed, cancel) => Task.Run(() =>
        {
            var (first, second) = (parsed.GetRequiredValue(a), parsed.GetValue(b));
            var run = Screen.WithProgress(progress => new JudgeRun(root.Value, ChatModels.Load(root.Value, parsed.GetValue(cassettes)!)).Execute(
                $"judge {first} {second}".TrimEnd(), RunStore.Resolve(root.Value, first), second is null ? null : RunStore.Resolve(root.Value, second), parsed.GetValue(resume), progress, cancel));
            Console.Out.WriteLine(Summary.Rates(run, parsed.GetValue(format) == "json"));
            if (run.LoadMetrics().Find("judge-kappa", JudgeMetrics.Calibration)?.Flag is { } why) Console.Error.WriteLine(why);
        }, CancellationToken.None));
        return command;
    }
}
