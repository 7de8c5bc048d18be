using System.Runtime.InteropServices;
using System.Text;

namespace PortfolioProject.Bench;

/// <summary>Inference requests (Open Inference Protocol V2) over the first rows of a table, as whole HTTP messages.</summary>
internal static class Payloads
{
    public static byte[] Json(string path, Table table, int rows) => LoadConnection.Post(path, "Content-Type: application/json\r\n", Encoding.UTF8.GetBytes(
        $"{{\"inputs\":[{{\"name\":\"features\",\"shape\":[{rows},{table.Features.Count}],\"datatype\":\"FP32\",\"data\":[{string.Join(',', Values(table, rows).Select(v => v.ToString("R", CultureInfo.InvariantCulture)))}]}}]}}"));

    /// <summary>The binary extension: values as little-endian float32 behind a JSON header, and probabilities asked back the same way.</summary>
    public static byte[] Binary(string path, Table table, int rows)
    {
        var header = Encoding.UTF8.GetBytes($"{{\"inputs\":[{{\"name\":\"features\",\"shape\":[{rows},{table.Features.Count}],\"datatype\":\"FP32\",\"parameters\":{{\"binary_data_size\":{rows * table.Features.Count * 4}}}}}],"
            + "\"outputs\":[{\"name\":\"probabilities\",\"parameters\":{\"binary_data\":true}}]}");
        return LoadConnection.Post(path, $"Content-Type: application/octet-stream\r\nInference-Header-Content-Length: {header.Length}\r\n", [.. header, .. MemoryMarshal.AsBytes<float>(Values(table, rows))]);
    }

    private static float[] Values(Table table, int rows) => table.RowsOf([.. Enumerable.Range(0, rows).Select(i => i % table.Count)]);
}
