namespace PortfolioProject.Upkeep;

/// <summary>One thing that a reviewer would mind: its kind, where it is, what is there, why it is minded, what to do, and the step of docs/make-it-yours.md that does it.</summary>
internal sealed record Complaint(string Kind, string Step, string Where, string What, string Why, string Do);
