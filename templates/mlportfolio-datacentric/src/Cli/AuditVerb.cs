using System.Globalization;

namespace PortfolioProject.Cli;

/// <summary>Every finder on the data as they stand. What is listed is worth a look; nothing is changed.</summary>
internal static class AuditVerb
{
    private const int Shown = 15;

    public static Command Create(Lazy<string> root)
    {
        var (options, format) = (new RunOptions(), SharedVerbs.FormatOption());
        var propose = new Option<string?>("--propose") { Description = "Also writes a patch that drops doubted and repeated training rows, to be read and shortened." };
        var command = new Command("audit", "Looks for label errors, duplicates, leaks, outliers, drift and weak slices. Example: audit --set data.path=mine.csv") { format, propose };
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            var (config, table) = options.Load(parsed, root.Value);
            var (audit, _, _) = LadderRun.Audit(table, config);
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(format) == "json") output.WriteLine(audit.Json(int.MaxValue).ToJsonString());
            else
            {
                Screen.WriteTable(output, ["finder", "what", "rows"], audit.Findings.Select(f => new[] { f.Finder, f.What, string.Join(' ', f.Rows.Take(Shown)) + (f.Rows.Count > Shown ? $" and {f.Rows.Count - Shown} more" : "") }));
                output.WriteLine(FormattableString.Invariant($"\nheld-out accuracy {audit.Accuracy:0.000}, n = {table.Count}; weak slices were looked for, so their intervals are too narrow\n"));
                Screen.WriteTable(output, ["slice", "n", "accuracy", "interval"], audit.Weak.Concat(audit.Classes).Concat(audit.Blocks).Select(s => new[] { s.Name, s.N.ToString(CultureInfo.InvariantCulture), Format.Number((double)s.Right / s.N), Format.Bounds(s.Interval.Low, s.Interval.High) }));
            }

            if (parsed.GetValue(propose) is { } target)
                TextFile.Write(target, new Patch(target, [.. audit.Droppable.Select(d => new Change(Patch.BaseOf(table.Version), table.Rows[d.Index], Patch.WholeRow, table.Csv.Lines[d.Index + 1].TrimEnd('\r'), "", d.Why, "", "audit"))]).Text);
            return (int)ExitCode.Pass;
        });
        return command;
    }
}
