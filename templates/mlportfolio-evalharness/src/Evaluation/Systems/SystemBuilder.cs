using System.Globalization;
using PortfolioProject.Retrieval;

namespace PortfolioProject.Evaluation;

/// <summary>Builds systems from their configurations; chunkings and indexes that several systems use are built once.</summary>
public sealed class SystemBuilder(Corpus corpus, long seed, int depth)
{
    private readonly Dictionary<ChunkerConfig, Chunking> _chunkings = [];
    private readonly Dictionary<(ChunkerConfig, RetrieverConfig), IRetriever> _retrievers = [];
    private readonly Dictionary<ChunkerConfig, IdfTable> _idf = [];

    public SystemUnderTest Build(SystemConfig config)
    {
        var threshold = config.Reader.Threshold == "auto" ? 0 : double.Parse(config.Reader.Threshold, CultureInfo.InvariantCulture);
        return new SystemUnderTest(config, Chunk(config.Chunker), Retriever(config.Chunker, config.Retriever), Reader(config), depth) { Threshold = threshold };
    }

    public Chunking Chunk(ChunkerConfig config)
    {
        if (_chunkings.TryGetValue(config, out var chunking)) return chunking;
        IChunker chunker = config.Type switch
        {
            ChunkerType.Fixed => new FixedChunker(config.Size, config.Overlap),
            ChunkerType.Sentence => new SentenceChunker(config.Size, config.Overlap),
            _ => new HeadingChunker(config.Size),
        };
        return _chunkings[config] = new Chunking([.. corpus.Documents.SelectMany(chunker.Split)]);
    }

    public IRetriever Retriever(ChunkerConfig chunker, RetrieverConfig config)
    {
        if (_retrievers.TryGetValue((chunker, config), out var retriever)) return retriever;
        var chunks = Chunk(chunker).Chunks;
        return _retrievers[(chunker, config)] = config.Type switch
        {
            RetrieverType.Bm25 => new Bm25Index(chunks, config.K1, config.B),
            RetrieverType.Lsa => new LsaIndex(chunks, config.Rank, seed),
            RetrieverType.Hybrid => new ReciprocalRankFusion([Retriever(chunker, config with { Type = RetrieverType.Bm25 }), Retriever(chunker, config with { Type = RetrieverType.Lsa })]),
            _ => new BlindRetriever(chunks, config.Type, seed),
        };
    }

    private IReader Reader(SystemConfig config)
    {
        if (config.Reader.Type != ReaderType.Extractive) return new PassageReader(config.Reader.Type);
        if (!_idf.TryGetValue(config.Chunker, out var idf)) _idf[config.Chunker] = idf = new IdfTable(Chunk(config.Chunker).Chunks);
        return new ExtractiveReader(idf, new ReaderOptions
        {
            Window = config.Reader.Window,
            Answer = config.Reader.Answer == AnswerGranularity.Span ? ExtractGranularity.Span : ExtractGranularity.Sentence,
        });
    }
}
