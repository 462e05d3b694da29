using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using MicroPlatform.Domain.VideoCalls;

namespace MicroPlatform.Infrastructure.VideoCalls;

/// <summary>
/// Passwords for the TURN server that run out by themselves (coturn's <c>use-auth-secret</c>, after draft-uberti-behave-turn-rest-00 §2.2): the user name tells the
/// end, the password signs it.
/// </summary>
internal static class TurnCredentials
{
    [SuppressMessage("Security", "CA5350", Justification = "coturn fixes HMAC-SHA-1, and its strength does not rest on collision resistance")]
    public static (string Username, string Credential) Mint(string secret, string userId, DateTimeOffset until)
    {
        var username = $"{until.ToUnixTimeSeconds()}:{userId}";
        return (username, Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(username))));
    }

    /// <summary>For one person, until the call must be over: the server looks at the end again when an allocation is renewed.</summary>
    public static IReadOnlyList<IceServer> For(TurnOptions turn, VideoRoom room, string participantId, DateTimeOffset now)
    {
        if (turn.Urls.Count == 0) return [];
        var (username, credential) = Mint(turn.Secret, participantId, room.Until(now, VideoRoom.LongestCredential));
        return [new IceServer(turn.Urls, username, credential)];
    }
}
