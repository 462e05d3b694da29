using System.Text.RegularExpressions;

namespace MicroPlatform.Infrastructure.Identity;

/// <summary>The master keys in use: one seals, all of them open; and the key of the look-up hashes.</summary>
public sealed partial class KeyRing
{
    private const int KeyBytes = 32;

    private readonly Dictionary<string, byte[]> _keys = new(StringComparer.Ordinal);

    /// <summary>Reads the keys and says in words what is wrong with them; the words never hold a key.</summary>
    /// <exception cref="InvalidOperationException">A key is missing, malformed, weak or given twice.</exception>
    public KeyRing(SealingOptions options)
    {
        // An empty one is none: a compose file cannot leave out a variable, only leave it empty.
        foreach (var entry in options.MasterKeys.Where(k => k.Length > 0))
        {
            var colon = entry.IndexOf(':', StringComparison.Ordinal);
            var id = colon < 0 ? "" : entry[..colon];
            if (!KeyId().IsMatch(id)) throw new InvalidOperationException("Identity:MasterKeys: an entry is not of the form keyId:base64 (the id: 1 to 16 small letters, digits, '-').");
            if (!_keys.TryAdd(id, Read(entry[(colon + 1)..], $"Identity:MasterKeys '{id}'"))) throw new InvalidOperationException($"Identity:MasterKeys: the id '{id}' is given twice.");
            CurrentId ??= id;
        }
        if (CurrentId is null) throw new InvalidOperationException("Identity:MasterKeys is missing.");
        LookupKey = options.LookupKey.Length == 0 ? throw new InvalidOperationException("Identity:LookupKey is missing.") : Read(options.LookupKey, "Identity:LookupKey");
        if (_keys.Values.Any(key => key.AsSpan().SequenceEqual(LookupKey))) throw new InvalidOperationException("Identity:LookupKey must not be one of the master keys.");
    }

    /// <summary>The key that new values are sealed with.</summary>
    public string CurrentId { get; }

    public byte[] Current => _keys[CurrentId];

    public IReadOnlyCollection<string> Ids => _keys.Keys;

    /// <summary>Also the root that other keys are derived from; never used as it is for two things.</summary>
    public byte[] LookupKey { get; }

    public byte[]? Find(string keyId) => _keys.GetValueOrDefault(keyId);

    private static byte[] Read(string base64, string name)
    {
        var key = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, key, out var length)) throw new InvalidOperationException($"{name} is not base64.");
        if (length != KeyBytes) throw new InvalidOperationException($"{name} has {length} bytes instead of {KeyBytes}.");
        // Keys of a tutorial, a password padded with zeros, 0123…: a random key has about 30 different bytes of 32.
        if (key.Take(length).Distinct().Count() < 16 || key.Take(length).All(b => b is >= 0x20 and < 0x7F))
            throw new InvalidOperationException($"{name} is not random: make one with 'openssl rand -base64 32'.");
        return key[..length];
    }

    [GeneratedRegex("^[a-z0-9-]{1,16}$", RegexOptions.CultureInvariant)]
    private static partial Regex KeyId();
}
