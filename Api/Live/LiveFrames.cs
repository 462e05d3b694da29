using MicroPlatform.Api.Consultations;
using MicroPlatform.Domain.Common;

namespace MicroPlatform.Api.Live;

/// <summary>What a client may say on <c>/v1/live</c>. Members that a type does not need are ignored.</summary>
/// <param name="Type"><c>auth</c>, <c>subscribe</c>, <c>unsubscribe</c>, <c>ping</c>.</param>
/// <param name="After">Sequence number of the last message the client has; 0 for all.</param>
public sealed record LiveRequest(string? Type, string? Token, string? ConsultationId, int? After);

/// <summary>After <c>auth</c>: the socket is the caller's until then; send <c>auth</c> again with a fresh token before.</summary>
public sealed record ReadyFrame(DateTimeOffset ExpiresAt)
{
    public string Type => "ready";
}

/// <summary>Messages after the last ones sent, or an empty list when only the state has changed.</summary>
/// <param name="Thread">As <c>GET …/messages</c> answers.</param>
public sealed record ThreadFrame(string ConsultationId, ReadThread.Response Thread)
{
    public string Type => "thread";
}

/// <summary>Something of this kind has changed: read it again. A hint; after a reconnect, read once in any case.</summary>
/// <param name="Topic"><c>matters</c>, <c>notifications</c> (citizen) or <c>inbox</c> (staff).</param>
public sealed record ChangedFrame(string Topic)
{
    public string Type => "changed";
}

/// <summary>No, with a code of the one catalogue.</summary>
public sealed record RefusedFrame(string? ConsultationId, string Code, string Title)
{
    public string Type => "refused";

    public static RefusedFrame Of(Refusal refusal, string? consultationId) => new(consultationId, refusal.Code, refusal.Title);
}

public sealed record PongFrame(DateTimeOffset ServerTime)
{
    public string Type => "pong";
}

/// <summary>Close codes of <c>/v1/live</c>, besides those of RFC 6455.</summary>
public static class LiveCloses
{
    /// <summary>Not JSON, or not a message that is known.</summary>
    public const int Malformed = 4400;

    /// <summary>No token in time, a token that is not good, or one that has run out: sign in or refresh, and connect again.</summary>
    public const int Unauthenticated = 4401;

    /// <summary>The client does not read what it is sent.</summary>
    public const int TooSlow = 4408;

    /// <summary>More sockets of one person than <see cref="LiveOptions.MaxPerUser"/>.</summary>
    public const int TooMany = 4429;
}
