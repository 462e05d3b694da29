using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace MicroPlatform.Infrastructure.Redis;

/// <summary>A script that stands as a file beside its one caller. Sent by its hash, and whole to a server that does not know it yet.</summary>
internal sealed class LuaText
{
    private readonly string _text;
    private readonly byte[] _hash;

    private LuaText(string text)
    {
        _text = text;
        // Not for security: SHA-1 is how EVALSHA names a script.
#pragma warning disable CA5350
        _hash = SHA1.HashData(Encoding.UTF8.GetBytes(text));
#pragma warning restore CA5350
    }

    public static LuaText Of(string file)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(file) ?? throw new InvalidOperationException($"{file} is not embedded.");
        using var reader = new StreamReader(stream);
        return new LuaText(reader.ReadToEnd());
    }

    public async Task<RedisResult> RunAsync(IDatabase db, RedisKey[] keys, RedisValue[] args)
    {
        try
        {
            return await db.ScriptEvaluateAsync(_hash, keys, args);
        }
        catch (RedisServerException e) when (e.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            return await db.ScriptEvaluateAsync(_text, keys, args);
        }
    }
}
