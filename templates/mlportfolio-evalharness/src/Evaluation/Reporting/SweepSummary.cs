namespace PortfolioProject.Evaluation;

/// <summary>The chunk sweep as a table or JSON.</summary>
public static class SweepSummary
{
    public static void Print(Run sweep, bool json)
    {
        var model = ReportModel.Sweep(sweep, sweep.LoadMetrics());
        var budgets = HarnessPortfolio.Budgets(sweep).ToList();
        if (json)
        {
            Console.Out.WriteLine(new JsonObject { ["run"] = sweep.Manifest.Id, ["budgets"] = new JsonArray([.. budgets.Select(b => JsonValue.Create(b))]), ["chunkings"] = model["chunkings"]!.DeepClone() }.ToJsonString());
            return;
        }
        Console.Out.WriteLine("\nrecall of gold characters within a budget of retrieved characters");
        Screen.WriteTable(Console.Out, ["chunking", .. budgets.Select(b => b.ToString(CultureInfo.InvariantCulture)), "split", "chunks", "index KB", "build ms"],
            model["chunkings"]!.AsArray().OfType<JsonObject>().Select(row => (string[])
                [(string)row["name"]!, .. row["recall"]!.AsArray().Select(Number), Number(row["split"]), Text(row["chunks"], "0", 1), Text(row["index_bytes"], "0", 1024), Text(row["build_milliseconds"], "0.0", 1)]));
    }

    private static string Number(JsonNode? cell) => (double?)cell?["value"] is { } v ? v.ToString("0.000", CultureInfo.InvariantCulture) : "";

    private static string Text(JsonNode? value, string format, double unit) => value is null ? "" : (double.Parse(value.ToString(), CultureInfo.InvariantCulture) / unit).ToString(format, CultureInfo.InvariantCulture);
}
