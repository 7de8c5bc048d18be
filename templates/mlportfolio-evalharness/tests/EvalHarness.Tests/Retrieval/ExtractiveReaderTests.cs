using FsCheck;
using FsCheck.Fluent;
using PortfolioProject.Retrieval;

namespace PortfolioProject.EvalHarness.Tests;

public sealed class ExtractiveReaderTests
{
    /// <summary>A ferry company that exists nowhere: what the reader was not built on.</summary>
    private static readonly Document[] Ferry =
    [
        new("crossing-rules", "Crossing rules", """
            # Crossing rules for the Varnholm ferry

            In force from 3 May 2031. These rules replace the notice of 2027. Lena Okafor approved them.

            ## Boarding

            Gates open 45 minutes before departure and close at 06:40. Foot passengers board first; lorries board last.
            The **deck officer** checks the lashings. No vehicle heavier than 38 t may board.
            Dogs travel free of charge, but horses need a trailer. Bicycles cost €4.50 for each crossing.

            ## Weather

            - Crossings stop at a mean wind of 22 m/s.
            - Fog reduces the speed to 6 knots, and the horn is sounded every two minutes.
            - The master decides alone whether to sail.

            ## Cancellation

            A ticket can be returned within 14 days. Refunds are paid in cash because the harbour has no card terminal.
            If a crossing is cancelled, the harbour office arranges beds at the Old Customs House.
            """),
        new("engine-log", "Engine log", """
            # Engine log

            ## Main engine

            The engine delivers 1,850 kW at 720 rpm. Lubricating oil is changed every 500 hours. The oil pressure must not fall below 2.8 bar.
            The coolant is a mixture of water and glycol. Its temperature was 81 °C on the trial run and 84 °C in service.

            ## Spare parts

            | Part | Stock | Supplier | Lead time |
            |---|---|---|---|
            | fuel filter | 12 | Brask | 3 days |
            | impeller | 2 | Tornby | 6 weeks |
            | turbocharger | 0 | Aldane | 5 months |

            ## Faults

            On 17 June 2032 the governor failed. The chief engineer replaced it with a unit from the training vessel. Eleven passengers missed their train.
            """),
        new("fares", "Fares", """
            # Fares

            | Category | Summer | Winter |
            |---|---|---|
            | adult | €18.00 | €11.50 |
            | child | €7.20 | €5.00 |
            | car | €62.00 | €48.00 |

            Pupils pay the child fare up to the age of 19. About 30 % of all passengers hold a season ticket.
            """),
    ];

    private static readonly (string Question, string Answer)[] Spans =
    [
        ("How many minutes before departure do the gates open?", "45 minutes"),
        ("What time do the gates close?", "06:40"),
        ("When did the rules come in force?", "3 May 2031"),
        ("Who approved the rules?", "Lena Okafor"),
        ("Who checks the lashings?", "deck officer"),
        ("How heavy may a vehicle be to board?", "38 t"),
        ("How much does a bicycle cost?", "€4.50"),
        ("At what wind speed do crossings stop?", "22 m/s"),
        ("How often is the horn sounded in fog?", "every two minutes"),
        ("Who decides whether to sail?", "The master"),
        ("Within how many days can a ticket be returned?", "14 days"),
        ("Who arranges beds if a crossing is cancelled?", "the harbour office"),
        ("What power does the engine deliver?", "1,850 kW"),
        ("How often is lubricating oil changed?", "every 500 hours"),
        ("What is the lowest oil pressure?", "2.8 bar"),
        ("What was the temperature of the coolant in service?", "84 °C"),
        ("What was the coolant temperature on the trial run?", "81 °C"),
        ("How many impellers are in stock?", "2"),
        ("What is the lead time of the turbocharger?", "5 months"),
        ("Who is the supplier of the fuel filter?", "Brask"),
        ("Which part is supplied by Tornby?", "impeller"),
        ("When did the governor fail?", "17 June 2032"),
        ("How many passengers missed their train?", "Eleven"),
        ("What does a child pay in winter?", "€5.00"),
        ("What is the summer fare of a car?", "€62.00"),
        ("Up to what age do pupils pay the child fare?", "19"),
        ("What percentage of passengers hold a season ticket?", "30 %"),
        ("What is the coolant a mixture of?", "water and glycol"),
        ("What do horses need?", "trailer"),
    ];

    private static readonly Chunk[] Chunks = [.. Ferry.SelectMany(new HeadingChunker(600).Split)];

    private static readonly Bm25Index Index = new(Chunks);

    private static ExtractiveReader Reader(ExtractGranularity answer, int window = 1) => new(new IdfTable(Chunks), new() { Answer = answer, Window = window });

    private static Reading Abstained(double confidence = 0) => new(null, confidence, -1, null, 0, 0);

    private static Passage[] Retrieve(string question) => [.. Index.Search(question, 4).Select(s => new Passage(Chunks[s.Index], s.Score))];

    [Fact]
    public void Most_questions_of_every_form_are_answered_to_the_word()
    {
        var reader = Reader(ExtractGranularity.Span);
        var wrong = Spans.Select(q => (q.Question, q.Answer, Got: reader.Read(q.Question, Retrieve(q.Question)).Answer)).Where(q => q.Got != q.Answer).ToList();
        Assert.True(wrong.Count <= 3, $"{wrong.Count} of {Spans.Length} wrong:\n{string.Join('\n', wrong)}");
    }

    [Fact]
    public void The_sentence_is_the_one_that_holds_the_answer()
    {
        var reader = Reader(ExtractGranularity.Sentence);
        var wrong = Spans.Select(q => (q.Question, q.Answer, Got: reader.Read(q.Question, Retrieve(q.Question)).Answer)).Where(q => !q.Got!.Contains(q.Answer)).ToList();
        Assert.True(wrong.Count <= 2, $"{wrong.Count} of {Spans.Length} wrong:\n{string.Join('\n', wrong)}");
    }

    [Fact]
    public void The_span_is_where_the_answer_stands_in_its_document()
    {
        foreach (var (question, _) in Spans)
        {
            var context = Retrieve(question);
            var reading = Reader(ExtractGranularity.Span).Read(question, context);
            Assert.Equal(context[reading.CitedPassage].Chunk.DocumentId, reading.DocumentId);
            Assert.Equal(reading.Answer, Ferry.Single(d => d.Id == reading.DocumentId).Text[reading.Start..reading.End].Replace("**", "").Replace("\n", " "));
        }
    }

    [Fact]
    public void Markup_is_left_out_of_the_answer_but_not_of_the_span()
    {
        var text = "Intro.\n\n- The **deck officer** checks\n  the lashings.";
        var reading = Reader(ExtractGranularity.Sentence).Read("Who checks lashings?", [new(new("d#0000", "d", 0, 100, 100 + text.Length, text), 1)]);
        Assert.Equal("The deck officer checks the lashings.", reading.Answer);
        Assert.Equal((108, 100 + text.Length, 0, "d"), (reading.Start, reading.End, reading.CitedPassage, reading.DocumentId));
        var row = "| a | b |\n|---|---|\n| lashings | 4 |";
        Assert.Equal("lashings, 4", Reader(ExtractGranularity.Sentence).Read("lashings?", [new(new("d#0000", "d", 0, 0, row.Length, row), 1)]).Answer);
    }

    [Fact]
    public void Confidence_is_less_the_more_of_the_question_is_not_there()
    {
        double Confidence(string question) => Reader(ExtractGranularity.Span).Read(question, Retrieve(question)).Confidence;
        var (known, near, foreign) = (Confidence("Who checks the lashings?"), Confidence("Who checks the lashings of submarines?"), Confidence("Which submarine surfaced near Lisbon?"));
        Assert.True(1 >= known && known > near && near > foreign && foreign >= 0, $"{known} {near} {foreign}");
    }

    [Fact]
    public void It_abstains_on_an_empty_question_an_empty_context_and_a_question_of_function_words()
    {
        var reader = Reader(ExtractGranularity.Span);
        Assert.Equal(Abstained(), reader.Read("", Retrieve("lashings")));
        Assert.Equal(Abstained(), reader.Read("What is it?", Retrieve("lashings")));
        Assert.Equal(Abstained(), reader.Read("Who checks the lashings?", []));
        Assert.Equal(Abstained(), reader.Read("Who checks the lashings?", [new(new("d#0000", "d", 0, 0, 0, ""), 1)]));
    }

    [Fact]
    public void Of_two_sentences_that_say_what_is_asked_the_one_with_a_number_answers_how_many()
    {
        var text = "The ferry carries passengers. The ferry always carries lorries and 120 passengers.";
        Assert.Equal("120", Reader(ExtractGranularity.Span).Read("How many passengers does the ferry carry?", [new(new("d#0000", "d", 0, 0, text.Length, text), 1)]).Answer);
    }

    [Fact]
    public void A_tables_header_explains_its_rows_and_is_no_answer_itself()
    {
        var text = "| Part | Stock |\n|---|---|\n| bolt | 4 |";
        Assert.Equal("bolt, 4", Reader(ExtractGranularity.Sentence).Read("Which part, what stock?", [new(new("d#0000", "d", 0, 0, text.Length, text), 1)]).Answer);
    }

    [Fact]
    public void A_wider_window_joins_neighbouring_sentences()
    {
        var reading = Reader(ExtractGranularity.Sentence, window: 2).Read("Where are refunds paid and who arranges beds?", Retrieve("refunds beds"));
        Assert.StartsWith("Refunds are paid in cash", reading.Answer);
        Assert.EndsWith("Old Customs House.", reading.Answer);
    }

    [Fact]
    public void Any_text_gives_a_span_inside_its_passage_and_the_same_one_twice() =>
        Prop.ForAll(SampleText.Arbitrary, SampleText.Arbitrary, (question, text) =>
        {
            Passage[] context = [.. new HeadingChunker(200).Split(new("doc", "Doc", text)).Select(c => new Passage(c, 1))];
            foreach (var answer in Enum.GetValues<ExtractGranularity>())
            {
                var reading = Reader(answer).Read(question + " valve?", context);
                Assert.Equal(reading, Reader(answer).Read(question + " valve?", context));
                Assert.InRange(reading.Confidence, 0, 1 + 1e-12);
                if (reading.Answer is null) continue;
                Assert.NotEmpty(reading.Answer);
                var chunk = context[reading.CitedPassage].Chunk;
                Assert.True(chunk.Start <= reading.Start && reading.Start < reading.End && reading.End <= chunk.End);
            }
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("prices", "price")]
    [InlineData("charged", "charging")]
    [InlineData("policies", "policy")]
    [InlineData("carried", "carry")]
    [InlineData("stopped", "stop")]
    [InlineData("weekly", "week")]
    public void Forms_of_a_word_share_a_stem(string a, string b) => Assert.Equal(IdfTable.Stem(a), IdfTable.Stem(b));

    [Theory]
    [InlineData("bus", "bu")]
    [InlineData("gas", "ga")]
    [InlineData("pressure", "press")]
    [InlineData("2026", "202")]
    public void Different_words_do_not(string a, string b) => Assert.NotEqual(IdfTable.Stem(a), IdfTable.Stem(b));
}
