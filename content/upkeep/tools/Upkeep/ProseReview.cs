using System.Text.RegularExpressions;

namespace PortfolioProject.Upkeep;

/// <summary>What a reviewer objects to in the prose of README and docs: passages that came with the template, thin sections, numbers and big words that nothing backs.</summary>
internal static partial class ProseReview
{
    private const int ThinWords = 12;

    private static readonly Regex Boasts = Words("""
        state-of-the-art|state of the art|sota|cutting-edge|world-class|best-in-class|industry-leading|production-grade|enterprise-grade|bleeding-edge|next-generation|
        revolutionary|groundbreaking|unprecedented|flawless|flawlessly|seamless|seamlessly|blazing|blazingly|incredible|incredibly|amazing|extremely|highly accurate
        """);

    private static readonly Regex Comparisons = Words("""
        outperforms?|outperformed|significantly|significant improvement|superior|dramatically|drastically|vastly|much better|far better|beats|best
        """);

    public static IEnumerable<Complaint> Of(Snapshot s) => [.. Untouched(s), .. Thin(s), .. Numbers(s), .. BigWords(s), .. Unclosed(s)];

    private static IEnumerable<Complaint> Untouched(Snapshot s) =>
        from document in s.Documents
        where Document.IsMemo(document.File)
        from section in document.Passages.GroupBy(p => p.Section)
        let shipped = section.Where(s.IsShipped).ToList()
        where shipped.Count > 0
        select new Complaint("template-prose", "memo", shipped[0].Where, $"{Title(section.Key)}: {shipped.Count} of {section.Count()} passages are the template's",
            "Whoever has seen one repository of this template knows these sentences; they say nothing about you.", "Say it in your own words, or delete what you cannot defend.");

    private static IEnumerable<Complaint> Thin(Snapshot s) =>
        from document in s.Documents
        where Document.IsMemo(document.File)
        from pair in document.Sections.Zip(document.Sections.Skip(1).Append(new Section(document.File, 0, "", 0)))
        let section = pair.First
        where section is { HasExhibit: false, Words: < ThinWords, Level: > 1 } && pair.Second.Level <= section.Level
        select new Complaint(section.Words == 0 ? "empty-section" : "thin-section", "memo", $"{section.File}:{section.Line}", $"{Title(section.Heading)} has {section.Words} words and no exhibit",
            "A heading promises something; an empty promise is the first thing that a reader notices.", "Write what you know, or delete the heading.");

    private static IEnumerable<Complaint> Numbers(Snapshot s)
    {
        var backed = new Evidenced(s);
        return from passage in s.Prose
               where !s.IsShipped(passage) && !passage.Text.EndsWith('?') && !Assumption().IsMatch(passage.Text)
               let loose = Figure.In(passage.Text).Where(f => !backed.Holds(f)).Select(f => f.Text).Distinct().ToList()
               where loose.Count > 0
               select new Complaint("unbacked-number", "memo", passage.Where, $"{string.Join(", ", loose.Take(5))}: in no evidence block, metric, setting or datasheet",
                   "A number that cannot be traced to a run will be asked about, and there is no file to point at.",
                   "Take it from an evidence block (docs/blocks), call it an assumption, or write \"not measured\".");
    }

    private static IEnumerable<Complaint> BigWords(Snapshot s) =>
        from passage in s.Prose
        where !s.IsShipped(passage) && !passage.Text.EndsWith('?')
        let text = ShippedList.WithoutCode(passage.Text)
        let boast = Boasts.Match(text)
        let word = boast.Success || Pointer().IsMatch(passage.Text) ? boast : Comparisons.Match(text)
        where word.Success
        select new Complaint("unbacked-superlative", "memo", passage.Where, boast.Success ? $"\"{word}\" is no result" : $"\"{word}\" without an interval or a decision beside it",
            "Big words are what people write who have not measured; a reviewer stops believing the rest.",
            !boast.Success ? "Put the interval, docs/decisions/NNNN or results/ beside it, or take the word out." : "Say what was measured instead.");

    private static IEnumerable<Complaint> Unclosed(Snapshot s) => s.Documents.SelectMany(d => d.Problems).Concat(s.Broken).Select(p =>
        new Complaint("broken-file", "memo", p.Where, p.What, "A file that does not read right was not looked at before it was published.", "Mend it, or delete it."));

    private static string Title(string heading) => heading.Length == 0 ? "the head of the file" : $"\"{heading}\"";

    private static Regex Words(string alternatives) => new($@"(?<![\w-])(?:{alternatives.ReplaceLineEndings("")})(?![\w-])", RegexOptions.IgnoreCase);

    [GeneratedRegex(@"\bassum|\bhypothetical|\bnot measured\b", RegexOptions.IgnoreCase)]
    private static partial Regex Assumption();

    /// <summary>An interval, or a place where one stands.</summary>
    [GeneratedRegex(@"\[[-+]?\d[\d.,]*, [-+]?\d[\d.,]*\]|decisions?/\d|\bdecisions? \d{4}|results/", RegexOptions.IgnoreCase)]
    private static partial Regex Pointer();
}
