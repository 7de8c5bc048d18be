using System.Security.Cryptography;

namespace PortfolioProject.Evidence;

/// <summary>Text files as this repository keeps them: UTF-8 without BOM, "\n"; written beside their place and renamed, so that none is ever half there.</summary>
public static class TextFile
{
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    public static string Read(string file, string? fix = null)
    {
        if (Directory.Exists(file)) throw new UserError("a folder, not a file", file, fix: fix);
        try { return Utf8.GetString(File.ReadAllBytes(file)).TrimStart('\uFEFF').Replace("\r\n", "\n"); }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or DecoderFallbackException)
        {
            throw e is DecoderFallbackException bad ? new UserError("not UTF-8", file, got: $"an invalid byte at offset {bad.Index}") : new UserError("no such file", file, fix: fix);
        }
    }

    public static void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        File.WriteAllText(file + ".tmp", text, Utf8);
        File.Move(file + ".tmp", file, overwrite: true);
    }

    /// <summary>Lower-case hexadecimal SHA-256 of a text's UTF-8 bytes.</summary>
    public static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Utf8.GetBytes(text)));

    /// <summary>Lower-case hexadecimal SHA-256 of a file's bytes.</summary>
    public static string Sha256OfFile(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));
}
