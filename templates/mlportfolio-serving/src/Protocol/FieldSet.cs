namespace PortfolioProject.Protocol;

/// <summary>The names that an object may hold.</summary>
internal sealed class FieldSet(params string[] names)
{
    private readonly byte[][] _utf8 = [.. names.Select(Encoding.UTF8.GetBytes)];

    public IReadOnlyList<string> Names => names;

    public int IndexOf(ref Utf8JsonReader json)
    {
        for (var i = 0; i < _utf8.Length; i++)
            if (json.ValueTextEquals(_utf8[i])) return i;
        return -1;
    }
}

/// <summary>Walks the members of the object that the reader has entered: a name that is not known, or that came before, is an error.</summary>
internal struct Fields(FieldSet set, string path, int item = -1)
{
    private int _seen;

    /// <summary>Steps to the next member's name and gives its index; false: the object has ended.</summary>
    public bool Next(ref Utf8JsonReader json, out int index)
    {
        index = -1;
        json.Read();
        if (json.TokenType == JsonTokenType.EndObject) return false;
        index = set.IndexOf(ref json);
        if (index < 0) throw ProtocolException.Bad(Path(), "unknown field", "only " + string.Join(", ", set.Names), "another name");
        if ((_seen & (1 << index)) != 0) throw ProtocolException.Bad(Path(index), "duplicate field", "one", "two");
        _seen |= 1 << index;
        return true;
    }

    public readonly void Require(int index)
    {
        if ((_seen & (1 << index)) == 0) throw ProtocolException.Bad(Path(index), "missing field", "the field", "nothing");
    }

    public readonly bool Saw(int index) => (_seen & (1 << index)) != 0;

    public readonly string Path(int index = -1)
    {
        var place = item < 0 ? path : $"{path}[{item}]";
        return index < 0 ? (place.Length == 0 ? "body" : place) : place.Length == 0 ? set.Names[index] : place + "." + set.Names[index];
    }
}
