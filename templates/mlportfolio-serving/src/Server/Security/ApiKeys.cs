namespace PortfolioProject.Server;

/// <summary>What an endpoint asks of its caller, or a caller has; an admin may do all that a predictor may.</summary>
public enum Access { Open, Predict, Admin }

/// <summary>
/// API keys, known by their SHA-256 alone: environment variables <see cref="PredictVariable"/> and <see cref="AdminVariable"/> hold it in
/// hexadecimal, more than one separated by commas (so that a key can be replaced without a gap). A caller sends the key itself as
/// "Authorization: Bearer KEY" or "X-Api-Key: KEY". Compared in constant time.
/// </summary>
public sealed class ApiKeys
{
    public const string PredictVariable = "SERVING_PREDICT_KEY_SHA256", AdminVariable = "SERVING_ADMIN_KEY_SHA256";

    private readonly List<(Access Access, byte[] Sha256)> _keys;

    /// <param name="predict">Comma-separated SHA-256 in hexadecimal; null or empty: none.</param>
    public ApiKeys(string? predict, string? admin) => _keys = [.. Parse(Access.Predict, predict, PredictVariable), .. Parse(Access.Admin, admin, AdminVariable)];

    public int Count => _keys.Count;

    public static ApiKeys FromEnvironment() => new(Environment.GetEnvironmentVariable(PredictVariable), Environment.GetEnvironmentVariable(AdminVariable));

    /// <summary>Outside Development there have to be keys of both kinds; in Development without keys, the service listens on loopback only.</summary>
    public void Guard(string environment, IEnumerable<string> urls)
    {
        foreach (var (access, variable) in new[] { (Access.Predict, PredictVariable), (Access.Admin, AdminVariable) })
            if (environment != "Development" && _keys.All(k => k.Access != access))
                throw new UserError($"no {access.ToString().ToLowerInvariant()} key: the service does not start in {environment} without one", variable, expected: "the SHA-256 of a key in hexadecimal",
                    fix: "Make one: key=$(openssl rand -hex 32); printf %s \"$key\" | sha256sum");
        foreach (var url in urls)
            if (Count == 0 && !(Uri.TryCreate(url, UriKind.Absolute, out var address) && address.IsLoopback))
                throw new UserError("without keys the service listens on loopback only", field: "--urls", expected: "http://127.0.0.1:PORT", got: UserError.Quote(url), fix: $"Set {PredictVariable} and {AdminVariable}");
    }

    /// <summary>The caller's access and which key it is (-1: none); without any keys everyone is an admin.</summary>
    public (Access Access, int Key) Identify(HttpRequest request)
    {
        if (_keys.Count == 0) return (Access.Admin, -1);
        var authorization = request.Headers.Authorization.ToString();
        var key = authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? authorization[7..].Trim() : request.Headers["X-Api-Key"].ToString();
        var (access, found) = (Access.Open, -1);
        if (key.Length is 0 or > 512) return (access, found);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(key), hash);
        for (var i = 0; i < _keys.Count; i++)
            if (CryptographicOperations.FixedTimeEquals(hash, _keys[i].Sha256) && _keys[i].Access >= access) (access, found) = (_keys[i].Access, i);
        return (access, found);
    }

    private static IEnumerable<(Access, byte[])> Parse(Access access, string? text, string variable) =>
        (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(hex =>
            hex.Length == 64 && hex.All(char.IsAsciiHexDigit) ? (access, Convert.FromHexString(hex)) : throw new UserError("not a key's hash", variable, expected: "64 hexadecimal digits (never the key itself)"));
}
