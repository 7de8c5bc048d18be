Task("candidate")
    .Description("A candidate's repository with a planted problem, and the key: --template=, --name=, --out=, --salt= (or CANDIDATE_SALT); --data=, --owner=, --measure=true.")
    .Does(() => CandidateProgram("scaffold", new[] { "template", "name", "salt", "data", "out", "owner", "measure" }, new[] { "data", "out" }));

Task("score")
    .Description("Counts a candidate's findings against the key: --key=<folder>, --findings=<findings.csv>; --format=json.")
    .Does(() => CandidateProgram("score", new[] { "key", "findings", "format" }, new[] { "key", "findings" }));

/// <summary>Runs tools/Candidate with the options that were given; paths are meant from where build.sh was called.</summary>
void CandidateProgram(string verb, string[] options, string[] paths)
{
    var project = System.IO.Path.Combine(Pack.Root, "tools", "Candidate");
    Pack.Must("dotnet", new[] { "build", "-nologo", "-v", "q" }, project);
    var arguments = options.Where(o => HasArgument(o)).Select(o => (Name: o, Value: Argument(o, "")))
        .Select(o => $"--{o.Name}={(paths.Contains(o.Name) && o.Value.Length > 0 ? Pack.Given(Argument("caller", "."), o.Value) : o.Value)}");
    var code = Pack.Run("dotnet", new[] { System.IO.Path.Combine("bin", "Debug", "net10.0", "Candidate.dll"), verb }.Concat(arguments), project);
    if (code != 0)
    {
        // It has said why; a CakeException would end with 1 whatever it is given.
        Environment.Exit(code);
    }
}
