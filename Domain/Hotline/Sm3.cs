using System.Buffers.Binary;
using System.Numerics;

namespace MicroPlatform.Domain.Hotline;

/// <summary>SM3, the hash of GB/T 32905-2016, and HMAC with it (RFC 2104; its block is 64 bytes). .NET has neither.</summary>
public static class Sm3
{
    private const int BlockBytes = 64;

    /// <summary>§4.1: the value that the first block begins with.</summary>
    private static ReadOnlySpan<uint> Start => [0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e];

    public static byte[] Hash(ReadOnlySpan<byte> data)
    {
        Span<uint> state = stackalloc uint[8];
        Start.CopyTo(state);
        var whole = data.Length / BlockBytes * BlockBytes;
        for (var at = 0; at < whole; at += BlockBytes) Compress(state, data.Slice(at, BlockBytes));

        // §5.2: a one, zeros, and the length in bits; one block, or two when the rest leaves no room for the length.
        var rest = data[whole..];
        Span<byte> tail = stackalloc byte[rest.Length < BlockBytes - 8 ? BlockBytes : 2 * BlockBytes];
        tail.Clear();
        rest.CopyTo(tail);
        tail[rest.Length] = 0x80;
        BinaryPrimitives.WriteUInt64BigEndian(tail[^8..], (ulong)data.Length * 8);
        for (var at = 0; at < tail.Length; at += BlockBytes) Compress(state, tail.Slice(at, BlockBytes));

        var hash = new byte[32];
        for (var i = 0; i < 8; i++) BinaryPrimitives.WriteUInt32BigEndian(hash.AsSpan(i * 4), state[i]);
        return hash;
    }

    public static byte[] Hmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data)
    {
        var (inner, outer) = (new byte[BlockBytes + data.Length], new byte[BlockBytes + 32]);
        var block = new byte[BlockBytes];
        if (key.Length > BlockBytes) Hash(key).CopyTo(block, 0);
        else key.CopyTo(block);
        for (var i = 0; i < BlockBytes; i++) (inner[i], outer[i]) = ((byte)(block[i] ^ 0x36), (byte)(block[i] ^ 0x5c));
        data.CopyTo(inner.AsSpan(BlockBytes));
        Hash(inner).CopyTo(outer, BlockBytes);
        return Hash(outer);
    }

    /// <summary>§5.3.2 and §5.3.3: the words of a block, and its 64 rounds.</summary>
    private static void Compress(Span<uint> state, ReadOnlySpan<byte> block)
    {
        Span<uint> w = stackalloc uint[68];
        for (var i = 0; i < 16; i++) w[i] = BinaryPrimitives.ReadUInt32BigEndian(block[(i * 4)..]);
        for (var i = 16; i < 68; i++)
        {
            var x = w[i - 16] ^ w[i - 9] ^ BitOperations.RotateLeft(w[i - 3], 15);
            w[i] = x ^ BitOperations.RotateLeft(x, 15) ^ BitOperations.RotateLeft(x, 23) ^ BitOperations.RotateLeft(w[i - 13], 7) ^ w[i - 6];
        }
        var (a, b, c, d, e, f, g, h) = (state[0], state[1], state[2], state[3], state[4], state[5], state[6], state[7]);
        for (var j = 0; j < 64; j++)
        {
            var t = BitOperations.RotateLeft(j < 16 ? 0x79cc4519u : 0x7a879d8au, j);
            var ss1 = BitOperations.RotateLeft(BitOperations.RotateLeft(a, 12) + e + t, 7);
            var ss2 = ss1 ^ BitOperations.RotateLeft(a, 12);
            var ff = j < 16 ? a ^ b ^ c : (a & b) | (a & c) | (b & c);
            var gg = j < 16 ? e ^ f ^ g : (e & f) | (~e & g);
            var tt1 = ff + d + ss2 + (w[j] ^ w[j + 4]);
            var tt2 = gg + h + ss1 + w[j];
            (d, c, b, a) = (c, BitOperations.RotateLeft(b, 9), a, tt1);
            (h, g, f, e) = (g, BitOperations.RotateLeft(f, 19), e, tt2 ^ BitOperations.RotateLeft(tt2, 9) ^ BitOperations.RotateLeft(tt2, 17));
        }
        (state[0], state[1], state[2], state[3]) = (state[0] ^ a, state[1] ^ b, state[2] ^ c, state[3] ^ d);
        (state[4], state[5], state[6], state[7]) = (state[4] ^ e, state[5] ^ f, state[6] ^ g, state[7] ^ h);
    }
}
