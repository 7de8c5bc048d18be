using System.Text;
using PortfolioProject.Protocol;

namespace PortfolioProject.Serving.Tests;

/// <summary>A signature of three features and two classes, and requests for it.</summary>
internal static class SampleModel
{
    public static readonly ModelSignature Signature = new(OperationsSample.Manifest([.. "abc".Select(c => OperationsSample.Feature($"{c}", [0, 1]))], "1", "no", "größer"));

    public const int MostRows = 4;

    public const string Tensor = """{"name":"features","shape":[2,3],"datatype":"FP32","data":[1,2,3,4,5,6]}""";

    public static InferenceRequest Parse(string json, int? headerLength = null) => InferenceRequest.Parse(Encoding.UTF8.GetBytes(json), headerLength, Signature, MostRows);

    public static InferenceRequest Parse(string json, byte[] tail) => InferenceRequest.Parse((byte[])[.. Encoding.UTF8.GetBytes(json), .. tail], Encoding.UTF8.GetByteCount(json), Signature, MostRows);

    /// <summary>The message of a request that is refused.</summary>
    public static string Refused(string json, int? headerLength = null, int status = 400)
    {
        var error = Assert.Throws<ProtocolException>(() => Parse(json, headerLength));
        Assert.Equal(status, error.Status);
        return error.Message;
    }

    public static byte[] Bytes(params float[] values) => [.. values.SelectMany(v => BitConverter.GetBytes(v))];
}
