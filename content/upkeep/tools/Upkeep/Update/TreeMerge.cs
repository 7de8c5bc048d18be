namespace PortfolioProject.Upkeep;

/// <summary>
/// Merges the difference of two folders into a clean git work tree. Both become commits without a branch, and the second is cherry-picked without
/// committing: a three-way merge whose base is the first, with everything git knows of renames, deletions and conflict markers.
/// </summary>
internal sealed class TreeMerge : IDisposable
{
    private readonly string _root, _prefix, _index = Path.Combine(Path.GetTempPath(), $"update-{Guid.NewGuid():N}.index");
    private readonly string[] _plain = ["-c", "core.autocrlf=false", "-c", "core.safecrlf=false", "-c", "core.fileMode=false", "-c", "core.hooksPath=/dev/null", "-c", "advice.addEmbeddedRepo=false"];

    /// <summary>Refuses a folder that is no git repository with a commit, or that holds changes: git could not give them back.</summary>
    public TreeMerge(string root)
    {
        _root = root;
        var git = Git.Ask(root);
        if (!git.IsRepository) throw new UserError(git.Problem.Length > 0 ? git.Problem : "not a git repository", root, expected: "a repository whose every change is committed", fix: "git init, git add -A, git commit");
        if (Git.Run(root, ["rev-parse", "--verify", "HEAD"]).Code != 0) throw new UserError("nothing is committed yet", root, fix: "git add -A, git commit");
        if (Must("status", "--porcelain", "-z").Split('\0', StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } dirty)
            throw new UserError("the work tree is not clean", root, expected: "every change committed, so that the merge can be undone", got: $"{dirty.Length} changed or new, {dirty[0].Trim()} first", fix: "git commit, or git stash -u");
        _prefix = Must("rev-parse", "--show-prefix").Trim();
    }

    public (IReadOnlyList<string> Changed, IReadOnlyList<string> Conflicts) Apply(string old, string fresh)
    {
        var before = Commit(old, null);
        var (code, said) = Git.Run(_root, [.. _plain, "cherry-pick", "--no-commit", "--allow-empty", "--keep-redundant-commits", Commit(fresh, before)]);
        var conflicts = Names("diff", "--name-only", "--diff-filter=U", "-z");
        if (code != 0 && conflicts.Count == 0) throw new UserError($"git could not merge: {said.Trim()}", _root, fix: "Nothing was changed");
        return ([.. Names("diff", "--name-only", "-z", "HEAD").Union(conflicts).Order(StringComparer.Ordinal)], conflicts);
    }

    /// <summary>A commit that holds exactly the files of a folder, at this repository's place.</summary>
    private string Commit(string folder, string? parent)
    {
        File.Delete(_index);
        Dictionary<string, string> own = new() { ["GIT_INDEX_FILE"] = _index };
        Must(own, ["--work-tree", folder, .. _plain, "add", "-A", "-f", "."], folder);
        var tree = Must(own, ["write-tree"]).Trim();
        if (_prefix.Length > 0)
        {
            Must(own, ["read-tree", "--empty"]);
            Must(own, ["read-tree", $"--prefix={_prefix}", tree]);
            tree = Must(own, ["write-tree"]).Trim();
        }

        foreach (var who in new[] { "AUTHOR", "COMMITTER" }) (own[$"GIT_{who}_NAME"], own[$"GIT_{who}_EMAIL"]) = ("update", "update@localhost");
        return Must(own, ["commit-tree", tree, "-m", "as generated", .. parent is null ? Array.Empty<string>() : ["-p", parent]]).Trim();
    }

    private IReadOnlyList<string> Names(params string[] arguments) => [.. Must(arguments).Split('\0', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];

    private string Must(params string[] arguments) => Must(null, arguments);

    private string Must(IReadOnlyDictionary<string, string>? environment, IReadOnlyList<string> arguments, string? folder = null)
    {
        if (folder is not null) arguments = ["--git-dir", Path.GetFullPath(Path.Combine(_root, Must("rev-parse", "--git-dir").Trim())), .. arguments];
        var (code, output) = Git.Run(folder ?? _root, arguments, environment);
        return code == 0 ? output : throw new UserError($"git {arguments[^1]}: {output.Trim()}", _root);
    }

    public void Dispose() => File.Delete(_index);
}
