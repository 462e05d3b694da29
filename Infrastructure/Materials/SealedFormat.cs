using System.Buffers.Binary;
using System.Security.Cryptography;

namespace MicroPlatform.Infrastructure.Materials;

/// <summary>
/// How bytes are sealed at rest: <c>MPOBJ001</c>, then chunks of 64 KiB, each AES-256-GCM with its tag behind it. The key is the object's own, so the
/// nonce may be the chunk's number; its lowest bit says whether the chunk is the last one, so that nothing can be cut off or put in another order
/// unnoticed (the STREAM construction). Any chunk opens by itself: ranges need no reading from the start.
/// </summary>
internal static class SealedFormat
{
    public const int ChunkBytes = 64 * 1024;
    public const int TagBytes = 16;
    public const int KeyBytes = 32;
    public const int NonceBytes = 12;

    public static ReadOnlySpan<byte> Magic => "MPOBJ001"u8;

    public static long ChunksOf(long bytes) => Math.Max(1, (bytes + ChunkBytes - 1) / ChunkBytes);

    /// <summary>Length of what is stored for so many bytes.</summary>
    public static long SealedLength(long bytes) => Magic.Length + bytes + ChunksOf(bytes) * TagBytes;

    public static long OffsetOf(long chunk) => Magic.Length + chunk * (ChunkBytes + TagBytes);

    public static void Nonce(Span<byte> nonce, long chunk, bool last)
    {
        nonce.Clear();
        BinaryPrimitives.WriteInt64BigEndian(nonce[4..], chunk << 1 | (last ? 1L : 0L));
    }

    public static byte[] NewKey() => RandomNumberGenerator.GetBytes(KeyBytes);
}
