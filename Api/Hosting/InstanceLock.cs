namespace MicroPlatform.Api.Hosting;

/// <summary>
/// One process per embedded database: two would not hear of each other's changes. An advisory lock that the system lets go of when
/// the process ends, however it ends.
/// </summary>
public sealed class InstanceLock : IDisposable
{
    private readonly FileStream _file;

    private InstanceLock(FileStream file) => _file = file;

    /// <exception cref="StartRefusedException">Another process has the folder.</exception>
    public static InstanceLock Take(string folder)
    {
        Directory.CreateDirectory(folder);
        try
        {
            return new InstanceLock(new FileStream(Path.Combine(folder, "instance.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException))
        {
            throw new StartRefusedException($"Another instance is using the data folder '{folder}'. Stop it, or give this one a folder of its own (--data DIR), or serve both from MySQL and Redis.");
        }
    }

    public void Dispose() => _file.Dispose();
}

/// <summary>The program cannot start as it is configured; the message says what to do. Shown without a stack trace.</summary>
public sealed class StartRefusedException(string message) : Exception(message);
