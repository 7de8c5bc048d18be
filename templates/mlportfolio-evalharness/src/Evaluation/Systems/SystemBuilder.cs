namespace PortfolioProject.Evaluation;

/// <summary>Builds systems from their configurations; chunkings and indexes that several systems use are built once.</summary>
public sealed class SystemBuilder(Corpus corpus, long seed, int depth, IChatSystems? chat = null)
{
    private readonly ConcurrentDictionary<ChunkerConfig, Chunking> _chunkings = [];
    private readonly ConcurrentDictionary<(ChunkerConfig, RetrieverConfig), IRetriever> _retrievers = [];
    private readonly ConcurrentDictionary<ChunkerConfig, IdfTable> _idf = [];

    public SystemUnderTest Build(SystemConfig config)
    {
        var threshold = config.Reader.Threshold == "auto" ? 0 : double.Parse(config.Reader.Threshold, CultureInfo.InvariantCulture);
        return new SystemUnderTest(config, Chunk(config.Chunker), Retriever(config.Chunker, config.Retriever), Reader(config), depth) { Threshold = threshold };
    }

    public Chunking Chunk(ChunkerConfig config) => _chunkings.GetOrAdd(config, _ => new([.. corpus.Documents.SelectMany(d => Chunker(config).Split(d))]));

    private static IChunker Chunker(ChunkerConfig config) => config.Type switch
    {
        ChunkerType.Fixed => new FixedChunker(config.Size, config.Overlap),
        ChunkerType.Sentence => new SentenceChunker(config.Size, config.Overlap),
        _ => new HeadingChunker(config.Size),
    };

    public IRetriever Retriever(ChunkerConfig chunker, RetrieverConfig config)
    {
        if (_retrievers.TryGetValue((chunker, config), out var retriever)) return retriever;
        IReadOnlyList<Chunk> chunks = [.. Chunk(chunker).Chunks.Select(c => c with { Text = Indexed(c, config) })];
        IRetriever index = config.Type switch
        {
            RetrieverType.Bm25 => new Bm25Index(chunks, config.K1, config.B),
            RetrieverType.Lsa => new LsaIndex(chunks, config.Rank, seed),
            RetrieverType.Hybrid => new ReciprocalRankFusion(chunks, [Retriever(chunker, config with { Type = RetrieverType.Bm25 }), Retriever(chunker, config with { Type = RetrieverType.Lsa })]),
            RetrieverType.Embeddings => chat!.Retriever(chunks, config),
            _ => new BlindRetriever(chunks, config.Type, seed),
        };
        return _retrievers[(chunker, config)] = config is { Stems: true, Type: RetrieverType.Bm25 or RetrieverType.Lsa or RetrieverType.Embeddings } ? new StemmedRetriever(index) : index;
    }

    private string Indexed(Chunk chunk, RetrieverConfig config)
    {
        var text = config.Titles ? $"{corpus.Find(chunk.DocumentId)!.Title}\n{chunk.Text}" : chunk.Text;
        return config.Stems ? StemmedRetriever.Stem(text) : text;
    }

    private IReader Reader(SystemConfig config)
    {
        if (config.Reader.Model is not null) return chat!.Reader(config, corpus);
        if (config.Reader.Type != ReaderType.Extractive) return new PassageReader(config.Reader.Type);
        var idf = _idf.GetOrAdd(config.Chunker, c => new(Chunk(c).Chunks));
        return new ExtractiveReader(idf, new ReaderOptions(config.Reader.Window, config.Reader.Answer));
    }
}
