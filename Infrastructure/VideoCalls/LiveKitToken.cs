using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace MicroPlatform.Infrastructure.VideoCalls;

/// <summary>LiveKit's access tokens: JWT (RFC 7519), HS256, signed with the API secret. Also what its webhooks are signed with.</summary>
internal static class LiveKitToken
{
    /// <summary>Clocks of two servers are never quite the same.</summary>
    private static readonly TimeSpan Leeway = TimeSpan.FromMinutes(1);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        // Names of people go in as they are: escaped they are valid too, but nobody can compare two tokens by eye.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static string Mint(string apiKey, string secret, string? identity, string? name, DateTimeOffset now, DateTimeOffset until, VideoRights rights) =>
        Sign(secret, JsonSerializer.Serialize(new Claims(apiKey, identity, now.ToUnixTimeSeconds(), now.ToUnixTimeSeconds(), until.ToUnixTimeSeconds(), identity, name, rights), Json));

    internal static string Sign(string secret, string payload)
    {
        var text = $"{Encode("""{"alg":"HS256","typ":"JWT"}""")}.{Encode(payload)}";
        return $"{text}.{Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text)))}";
    }

    /// <summary>The claims of a token that is signed with our secret; null for any other. Whether it is in force is another question.</summary>
    public static JsonObject? Open(string? token, string apiKey, string secret)
    {
        var parts = (token ?? "").Split('.');
        if (parts.Length != 3) return null;
        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{parts[0]}.{parts[1]}"));
        try
        {
            if (!CryptographicOperations.FixedTimeEquals(expected, Base64Url.DecodeFromChars(parts[2]))) return null;
            // What is signed with our secret was made by somebody who has it; the algorithm named in the header is not asked.
            var claims = JsonNode.Parse(Base64Url.DecodeFromChars(parts[1])) as JsonObject;
            return claims is not null && (string?)claims["iss"] == apiKey ? claims : null;
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A token without an end is not in force: it would be for ever.</summary>
    public static bool IsInForce(JsonObject claims, DateTimeOffset now) =>
        Seconds(claims["exp"]) is { } exp && now < exp + Leeway && (Seconds(claims["nbf"]) ?? now) <= now + Leeway;

    private static DateTimeOffset? Seconds(JsonNode? claim) =>
        claim is JsonValue value && value.TryGetValue<long>(out var seconds) && seconds is > 0 and < 253_402_300_800 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private sealed record Claims(string Iss, string? Sub, long Iat, long Nbf, long Exp, string? Identity, string? Name, VideoRights Video);
}

/// <summary>The <c>video</c> claim. A right that is null is not written.</summary>
internal sealed record VideoRights
{
    public bool? RoomCreate { get; init; }
    public bool? RoomAdmin { get; init; }
    public bool? RoomJoin { get; init; }
    public string? Room { get; init; }
    public bool? CanPublish { get; init; }
    public bool? CanSubscribe { get; init; }
    public bool? CanPublishData { get; init; }
    public bool? Hidden { get; init; }
}
