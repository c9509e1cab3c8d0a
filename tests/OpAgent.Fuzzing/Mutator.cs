namespace OpAgent.Fuzzing;

/// <summary>Makes new input of old: flipped bits, other bytes, words of the target, pieces cut out, repeated, or taken from elsewhere.</summary>
/// <param name="dictionary">Words that mean something to the target.</param>
internal sealed class Mutator(Random random, IReadOnlyList<byte[]> dictionary)
{
    private const int MaxLength = 16 * 1024;
    private const int MostChanges = 6;

    private static readonly byte[] TellingBytes = [0x00, 0x09, 0x0A, 0x0D, 0x20, 0x22, 0x2F, 0x5C, 0x7F, 0x80, 0xBF, 0xC0, 0xE2, 0xED, 0xF4, 0xFE, 0xFF];

    /// <summary>A mutation of one of the inputs.</summary>
    public byte[] Next(IReadOnlyList<byte[]> pool)
    {
        var input = new List<byte>(Pick(pool));
        for (var changes = 1 + random.Next(MostChanges); changes > 0; changes--) Change(input, pool);
        if (input.Count > MaxLength) input.RemoveRange(MaxLength, input.Count - MaxLength);
        return [.. input];
    }

    private void Change(List<byte> input, IReadOnlyList<byte[]> pool)
    {
        var at = random.Next(input.Count + 1);
        switch (random.Next(10))
        {
            case 0 when at < input.Count:
                input[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < input.Count:
                input[at] = (byte)random.Next(256);
                break;
            case 2 when at < input.Count:
                input[at] = Pick(TellingBytes);
                break;
            case 3:
                input.Insert(at, Pick(TellingBytes));
                break;
            case 4 or 5 when dictionary.Count > 0:
                input.InsertRange(at, Pick(dictionary));
                break;
            case 6:
                input.RemoveRange(at, Length(input.Count - at));
                break;
            case 7:
                Repeat(input, at);
                break;
            case 8:
                var other = Pick(pool);
                var from = random.Next(other.Length + 1);
                input.InsertRange(at, other.AsSpan(from, Length(other.Length - from)).ToArray());
                break;
            default:
                // Two inputs, cut and joined.
                var tail = Pick(pool);
                input.RemoveRange(at, input.Count - at);
                input.AddRange(tail.AsSpan(random.Next(tail.Length + 1)).ToArray());
                break;
        }
    }

    private void Repeat(List<byte> input, int at)
    {
        var piece = input.GetRange(at, Length(input.Count - at));
        if (piece.Count == 0) return;
        // Mostly a few times; once in a while as often as fits, which finds what takes more than linear time.
        var times = random.Next(100) == 0 ? MaxLength / piece.Count : 1 + random.Next(8);
        var repeated = new List<byte>(piece.Count * times);
        for (var i = 0; i < times && repeated.Count < MaxLength; i++) repeated.AddRange(piece);
        input.InsertRange(at, repeated);
    }

    // Short pieces are the likelier ones.
    private int Length(int most) => Math.Min(most, random.Next(4) == 0 ? random.Next(most + 1) : random.Next(17));

    private T Pick<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];
}
