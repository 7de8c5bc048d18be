using System.Security.Cryptography;
using System.Text;

namespace MLPortfolio.Candidate;

/// <summary>
/// Searches every byte of a candidate's repository for what would give the key away: the salt and what is derived from it, in the usual spellings,
/// files of the key, and digests of them. A hit is an error of this program, and nothing is handed out.
/// </summary>
internal static class LeakSearch
{
    public static void Require(Workspace repository, Workspace key, string salt)
    {
        var words = Words(key, salt).ToList();
        var repaired = key.Files().Where(f => f.StartsWith("repaired/", StringComparison.Ordinal)).Select(f => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(key.PathOf(f))))).ToHashSet();
        foreach (var file in repository.Files())
        {
            var bytes = File.ReadAllBytes(repository.PathOf(file));
            var text = Encoding.UTF8.GetString(bytes);
            if (words.FirstOrDefault(w => text.Contains(w.Word, StringComparison.OrdinalIgnoreCase) || file.Contains(w.Word, StringComparison.OrdinalIgnoreCase)) is { Word: not null } hit)
            {
                throw new UserError($"the candidate's repository would give away {hit.What}", file, fix: "Choose another salt or name");
            }

            if (repaired.Contains(Convert.ToHexString(SHA256.HashData(bytes))))
            {
                throw new UserError("the candidate's repository would hold a file of the key", file);
            }
        }
    }

    private static IEnumerable<(string What, string Word)> Words(Workspace key, string salt)
    {
        foreach (var spelling in Spellings(Encoding.UTF8.GetBytes(salt)).Append(salt).Append(new string([.. salt.Reverse()])))
        {
            yield return ("the salt", spelling);
        }

        foreach (var hash in new[] { SHA256.HashData(Encoding.UTF8.GetBytes(salt)), SHA1.HashData(Encoding.UTF8.GetBytes(salt)), MD5.HashData(Encoding.UTF8.GetBytes(salt)), SaltedStream.Key(salt, KeyFacts.Fingerprint) })
        {
            foreach (var spelling in Spellings(hash))
            {
                yield return ("a digest of the salt", spelling);
            }
        }

        foreach (var file in key.Files())
        {
            foreach (var spelling in Spellings(SHA256.HashData(File.ReadAllBytes(key.PathOf(file)))))
            {
                yield return ($"a digest of key/{file}", spelling);
            }
        }
    }

    private static IEnumerable<string> Spellings(byte[] bytes) => [Convert.ToHexString(bytes), Convert.ToBase64String(bytes).TrimEnd('=')];
}
