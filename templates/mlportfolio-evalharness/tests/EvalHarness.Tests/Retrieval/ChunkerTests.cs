using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using PortfolioProject.Evidence;
using PortfolioProject.Retrieval;

namespace PortfolioProject.EvalHarness.Tests;

public sealed class ChunkerTests
{
    private static readonly (IChunker Chunker, int Size)[] All =
    [
        (new FixedChunker(2, 1), 2), (new FixedChunker(7, 0), 7), (new FixedChunker(40, 10), 40), (new FixedChunker(5, 4), 5), (new FixedChunker(200, 199), 200),
        (new SentenceChunker(2, 0), 2), (new SentenceChunker(30, 1), 30), (new SentenceChunker(60, 3), 60), (new SentenceChunker(1000, 2), 1000),
        (new HeadingChunker(2), 2), (new HeadingChunker(50), 50), (new HeadingChunker(10_000), 10_000),
    ];

    private static Document Doc(string text) => new("doc", "Doc", text);

    [Fact]
    public void Chunks_match_their_offsets_stay_in_size_cut_no_pair_and_cover_all_but_white_space() =>
        Prop.ForAll(SampleText.Arbitrary, text =>
        {
            foreach (var (chunker, size) in All)
            {
                var chunks = chunker.Split(Doc(text));
                var covered = new bool[text.Length];
                foreach (var (i, c) in chunks.Index())
                {
                    Assert.Equal(text[c.Start..c.End], c.Text);
                    Assert.Equal((i, $"doc#{i:0000}", "doc"), (c.Ordinal, c.Id, c.DocumentId));
                    Assert.InRange(c.Text.Length, 1, size);
                    Assert.False(string.IsNullOrWhiteSpace(c.Text));
                    Assert.False(SampleText.CutsPair(text, c.Start) || SampleText.CutsPair(text, c.End), $"{chunker}");
                    if (i > 0) Assert.True(c.Start > chunks[i - 1].Start && c.End > chunks[i - 1].End, $"{chunker}: no progress at {i}");
                    Array.Fill(covered, true, c.Start, c.End - c.Start);
                }
                Assert.True(text.Index().All(x => covered[x.Index] || char.IsWhiteSpace(x.Item)), $"{chunker}");
                Assert.Equal(chunks, chunker.Split(Doc(text)));
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Text_without_white_space_overlaps_by_exactly_the_configured_characters()
    {
        var chunks = new FixedChunker(10, 4).Split(Doc("abcdefghijklmnopqrstuvwxyz"));
        Assert.Equal(["abcdefghij", "ghijklmnop", "mnopqrstuv", "stuvwxyz"], chunks.Select(c => c.Text));
    }

    [Fact]
    public void A_fixed_window_is_cut_after_white_space_in_its_second_half() =>
        Assert.Equal(["The valve", "opens", "slowly."], new FixedChunker(11, 0).Split(Doc("The valve opens slowly.")).Select(c => c.Text));

    [Fact]
    public void A_surrogate_pair_that_does_not_fit_moves_to_the_next_window() =>
        Assert.Equal(["ab", "😀", "😀c"], new FixedChunker(3, 0).Split(Doc("ab😀😀c")).Select(c => c.Text));

    [Fact]
    public void Sentences_are_packed_whole_and_the_last_ones_repeated()
    {
        var chunks = new SentenceChunker(20, 1).Split(Doc("One one. Two two. Three three. Four."));
        Assert.Equal(["One one. Two two.", "Three three. Four."], chunks.Select(c => c.Text)); // "Two two. Three three." has 21
        Assert.Equal(["One one. Two two.", "Two two. Three three.", "Three three. Four."], new SentenceChunker(21, 1).Split(Doc("One one. Two two. Three three. Four.")).Select(c => c.Text));
    }

    [Fact]
    public void A_section_is_a_chunk_a_bare_heading_joins_the_next_and_a_comment_in_a_code_fence_is_no_heading()
    {
        var text = "Preface.\n\n# Title\n\n## Part one\nText of one.\n\n```sh\n# not a heading\n```\n\n## Part two\n| a |\n|---|\n| 1 |\n";
        Assert.Equal(
            ["Preface.", "# Title\n\n## Part one\nText of one.\n\n```sh\n# not a heading\n```", "## Part two\n| a |\n|---|\n| 1 |"],
            new HeadingChunker(500).Split(Doc(text)).Select(c => c.Text));
    }

    [Fact]
    public void An_empty_or_blank_document_has_no_chunk()
    {
        foreach (var (chunker, _) in All)
        {
            Assert.Empty(chunker.Split(Doc("")));
            Assert.Empty(chunker.Split(Doc(" \r\n\t\u3000 ")));
        }
    }

    [Theory]
    [InlineData("a")]
    [InlineData("ab No. 7 ")]
    [InlineData("...")]
    [InlineData("|\n")]
    [InlineData("😀。 ")]
    public void Ten_megabytes_in_one_go_take_linear_time(string piece)
    {
        var (small, large) = (Time(1_000_000), Time(10_000_000));
        Assert.True(large < TimeSpan.FromSeconds(2) || large < 40 * small, $"{small.TotalMilliseconds:0} ms for 1 MB, {large.TotalMilliseconds:0} ms for 10 MB");

        TimeSpan Time(int length)
        {
            var doc = Doc(string.Concat(Enumerable.Repeat(piece, length / piece.Length)));
            var watch = Stopwatch.StartNew();
            Assert.All((IChunker[])[new FixedChunker(1000, 100), new SentenceChunker(1000, 1)], c => Assert.True(c.Split(doc).Count >= length / 1000));
            return watch.Elapsed;
        }
    }

    [Fact]
    public void Impossible_sizes_and_overlaps_are_the_users_error()
    {
        Assert.Equal("size", Assert.Throws<UserError>(() => new FixedChunker(1, 0)).Field);
        Assert.Equal("overlap", Assert.Throws<UserError>(() => new FixedChunker(10, 10)).Field);
        Assert.Equal("overlap", Assert.Throws<UserError>(() => new SentenceChunker(10, -1)).Field);
        Assert.Equal("size", Assert.Throws<UserError>(() => new HeadingChunker(0)).Field);
    }
}
