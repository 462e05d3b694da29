namespace MicroPlatform.Infrastructure.Materials;

/// <summary>
/// Where sealed bytes are kept. An object's address is the SHA-256 of its stored bytes (hex), so it can be checked without a key and never changes.
/// A put is whole or not at all, and doing it twice is doing it once. Both implementations pass <c>ObjectStoreContract</c>.
/// </summary>
public interface IObjectStore
{
    /// <summary>Shown at <c>/health/ready</c> and to administrators.</summary>
    string Name { get; }

    /// <summary>Takes a finished file; it may be moved away from <paramref name="path"/>.</summary>
    /// <exception cref="StoreException">Nothing was kept.</exception>
    Task PutAsync(string address, string path, CancellationToken cancel);

    /// <summary>The stored bytes from an offset on.</summary>
    /// <exception cref="StoreException">Missing, or the store is away.</exception>
    Task<Stream> OpenAsync(string address, long offset, CancellationToken cancel);

    /// <returns>Whether there was one; a store that does not tell says true.</returns>
    Task<bool> DeleteAsync(string address, CancellationToken cancel);

    /// <summary>Everything there is, for the sweep.</summary>
    IAsyncEnumerable<StoredObject> ListAsync(CancellationToken cancel);

    Task PingAsync(CancellationToken cancel);
}

/// <param name="WrittenAt">As the store says.</param>
public sealed record StoredObject(string Address, long Bytes, DateTimeOffset WrittenAt);

public enum StoreFault
{
    /// <summary>Away, or answers with errors: later perhaps.</summary>
    Away,
    /// <summary>No room left.</summary>
    Full,
    /// <summary>It has no such object.</summary>
    Missing,
    /// <summary>It has other bytes than were put there.</summary>
    Damaged,
}

/// <summary>The store cannot do it now. Mapped to a refusal where files come in and where they go out.</summary>
public sealed class StoreException(StoreFault fault, Exception? inner = null) : Exception($"Object store: {fault}", inner)
{
    public StoreFault Fault { get; } = fault;

    /// <summary>ENOSPC and EDQUOT are "full"; any other fault of a file is "away".</summary>
    internal static StoreException Of(IOException e) => new(IsFull(e) ? StoreFault.Full : e is FileNotFoundException or DirectoryNotFoundException ? StoreFault.Missing : StoreFault.Away, e);

    internal static bool IsFull(IOException e) => (e.HResult & 0xFFFF) is 28 or 122;
}
