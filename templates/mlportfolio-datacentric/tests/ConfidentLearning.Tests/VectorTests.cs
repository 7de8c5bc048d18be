using System.Text.Json;

namespace PortfolioProject.ConfidentLearning.Tests;

/// <summary>Published inputs and outputs of confident learning, step by step.</summary>
public sealed class VectorTests
{
    private static readonly JsonElement _vectors = Read();

    public static TheoryData<string> Names => [.. _vectors.GetProperty("classification").EnumerateArray().Select(c => c.GetProperty("name").GetString()!)];

    [Theory, MemberData(nameof(Names))]
    public void Thresholds_counts_and_joint_are_those_of_the_vectors(string name)
    {
        var (v, joint) = Case(name);
        Assert.Equal(Numbers(v.GetProperty("thresholds")), joint.Thresholds);
        Assert.Equal(v.GetProperty("confident_joint_uncalibrated").EnumerateArray().Select(Integers), joint.Uncalibrated);
        Assert.Equal(Integers(v.GetProperty("off_diagonal_rows")), joint.OffDiagonalRows);
        Assert.Equal(v.GetProperty("confident_joint").EnumerateArray().Select(Integers), joint.Counts);
        Assert.Equal(v.GetProperty("joint").EnumerateArray().Select(Numbers), joint.Joint);
    }

    [Theory, MemberData(nameof(Names))]
    public void Every_filter_flags_the_rows_of_the_vectors(string name)
    {
        var (v, joint) = Case(name);
        foreach (var (field, fraction, minimum) in new[] { ("filters", 1.0, 1), ("filters_frac_noise_0.5", 0.5, 1), ("filters_min_examples_per_class_4", 1.0, 4) })
        {
            foreach (var filter in v.GetProperty(field).EnumerateObject())
            {
                var kind = Enum.Parse<LabelFilter>(filter.Name.Replace("_", ""), ignoreCase: true);
                Assert.Equal($"{field} {filter.Name}: {string.Join(' ', Integers(filter.Value))}", $"{field} {filter.Name}: {string.Join(' ', LabelFilters.Flag(joint, kind, fraction, minimum))}");
            }
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Every_score_is_that_of_the_vectors(string name)
    {
        var (v, joint) = Case(name);
        var scores = new Dictionary<string, double[]>
        {
            ["self_confidence"] = LabelScores.SelfConfidence(joint),
            ["normalized_margin"] = LabelScores.NormalizedMargin(joint),
            ["confidence_weighted_entropy"] = LabelScores.ConfidenceWeightedEntropy(joint),
            ["self_confidence_adjusted"] = LabelScores.AdjustedSelfConfidence(joint),
        };
        foreach (var expected in v.GetProperty("scores").EnumerateObject())
        {
            Assert.All(Numbers(expected.Value).Zip(scores[expected.Name]), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
        }
    }

    private static (JsonElement Vector, ConfidentJoint Joint) Case(string name)
    {
        var v = _vectors.GetProperty("classification").EnumerateArray().Single(c => c.GetProperty("name").GetString() == name);
        var rows = v.GetProperty("pred_probs").EnumerateArray().Select(Numbers).ToList();
        return (v, ConfidentJoint.Estimate(Integers(v.GetProperty("labels")), new Probabilities([.. rows.SelectMany(r => r)], rows[0].Length)));
    }

    private static JsonElement Read()
    {
        using var stream = typeof(VectorTests).Assembly.GetManifestResourceStream("cl_vectors.json")!;
        return JsonDocument.Parse(stream).RootElement;
    }

    private static int[] Integers(JsonElement e) => [.. e.EnumerateArray().Select(x => x.GetInt32())];

    private static double[] Numbers(JsonElement e) => [.. e.EnumerateArray().Select(x => x.GetDouble())];
}
