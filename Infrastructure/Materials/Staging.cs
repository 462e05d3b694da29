using MicroPlatform.Domain.Common;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Infrastructure.Materials;

/// <summary>Where an upload lies until it is kept or refused. Sealed from the first byte with a key that only this process knows: after a crash what is left is noise.</summary>
public sealed class Staging
{
    private readonly string _folder;
    private readonly TimeProvider _time;

    public Staging(IOptions<MaterialsOptions> options, TimeProvider time)
    {
        (_folder, _time) = (Path.Combine(options.Value.Folder, "staging"), time);
        Directory.CreateDirectory(_folder);
    }

    internal StagedFile New() => new(Path.Combine(_folder, Id.New(_time)));

    /// <summary>Removes what a killed process has left.</summary>
    /// <param name="before">Older than this; what is under way is younger.</param>
    public int Sweep(DateTimeOffset before)
    {
        var swept = 0;
        foreach (var file in new DirectoryInfo(_folder).EnumerateFiles().Where(f => f.LastWriteTimeUtc < before.UtcDateTime))
        {
            file.Delete();
            swept++;
        }
        return swept;
    }
}

/// <summary>A sealed file on this node's disk with its key; gone when disposed, unless a store has taken it.</summary>
internal sealed class StagedFile(string path) : IDisposable
{
    private SealedWriter? _writer;

    public string Path { get; } = path;

    public byte[] Key { get; } = SealedFormat.NewKey();

    public long Bytes { get; private set; }

    /// <summary>Hex, of what was written.</summary>
    public string Sha256 { get; private set; } = "";

    /// <summary>Hex, of what lies on the disk: the address in a store.</summary>
    public string Address { get; private set; } = "";

    /// <exception cref="StoreException">The disk is full.</exception>
    public void Write(Action<Stream> write)
    {
        try
        {
            Begin();
            write(_writer!);
            End();
        }
        catch (IOException e) when (StoreException.IsFull(e))
        {
            throw StoreException.Of(e);
        }
    }

    /// <summary>Takes in a stream whole.</summary>
    /// <param name="most">One byte more than this and it stops.</param>
    /// <returns>False when there was more.</returns>
    /// <exception cref="StoreException">The disk is full.</exception>
    public async Task<bool> FillAsync(Stream from, long most, CancellationToken cancel)
    {
        var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(SealedFormat.ChunkBytes);
        try
        {
            Begin();
            int read;
            while ((read = await from.ReadAsync(buffer, cancel)) > 0)
            {
                if (_writer!.Written + read > most) return false;
                try
                {
                    _writer.Write(buffer.AsSpan(0, read));
                }
                catch (IOException e)
                {
                    throw StoreException.Of(e);
                }
            }
            try
            {
                End();
            }
            catch (IOException e)
            {
                throw StoreException.Of(e);
            }
            return true;
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    public SealedReader Open()
    {
        Stream At(long offset)
        {
            var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 0);
            file.Position = offset;
            return file;
        }
        return new SealedReader((offset, _) => ValueTask.FromResult(At(offset)), Bytes, Key, At);
    }

    public void Dispose()
    {
        _writer?.Dispose();
        File.Delete(Path);
    }

    private void Begin() => _writer = new SealedWriter(new FileStream(Path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 0), Key);

    private void End()
    {
        _writer!.End();
        (Bytes, Sha256, Address) = (_writer.Written, _writer.PlainSha256, _writer.StoredSha256);
        _writer.Dispose();
        _writer = null;
    }

    /// <summary>Down to the disk, before a store takes it: once per file that is kept, not per file that is looked at.</summary>
    public void Sync()
    {
        using var file = new FileStream(Path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, 0);
        file.Flush(flushToDisk: true);
    }
}
