using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace PortfolioProject.Torch;

/// <summary>
/// The file of one unfinished training. Its name is the digest of data, options, device and precision: the same call finds it, no other does.
/// It is written beside its place and renamed, so that a kill leaves the one before.
/// </summary>
internal sealed class Checkpoint(TorchConfig config, TrainingSet train, TrainingSet? validation, TrainingOptions options)
{
    private const string Format = "training 1";
    private readonly string _file = Path.Combine(config.Checkpoints!, Key(config, train, validation, options) + ".checkpoint");

    public void Restore(Training training)
    {
        if (!File.Exists(_file)) return;
        try
        {
            using var reader = new BinaryReader(File.OpenRead(_file));
            if (reader.ReadString() != Format) throw new InvalidDataException("another format");
            training.Restore(reader);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or ArgumentException or KeyNotFoundException or UserError or ExternalException)
        {
            throw new UserError("not a checkpoint that can be gone on with", _file, got: e.Message.Split('\n')[0], fix: "Delete it to begin again");
        }
    }

    public void Save(Training training)
    {
        Directory.CreateDirectory(config.Checkpoints!);
        using (var writer = new BinaryWriter(File.Create(_file + ".tmp")))
        {
            writer.Write(Format);
            training.Save(writer);
        }

        File.Move(_file + ".tmp", _file, overwrite: true);
    }

    public void Delete() => File.Delete(_file);

    private static string Key(TorchConfig config, TrainingSet train, TrainingSet? validation, TrainingOptions options)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{config.Device} {config.Precision} {JsonSerializer.Serialize(options)}"));
        foreach (var set in new[] { train, validation })
        {
            hash.AppendData(MemoryMarshal.AsBytes<int>([set?.Features ?? 0, set?.Classes ?? 0, set?.Labels.Length ?? 0, set?.Weights is null ? 0 : 1]));
            hash.AppendData(MemoryMarshal.AsBytes<float>(set?.Rows));
            hash.AppendData(MemoryMarshal.AsBytes<int>(set?.Labels));
            hash.AppendData(MemoryMarshal.AsBytes<float>(set?.Weights));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..24];
    }
}
