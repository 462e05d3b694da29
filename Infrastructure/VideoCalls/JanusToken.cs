using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace MicroPlatform.Infrastructure.VideoCalls;

/// <summary>
/// Janus' signed tokens (<c>token_auth_secret</c>): what is allowed and until when in clear, signed with HMAC-SHA-1. One opens the
/// API, the other a room that was made with <c>signed_tokens</c>.
/// </summary>
internal static class JanusToken
{
    public const string Plugin = "janus.plugin.videoroom";

    public static string Api(string secret, DateTimeOffset until) => Mint(secret, until, $"janus,{Plugin}");

    public static string Room(string secret, string room, DateTimeOffset until) => Mint(secret, until, $"{Plugin},room={room}");

    [SuppressMessage("Security", "CA5350", Justification = "Janus fixes HMAC-SHA-1, and its strength does not rest on collision resistance")]
    private static string Mint(string secret, DateTimeOffset until, string what)
    {
        // The server looks for exactly one colon; ids have none.
        var data = $"{until.ToUnixTimeSeconds()},{what}";
        return $"{data}:{Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(data)))}";
    }
}
