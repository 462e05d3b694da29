using MicroPlatform.Infrastructure.Materials;

namespace MicroPlatform.Api.Tests.Materials;

/// <summary>What is sealed opens whole and in parts, and does not open when anything about it was changed.</summary>
public sealed class SealedFormatTests
{
    private static readonly byte[] Key = SealedFormat.NewKey();

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(65_535)]
    [TestCase(65_536)]
    [TestCase(65_537)]
    [TestCase(300_000)]
    public async Task Read_OfWhatWasWritten_IsTheSame(int length)
    {
        var (plain, boxed) = Seal(length);
        Assert.That(boxed, Has.Length.EqualTo(SealedFormat.SealedLength(length)));
        await using var reader = Reader(boxed, length);
        using var all = new MemoryStream();
        await reader.CopyToAsync(all);
        Assert.That(all.ToArray(), Is.EqualTo(plain));
        var random = new Random(length);
        for (var n = 0; n < 20 && length > 0; n++)
        {
            reader.Position = random.Next(length);
            var piece = new byte[Math.Min(1000, length - reader.Position)];
            var at = (int)reader.Position;
            await reader.ReadExactlyAsync(piece);
            Assert.That(piece, Is.EqualTo(plain[at..(at + piece.Length)]), $"at {at}");
        }
    }

    [Test]
    public void Read_OfChangedShortenedReorderedOrForeignBytes_Fails()
    {
        var (_, boxed) = Seal(200_000);
        const int Chunk = SealedFormat.ChunkBytes + SealedFormat.TagBytes;
        byte[] flipped = [.. boxed], swapped = [.. boxed[..8], .. boxed[(8 + Chunk)..(8 + 2 * Chunk)], .. boxed[8..(8 + Chunk)], .. boxed[(8 + 2 * Chunk)..]];
        flipped[100_000] ^= 1;
        Assert.Multiple(() =>
        {
            Assert.That(() => ReadAll(Reader(flipped, 200_000)), Throws.TypeOf<StoreException>());
            Assert.That(() => ReadAll(Reader(swapped, 200_000)), Throws.TypeOf<StoreException>());
            Assert.That(() => ReadAll(Reader(boxed, 2 * SealedFormat.ChunkBytes)), Throws.TypeOf<StoreException>(), "cut off at a chunk: its last one does not say so");
            Assert.That(() => ReadAll(Reader(boxed, 200_000, SealedFormat.NewKey())), Throws.TypeOf<StoreException>(), "another object's key");
        });
    }

    private static (byte[] Plain, byte[] Boxed) Seal(int length)
    {
        var plain = new byte[length];
        new Random(1).NextBytes(plain);
        var output = new MemoryStream();
        using var writer = new SealedWriter(output, Key);
        // In odd pieces, as a network gives them.
        for (var at = 0; at < length;)
        {
            var piece = Math.Min(length - at, 7777);
            writer.Write(plain, at, piece);
            at += piece;
        }
        writer.End();
        Assert.That(writer.PlainSha256, Is.EqualTo(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(plain))));
        Assert.That(writer.StoredSha256, Is.EqualTo(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(output.ToArray()))));
        return (plain, output.ToArray());
    }

    private static SealedReader Reader(byte[] boxed, long length, byte[]? key = null) => new((offset, _) =>
    {
        Stream stream = new MemoryStream(boxed);
        stream.Position = offset;
        return ValueTask.FromResult(stream);
    }, length, key ?? Key);

    private static async Task ReadAll(SealedReader reader)
    {
        await using (reader) await reader.CopyToAsync(Stream.Null);
    }
}
