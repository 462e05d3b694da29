using System.Buffers;
using System.Security.Cryptography;

namespace MicroPlatform.Infrastructure.Materials;

/// <summary>Seals what is written to it (<see cref="SealedFormat"/>), and hashes both what comes in and what goes out. Holds one chunk.</summary>
internal sealed class SealedWriter : Stream
{
    private readonly Stream _inner;
    private readonly AesGcm _aes;
    private readonly IncrementalHash _plain = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash _stored = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _chunk = ArrayPool<byte>.Shared.Rent(SealedFormat.ChunkBytes);
    private readonly byte[] _box = ArrayPool<byte>.Shared.Rent(SealedFormat.ChunkBytes + SealedFormat.TagBytes);
    private int _filled;
    private long _chunks;
    private bool _ended;
    private bool _disposed;

    public SealedWriter(Stream inner, byte[] key)
    {
        (_inner, _aes) = (inner, new AesGcm(key, SealedFormat.TagBytes));
        _inner.Write(SealedFormat.Magic);
        _stored.AppendData(SealedFormat.Magic);
    }

    /// <summary>Bytes written so far, before sealing.</summary>
    public long Written { get; private set; }

    /// <summary>SHA-256 of what came in, hex; after <see cref="End"/>.</summary>
    public string PlainSha256 { get; private set; } = "";

    /// <summary>SHA-256 of what went out, hex; after <see cref="End"/>. The object's address.</summary>
    public string StoredSha256 { get; private set; } = "";

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => !_ended;
    public override long Length => Written;
    public override long Position { get => Written; set => throw new NotSupportedException(); }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _plain.AppendData(buffer);
        Written += buffer.Length;
        while (buffer.Length > 0)
        {
            if (_filled == SealedFormat.ChunkBytes) Flush(last: false);
            var take = Math.Min(buffer.Length, SealedFormat.ChunkBytes - _filled);
            buffer[..take].CopyTo(_chunk.AsSpan(_filled));
            _filled += take;
            buffer = buffer[take..];
        }
    }

    /// <summary>Seals the last chunk. Nothing can be written any more.</summary>
    public void End()
    {
        if (_ended) return;
        Flush(last: true);
        _ended = true;
        PlainSha256 = Convert.ToHexStringLower(_plain.GetHashAndReset());
        StoredSha256 = Convert.ToHexStringLower(_stored.GetHashAndReset());
    }

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            _aes.Dispose();
            _plain.Dispose();
            _stored.Dispose();
            ArrayPool<byte>.Shared.Return(_chunk, clearArray: true);
            ArrayPool<byte>.Shared.Return(_box);
            _inner.Dispose();
        }
        base.Dispose(disposing);
    }

    private void Flush(bool last)
    {
        Span<byte> nonce = stackalloc byte[SealedFormat.NonceBytes];
        SealedFormat.Nonce(nonce, _chunks++, last);
        var box = _box.AsSpan(0, _filled + SealedFormat.TagBytes);
        _aes.Encrypt(nonce, _chunk.AsSpan(0, _filled), box[.._filled], box[_filled..]);
        _stored.AppendData(box);
        _inner.Write(box);
        _filled = 0;
    }
}
