using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Infrastructure.Materials;

/// <summary>A folder: <c>objects/ab/cd/abcd…</c>. Files are synced before they are renamed into place, and the folder after it: what was acknowledged survives a power cut.</summary>
public sealed partial class LocalObjectStore : IObjectStore
{
    private readonly string _folder;

    public LocalObjectStore(IOptions<MaterialsOptions> options)
    {
        _folder = Path.Combine(options.Value.Folder, "objects");
        Directory.CreateDirectory(_folder);
    }

    public string Name => "local";

    public Task PutAsync(string address, string path, CancellationToken cancel)
    {
        var target = PathOf(address);
        try
        {
            var folder = Path.GetDirectoryName(target)!;
            var isNew = !Directory.Exists(folder);
            Directory.CreateDirectory(folder);
            File.Move(path, target, overwrite: true);
            SyncFolder(folder);
            if (isNew)
            {
                SyncFolder(Path.GetDirectoryName(folder)!);
                SyncFolder(_folder);
            }
        }
        catch (IOException e)
        {
            throw StoreException.Of(e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StoreException(StoreFault.Away, e);
        }
        return Task.CompletedTask;
    }

    public Task<Stream> OpenAsync(string address, long offset, CancellationToken cancel)
    {
        try
        {
            var file = new FileStream(PathOf(address), new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.Read | FileShare.Delete, BufferSize = 0, Options = FileOptions.Asynchronous });
            file.Position = offset;
            return Task.FromResult<Stream>(file);
        }
        catch (IOException e)
        {
            throw StoreException.Of(e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StoreException(StoreFault.Away, e);
        }
    }

    public Task<bool> DeleteAsync(string address, CancellationToken cancel)
    {
        var path = PathOf(address);
        try
        {
            if (!File.Exists(path)) return Task.FromResult(false);
            File.Delete(path);
            return Task.FromResult(true);
        }
        catch (IOException e)
        {
            throw StoreException.Of(e);
        }
    }

    public async IAsyncEnumerable<StoredObject> ListAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var file in new DirectoryInfo(_folder).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            cancel.ThrowIfCancellationRequested();
            yield return new StoredObject(file.Name, file.Length, new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero));
        }
        await Task.CompletedTask;
    }

    public Task PingAsync(CancellationToken cancel) =>
        Directory.Exists(_folder) ? Task.CompletedTask : throw new StoreException(StoreFault.Away);

    private string PathOf(string address) => address.Length == 64 && address.All(char.IsAsciiHexDigitLower)
        ? Path.Combine(_folder, address[..2], address[2..4], address)
        : throw new ArgumentException("Not an address.", nameof(address));

    /// <summary>Makes a rename last. .NET cannot open a folder, so libc does.</summary>
    private static void SyncFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        var handle = Open(folder, 0);
        if (handle < 0) return;
        _ = Sync(handle);
        _ = Close(handle);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Sync(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int handle);
}
