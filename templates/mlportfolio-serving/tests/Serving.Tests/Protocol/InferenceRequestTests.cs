using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PortfolioProject.Protocol;

namespace PortfolioProject.Serving.Tests;

public sealed class InferenceRequestTests
{
    [Theory]
    [InlineData("""[1,2.5,-3,4e0,0.5E+1,6]""")]
    [InlineData("""[[1,2.5,-3],[4e0,0.5E+1,6]]""")]
    [InlineData(""" [ [ 1 , 2.50 , -3.0 ] , [ 4 , 5 , 6.000000000000000000000 ] ] """)]
    public void Flat_and_nested_data_are_read_row_major(string data)
    {
        using var request = SampleModel.Parse($$"""{"inputs":[{"name":"features","shape":[2,3],"datatype":"FP32","data":{{data}}}]}""");
        Assert.Equal([1, 2.5f, -3, 4, 5, 6], request.Values.ToArray());
        Assert.Equal(2, request.Rows);
        Assert.Null(request.Id);
        Assert.Equal([new(0, false), new(1, false)], request.Outputs);
    }

    [Fact]
    public void Members_may_come_in_any_order_and_names_may_be_escaped()
    {
        using var request = SampleModel.Parse("""{"outputs":[],"inputs":[{"data":[[7,8,9]],"d\u0061tatype":"FP32","parameters":{"note":"x","n":1,"b":true},"shape":[1,3],"name":"features"}],"id":"\u00e9"}""");
        Assert.Equal([7, 8, 9], request.Values.ToArray());
        Assert.Equal("é", request.Id);
        Assert.Equal(2, request.Outputs.Count);
    }

    [Fact]
    public void Outputs_filter_and_order_and_binary_flags_are_kept_and_the_output_overrides_the_request()
    {
        using var request = SampleModel.Parse($$"""{"parameters":{"binary_data_output":true},"inputs":[{{SampleModel.Tensor}}],"outputs":[{"name":"label"},{"parameters":{"binary_data":false},"name":"probabilities"}]}""");
        Assert.Equal([new(1, true), new(0, false)], request.Outputs);
    }

    [Fact]
    public void Model_name_and_version_in_the_body_have_to_be_those_of_the_address()
    {
        using var request = SampleModel.Parse($$"""{"model_name":"sample","model_version":"1","inputs":[{{SampleModel.Tensor}}]}""");
        Assert.Equal(2, request.Rows);
        Assert.StartsWith("model_name: wrong value; expected sample", SampleModel.Refused($$"""{"model_name":"other","inputs":[{{SampleModel.Tensor}}]}"""));
        Assert.StartsWith("model_version: wrong value; expected 1", SampleModel.Refused($$"""{"model_version":"2","inputs":[{{SampleModel.Tensor}}]}"""));
    }

    public static TheoryData<string, string> Refusals => new()
    {
        { "", "body: empty" },
        { "   ", "body: not valid JSON" },
        { "[]", "body: wrong type; expected an object, got an array" },
        { "null", "body: wrong type" },
        { "{", "body: not valid JSON" },
        { "{}", "inputs: missing field" },
        { """{"inputs":[T]} x""", "body: not valid JSON" },
        { """{"inputs":[T]}{}""", "body: not valid JSON" },
        { """{"inputs":[T],}""", "body: not valid JSON" },
        { """{"inputs":[T] /* c */}""", "body: not valid JSON" },
        { """{"Inputs":[T]}""", "body: unknown field" },
        { """{"inputs":[T],"extra":1}""", "body: unknown field; expected only id, parameters, inputs" },
        { """{"inputs":[T],"inputs":[T]}""", "inputs: duplicate field" },
        { """{"id":1,"inputs":[T]}""", "id: wrong type; expected a string, got a number" },
        { """{"id":null,"inputs":[T]}""", "id: wrong type" },
        { """{"id":"\ud800","inputs":[T]}""", "body: a string is not text" },
        { """{"inputs":{}}""", "inputs: wrong type; expected an array, got an object" },
        { """{"inputs":[]}""", "inputs: missing tensor; expected one (features), got none" },
        { """{"inputs":[1]}""", "inputs[0]: wrong type; expected an object, got a number" },
        { """{"inputs":[T,T]}""", "inputs: unknown or duplicate tensor" },
        { """{"inputs":[{"name":"other","shape":[1,3],"datatype":"FP32","data":[1,2,3]}]}""", "inputs[0].name: wrong value; expected features" },
        { """{"inputs":[{"shape":[1,3],"datatype":"FP32","data":[1,2,3]}]}""", "inputs[0].name: missing field" },
        { """{"inputs":[{"name":"features","datatype":"FP32","data":[1,2,3]}]}""", "inputs[0].shape: missing field" },
        { """{"inputs":[{"name":"features","shape":[1,3],"data":[1,2,3]}]}""", "inputs[0].datatype: missing field" },
        { """{"inputs":[{"name":"features","shape":[1,3],"datatype":"FP32"}]}""", "inputs[0].data: missing field" },
        { """{"inputs":[{"name":"features","shape":[1,3],"datatype":"FP32","data":[1,2,3],"size":1}]}""", "inputs[0]: unknown field" },
        { """{"inputs":[{"name":"features","name":"features","shape":[1,3],"datatype":"FP32","data":[1,2,3]}]}""", "inputs[0].name: duplicate field" },
        { """{"inputs":[{"name":"features","shape":[1,3],"datatype":"FP64","data":[1,2,3]}]}""", "inputs[0].datatype: wrong value; expected FP32" },
        { """{"inputs":[{"name":"features","shape":[1,3],"datatype":"fp32","data":[1,2,3]}]}""", "inputs[0].datatype: wrong value" },
        { """{"inputs":[{"name":"features","shape":[1,3],"datatype":3,"data":[1,2,3]}]}""", "inputs[0].datatype: wrong type" },
        { """{"inputs":[S3,"datatype":"FP32","data":[1,2,3]}]}""", "inputs[0].shape: wrong type" },
        { """{"inputs":[S[3],"datatype":"FP32","data":[1,2,3]}]}""", "inputs[0].shape: wrong shape; expected [n, 3] with n of at least 1, got 1 dimensions" },
        { """{"inputs":[S[1,1,3],"datatype":"FP32","data":[1,2,3]}]}""", "inputs[0].shape: wrong shape" },
        { """{"inputs":[S[1,2],"datatype":"FP32","data":[1,2]}]}""", "inputs[0].shape: wrong shape" },
        { """{"inputs":[S[3,1],"datatype":"FP32","data":[1,2,3]}]}""", "inputs[0].shape: wrong shape; expected [n, 3] with n of at least 1, got [3, 1]" },
        { """{"inputs":[S[0,3],"datatype":"FP32","data":[]}]}""", "inputs[0].shape: wrong shape" },
        { """{"inputs":[S[-1,3],"datatype":"FP32","data":[1,2,3]}]}""", "inputs[0].shape[0]: not a dimension" },
        { """{"inputs":[S[1.0,3],"datatype":"FP32","data":[1,2,3]}]}""", "inputs[0].shape[0]: not a dimension" },
        { """{"inputs":[S["1",3],"datatype":"FP32","data":[1,2,3]}]}""", "inputs[0].shape[0]: wrong type" },
        { """{"inputs":[S[18446744073709551616,3],"datatype":"FP32","data":[1,2,3]}]}""", "inputs[0].shape[0]: not a dimension" },
        { """{"inputs":[S[6148914691236517206,3],"datatype":"FP32","data":[1,2,3]}]}""", "inputs[0].shape: overflows" },
        { """{"inputs":[S[2,3],"datatype":"FP32","data":[1,2,3]}]}""", "inputs[0].data: does not fill the shape; expected 2 rows of 3 values, got 1 rows" },
        { """{"inputs":[S[1,3],"datatype":"FP32","data":[1,2,3,4,5,6]}]}""", "inputs[0].data: does not fill the shape" },
        { """{"inputs":[S[1,3],"datatype":"FP32","data":[1,2]}]}""", "inputs[0].data: no whole rows" },
        { """{"inputs":[S[1,3],"datatype":"FP32","data":[]}]}""", "inputs[0].data: no whole rows" },
        { """{"inputs":[S[1,3],"datatype":"FP32","data":{}}]}""", "inputs[0].data: wrong type" },
        { """{"inputs":[S[1,3],"datatype":"FP32","data":"1,2,3"}]}""", "inputs[0].data: wrong type" },
        { """{"inputs":[S[2,3],"datatype":"FP32","data":[[1,2,3],[4,5]]}]}""", "inputs[0].data[1]: ragged; expected 3 numbers in each row, got 2" },
        { """{"inputs":[S[2,3],"datatype":"FP32","data":[[1,2],[3,4,5,6]]}]}""", "inputs[0].data[0]: ragged" },
        { """{"inputs":[S[2,3],"datatype":"FP32","data":[[1,2,3],4,5,6]}]}""", "inputs[0].data[1]: not a row" },
        { """{"inputs":[S[2,3],"datatype":"FP32","data":[1,2,3,[4,5,6]]}]}""", "inputs[0].data[3]: not a number" },
        { """{"inputs":[S[1,3],"datatype":"FP32","data":[[[1],2,3]]}]}""", "inputs[0].data[0][0]: not a number; expected a finite FP32 number, got an array" },
        { """{"inputs":[S[1,3],"datatype":"FP32","data":[1,"2",3]}]}""", "inputs[0].data[1]: not a number; expected a finite FP32 number, got a string" },
        { """{"inputs":[S[1,3],"datatype":"FP32","data":[1,true,3]}]}""", "inputs[0].data[1]: not a number" },
        { """{"inputs":[S[1,3],"datatype":"FP32","data":[1,null,3]}]}""", "inputs[0].data[1]: not a number; expected a finite FP32 number, got null or nothing" },
        { """{"inputs":[S[1,3],"datatype":"FP32","data":[1,{},3]}]}""", "inputs[0].data[1]: not a number" },
        { """{"inputs":[S[1,3],"datatype":"FP32","data":[1,NaN,3]}]}""", "body: not valid JSON" },
        { """{"inputs":[S[1,3],"datatype":"FP32","data":[1,1e39,3]}]}""", "inputs[0].data[1]: out of range" },
        { """{"inputs":[S[1,3],"datatype":"FP32","data":[1,-1e999999,3]}]}""", "inputs[0].data[1]: out of range" },
        { """{"inputs":[S[1,3],"datatype":"FP32","data":[1,340282366920938463463374607431768211456,3]}]}""", "inputs[0].data[1]: out of range" },
        { """{"inputs":[S[1,3],"datatype":"FP32","data":[1,01,3]}]}""", "body: not valid JSON" },
        { """{"inputs":[T],"outputs":{}}""", "outputs: wrong type" },
        { """{"inputs":[T],"outputs":["label"]}""", "outputs[0]: wrong type" },
        { """{"inputs":[T],"outputs":[{}]}""", "outputs[0].name: missing field" },
        { """{"inputs":[T],"outputs":[{"name":"logits"}]}""", "outputs[0].name: unknown output; expected probabilities or label" },
        { """{"inputs":[T],"outputs":[{"name":"label"},{"name":"label"}]}""", "outputs[1].name: duplicate output" },
        { """{"inputs":[T],"outputs":[{"name":"label","shape":[1]}]}""", "outputs[0]: unknown field" },
        { """{"inputs":[T],"outputs":[{"name":"label","parameters":{"binary_data":1}}]}""", "outputs[0].parameters.binary_data: wrong value" },
        { """{"inputs":[T],"parameters":[]}""", "parameters: wrong type" },
        { """{"inputs":[T],"parameters":{"a":[1]}}""", "parameters: not a parameter" },
        { """{"inputs":[T],"parameters":{"a":1,"a":2}}""", "parameters: duplicate parameter" },
        { """{"inputs":[T],"parameters":{"binary_data_output":"true"}}""", "parameters.binary_data_output: wrong value" },
        { """{"inputs":[S[1,3],"datatype":"FP32","parameters":{"binary_data_size":12}}]}""", "inputs[0].parameters.binary_data_size: not what follows" },
        { """{"inputs":[{"name":"features","shape":[2,3],"datatype":"FP32","data":[1,2,3,4,5,6],"parameters":{"binary_data_size":24}}]}""", "inputs[0]: both data and binary_data_size" },
        { """{"parameters":{"a":[[[[[[[[[[[[1]]]]]]]]]]]]},"inputs":[T]}""", "body: not valid JSON, or nested too deep" },
        { """{"inputs":[[[[[[[[[[[[[1]]]]]]]]]]]]]}""", "body: not valid JSON, or nested too deep" },
        { """{"inputs":[[[[1]]]]}""", "inputs[0]: wrong type" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void A_request_that_breaks_the_protocol_is_refused_with_field_expected_and_got(string json, string message) =>
        Assert.StartsWith(message, SampleModel.Refused(json.Replace("T", SampleModel.Tensor).Replace("[S", """[{"name":"features","shape":""")));

    [Fact]
    public void What_is_too_large_or_too_deep_is_refused()
    {
        var rows = string.Join(',', Enumerable.Repeat("[1,2,3]", 5));
        Assert.StartsWith("inputs[0].data: too many rows; expected at most 4 rows of 3", SampleModel.Refused($$"""{"inputs":[{"name":"features","shape":[5,3],"datatype":"FP32","data":[{{rows}}]}]}""", status: 413));
        var flat = string.Join(',', Enumerable.Repeat("1", 100_000));
        Assert.StartsWith("inputs[0].data: too many rows", SampleModel.Refused($$"""{"inputs":[{"name":"features","shape":[5,3],"datatype":"FP32","data":[{{flat}}]}]}""", status: 413));
        foreach (var start in new[] { "", """{"id":""", """{"inputs":""", """{"inputs":[{"data":""", """{"inputs":[{"parameters":{"a":""", """{"outputs":""" })
            Assert.NotEmpty(SampleModel.Refused(start + new string('[', 100_000)));
    }

    [Fact]
    public void Invalid_utf8_is_refused()
    {
        var body = Encoding.UTF8.GetBytes($$"""{"id":"ab","inputs":[{{SampleModel.Tensor}}]}""");
        body[7] = 0xff;
        Assert.StartsWith("body: not UTF-8", Assert.Throws<ProtocolException>(() => InferenceRequest.Parse(body, null, SampleModel.Signature, SampleModel.MostRows)).Message);
    }

    [Fact]
    public void No_message_repeats_what_the_caller_sent()
    {
        foreach (var json in new[]
        {
            """{"secret":1}""", """{"inputs":[{"name":"secret","shape":[1,3],"datatype":"FP32","data":[1,2,3]}]}""", """{"inputs":[{"name":"features","shape":[1,3],"datatype":"secret","data":[1,2,3]}]}""",
            $$"""{"inputs":[{{SampleModel.Tensor}}],"outputs":[{"name":"secret"}]}""", """{"inputs":[{"name":"features","shape":[1,3],"datatype":"FP32","data":[1,"secret",3]}]}""", """{"inputs":secret}""",
            $$"""{"parameters":{"secret":null},"inputs":[{{SampleModel.Tensor}}]}""", """{"model_name":"secret"}""",
        })
            Assert.DoesNotContain("secret", SampleModel.Refused(json));
    }

    [Fact]
    public void Numbers_are_read_to_the_nearest_float() =>
        Prop.ForAll(Gen.Elements("", "-").SelectMany(sign => Gen.Choose(0, 99_999_999).SelectMany(digits => Gen.Choose(0, 14).Select(decimals => (sign, digits, decimals)))).ToArbitrary(), number =>
        {
            var whole = number.digits.ToString(CultureInfo.InvariantCulture).PadLeft(number.decimals + 1, '0');
            var text = number.sign + (number.decimals == 0 ? whole : whole[..^number.decimals] + "." + whole[^number.decimals..]);
            using var request = SampleModel.Parse($$"""{"inputs":[{"name":"features","shape":[1,3],"datatype":"FP32","data":[{{text}},{{text}}e1,0]}]}""");
            Assert.Equal(float.Parse(text, CultureInfo.InvariantCulture), request.Values.Span[0]);
            Assert.Equal(float.Parse(text + "e1", CultureInfo.InvariantCulture), request.Values.Span[1]);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_bytes_either_parse_or_are_refused_and_a_cut_request_never_parses()
    {
        var whole = Encoding.UTF8.GetBytes($$"""{"id":"é","inputs":[{{SampleModel.Tensor}}],"outputs":[{"name":"label"}]}""");
        for (var length = 0; length < whole.Length; length++)
            Assert.Throws<ProtocolException>(() => InferenceRequest.Parse(whole.AsMemory(0, length), null, SampleModel.Signature, SampleModel.MostRows));
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), ArbMap.Default.ArbFor<NonNegativeInt>(), (noise, at) =>
        {
            var start = at.Get % whole.Length;
            byte[] body = [.. whole[..start], .. noise ?? [], .. whole[Math.Min(whole.Length, start + (noise ?? []).Length)..]];
            try { InferenceRequest.Parse(body, null, SampleModel.Signature, SampleModel.MostRows).Dispose(); }
            catch (ProtocolException) { }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Features_and_rows_of_the_product_api_are_read_as_strictly()
    {
        static InferenceRequest Rows(string json) => InferenceRequest.ParseRows(Encoding.UTF8.GetBytes(json), SampleModel.Signature, SampleModel.MostRows);
        using var one = Rows("""{"features":[1,2,3]}""");
        using var two = Rows("""{"rows":[[1,2,3],[4,5,6]]}""");
        Assert.Equal((1, 2), (one.Rows, two.Rows));
        foreach (var (json, message) in new[]
        {
            ("", "body: empty"), ("{}", "body: not one of two"), ("""{"features":[1,2,3],"rows":[[1,2,3]]}""", "body: not one of two"), ("""{"features":[1,2]}""", "features: no whole rows"),
            ("""{"features":[1,2,3,4,5,6]}""", "features: more than one row"), ("""{"rows":[]}""", "rows: no whole rows"), ("""{"rows":[[1,2,3],[1,2]]}""", "rows[1]: ragged"), ("""{"features":null}""", "features: wrong type"),
            ("""{"features":[1,2,3]}}""", "body: not valid JSON"), ("""{"pixels":[1,2,3]}""", "body: unknown field"),
        })
            Assert.StartsWith(message, Assert.Throws<ProtocolException>(() => Rows(json)).Message);
    }
}
