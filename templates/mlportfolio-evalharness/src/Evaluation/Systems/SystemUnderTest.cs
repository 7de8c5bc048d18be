namespace PortfolioProject.Evaluation;

/// <summary>Everything one question left behind on its way through a system.</summary>
/// <param name="Ranking">Chunks by score, to the configured depth.</param>
/// <param name="Context">The passages that fitted the budget: what the reader saw.</param>
/// <param name="Reading">What the reader found, before the abstention threshold.</param>
/// <param name="Answer">What the system said: null when it abstained.</param>
public sealed record Trace(IReadOnlyList<Scored> Ranking, IReadOnlyList<Passage> Context, Reading Reading, string? Answer, double RetrieveMilliseconds, double ReadMilliseconds)
{
    /// <summary>The places that the reading rests on.</summary>
    public IReadOnlyList<Chunk> Cited => Reading.Citations ?? (Reading.CitedPassage < 0 ? [] : [Context[Reading.CitedPassage].Chunk]);

    /// <summary>By stage.</summary>
    public IReadOnlyDictionary<string, double> Milliseconds => new Dictionary<string, double> { ["retrieve"] = RetrieveMilliseconds, ["read"] = ReadMilliseconds };
}

/// <summary>The corpus cut one way.</summary>
public sealed record Chunking(IReadOnlyList<Chunk> Chunks)
{
    private readonly ILookup<string, Chunk> _byDocument = Chunks.ToLookup(c => c.DocumentId, StringComparer.Ordinal);

    public IEnumerable<Chunk> Of(string document) => _byDocument[document];
}

/// <summary>Question in, answer with citation out: retrieve, fill the context budget, read, abstain below the threshold.</summary>
public sealed record SystemUnderTest(SystemConfig Config, Chunking Chunking, IRetriever Retriever, IReader Reader, int Depth)
{
    public IReadOnlyList<Chunk> Chunks => Chunking.Chunks;

    /// <summary>Confidence from 0 to 1 below which the system abstains.</summary>
    public double Threshold { get; init; }

    public Trace Run(string question)
    {
        var begin = Stopwatch.GetTimestamp();
        IReadOnlyList<Scored> ranking = [];
        ModelCall? failed = null;
        try { ranking = Retriever.Search(question, Depth); }
        catch (ServiceException e) { failed = new(null, e.Message); }
        var retrieved = Stopwatch.GetTimestamp();
        var context = Context(ranking);
        var reading = failed is null ? Reader.Read(question, context) : new(null, 0, -1, null, 0, 0, failed);
        return new Trace(ranking, context, reading, Gate(reading), Stopwatch.GetElapsedTime(begin, retrieved).TotalMilliseconds, Stopwatch.GetElapsedTime(retrieved).TotalMilliseconds);
    }

    /// <summary>The same question asked again, of what was retrieved the first time.</summary>
    public Trace Repeat(string question, Trace first, int repeat)
    {
        var begin = Stopwatch.GetTimestamp();
        var reading = Reader.Read(question, first.Context, repeat);
        return first with { Reading = reading, Answer = Gate(reading), ReadMilliseconds = Stopwatch.GetElapsedTime(begin).TotalMilliseconds };
    }

    /// <summary>What the system would answer if retrieval were perfect: the chunks that hold the evidence, and nothing else.</summary>
    public string? AnswerFrom(string question, IEnumerable<Chunk> evidence) => Gate(Reader.Read(question, Fill(evidence.Select(c => new Passage(c, 1)))));

    /// <summary>What the reader sees of a ranking.</summary>
    public IReadOnlyList<Passage> Context(IEnumerable<Scored> ranking) => Fill(ranking.Select(s => new Passage(Chunks[s.Index], s.Score)));

    private string? Gate(Reading reading) => reading.Answer is not null && reading.Confidence >= Threshold ? reading.Answer : null;

    /// <summary>Whole passages while they fit the budget; the first is always taken, cut at the budget.</summary>
    private List<Passage> Fill(IEnumerable<Passage> passages)
    {
        var context = new List<Passage>();
        var left = Config.ContextBudget;
        foreach (var passage in passages)
        {
            var chunk = passage.Chunk;
            if (chunk.Text.Length > left)
            {
                if (context.Count > 0) break;
                var end = char.IsHighSurrogate(chunk.Text[left - 1]) ? left - 1 : left;
                chunk = chunk with { End = chunk.Start + end, Text = chunk.Text[..end] };
            }
            context.Add(passage with { Chunk = chunk });
            left -= chunk.Text.Length;
            if (left <= 0) break;
        }
        return context;
    }
}
