using System.ComponentModel;
using System.Diagnostics;
using PortfolioProject.Evidence;
using PortfolioProject.Server;

namespace PortfolioProject.Serving.Tests;

/// <summary>The Python client against the real server; skipped, and counted, where there is no python3.</summary>
public sealed class PythonClientTests
{
    private const string Script = """
        import sys
        sys.path.insert(0, sys.argv[1])
        from inference_client import InferenceClient, InferenceError

        with InferenceClient(sys.argv[2], key="k") as client:
            assert client.is_ready()
            assert client.describe("sample", "1")["inputs"] == [{"name": "features", "datatype": "FP32", "shape": [-1, 3]}]
            rows = [[1, 2, 3], [4, 5, 6.5]]
            binary = client.infer("sample", rows, id="é", version="1", sticky_key="caller")
            plain = client.infer("sample", rows, binary=False)
            assert (binary.model, binary.version, binary.id, plain.id) == ("sample", "1", "é", None)
            assert binary.labels == plain.labels and len(binary.labels) == 2
            assert len(binary.probabilities) == 2 and all(len(p) == 2 and abs(sum(p) - 1) < 1e-6 for p in binary.probabilities)
            assert all(abs(a - b) < 1e-7 for x, y in zip(binary.probabilities, plain.probabilities) for a, b in zip(x, y))
            one = client.predict([1, 2, 3])
            client.send_feedback(one["predictionId"], one["label"], idempotency_key="once")
            client.send_feedback(binary.prediction_id + ".1", "rot")
            for status, call in ((404, lambda: client.describe("a/b")), (400, lambda: client.infer("sample", [[1, 2]])), (400, lambda: client.predict([1, 2])), (404, lambda: client.send_feedback("018f0000-0000-7000-8000-000000000000", "rot"))):
                try:
                    call()
                    raise SystemExit("not refused")
                except InferenceError as e:
                    assert e.status == status and e.message, e
            for wrong in ([], [[1], [1, 2]]):
                try:
                    client.infer("sample", wrong)
                    raise SystemExit("not refused")
                except ValueError:
                    pass
            print("|".join(binary.labels), *(repr(p) for row in binary.probabilities for p in row))
        with InferenceClient(sys.argv[2]) as stranger:
            try:
                stranger.predict([1, 2, 3])
                raise SystemExit("not refused")
            except InferenceError as e:
                assert e.status == 401
        """;

    [Fact]
    public async Task It_predicts_in_json_and_binary_gives_feedback_and_reads_refusals()
    {
        await using var server = await TestServer.StartAsync(with: o => o with { Keys = new ApiKeys(TextFile.Sha256("k"), TextFile.Sha256("a")) });
        File.WriteAllText(Path.Combine(server.Root, "use.py"), Script);
        var (code, output, error) = await Python(Path.Combine(server.Root, "use.py"), Folder(), server.Host.Address.GetLeftPart(UriPartial.Authority));
        Assert.True(code == 0, error);
        var expected = new float[4];
        server.Host.Models.Choose(null, null)!.Bundle.Predict([1, 2, 3, 4, 5, 6.5f], expected);
        var words = output.Trim().Split(' ');
        Assert.Equal(expected, words[1..].Select(w => (float)double.Parse(w, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(2, server.Host.Context.Feedback.Count);
    }

    private static string Folder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "clients/python/inference_client.py"))) return Path.Combine(folder.FullName, "clients/python");
        throw new FileNotFoundException("clients/python/inference_client.py");
    }

    private static async Task<(int, string, string)> Python(params string[] arguments)
    {
        var start = new ProcessStartInfo("python3", ["-B", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["PYTHONUTF8"] = "1" } };
        Process? process = null;
        try { process = Process.Start(start); }
        catch (Win32Exception) { }
        Assert.SkipWhen(process is null, "python3 is not installed");
        using (process)
        {
            var (output, error) = (process!.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (process.ExitCode, await output, await error);
        }
    }
}
