using System.Buffers.Binary;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Materials;

namespace MicroPlatform.Infrastructure.Materials;

/// <summary>What a parser throws at a file that is not what it should be. Caught in one place, <see cref="Cleaning"/>, where it becomes a refusal again.</summary>
internal sealed class BadFileException(Refusal refusal) : Exception(refusal.Code)
{
    public Refusal Refusal { get; } = refusal;

    public static BadFileException Damaged => new(MaterialRefusals.Damaged);
}

/// <summary>A window on a file, for parsers: reads small pieces and finds bytes without copying the file. Whatever lies behind the end is "damaged".</summary>
internal sealed class ByteSource(Stream stream)
{
    private readonly byte[] _window = new byte[32 * 1024];
    private long _start;
    private int _count;

    public long Length { get; } = stream.Length;

    public long Position { get; set; }

    public bool AtEnd => Position >= Length;

    /// <summary>The next byte; -1 at the end.</summary>
    public int Read()
    {
        if (!Load(1)) return -1;
        return _window[(int)(Position++ - _start)];
    }

    /// <summary>The next few bytes; valid until the next call.</summary>
    public ReadOnlySpan<byte> Take(int count)
    {
        var span = Peek(count);
        Position += count;
        return span;
    }

    public ReadOnlySpan<byte> Peek(int count)
    {
        if (!Load(count)) throw BadFileException.Damaged;
        return _window.AsSpan((int)(Position - _start), count);
    }

    /// <summary>At most so many of the next bytes, however many there are.</summary>
    public ReadOnlySpan<byte> PeekUpTo(int most) => Peek((int)Math.Min(most, Math.Max(0, Length - Position)));

    public ushort U16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    public uint U32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    public ulong U64() => BinaryPrimitives.ReadUInt64BigEndian(Take(8));

    public uint U32Little() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    /// <summary>Moves to the next place where a byte stands. False at the end.</summary>
    public bool Find(byte wanted)
    {
        while (Load(1))
        {
            var at = _window.AsSpan((int)(Position - _start), (int)(_start + _count - Position)).IndexOf(wanted);
            if (at >= 0)
            {
                Position += at;
                return true;
            }
            Position = _start + _count;
        }
        return false;
    }

    /// <summary>Moves to the next place where a few bytes stand. False at the end.</summary>
    public bool Find(ReadOnlySpan<byte> wanted, long before = long.MaxValue)
    {
        while (Find(wanted[0]) && Position < before)
        {
            if (Length - Position < wanted.Length) break;
            if (Peek(wanted.Length).SequenceEqual(wanted)) return true;
            Position++;
        }
        return false;
    }

    private bool Load(int count)
    {
        if (Position >= _start && Position + count <= _start + _count) return true;
        if (Position < 0 || count > _window.Length || Position + count > Length) return false;
        stream.Position = _start = Position;
        _count = 0;
        while (_count < count)
        {
            var read = stream.Read(_window, _count, _window.Length - _count);
            if (read == 0) throw BadFileException.Damaged;
            _count += read;
        }
        return true;
    }
}

/// <summary>A piece of a cleaned file: bytes of the source, zeros, or bytes of our own.</summary>
internal readonly record struct Piece(long Offset, long Bytes, byte[]? Own = null)
{
    /// <summary>Stands for so many zeros.</summary>
    public static Piece Zeros(long bytes) => new(-1, bytes);

    public static Piece Of(byte[] own) => new(0, own.Length, own);

    public static void Write(IReadOnlyList<Piece> pieces, Stream source, Stream target)
    {
        var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            foreach (var piece in pieces)
            {
                if (piece.Own is not null)
                {
                    target.Write(piece.Own);
                    continue;
                }
                if (piece.Offset < 0) Array.Clear(buffer);
                else source.Position = piece.Offset;
                for (var left = piece.Bytes; left > 0;)
                {
                    var want = (int)Math.Min(left, buffer.Length);
                    if (piece.Offset >= 0) source.ReadExactly(buffer, 0, want);
                    target.Write(buffer, 0, want);
                    left -= want;
                }
            }
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    /// <summary>A file with some ranges replaced, all else and its length unchanged.</summary>
    /// <param name="changes">In any order; of two that overlap the first counts.</param>
    public static List<Piece> Overwrite(long length, IEnumerable<(long At, Piece By)> changes)
    {
        var (pieces, position) = (new List<Piece>(), 0L);
        foreach (var (at, by) in changes.OrderBy(c => c.At))
        {
            if (at < position || at + by.Bytes > length) continue;
            if (at > position) pieces.Add(new Piece(position, at - position));
            pieces.Add(by);
            position = at + by.Bytes;
        }
        if (position < length) pieces.Add(new Piece(position, length - position));
        return pieces;
    }
}
