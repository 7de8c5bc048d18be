using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MLPortfolio.Candidate;

/// <summary>Plants faults into an evaluation set whose every line can still be read: no file is malformed, no quotation is missing from its document.</summary>
internal sealed partial class QuestionPlanter(Workspace repository, IReadOnlyList<Question> questions, IReadOnlySet<Question> spared, string freeGroup, Func<string, SaltedStream> stream)
{
    private const string Corpus = "data/handbook/corpus", File = "data/handbook/questions.jsonl";
    private readonly HashSet<Question> _used = [.. spared];
    private readonly HashSet<string> _documents = [];
    private readonly List<Truth> _truths = [];
    private readonly Dictionary<string, string> _right = [];

    /// <summary>Every document of the corpus, the changed ones among them.</summary>
    public IReadOnlyList<string> Documents => [.. repository.Files().Where(f => f.StartsWith(Corpus + "/", StringComparison.Ordinal))];

    /// <summary>questions.jsonl without the planted faults, over the documents as they are now.</summary>
    public IReadOnlyDictionary<string, string> Repaired => new Dictionary<string, string> { [File] = Question.Lines(questions.Select(q => new Question(JsonNode.Parse(_right.GetValueOrDefault(q.Id, q.Line))!.AsObject()))) };

    public IReadOnlyList<Truth> Plant()
    {
        var plan = stream("faults");
        ChangeDocuments(3 + plan.Below(3));
        ChangeGolds(6 + plan.Below(4));
        MoveEvidence(6 + plan.Below(4));
        CrossTheSplit(4 + plan.Below(3));
        return [.. _truths.OrderBy(t => t.Id, StringComparer.Ordinal)];
    }

    /// <summary>A number in a document becomes another of as many digits; quotations follow, golds do not.</summary>
    private void ChangeDocuments(int count)
    {
        foreach (var question in stream("stale").Shuffled(questions.Where(q => q.Answerable && q.Span is not null)))
        {
            if (_documents.Count == count)
            {
                return;
            }

            var (document, quote) = (question.Document, question.Quote);
            var file = $"{Corpus}/{document}.md";
            var text = repository.Read(file);
            var number = Number().Matches(quote).Select(m => m.Value).FirstOrDefault(n => question.Answers.All(a => Holds(a, n)) && Occurrences(text, n) == 1);
            var asking = questions.Where(q => q.Evidence.Any(e => (string)e["document"]! == document && Holds((string)e["quote"]!, number ?? "-"))).ToList();
            if (number is null || _documents.Contains(document) || asking.Any(_used.Contains) || asking.Any(q => q.Span is null || !q.Answers.All(a => Holds(a, number))))
            {
                continue;
            }

            var now = Other(number);
            if (Occurrences(text, now) > 0)
            {
                continue;
            }

            var changed = Regex.Replace(text, Whole(number), now);
            repository.Write(file, changed);
            foreach (var span in questions.SelectMany(q => q.Evidence).Where(e => (string)e["document"]! == document))
            {
                span["quote"] = changed[(int)span["start"]!..(int)span["end"]!];
                span["sha256"] = TextFile.Sha256(changed);
            }

            foreach (var stale in asking)
            {
                var (line, golds) = (stale.Line, stale.Answers.Select(a => Regex.Replace(a, Whole(number), now)).ToList());
                Use(stale, new Truth("stale", stale.Id, string.Join(" | ", golds), Match.Value), Changed(line, q => q.Answers = golds));
            }

            _documents.Add(document);
        }
    }

    /// <summary>The number in a question's answers becomes another; its evidence still says the right one.</summary>
    private void ChangeGolds(int count)
    {
        var candidates = stream("gold").Shuffled(Free().Where(q => q.Span is not null && Alone(q)))
            .Select(q => (Question: q, Number: Number().Matches(q.Quote).Select(m => m.Value).FirstOrDefault(n => q.Answers.All(a => Holds(a, n))))).Where(q => q.Number is not null);
        foreach (var (question, number) in candidates.Take(count).ToList())
        {
            var line = question.Line;
            Use(question, new Truth("gold", question.Id, question.Gold, Match.Value), line);
            question.Answers = [.. question.Answers.Select(a => Regex.Replace(a, Whole(number!), Other(number!)))];
        }
    }

    /// <summary>A question's evidence becomes that of another about the same document, which does not hold its answer.</summary>
    private void MoveEvidence(int count)
    {
        var draw = stream("anchor");
        foreach (var question in draw.Shuffled(Free().Where(q => q.Span is not null && Alone(q))))
        {
            var elsewhere = questions.Where(q => q.Span is not null && q.Document == question.Document && !question.Answers.Any(a => q.Quote.Contains(a, StringComparison.OrdinalIgnoreCase))
                && ((int)q.Span["end"]! <= (int)question.Span!["start"]! || (int)q.Span["start"]! >= (int)question.Span["end"]!)).Select(q => q.Span!).ToList();
            if (elsewhere.Count > 0 && count-- > 0)
            {
                Use(question, new Truth("anchor", question.Id, question.Quote, Match.Id), question.Line);
                question.PointAt(draw.Pick(elsewhere));
            }
        }
    }

    /// <summary>One of two paraphrases moves to the other split, under a group of its own.</summary>
    private void CrossTheSplit(int count)
    {
        var draw = stream("duplicate");
        var next = int.Parse(freeGroup[1..], CultureInfo.InvariantCulture);
        foreach (var pair in draw.Shuffled(questions.GroupBy(q => q.Group).Where(g => g.Count() == 2 && !g.Any(_used.Contains))).Take(count).Select(g => draw.Shuffled(g)).ToList())
        {
            var (moved, stays) = (pair[0], pair[1]);
            Use(moved, new Truth("duplicate", moved.Id, stays.Id, Match.Pair), moved.Line);
            _used.Add(stays);
            (moved.Split, moved.Group) = (moved.Split == "test" ? "dev" : "test", $"g{next++:000}");
        }
    }

    private IEnumerable<Question> Free() => questions.Where(q => q.Answerable && !_used.Contains(q));

    private bool Alone(Question question) => questions.Count(q => q.Group == question.Group) == 1;

    private void Use(Question question, Truth truth, string rightLine)
    {
        _used.Add(question);
        _truths.Add(truth);
        _right[question.Id] = rightLine;
    }

    private static string Changed(string line, Action<Question> change)
    {
        var question = new Question(JsonNode.Parse(line)!.AsObject());
        change(question);
        return question.Line;
    }

    /// <summary>The number with another leading digit.</summary>
    private static string Other(string number) => (char)('1' + ((number[0] - '1' + 2) % 9)) + number[1..];

    private static string Whole(string number) => $@"(?<![\d.,]){Regex.Escape(number)}(?![\d]|[.,]\d)";

    private static bool Holds(string text, string number) => Regex.IsMatch(text, Whole(number));

    private static int Occurrences(string text, string number) => Regex.Count(text, Whole(number));

    [GeneratedRegex(@"(?<![\d.,])[1-9]\d{1,3}(?![\d]|[.,]\d)")]
    private static partial Regex Number();
}
