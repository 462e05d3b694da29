namespace MicroPlatform.Infrastructure.Materials;

/// <summary>Several stored objects read one after another, as one.</summary>
internal sealed class JoinedObjectStream(MaterialObjects objects, IReadOnlyList<string> ids) : Stream
{
    private int _next;
    private Stream? _open;

    /// <summary>One of them was gone: what was read is not the whole.</summary>
    public bool IsBroken { get; private set; }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            try
            {
                if (_open is not null && await _open.ReadAsync(buffer, cancellationToken) is > 0 and var read) return read;
                if (_open is not null) await _open.DisposeAsync();
                _open = null;
                if (_next == ids.Count) return 0;
                _open = await objects.OpenAsync(ids[_next++], cancellationToken);
            }
            catch (StoreException e) when (e.Fault == StoreFault.Missing)
            {
                _open = null;
            }
            if (_open is not null) continue;
            IsBroken = true;
            return 0;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _open?.Dispose();
        base.Dispose(disposing);
    }
}
