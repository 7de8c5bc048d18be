namespace MLPortfolio.Candidate;

/// <summary>One row on its way into a planted table: cells with the label that will be given, the true label, the row that it copies, and the row of its block that stood there before.</summary>
internal sealed record PlantedRow(string[] Cells, string True, PlantedRow? CopyOf = null, bool Leaked = false, PlantedRow? Before = null);

/// <summary>
/// Plants faults into a table of blocks. The order of the source is cut into equal blocks (one writer, machine or week wrote neighbouring rows);
/// blocks are re-ordered, rows shuffled inside them, and all blocks end up of one size, so that ⌊blocks · row / n⌋ gives them back and neither
/// place nor number of a row says what was done to it.
/// </summary>
internal sealed class PlantedTable
{
    private readonly Sheet _sheet;
    private readonly Func<string, SaltedStream> _stream;
    private readonly (double Low, double High)[] _ranges;
    private readonly List<List<PlantedRow>> _blocks;
    private readonly Dictionary<List<PlantedRow>, List<PlantedRow>> _before = new(ReferenceEqualityComparer.Instance);

    public PlantedTable(Sheet sheet, int blocks, Func<string, SaltedStream> stream)
    {
        (_sheet, _stream) = (sheet, stream);
        _ranges = [.. Enumerable.Range(0, sheet.Header.Count).Select(j => sheet.Numeric.Contains(j) ? (sheet.Rows.Min(r => Value(r[j])), sheet.Rows.Max(r => Value(r[j]))) : (0, 0))];
        IEnumerable<string[]> rows = sheet.Rows;
        if (IsSortedByClass(blocks))
        {
            rows = stream("rows").Shuffled(rows);
        }

        var n = sheet.Rows.Count;
        _blocks = stream("blocks").Shuffled(rows.Select((r, i) => (Row: r, Block: (int)((long)blocks * i / n))).GroupBy(r => r.Block)
            .Select(g => stream($"block {g.Key}").Shuffled(g.Select(r => new PlantedRow([.. r.Row], r.Row[sheet.Label])))));
        foreach (var block in _blocks)
        {
            _before[block] = [.. block];
        }
    }

    public IReadOnlyList<IReadOnlyList<PlantedRow>> Blocks => _blocks;

    /// <summary>Takes whole blocks out, for windows and held-out rows.</summary>
    public List<PlantedRow> TakeBlocks(int count)
    {
        var taken = _blocks.Take(count).SelectMany(b => b).ToList();
        _blocks.RemoveRange(0, count);
        return taken;
    }

    /// <summary>Keeps a share of a class in some blocks.</summary>
    public void Cut(string name, double share, IReadOnlySet<int> blocks)
    {
        var members = _stream($"cut {name}").Shuffled(blocks.Order().SelectMany(b => _blocks[b]).Where(r => r.True == name));
        var gone = members.Skip((int)Math.Round(share * members.Count)).ToHashSet(ReferenceEqualityComparer.Instance);
        foreach (var b in blocks)
        {
            _blocks[b].RemoveAll(gone.Contains);
        }
    }

    /// <summary>Gives an exact share of a class's rows in some blocks another label.</summary>
    public void Mislabel(string name, string given, double share, IReadOnlySet<int> blocks)
    {
        var members = _stream($"mislabel {name}").Shuffled(blocks.Order().SelectMany(b => _blocks[b]).Where(r => r.True == name));
        foreach (var row in members.Take((int)Math.Round(share * members.Count)))
        {
            row.Cells[_sheet.Label] = given;
        }
    }

    /// <summary>
    /// Brings all blocks to one size: rows are left out by chance, and in the blocks named <paramref name="least"/> or more of each block are copies,
    /// near copies of rows of these blocks or, for a share of them, rows of the other blocks under their true label.
    /// </summary>
    public void Fill(IReadOnlySet<int> blocks, double least, double leaks)
    {
        var size = (int)(0.96 * _blocks.Min(b => _before[b].Count));
        var draw = _stream("copies");
        var originals = new List<PlantedRow>();
        foreach (var (b, block) in _blocks.Index())
        {
            var keep = Math.Min(block.Count, blocks.Contains(b) ? size - (int)Math.Round(least * size) : size);
            block.RemoveRange(keep, block.Count - keep);
        }

        originals.AddRange(draw.Shuffled(blocks.Order().SelectMany(b => _blocks[b])));
        var sealedRows = draw.Shuffled(_blocks.Where((_, b) => !blocks.Contains(b)).SelectMany(b => b));
        var (copied, leaked) = (0, 0);
        foreach (var b in blocks.Order())
        {
            var block = _blocks[b];
            var free = new Queue<PlantedRow>(_before[block].Except(block, (IEqualityComparer<PlantedRow>)ReferenceEqualityComparer.Instance));
            while (block.Count < size)
            {
                var isLeak = sealedRows.Count > 0 && draw.Unit() < leaks && leaked < sealedRows.Count;
                var source = isLeak ? sealedRows[leaked++] : originals[copied++ % originals.Count];
                block.Add(new PlantedRow(Jittered(source.Cells, draw), source.True, source, isLeak, free.Dequeue()));
            }

            _blocks[b] = draw.Shuffled(block);
        }
    }

    /// <summary>All rows in their final order, identifiers given anew.</summary>
    public IReadOnlyList<PlantedRow> Finish()
    {
        var rows = _blocks.SelectMany(b => b).ToList();
        foreach (var column in _sheet.Identifiers)
        {
            foreach (var (i, row) in rows.Index())
            {
                row.Cells[column] = $"{i + 1}";
            }
        }

        return rows;
    }

    /// <summary>The rows' faults as truths; rows are numbered from 1 under the header.</summary>
    public IReadOnlyList<Truth> Truths(IReadOnlyList<PlantedRow> rows)
    {
        var numbers = rows.Index().ToDictionary(r => r.Item, r => r.Index + 1, (IEqualityComparer<PlantedRow>)ReferenceEqualityComparer.Instance);
        return
        [
            .. rows.Where(r => r.Cells[_sheet.Label] != r.True).Select(r => new Truth("label", $"{numbers[r]}", r.True, Match.Value)),
            .. rows.Where(r => r.CopyOf is not null).Select(r => new Truth(r.Leaked ? "leak" : "duplicate", $"{numbers[r]}", $"{numbers[r.CopyOf!]}", Match.Pair)),
        ];
    }

    public string Csv(IEnumerable<PlantedRow> rows) => (_sheet with { Rows = [.. rows.Select(r => r.Cells)] }).Csv;

    /// <summary>The table with true labels and, in the place of copies, the rows that they pushed out.</summary>
    public string Repaired(IEnumerable<PlantedRow> rows) => (_sheet with
    {
        Rows = [.. rows.Select(r => r.Before ?? r).Select(r => r.Cells.Select((c, j) => j == _sheet.Label ? r.True : c).ToArray())],
    }).Csv;

    /// <summary>Every tenth number or so moves by the smallest step that its spelling has, at least one of them, within the column's range.</summary>
    private string[] Jittered(string[] cells, SaltedStream draw)
    {
        var moved = cells.ToArray();
        var movable = _sheet.Numeric.Where(j => _ranges[j].High > _ranges[j].Low && !cells[j].Contains('e', StringComparison.OrdinalIgnoreCase)).ToList();
        var must = movable.Count > 0 ? draw.Pick(movable) : -1;
        foreach (var j in movable.Where(j => draw.Unit() < 0.1 || j == must))
        {
            var decimals = cells[j].Contains('.', StringComparison.Ordinal) ? cells[j].Length - cells[j].IndexOf('.', StringComparison.Ordinal) - 1 : 0;
            var (low, high) = _ranges[j];
            var step = Math.Pow(10, -decimals) * (draw.Below(2) == 0 ? -1 : 1);
            var value = Value(cells[j]) + step;
            moved[j] = (value < low || value > high ? Math.Clamp(Value(cells[j]) - step, low, high) : value).ToString($"F{decimals}", CultureInfo.InvariantCulture);
        }

        return moved;
    }

    private bool IsSortedByClass(int blocks)
    {
        var n = _sheet.Rows.Count;
        return _sheet.Rows.Select((r, i) => (Class: r[_sheet.Label], Block: (int)((long)blocks * i / n))).GroupBy(r => r.Class)
            .Any(g => g.Count() >= blocks && 2 * g.Select(r => r.Block).Distinct().Count() < blocks);
    }

    private static double Value(string cell) => double.Parse(cell, CultureInfo.InvariantCulture);
}
