using System.CommandLine;
using System.CommandLine.Invocation;
using System.Runtime.InteropServices;

namespace PortfolioProject.Evidence;

/// <summary>
/// Runs a command line: usage errors and <see cref="UserError"/> end with 2, Ctrl-C and unexpected failures with 4, each in one line on
/// stderr; --verbose adds the stack trace. stdout holds results only.
/// </summary>
public static class Host
{
    public static async Task<int> Main(RootCommand root, string[] args, TextWriter? output = null, TextWriter? error = null, CancellationToken cancel = default)
    {
        var verbose = new Option<bool>("--verbose") { Description = "Print stack traces of failures", Recursive = true };
        root.Options.Add(verbose);
        (output, error) = (output ?? Console.Out, error ?? Console.Error);
        (output.NewLine, error.NewLine) = ("\n", "\n");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        void Stop(PosixSignalContext signal) => (signal.Cancel, _) = (!stop.IsCancellationRequested, stop.CancelAsync());
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        var parsed = root.Parse(args);
        try
        {
            if (parsed.Action is ParseErrorAction)
                throw new UserError(string.Join(' ', parsed.Errors[^1].Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.'), fix: "--help explains every command");
            return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null, Output = output, Error = error }, stop.Token);
        }
        catch (Exception caught)
        {
            var e = caught is AggregateException { InnerExceptions: [var first, ..] } ? first : caught;
            error.WriteLine(e is OperationCanceledException && stop.IsCancellationRequested ? "stopped: what was finished is kept; --resume goes on" : $"error: {e.Message}");
            if (parsed.GetValue(verbose)) error.WriteLine(caught);
            return (int)(e is UserError known ? known.Code : ExitCode.Incomplete);
        }
    }
}
