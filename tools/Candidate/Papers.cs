namespace MLPortfolio.Candidate;

/// <summary>What a key says about its own making.</summary>
internal sealed record KeyFacts(string Template, string Name, string Salt, string? Data, string? Owner)
{
    public const string Fingerprint = "fingerprint";

    /// <summary>Tells salts apart without telling one.</summary>
    public string SaltFingerprint => Convert.ToHexStringLower(SaltedStream.Key(Salt, Fingerprint))[..12];

    public string Command => $"CANDIDATE_SALT=… ./build.sh candidate --template={Template} --name={Quoted(Name)} --out=DIR{(Data is null ? "" : $" --data={Quoted(Path.GetFileName(Data))}")}{(Owner is null ? "" : $" --owner={Quoted(Owner)}")}";

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}

/// <summary>The texts: TASK.md and an empty findings file for the candidate; truth, rubric and repaired files for the employer.</summary>
internal static class Papers
{
    public const string NotMeasured = "not measured: the same command with --measure runs the main job on both and fills expected/", Measured = "expected/as-handed-out and expected/repaired hold the metrics of the main job on both, with intervals";

    public static void WriteTask(Workspace repository, string name, Problem problem)
    {
        repository.Write("findings.csv", "kind,id,value,reason\n");
        repository.Write("TASK.md", $"""
            # Task: {name}

            {problem.Brief}

            ## What to hand in

            - The repository with your changes, committed in steps that can be read.
            - `findings.csv`: one line a finding. `reason` is for people; the other columns are counted.

            | kind | id | value |
            |---|---|---|
            {string.Join('\n', problem.Kinds.Select(k => $"| `{k.Kind}` | {k.Id} | {k.Value} |"))}

            - `README.md`, rewritten as the memo that you would give a colleague: what was wrong, how you know, what it cost, what you did, what you
              would not ship. What stands there now came with the template and describes other data; every measured value reads "not measured" until
              you `run` and `pin`.

            ## Time

            Half a day: four hours. Stop when they are over and write down what you would do next; nobody expects everything to be found.

            ## What is judged

            1. Reasoning: how findings were reached, what was ruled out, whether claims carry their evidence. This counts most.
            2. Findings: how many of yours are right, and how many of ours you found. A wrong accusation costs as much as a missed problem.
            3. Engineering: small, tested, readable changes; the repository builds, its tests and `check` pass.
            4. Honesty: what is uncertain, what did not help, what was not measured.

            Any tool may be used, and is named. Looking the data up elsewhere proves little here: you will be asked how each finding can be seen in
            what you were given.

            ```bash
            dotnet run --project src/Cli
            dotnet test
            ```

            """);
    }

    public static void WriteKey(Workspace key, KeyFacts facts, Workspace repository, Problem problem)
    {
        key.Write("truth.csv", Truth.Header + "\n" + string.Concat(problem.Truths.Select(t => t.Line + "\n")));
        foreach (var (file, text) in problem.Repaired)
        {
            key.Write($"repaired/{file}", text);
        }

        key.Write("KEY.md", $"""
            # Key: {facts.Name}

            Not for the candidate. Made with `{facts.Template}` from salt {facts.SaltFingerprint} (a fingerprint; the salt itself stands nowhere).

            ## What was planted

            {string.Join('\n', problem.Facts.Select(f => $"- {f}"))}

            `truth.csv` holds each of them: kind, id, what is right there, and how a finding is compared with it. `repaired/` holds the files as they
            would be without.

            **Expected values.** {NotMeasured}.

            ## Count

            ```bash
            ./build.sh score --key=KEY --findings=REPOSITORY/findings.csv
            ```

            ## Score: 20 points

            | points | for | full marks |
            |---|---|---|
            | 8 | reasoning | each claim has its evidence, alternatives were ruled out, the candidate can defend every finding in the data as given |
            | 5 | findings | by kind: precision and recall of `score` both above 0.8 (3 points: both above 0.5); a kind without a finding counts 0 |
            | 4 | engineering | small tested changes; build, tests and check pass; checks would find such faults again |
            | 3 | honesty | uncertainty, failed attempts and what was not measured are written down |

            Look for:

            {string.Join('\n', problem.Look.Select(l => $"- {l}"))}

            **Public data.** Where the exercise was made from data that came with the template, right labels and answers can be recovered by looking
            the original up. Perfect counts with thin reasoning mean that, and score 0 for findings until the candidate has shown in conversation how each
            kind can be seen without the original. With data of your own (`--data`) this does not arise.

            ## Make it again

            ```bash
            {facts.Command}
            ```

            Same salt, same bytes. Files handed out: {repository.Files().Count()}.

            """);
    }
}
