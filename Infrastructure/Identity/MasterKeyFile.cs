using System.Security.Cryptography;
using System.Text.Json;

namespace MicroPlatform.Infrastructure.Identity;

/// <summary>
/// The keys of a Development machine, made by the program at first start so that <c>./run</c> needs no set-up: <c>{data}/keys/master.json</c>,
/// readable by its owner only. Production never reads it: keys beside the data they seal protect nothing.
/// </summary>
public static class MasterKeyFile
{
    /// <summary>Id of the key it makes; Production refuses it by this name.</summary>
    public const string KeyId = "dev";

    private sealed record Content(List<string> MasterKeys, string LookupKey);

    public static string PathIn(string dataFolder) => Path.Combine(dataFolder, "keys", "master.json");

    /// <summary>Reads the file, making it first where there is none. Safe when two processes start at once: one file wins and both read it.</summary>
    public static SealingOptions ReadOrCreate(string dataFolder)
    {
        var path = PathIn(dataFolder);
        if (!File.Exists(path)) Create(path);
        var content = JsonSerializer.Deserialize<Content>(File.ReadAllText(path)) ?? throw new InvalidOperationException($"{path} is empty.");
        return new SealingOptions { MasterKeys = content.MasterKeys, LookupKey = content.LookupKey };
    }

    private static void Create(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        var content = new Content([$"{KeyId}:{NewKey()}"], NewKey());
        // Written whole under another name and then linked into place: a crash leaves no half file, and File.Move without overwrite lets the first one win.
        var draft = Path.Combine(folder, $".master.{Environment.ProcessId}.{RandomNumberGenerator.GetHexString(8)}");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.WriteThrough };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(draft, options))
        {
            JsonSerializer.Serialize(file, content);
            file.Flush(flushToDisk: true);
        }
        try
        {
            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(draft);
        }
    }

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
}
