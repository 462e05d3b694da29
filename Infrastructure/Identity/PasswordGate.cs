namespace MicroPlatform.Infrastructure.Identity;

/// <summary>
/// Hashing a password is dear by design, so no more hashes run at once than there are processors less one (at least one): a flood of
/// sign-ins slows sign-ins, not the platform.
/// </summary>
public sealed class PasswordGate(PasswordHasher hasher) : IDisposable
{
    private readonly SemaphoreSlim _places = new(Math.Max(1, Environment.ProcessorCount - 1));

    public Task<PasswordCheck> VerifyAsync(string password, string? stored, CancellationToken cancel) => RunAsync(() => hasher.Verify(password, stored), cancel);

    public Task<string> HashAsync(string password, CancellationToken cancel) => RunAsync(() => hasher.Hash(password), cancel);

    public void Dispose() => _places.Dispose();

    private async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancel)
    {
        await _places.WaitAsync(cancel);
        try
        {
            return await Task.Run(work, CancellationToken.None);
        }
        finally
        {
            _places.Release();
        }
    }
}
