using System.Text.Json.Serialization;
using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.VideoCalls;

/// <summary>
/// What carries picture and voice. One call is one room, named by the call's id, so that the provider learns nothing of anybody. Every provider passes one contract
/// fixture. Calls go over the network: never made inside a write, and always with a deadline; a provider that is away answers
/// <see cref="VideoRefusals.ProviderDown"/>, never an exception.
/// </summary>
public interface IVideoProvider
{
    /// <summary>As in <c>Video:Provider</c> and <see cref="VideoCall.Provider"/>: <c>janus</c>, <c>livekit</c>, <c>trtc</c>, <c>wxVoip</c>, <c>phone</c>, <c>test</c>.</summary>
    string Name { get; }

    /// <summary>Whether the platform can put somebody out and close a room. Where it cannot, doing so succeeds and does nothing: what was given out runs out soon.</summary>
    bool ControlsRooms { get; }

    /// <summary>Whether <see cref="ListAsync"/> tells who is there now. Where not, nobody is listed and nothing follows from it.</summary>
    bool SeesRooms { get; }

    /// <summary>Makes the room when it is not there: at the first entry, or after the provider has forgotten everything. Doing it again changes nothing.</summary>
    Task<Outcome<Done>> EnsureRoomAsync(VideoRoom room, CancellationToken cancel = default);

    /// <summary>What one person needs to come in, made anew each time; the room is ensured first. Refused with <see cref="CallRefusals.Over"/> once the room has closed for good.</summary>
    Task<Outcome<JoinGrant>> JoinAsync(VideoRoom room, RoomParticipant who, DateTimeOffset now, CancellationToken cancel = default);

    /// <summary>Puts somebody out, from whatever device. Who is not there is out already.</summary>
    Task<Outcome<Done>> RemoveAsync(string roomId, string participantId, CancellationToken cancel = default);

    /// <summary>Puts everybody out and forgets the room. A room that is not there is closed already.</summary>
    Task<Outcome<Done>> CloseRoomAsync(string roomId, CancellationToken cancel = default);

    /// <summary>Who is there now, for when events were lost. A room that is not there is empty.</summary>
    Task<Outcome<RoomPresence[]>> ListAsync(string roomId, CancellationToken cancel = default);
}

/// <param name="Id">The call's id: tells nothing of the people.</param>
/// <param name="ClosesAt">Nobody comes in after that, nor after a short grace (<see cref="Grace"/>) with what was given out before.</param>
public sealed record VideoRoom(string Id, DateTimeOffset ClosesAt)
{
    /// <summary>A credential may outlive its room so long: a goodbye is not cut off in the middle.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(5);

    /// <summary>No credential lives longer, whatever it is for.</summary>
    public static readonly TimeSpan LongestCredential = TimeSpan.FromHours(2);

    /// <summary>When something that wants to live so long has to end at the latest.</summary>
    public DateTimeOffset Until(DateTimeOffset now, TimeSpan wanted)
    {
        var longest = wanted < LongestCredential ? wanted : LongestCredential;
        return now + longest < ClosesAt + Grace ? now + longest : ClosesAt + Grace;
    }

    public bool IsClosed(DateTimeOffset now) => now >= ClosesAt + Grace;
}

/// <param name="Id">The participant's id in the call; opaque.</param>
/// <param name="DisplayName">Shown under the picture: 张律师.</param>
/// <param name="PersonId">The citizen's or staff member's id. Never given to a provider; only WeChat's needs it, to find the session key it signs with.</param>
public sealed record RoomParticipant(string Id, string DisplayName, RoomRole Role, string? PersonId = null);

/// <summary>What somebody may do in a room.</summary>
public enum RoomRole
{
    /// <summary>群众</summary>
    Citizen,
    /// <summary>工作人员</summary>
    Staff,
    /// <summary>受邀人员</summary>
    Guest,
    /// <summary>旁听: hears and sees, and is not heard or seen.</summary>
    Observer,
}

/// <summary>Somebody who is in a room, by one of their devices.</summary>
/// <param name="ConnectionId">Another one for each coming in: two phones of one person, or one phone twice, are two.</param>
public sealed record RoomPresence(string ParticipantId, string ConnectionId);

/// <summary>What lets one person into one room for a short while. Holds credentials: never logged, never stored.</summary>
/// <param name="ExpiresAt">After that the client asks for another.</param>
public sealed record JoinGrant(string Provider, DateTimeOffset ExpiresAt, JoinParams Params, IReadOnlyList<IceServer> IceServers)
{
    public override string ToString() => $"{Provider} until {ExpiresAt:O}";
}

/// <summary>A STUN or TURN server, in the words of WebRTC (W3C WebRTC 1.0 §4.2.4).</summary>
public sealed record IceServer(IReadOnlyList<string> Urls, string Username, string Credential)
{
    public override string ToString() => string.Join(' ', Urls);
}

/// <summary>What a client of the provider's kind is called with.</summary>
[JsonDerivedType(typeof(JanusParams))]
[JsonDerivedType(typeof(LiveKitParams))]
[JsonDerivedType(typeof(TrtcParams))]
[JsonDerivedType(typeof(WxVoipParams))]
[JsonDerivedType(typeof(PhoneParams))]
[JsonDerivedType(typeof(TestParams))]
public abstract record JoinParams
{
    // The members are credentials: a record would print them.
    public sealed override string ToString() => GetType().Name;
}

/// <param name="Url">WebSocket of the Janus server.</param>
/// <param name="ApiToken">In the root of every request.</param>
/// <param name="RoomToken">In the body of a join, as publisher or subscriber.</param>
/// <param name="FeedId">The <c>id</c> to join with; made for this one coming in, and the platform knows the person by it.</param>
/// <param name="Display">Shown to the others.</param>
/// <param name="RelayOnly">Offices whose firewall lets only the TURN server through.</param>
public sealed record JanusParams(string Url, string ApiToken, string RoomToken, string Room, string FeedId, string Display, bool CanPublish, bool RelayOnly) : JoinParams;

/// <param name="Url">WebSocket of the LiveKit server.</param>
/// <param name="Token">JWT for one identity in one room.</param>
public sealed record LiveKitParams(string Url, string Token) : JoinParams;

public sealed record TrtcParams(long SdkAppId, string UserId, string UserSig, string StrRoomId, string PrivateMapKey) : JoinParams;

/// <summary>Arguments of <c>wx.joinVoIPChat</c> in the mini-program.</summary>
/// <param name="TimeStamp">Seconds; a number in the call.</param>
public sealed record WxVoipParams(string GroupId, string NonceStr, long TimeStamp, string Signature, string RoomType) : JoinParams;

/// <summary>Nothing to connect to: the office rings the citizen's telephone.</summary>
/// <param name="Hotline">To ring oneself, when nobody rings.</param>
public sealed record PhoneParams(string Hotline) : JoinParams;

/// <summary>Of the provider for Development, which carries nothing.</summary>
public sealed record TestParams(string Room, string Token) : JoinParams;
