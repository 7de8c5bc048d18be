namespace PortfolioProject.Interchange;

/// <summary>The verb <c>import</c>: evaluation sets of other formats become a data folder of this repository.</summary>
public static class ImportVerb
{
    /// <param name="root">The repository: <c>--out</c> is relative to it, inputs are relative to the current folder.</param>
    public static Command Create(Lazy<string> root)
    {
        var output = new Option<string>("--out") { Description = "The data folder to write, such as data/scifact.", Required = true };
        var force = new Option<bool>("--force") { Description = "Replace an earlier import." };
        Command Format(string name, string description, string source, Func<string, ParseResult, ImportedSet> read, params Option[] options)
        {
            var input = new Argument<string>(source);
            var command = new Command(name, description) { input, output, force };
            foreach (var option in options) command.Add(option);
            command.SetAction(parsed => read(parsed.GetValue(input)!, parsed).Save(root.Value, parsed.GetValue(output)!, parsed.GetValue(force)));
            return command;
        }
        var qrels = new Option<string[]>("--qrels") { Description = "Which files of qrels/ to take: dev, test … (test unless given).", AllowMultipleArgumentsPerToken = true };
        var corpus = new Option<string>("--corpus") { Description = "A folder of .md and .txt files, or a corpus.jsonl.", Required = true };
        var queries = new Option<string>("--queries") { Description = "Lines of id, tab, query; or .jsonl of {_id, text}.", Required = true };
        var offsets = new Option<string>("--offsets") { Description = "What start and end count: codepoints (as Python does) or utf16.", DefaultValueFactory = _ => "codepoints" };
        offsets.AcceptOnlyFromAmong("codepoints", "utf16");
        return new Command("import", "Imports an evaluation set. Example: import squad dev-v2.0.json --out data/squad")
        {
            Format("beir", "A BEIR folder: corpus.jsonl, queries.jsonl, qrels/*.tsv. Example: import beir scifact --out data/scifact", "FOLDER", (from, p) => BeirFormat.Import(from, p.GetValue(qrels) ?? []), qrels),
            Format("trec", "TREC judgements. Example: import trec qrels.txt --corpus docs --queries topics.tsv --out data/trec", "QRELS", (from, p) => TrecFormat.Import(from, p.GetValue(corpus)!, p.GetValue(queries)!), corpus, queries),
            Format("squad", "A SQuAD v1.1 or v2.0 file. Example: import squad dev-v2.0.json --out data/squad", "FILE", (from, _) => SquadFormat.Import(from)),
            Format("spans", "Questions anchored to spans of corpus files. Example: import spans q.jsonl --corpus docs --out data/own", "FILE", (from, p) => SpansFormat.Import(from, p.GetValue(corpus)!, p.GetValue(offsets) == "utf16"), corpus, offsets),
        };
    }
}
