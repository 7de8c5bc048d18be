using System.CommandLine;

namespace PortfolioProject.Upkeep;

/// <summary>The verb `update`: what changed in the pack since this repository was made, merged into it.</summary>
public static class UpdateVerb
{
    public static Command Create(Lazy<string> root)
    {
        var from = new Option<string?>("--from") { Description = "the package that made this repository: a .nupkg, a folder of the pack, or a version (by default the one in .mlportfolio.json)" };
        var to = new Option<string?>("--to") { Description = "the package to bring it to: a .nupkg, a folder of the pack, or a version (by default the newest of the feed)" };
        var feed = new Option<string?>("--feed") { Description = "where versions are looked up, beside the sources of NuGet.config" };
        var command = new Command("update", "Generate the old and the new version of the template and merge the difference with git; conflicts stay as git leaves them. Example: update --to MLPortfolio.Templates.0.2.0.nupkg") { from, to, feed };
        command.SetAction(parsed =>
        {
            var (info, output) = (Repository.ReadInfo(root.Value), parsed.InvocationConfiguration.Output);
            if (info.Name is null) throw new UserError("no name", ".mlportfolio.json", field: "name", expected: "the name that `dotnet new -n` was given", fix: "Add it");
            using var merge = new TreeMerge(root.Value);
            using var generations = new Generations(info, parsed.GetValue(feed));
            var (old, fresh) = (generations.Make("old", parsed.GetValue(from) ?? info.Version), generations.Make("new", parsed.GetValue(to)));
            if (Repository.ReadInfo(old).Version is var made && made != info.Version) throw new UserError("another version made this repository", field: "--from", expected: info.Version, got: made);
            OwnEvidence.Keep(root.Value, old, fresh);
            var (changed, conflicts) = merge.Apply(old, fresh);
            output.Write($"{info.Template}: {info.Version} to {Repository.ReadInfo(fresh).Version}\n");
            foreach (var file in changed.Except(conflicts)) output.Write($"  merged    {file}\n");
            foreach (var file in conflicts) output.Write($"  CONFLICT  {file}\n");
            output.Write(conflicts.Count > 0 ? "Settle the conflicts (git status, git diff), git add what is settled, then restore, test, pin results/main and commit. Back to before: git reset --hard\n"
                : changed.Count == 0 ? "nothing to merge\n" : "Nothing is committed. Next: dotnet restore --force-evaluate, dotnet test, then pin results/main renders the blocks. Back to before: git reset --hard\n");
            return (int)(conflicts.Count > 0 ? ExitCode.Regression : ExitCode.Pass);
        });
        return command;
    }
}
