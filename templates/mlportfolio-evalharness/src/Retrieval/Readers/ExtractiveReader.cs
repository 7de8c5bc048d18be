namespace PortfolioProject.Retrieval;

/// <summary>How much of the best window is the answer: all of it, or the part that has the form the question asks for.</summary>
public enum ExtractGranularity { Sentence, Span }

/// <param name="Window">Neighbouring sentences that are weighed together; table rows stand alone.</param>
/// <param name="Answer">What is returned of the best window.</param>
public sealed record ReaderOptions(int Window = 1, ExtractGranularity Answer = ExtractGranularity.Sentence);

/// <summary>
/// Answers with text of its context, without a model. Each window of sentences scores the share of the question's idf mass that it covers: a
/// term counts fully in the window or in its table's header, less in the heading above or the document's id, least elsewhere in the passage.
/// A window without the form of answer asked for (a number, a date, …) counts less, early passages and close matches a little more. The best
/// window's score is the confidence; a span is the candidate of the right form that is nearest to the question's terms.
/// </summary>
public sealed class ExtractiveReader(IdfTable idf, ReaderOptions options) : IReader
{
    private const double SceneWeight = 0.5, NearCredit = 0.7, PassageCredit = 0.4, WrongForm = 0.5, ClosenessShare = 0.15, RankShare = 0.03, ClauseDistance = 3;

    private static readonly HashSet<string> FunctionWords = [.. English.Words("function").Select(IdfTable.Stem)];

    private static readonly Regex Markup = new(@"^\s*(?:[-*+>]|#{1,6}|\d{1,3}[.)])\s+|^\s*\||\|\s*$|\*\*|__|`", RegexOptions.Multiline),
        Bars = new(@"\s*\|\s*"), Cell = new(@"(?<=\|)[^|]*(?=\||$)"), Spaces = new(@"\s+"), LetterThenDigit = new(@"(?<=\p{L})(?=\d)"), ClauseEnd = new(@"[,;:()|—]|\. ");

    private readonly record struct Word(string Stem, int Start, int End);

    /// <summary>Offsets are into the passage's text.</summary>
    private sealed record Window(string Text, TextSpan Span, TextSpan Header, TextSpan Heading, List<Word> Words);

    public Reading Read(string question, IReadOnlyList<Passage> context, int repeat = 0)
    {
        // What comes before the question proper sets the scene: its words weigh less, and do not decide the form of the answer.
        var core = SentenceSplitter.Split(question) is { Count: > 0 } units ? units.LastOrDefault(s => question[s.End - 1] == '?', units[^1]) : default;
        var (asked, focus, type) = (StemsOf(question), StemsOf(question, core), AnswerType.Of(question[core.Start..core.End]));
        var terms = asked.Where(s => !FunctionWords.Contains(s)).Select(s => (Stem: s, Idf: idf[s] * (focus.Contains(s) ? 1 : SceneWeight))).ToList();
        var (best, cited, chosen) = (0.0, -1, default(Window));
        foreach (var (rank, passage) in context.Index())
        {
            HashSet<string> all = StemsOf(passage.Chunk.Text), name = StemsOf(LetterThenDigit.Replace(passage.Chunk.DocumentId, " "));
            foreach (var window in WindowsOf(passage.Chunk.Text))
            {
                var own = window.Words.Select(w => w.Stem).Concat(StemsOf(window.Text, window.Header)).ToHashSet();
                var near = StemsOf(window.Text, window.Heading).Union(name).ToHashSet();
                var covered = terms.Sum(t => t.Idf * (own.Contains(t.Stem) ? 1 : near.Contains(t.Stem) ? NearCredit : all.Contains(t.Stem) ? PassageCredit : 0));
                var score = covered / terms.Sum(t => t.Idf) * (type.Form is null || Candidates(window, type, asked).Any() ? 1 : WrongForm)
                    * (1 - ClosenessShare - RankShare + ClosenessShare * Closeness(window, terms) + RankShare / (1 + rank));
                if (score > best) (best, cited, chosen) = (score, rank, window);
            }
        }
        if (chosen is null) return Reading.None with { Confidence = best };
        var (start, end, _) = options.Answer == ExtractGranularity.Sentence || type.IsSentence ? chosen.Span : Narrow(chosen, type, asked, terms);
        var chunk = context[cited].Chunk;
        var answer = Spaces.Replace(Bars.Replace(Markup.Replace(chunk.Text[start..end], ""), ", "), " ").Trim();
        return new(answer, best, cited, chunk.DocumentId, chunk.Start + start, chunk.Start + end);
    }

    private IEnumerable<Window> WindowsOf(string text)
    {
        var units = SentenceSplitter.Split(text);
        TextSpan heading = default, header = default;
        for (var i = 0; i < units.Count; i++)
        {
            var (unit, last) = (units[i], i);
            if (unit.Kind != UnitKind.Row) header = default;
            else if (i + 1 < units.Count && IsBlank(units[i + 1])) header = unit;
            if (unit.Kind == UnitKind.Heading) heading = unit;
            if (unit == heading || unit == header || IsBlank(unit)) continue;
            while (unit.Kind == UnitKind.Sentence && last + 1 < units.Count && last + 1 < i + options.Window && units[last + 1].Kind == UnitKind.Sentence) last++;
            yield return new(text, unit with { End = units[last].End }, header, heading, WordsOf(text, unit.Start, units[last].End));
        }

        bool IsBlank(TextSpan unit) => WordsOf(text, unit.Start, unit.End).Count == 0;
    }

    /// <summary>Matched terms for each word from the first match to the last: from 0 to 1.</summary>
    private static double Closeness(Window window, List<(string Stem, double Idf)> terms)
    {
        var matches = window.Words.Index().Where(w => terms.Any(t => t.Stem == w.Item.Stem)).ToList();
        return matches.Count == 0 ? 0 : (double)matches.Count / (matches[^1].Index - matches[0].Index + 1);
    }

    /// <summary>Spans that could be the answer: of the type's form, or runs of words within a clause; none says only what the question says.</summary>
    private static IEnumerable<TextSpan> Candidates(Window window, AnswerType type, HashSet<string> asked)
    {
        var (text, (from, to, _)) = (window.Text, window.Span);
        if (type.Form is { } form)
            return form.Matches(text[from..to]).Select(m => new TextSpan(from + m.Index, from + m.Index + m.Length)).Where(s => SaysMore(text, s, asked));
        var (runs, run) = (new List<TextSpan>(), new List<Word>());
        foreach (var word in window.Words.Append(new("", to, to)))
        {
            var breaks = word.Start == to || asked.Contains(word.Stem);
            if (run.Count > 0 && (breaks || ClauseEnd.IsMatch(text[run[^1].End..word.Start])))
            {
                var content = run.SkipWhile(w => FunctionWords.Contains(w.Stem)).Reverse().SkipWhile(w => FunctionWords.Contains(w.Stem)).Reverse().ToList();
                if (content.Count > 0) runs.Add(new(content[0].Start, content[^1].End));
                run.Clear();
            }
            if (!breaks) run.Add(word);
        }
        return runs;
    }

    private static TextSpan Narrow(Window window, AnswerType type, HashSet<string> asked, List<(string Stem, double Idf)> terms)
    {
        var candidates = Candidates(window, type, asked).ToList();
        if (window.Span.Kind == UnitKind.Row && (candidates.Count == 0 || type.Form is null))
            candidates = [.. Cells(window.Text, window.Span).Where(c => SaysMore(window.Text, c, asked))];
        if (candidates.Count == 0) candidates = [.. Candidates(window, type with { Form = null }, asked)];
        return candidates.Count == 0 ? window.Span : candidates.MaxBy(Nearness);

        double Nearness(TextSpan c) => terms.Sum(t => t.Idf * (Column(c, t.Stem)
            + window.Words.Where(w => w.Stem == t.Stem).Select(w => 1 / (1 + Distance(c, w))).DefaultIfEmpty().Max()));

        double Distance(TextSpan c, Word w)
        {
            var (from, to) = w.End <= c.Start ? (w.End, c.Start) : w.Start >= c.End ? (c.End, w.Start) : (c.Start, c.Start);
            return window.Words.Count(x => x.Start >= from && x.End <= to) + ClauseDistance * ClauseEnd.Count(window.Text.AsSpan(from, to - from));
        }

        double Column(TextSpan c, string stem) =>
            Cells(window.Text, window.Header).ElementAtOrDefault(window.Text.AsSpan(window.Span.Start, c.Start - window.Span.Start).Count('|') - 1) is { Length: > 0 } head
            && StemsOf(window.Text, head).Contains(stem) ? 2 : 0;
    }

    /// <summary>The cells of a table row, empty ones too, in order.</summary>
    private static IEnumerable<TextSpan> Cells(string text, TextSpan row) =>
        Cell.Matches(text[row.Start..row.End]).Select(m => SentenceSplitter.Trim(text, row.Start + m.Index, row.Start + m.Index + m.Length));

    private static bool SaysMore(string text, TextSpan span, HashSet<string> asked) => !StemsOf(text, span).IsSubsetOf(asked);

    private static HashSet<string> StemsOf(string text, TextSpan? span = null) => [.. WordsOf(text, span?.Start ?? 0, span?.End ?? text.Length).Select(w => w.Stem)];

    private static List<Word> WordsOf(string text, int from, int to)
    {
        var lower = text[from..to].ToLowerInvariant();
        var words = new List<Word>();
        for (var p = 0; Tokenizer.Next(lower, ref p, out var start);) words.Add(new(IdfTable.Stem(lower[start..p]), from + start, from + p));
        return words;
    }
}
