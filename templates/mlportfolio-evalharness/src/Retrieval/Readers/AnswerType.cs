using System.Text.RegularExpressions;

namespace PortfolioProject.Retrieval;

/// <summary>The form of answer that a question asks for, told from its words, and a pattern for text of that form (none: any phrase).</summary>
internal sealed record AnswerType(Regex Asks, Regex? Form, bool IsStatement = false)
{
    private const string Month = "(?:January|February|March|April|May|June|July|August|September|October|November|December)";
    private const string Clock = @"\b\d{1,2}:\d{2}\b|\b(?:noon|midnight)\b";

    /// <summary>A number in digits or words that is no part of a name ("DN-250"), a clock time, a day of a month or a year.</summary>
    private const string Count = @"(?:(?:[€$£]\s?|(?<![\w.,])[−-])?(?<![\w:]|\d[.,]|\p{L}-)(?!(?:19|20)\d\d\b(?![.,]\d))\d+(?:[,\u202f]\d{3})*(?:\.\d+)?(?!:\d|\d|\s" + Month + @")(?: (?:thousand|million|billion)\b)?"
        + @"|\b(?i:half|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety)\b)";
    private const string Period = @"(?:(?:working|calendar|full|consecutive|business) )?(?i:seconds?|minutes?|min|s|hours?|h|days?|weeks?|months?|years?)\b";
    private const string Unit = @"(?:\s?(?:%|‰|°\s?[CF]\b|" + Period + @"|[kMGTmcµ]?(?:Wh|W|Pa|V|A|Ω|Hz|bar|g|l|L|J|m|s|h|K|t)[²³]?(?!\w)|(?i:per ?cent|euros?|kelvin|metres?|litres?|degrees?|tonnes?)\b))?(?:\s?(?:/|\bper\b)\s?[\p{L}²³]+)?";

    /// <summary>The first rule that fits counts; questions for yes or no are answered by a whole sentence.</summary>
    private static readonly AnswerType[] All =
    [
        new(Pattern(@"^\W*(?:is|are|was|were|do|does|did|can|could|may|must|should|shall|has|have|had|will|would)\b"), null, IsStatement: true),
        new(Pattern(@"\bwhy\b"), new(@"\b(?:[Bb]ecause|[Ss]ince|so that|so as|owing to|due to|in order)\b[^.;]+|\bor [^.;]+$")),
        new(Pattern(@"\bhow (?:long|often|soon|quickly|frequently)\b|\b(?:how many|which|what) (?:\w+ ){0,2}(?:seconds|minutes|hours|days|weeks|months|years|interval|period|duration)\b"),
            new(@"(?i:every )?" + Count + @"(?:(?: to | and |[-–])" + Count + ")? ?" + Period + @"|\b(?i:hourly|daily|weekly|monthly|quarterly|yearly|annually|once|twice|every|each)\b(?: (?:an?|per|every|other|second|hour|day|week|month|quarter|year|autumn|spring|shift)\b){0,3}")),
        new(Pattern(@"\b(?:what|which) (?:time|hour)\b"), new(Clock)),
        new(Pattern(@"\bwhen\b|\b(?:what|which) (?:\w+ )?(?:date|day|month|year)\b"),
            new(@"(?:\b\d{1,2} )?\b" + Month + @"\b(?: \d{1,2}\b(?!:))?(?:,? \d{4}\b)?|\b\d{4}-\d{2}-\d{2}\b|\b(?:19|20)\d{2}\b|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?\b|" + Clock)),
        new(Pattern(@"\bhow (?!do|does|did|is|are|was|were|can|should|must|to)\w+\b|\b(?:what|which)\b.*\b(?:temperature|pressure|percentage|per cent|share|rate|price|cost|charge|fee|fine|bonus|discount|level|limit|amount|number|size|length|height|yield|content|"
            + "depth|distance|diameter|volume|capacity|power|load|flow|speed|weight|value|threshold|tolerance|accuracy|maximum|minimum|output|total|factor|range|voltage|current|concentration|hardness|conductivity|ph)s?\\b"),
            new(Count + Unit + @"(?:(?: to |[-–])" + Count + Unit + ")?")),
        new(Pattern(@"\bwho(?:m|se)?\b|\b(?:what|which) (?:role|person|team|department|company|body|authority|officer)\b"),
            new(@"\b\p{Lu}[\p{L}-]+(?:(?: and| of)? \p{Lu}[\p{L}-]+)+|\b(?i:the|an?) (?:[\p{L}-]+ ){0,2}?[\p{L}-]*(?:er|or|ist|ian|ant|man|board|team|crew|office|department|company)s?\b|(?<=[\p{Ll},] )\p{Lu}\p{Ll}+\b")),
        new(Pattern(@"\bwhere\b"), new(@"(?<=\b(?:in|at|on|to|into|from|under|behind|near|above|below|beside|along|through|between) )(?:(?!(?:in|at|on|to|from|by|with|for|or|is|are|was|were|if|when|so|that|which)\b)[\p{L}\p{N}'’-]+ ?)+\b")),
        new(Pattern(""), null),
    ];

    public static AnswerType Of(string question) => All.First(t => t.Asks.IsMatch(question));

    private static Regex Pattern(string pattern) => new(pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
}
