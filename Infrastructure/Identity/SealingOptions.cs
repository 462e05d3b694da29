namespace MicroPlatform.Infrastructure.Identity;

/// <summary>The keys that personal data is sealed with. Section <c>Identity</c>; they never stand in the database.</summary>
public sealed class SealingOptions
{
    /// <summary>
    /// <c>keyId:base64 of 32 bytes</c>, the current one first. Older ones stay until <c>seal rotate</c> has said that nothing is sealed
    /// with them any more. Development makes one by itself in <c>data/keys/master.json</c>.
    /// </summary>
    public List<string> MasterKeys { get; set; } = [];

    /// <summary>Base64 of at least 32 bytes: makes the look-up hashes of sealed values. It cannot be changed without hashing everything anew.</summary>
    public string LookupKey { get; set; } = "";
}
