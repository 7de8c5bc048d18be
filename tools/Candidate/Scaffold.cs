namespace MLPortfolio.Candidate;

/// <summary>Lays down a candidate's repository and the employer's key, both or none: everything is made beside its place and moved there at the end.</summary>
internal static class Scaffold
{
    private const int ShortestSalt = 12;

    private static readonly IExercise[] _exercises = [new DataCentricExercise(), new EvalHarnessExercise(), new ReplicationExercise(), new ServingExercise()];

    public static void Run(Arguments arguments)
    {
        var known = string.Join(", ", _exercises.Select(e => e.Template));
        var template = arguments.Required("template", known);
        var exercise = _exercises.FirstOrDefault(e => e.Template == template) ?? throw new UserError("no exercise for this template", field: "--template", expected: known, got: UserError.Quote(template));
        var name = arguments.Required("name", "the name of the repository, for example --name=Task-17");
        var salt = arguments["salt"] ?? Environment.GetEnvironmentVariable("CANDIDATE_SALT") ?? "";
        if (salt.Length < ShortestSalt || salt != salt.Trim())
        {
            throw new UserError("a secret salt is needed", field: "--salt", expected: $"{ShortestSalt} characters or more, for example from: openssl rand -hex 16", got: salt.Length == 0 ? "none" : $"{salt.Length} characters{(salt != salt.Trim() ? ", with spaces at an end" : "")}", fix: "It may also stand in the variable CANDIDATE_SALT, which no list of processes shows");
        }

        var output = Path.GetFullPath(arguments.Required("out", "a folder that does not exist yet"));
        if (File.Exists(output) || (Directory.Exists(output) && Directory.EnumerateFileSystemEntries(output).Any()))
        {
            throw new UserError("the folder is not empty", output, field: "--out", expected: "a folder that does not exist, or an empty one");
        }

        var data = arguments["data"] is { } given ? Path.GetFullPath(given) : null;
        if (data is not null && !File.Exists(data))
        {
            throw new UserError("no such data file", data, field: "--data", expected: exercise.OwnData);
        }

        if (data is not null)
        {
            exercise.Check(data);
        }

        var staging = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(output)!, $".{Path.GetFileName(output)}-{Environment.ProcessId}.partial")).FullName;
        try
        {
            var repository = new Workspace(Path.Combine(staging, "repository"));
            Generator.Generate(arguments["root"] ?? Generator.PackRoot(), template, name, arguments["owner"], repository.Root);
            var problem = exercise.Plant(repository, salt, data);
            repository.ForgetEvidence();
            repository.Ship(problem.Data);
            Papers.WriteTask(repository, name, problem);
            var key = new Workspace(Path.Combine(staging, "key"));
            Papers.WriteKey(key, new KeyFacts(template, name, salt, data, arguments["owner"]), repository, problem);
            LeakSearch.Require(repository, key, salt);
            if (arguments.Has("measure"))
            {
                Measurement.Write(repository, key, problem);
            }

            Directory.CreateDirectory(output);
            Directory.Move(repository.Root, Path.Combine(output, "repository"));
            Directory.Move(key.Root, Path.Combine(output, "key"));
        }
        finally
        {
            Directory.Delete(staging, recursive: true);
        }

        Console.WriteLine($"for the candidate: {Path.Combine(output, "repository")}");
        Console.WriteLine($"for you alone:     {Path.Combine(output, "key")}");
    }
}
