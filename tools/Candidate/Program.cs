using MLPortfolio.Candidate;

return args.FirstOrDefault() switch
{
    "scaffold" => Guarded(() => Scaffold.Run(Arguments.Parse(args[1..], ["template", "name", "salt", "out", "data", "owner", "root"], ["measure"]))),
    "score" => Guarded(() => Score.Run(Arguments.Parse(args[1..], ["key", "findings", "format"], []), Console.Out)),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        scaffold --template=X --name=Y --out=DIR [--data=FILE] [--owner=TEXT] [--measure]   the salt: --salt=S, or in the variable CANDIDATE_SALT
        score --key=DIR/key --findings=findings.csv [--format=table|json]
        """);
    return 2;
}

static int Guarded(Action work)
{
    try
    {
        work();
        return 0;
    }
    catch (UserError e)
    {
        Console.Error.WriteLine($"error: {e.Message}");
        return 2;
    }
    catch (Exception e) when (e is IOException or UnauthorizedAccessException)
    {
        Console.Error.WriteLine($"error: {e.Message}");
        return 2;
    }
}
