using System.Buffers;
using System.Security.Cryptography;

namespace MicroPlatform.Infrastructure.Materials;

/// <summary>Opens what <see cref="SealedWriter"/> sealed, from any place on. Holds one chunk.</summary>
/// <param name="openAt">Opens the sealed bytes from an offset on.</param>
/// <param name="openNow">The same without waiting; staged files have it.</param>
/// <param name="length">Length before sealing, as the database knows it: what is shorter or longer does not open.</param>
/// <exception cref="StoreException">A chunk was changed or belongs elsewhere: nothing of it is given out.</exception>
internal sealed class SealedReader(Func<long, CancellationToken, ValueTask<Stream>> openAt, long length, byte[] key, Func<long, Stream>? openNow = null) : Stream
{
    private readonly AesGcm _aes = new(key, SealedFormat.TagBytes);
    private readonly byte[] _chunk = ArrayPool<byte>.Shared.Rent(SealedFormat.ChunkBytes);
    private readonly byte[] _box = ArrayPool<byte>.Shared.Rent(SealedFormat.ChunkBytes + SealedFormat.TagBytes);
    private Stream? _inner;
    private long _next = -1;
    private long _loaded = -1;
    private long _position;
    private bool _disposed;

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => false;
    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => _position = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value));
    }

    public override long Seek(long offset, SeekOrigin origin) =>
        Position = origin switch { SeekOrigin.Begin => offset, SeekOrigin.Current => _position + offset, _ => length + offset };

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (_position >= length || buffer.Length == 0) return 0;
        var chunk = _position / SealedFormat.ChunkBytes;
        if (chunk != _loaded)
        {
            if (chunk != _next) Turn(chunk, openNow?.Invoke(SealedFormat.OffsetOf(chunk)) ?? throw new NotSupportedException("Only staged files are read without waiting."));
            _inner!.ReadExactly(_box.AsSpan(0, BoxBytes(chunk)));
            Open(chunk);
        }
        return Take(buffer, chunk);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position >= length || buffer.Length == 0) return 0;
        var chunk = _position / SealedFormat.ChunkBytes;
        if (chunk != _loaded)
        {
            if (chunk != _next) Turn(chunk, await openAt(SealedFormat.OffsetOf(chunk), cancellationToken));
            await _inner!.ReadExactlyAsync(_box.AsMemory(0, BoxBytes(chunk)), cancellationToken);
            Open(chunk);
        }
        return Take(buffer.Span, chunk);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            _aes.Dispose();
            _inner?.Dispose();
            ArrayPool<byte>.Shared.Return(_chunk, clearArray: true);
            ArrayPool<byte>.Shared.Return(_box);
        }
        base.Dispose(disposing);
    }

    private void Turn(long chunk, Stream inner)
    {
        _inner?.Dispose();
        (_inner, _next) = (inner, chunk);
    }

    private int PlainBytes(long chunk) => (int)Math.Min(SealedFormat.ChunkBytes, length - chunk * SealedFormat.ChunkBytes);

    private int BoxBytes(long chunk) => PlainBytes(chunk) + SealedFormat.TagBytes;

    private void Open(long chunk)
    {
        Span<byte> nonce = stackalloc byte[SealedFormat.NonceBytes];
        SealedFormat.Nonce(nonce, chunk, last: chunk == SealedFormat.ChunksOf(length) - 1);
        var bytes = PlainBytes(chunk);
        _loaded = -1;
        try
        {
            _aes.Decrypt(nonce, _box.AsSpan(0, bytes), _box.AsSpan(bytes, SealedFormat.TagBytes), _chunk.AsSpan(0, bytes));
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new StoreException(StoreFault.Damaged, e);
        }
        (_loaded, _next) = (chunk, chunk + 1);
    }

    private int Take(Span<byte> buffer, long chunk)
    {
        var at = (int)(_position - chunk * SealedFormat.ChunkBytes);
        var take = Math.Min(buffer.Length, PlainBytes(chunk) - at);
        _chunk.AsSpan(at, take).CopyTo(buffer);
        _position += take;
        return take;
    }
}
