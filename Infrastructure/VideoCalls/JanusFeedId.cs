using System.Security.Cryptography;
using System.Text;

namespace MicroPlatform.Infrastructure.VideoCalls;

/// <summary>
/// The id that one coming in of one person has in a Janus room: participant, a number of its own, and a tag that only the platform can make. The client chooses the
/// id it joins with and a room's token is good for the whole room, so without the tag a citizen could come in as the lawyer, who then would count as present.
/// The number lets somebody come back while the server still holds the connection that broke.
/// </summary>
internal static class JanusFeedId
{
    private const int TagBytes = 8;

    public static string Mint(string secret, string room, string participantId) => Mint(secret, room, participantId, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4)));

    /// <returns>The participant, or null for an id that the platform did not make for this room.</returns>
    public static string? Open(string secret, string room, string? feedId) =>
        (feedId ?? "").Split('.') is [var participant, var number, _] && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(feedId!), Encoding.UTF8.GetBytes(Mint(secret, room, participant, number)))
            ? participant
            : null;

    private static string Mint(string secret, string room, string participantId, string number)
    {
        var tag = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"feed\n{room}\n{participantId}\n{number}"));
        return $"{participantId}.{number}.{Convert.ToHexStringLower(tag.AsSpan(0, TagBytes))}";
    }
}
