using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace MLPortfolio.PackTests.Candidates;

/// <summary>A candidate's repository and its key: repeatable by who has the salt, and telling nothing to who has not.</summary>
[Trait("Level", "L1")]
public sealed class ScaffoldTests
{
    public static TheoryData<string> Templates => [.. PackTree.Here.Selected.Select(t => t.ShortName)];

    [Theory, MemberData(nameof(Templates))]
    public void One_salt_gives_the_same_bytes_and_another_another_problem(string template)
    {
        using var sandbox = new Sandbox();
        CandidateProgram.Scaffold(sandbox.Folder, template, "two").Exits();
        CandidateProgram.Scaffold(sandbox.Folder, template, "other", CandidateProgram.Salt + "!").Exits();
        var (one, two, other) = (CandidateProgram.Files(CandidateProgram.Scaffolded(template)), CandidateProgram.Files(sandbox["two"]), CandidateProgram.Files(sandbox["other"]));
        Assert.Equal(one.Keys.Order(), two.Keys.Order());
        Assert.Equal([], one.Where(f => !f.Value.AsSpan().SequenceEqual(two[f.Key])).Select(f => f.Key));
        Assert.NotEqual(File.ReadAllText(sandbox["two/key/truth.csv"]), File.ReadAllText(sandbox["other/key/truth.csv"]));
        var changed = one.Where(f => other.TryGetValue(f.Key, out var bytes) && !bytes.AsSpan().SequenceEqual(f.Value)).Select(f => f.Key).ToList();
        Assert.Contains(changed, f => f.StartsWith("repository/data/", StringComparison.Ordinal));
        Assert.Equal(["key", "repository"], Directory.GetFileSystemEntries(sandbox["two"]).Select(Path.GetFileName).Order());
        Assert.Equal(["other", "two"], Directory.GetFileSystemEntries(sandbox.Folder).Select(Path.GetFileName).Order());
    }

    [Theory, MemberData(nameof(Templates))]
    public void Nothing_in_the_repository_gives_the_key_away(string template)
    {
        var made = CandidateProgram.Scaffolded(template);
        var (repository, key) = (CandidateProgram.Files(Path.Combine(made, "repository")), CandidateProgram.Files(Path.Combine(made, "key")));
        var secrets = Spellings(Encoding.UTF8.GetBytes(CandidateProgram.Salt)).Append(CandidateProgram.Salt)
            .Concat(key.Values.SelectMany(bytes => Spellings(SHA256.HashData(bytes)).Concat(Spellings(MD5.HashData(bytes)))))
            .Concat(Spellings(SHA256.HashData(Encoding.UTF8.GetBytes(CandidateProgram.Salt))))
            .Append(File.ReadLines(Path.Combine(made, "key/KEY.md")).First(l => l.Contains("from salt", StringComparison.Ordinal)).Split("from salt ")[1].Split(' ')[0]).ToList();
        foreach (var (file, bytes) in repository)
        {
            var text = Encoding.UTF8.GetString(bytes);
            Assert.DoesNotContain(secrets, s => text.Contains(s, StringComparison.OrdinalIgnoreCase) || file.Contains(s, StringComparison.OrdinalIgnoreCase));
            Assert.DoesNotContain(key, k => k.Value.AsSpan().SequenceEqual(bytes) && bytes.Length > 0);
        }

        Assert.DoesNotContain(repository.Keys, f => f.StartsWith("results/", StringComparison.Ordinal) || f.StartsWith("tools/Candidate", StringComparison.Ordinal) || f.Contains("truth", StringComparison.OrdinalIgnoreCase));
        Assert.Equal("kind,id,value,reason\n", File.ReadAllText(Path.Combine(made, "repository/findings.csv")));
        var task = File.ReadAllText(Path.Combine(made, "repository/TASK.md"));
        Assert.All(CandidateProgram.Truths(made).Select(t => t[0]).Distinct(), kind => Assert.Contains($"| `{kind}` |", task));
    }

    /// <summary>Rows with a planted fault stand no earlier, later or closer together than chance puts them.</summary>
    [Fact]
    public void The_place_of_a_row_does_not_say_what_was_done_to_it()
    {
        var made = CandidateProgram.Scaffolded("mlportfolio-datacentric");
        var rows = File.ReadLines(Path.Combine(made, "repository/data/digits/digits.csv")).Count() - 1;
        var contract = File.ReadAllText(Path.Combine(made, "repository/configs/contract.yaml"));
        var held = contract.Split("hold_out: [")[1].Split(']')[0].Split(", ").Select(int.Parse).ToHashSet();
        Assert.Equal(0, rows % 13);
        foreach (var kind in new[] { "label", "duplicate", "leak" })
        {
            var planted = CandidateProgram.Truths(made).Where(t => t[0] == kind).Select(t => int.Parse(t[1]) - 1).ToList();
            Assert.True(planted.Count > 40, $"{kind}: {planted.Count}");
            Assert.DoesNotContain(planted, r => held.Contains(13 * r / rows));
            // The mean place inside a block of m rows is m/2 with a deviation of m/√(12 n).
            var m = rows / 13;
            Assert.InRange((planted.Average(r => r % m) - (m / 2.0)) / (m / Math.Sqrt(12.0 * planted.Count)), -4, 4);
        }
    }

    [Fact]
    public void Every_truth_can_be_seen_in_the_data_that_were_handed_out()
    {
        var made = CandidateProgram.Scaffolded("mlportfolio-datacentric");
        var planted = File.ReadLines(Path.Combine(made, "repository/data/digits/digits.csv")).Skip(1).Select(l => l.Split(',')).ToList();
        var repaired = File.ReadLines(Path.Combine(made, "key/repaired/data/digits/digits.csv")).Skip(1).Select(l => l.Split(',')).ToList();
        Assert.Equal(planted.Count, repaired.Count);
        var original = File.ReadLines(Path.Combine(PackTree.Here.Root, "content/digits/data/digits/digits.csv")).Skip(1).ToHashSet();
        Assert.Equal(repaired.Count, repaired.Select(r => string.Join(',', r)).Intersect(original).Count());
        foreach (var truth in CandidateProgram.Truths(made).Where(t => t[0] is "label" or "duplicate" or "leak"))
        {
            var row = planted[int.Parse(truth[1]) - 1];
            if (truth[0] == "label")
            {
                Assert.NotEqual(truth[2], row[64]);
            }
            else
            {
                var other = planted[int.Parse(truth[2]) - 1];
                var distance = Math.Sqrt(row[..64].Zip(other).Sum(p => Math.Pow(int.Parse(p.First) - int.Parse(p.Second), 2)));
                Assert.InRange(distance, 1, 6);
            }
        }
    }

    [Fact]
    public void Held_out_questions_have_no_answer_anywhere_in_the_repository()
    {
        var made = CandidateProgram.Scaffolded("mlportfolio-evalharness");
        var held = File.ReadLines(Path.Combine(made, "repository/data/heldout/questions.jsonl")).Select(l => JsonNode.Parse(l)!.AsObject()).ToList();
        Assert.Equal(40, held.Count);
        Assert.All(held, q => Assert.Equal(["id", "question"], q.Select(p => p.Key)));
        foreach (var (file, bytes) in CandidateProgram.Files(Path.Combine(made, "repository")).Where(f => f.Key != "data/heldout/questions.jsonl"))
        {
            var text = Encoding.UTF8.GetString(bytes);
            Assert.DoesNotContain(held, q => text.Contains((string)q["question"]!, StringComparison.Ordinal));
        }

        // Faults change golds and evidence; what they were stands in the key alone.
        var given = File.ReadAllText(Path.Combine(made, "repository/data/judge/constructed-labels.jsonl"));
        var faulty = CandidateProgram.Truths(made).Where(t => t[0] != "answer").Select(t => t[1]).ToHashSet();
        Assert.All(File.ReadLines(Path.Combine(made, "repository/data/handbook/questions.jsonl")).Select(l => JsonNode.Parse(l)!).Where(q => faulty.Contains((string)q["id"]!)),
            q => Assert.DoesNotContain((string)q["question"]!, given, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Spellings(byte[] bytes) => [Convert.ToHexString(bytes), Convert.ToBase64String(bytes).TrimEnd('=')];
}
