using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using PortfolioProject.Protocol;

namespace PortfolioProject.Serving.Tests;

public sealed class BinaryTensorTests
{
    private const string Header = """{"inputs":[{"name":"features","shape":[2,3],"datatype":"FP32","parameters":{"binary_data_size":24}}]}""";

    [Fact]
    public void Binary_input_is_little_endian_and_row_major()
    {
        using var request = SampleModel.Parse(Header, SampleModel.Bytes(1, 2.5f, -3, 4, 5, 6));
        Assert.Equal([1, 2.5f, -3, 4, 5, 6], request.Values.ToArray());
    }

    [Fact]
    public void A_body_of_nothing_but_tensor_bytes_is_a_raw_request_answered_in_binary()
    {
        using var request = InferenceRequest.Parse(SampleModel.Bytes(1, 2, 3), 0, SampleModel.Signature, SampleModel.MostRows);
        Assert.Equal([new(0, true), new(1, true)], request.Outputs);
        Assert.Equal([1, 2, 3], request.Values.ToArray());
        Assert.StartsWith("body: not a raw binary tensor; expected whole rows of 12 bytes, got 13 bytes",
            Assert.Throws<ProtocolException>(() => InferenceRequest.Parse(new byte[13], 0, SampleModel.Signature, SampleModel.MostRows)).Message);
    }

    [Theory]
    [InlineData(23, 24, "inputs[0].parameters.binary_data_size: not what follows")]
    [InlineData(25, 24, "inputs[0].parameters.binary_data_size: not what follows")]
    [InlineData(12, 12, "inputs[0].parameters.binary_data_size: does not fill the shape; expected 24 bytes, got 12")]
    [InlineData(0, 24, "inputs[0].parameters.binary_data_size: not what follows")]
    [InlineData(24, -24, "inputs[0].parameters.binary_data_size: wrong value")]
    [InlineData(24, 24.5, "inputs[0].parameters.binary_data_size: wrong value")]
    public void Sizes_have_to_agree(int tail, double declared, string message) =>
        Assert.StartsWith(message, Assert.Throws<ProtocolException>(() => SampleModel.Parse(Header.Replace("24", $"{declared}"), new byte[tail])).Message);

    [Fact]
    public void Bytes_after_the_json_that_nothing_declares_are_refused()
    {
        Assert.StartsWith("body: bytes after the JSON", Assert.Throws<ProtocolException>(() => SampleModel.Parse($$"""{"inputs":[{{SampleModel.Tensor}}]}""", new byte[24])).Message);
        Assert.StartsWith("Inference-Header-Content-Length: not within the body", SampleModel.Refused(Header, 1000));
        Assert.StartsWith("Inference-Header-Content-Length: not within the body", SampleModel.Refused(Header, -1));
        Assert.StartsWith("body: not valid JSON", SampleModel.Refused(Header, Header.Length - 1));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Binary_values_that_are_not_finite_are_refused(float value) =>
        Assert.StartsWith("inputs[0]: not finite", Assert.Throws<ProtocolException>(() => SampleModel.Parse(Header, SampleModel.Bytes(1, 2, 3, 4, value, 6))).Message);

    [Fact]
    public void Too_many_binary_rows_are_refused()
    {
        var error = Assert.Throws<ProtocolException>(() => SampleModel.Parse(Header.Replace("[2,3]", "[5,3]").Replace("24", "60"), new byte[60]));
        Assert.Equal((413, "inputs[0]: too many rows; expected at most 4 rows of 3, got more"), (error.Status, error.Message));
    }

    [Fact]
    public void A_json_response_holds_every_member_that_the_protocol_requires()
    {
        using var request = SampleModel.Parse($$"""{"id":"7\"","inputs":[{{SampleModel.Tensor}}]}""");
        var body = new ArrayBufferWriter<byte>();
        Assert.Null(InferenceResponse.Write(body, SampleModel.Signature, request, [0.25f, 0.75f, 1, 0]));
        var response = JsonNode.Parse(body.WrittenSpan)!;
        Assert.True(JsonNode.DeepEquals(response, JsonNode.Parse("""
            {"model_name":"sample","model_version":"1","id":"7\"","outputs":[
              {"name":"probabilities","datatype":"FP32","shape":[2,2],"data":[0.25,0.75,1,0]},
              {"name":"label","datatype":"BYTES","shape":[2],"data":["größer","no"]}]}
            """)), response.ToJsonString());
    }

    [Fact]
    public void Binary_outputs_follow_the_json_in_order_and_byte_strings_carry_their_length()
    {
        using var request = SampleModel.Parse($$"""{"parameters":{"binary_data_output":true},"inputs":[{{SampleModel.Tensor}}],"outputs":[{"name":"label"},{"name":"probabilities"}]}""");
        var body = new ArrayBufferWriter<byte>();
        var header = InferenceResponse.Write(body, SampleModel.Signature, request, [0.25f, 0.75f, 1, 0])!.Value;
        var response = JsonNode.Parse(body.WrittenSpan[..header])!;
        var name = Encoding.UTF8.GetBytes("größer");
        Assert.Equal("""[{"name":"label","datatype":"BYTES","shape":[2],"parameters":{"binary_data_size":18}},{"name":"probabilities","datatype":"FP32","shape":[2,2],"parameters":{"binary_data_size":16}}]""", response["outputs"]!.ToJsonString());
        Assert.Equal([8, 0, 0, 0, .. name, 2, 0, 0, 0, (byte)'n', (byte)'o', .. SampleModel.Bytes(0.25f, 0.75f, 1, 0)], body.WrittenSpan[header..].ToArray());
    }

    [Fact]
    public void One_output_can_be_binary_beside_one_in_json()
    {
        using var request = SampleModel.Parse($$"""{"inputs":[{{SampleModel.Tensor}}],"outputs":[{"parameters":{"binary_data":true},"name":"probabilities"},{"name":"label"}]}""");
        var body = new ArrayBufferWriter<byte>();
        var header = InferenceResponse.Write(body, SampleModel.Signature, request, [0.25f, 0.75f, 1, 0])!.Value;
        Assert.Equal(["größer", "no"], JsonNode.Parse(body.WrittenSpan[..header])!["outputs"]![1]!["data"]!.AsArray().Select(n => (string)n!));
        Assert.Equal(SampleModel.Bytes(0.25f, 0.75f, 1, 0), body.WrittenSpan[header..].ToArray());
    }
}
