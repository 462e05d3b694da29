namespace MicroPlatform.Domain.Notifications;

/// <summary>
/// One message on its way to one person, and afterwards its receipt. It goes out at most once: <see cref="Begin"/> is stored before the
/// call to WeChat, together with the payment from the balance. A node that dies in between leaves it <see cref="DeliveryState.Sending"/>;
/// whoever finds it so after <see cref="Lease"/> does not send it again but calls it uncertain.
/// </summary>
public sealed class Delivery
{
    /// <summary>A send takes at most half a minute; after this nobody is at it any more.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    public required string Id { get; init; }
    public required string NotificationId { get; init; }
    public required string CitizenId { get; init; }
    public required string TemplateId { get; init; }

    /// <summary>After this the message would tell nothing new.</summary>
    public required DateTimeOffset UsefulUntil { get; init; }
    public DeliveryState State { get; private set; }

    /// <summary>WeChat's errcode, where it gave one.</summary>
    public int? ErrorCode { get; private set; }

    /// <summary>How often WeChat was called.</summary>
    public int Attempts { get; private set; }

    /// <summary>Whose attempt holds it, or held it last: a sender that lost the answer to its own COMMIT knows itself by this.</summary>
    public string? SenderId { get; private set; }

    /// <summary>WeChat's number of the message; its report quotes it.</summary>
    public string? WeChatMessageId { get; private set; }
    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>Number of the stored version this was read from.</summary>
    public int Version { get; init; }

    public static Delivery Restore(Delivery bare, DeliveryState state, int? errorCode, int attempts, string? senderId, string? weChatMessageId, DateTimeOffset updatedAt)
    {
        (bare.State, bare.ErrorCode, bare.Attempts) = (state, errorCode, attempts);
        (bare.SenderId, bare.WeChatMessageId, bare.UpdatedAt) = (senderId, weChatMessageId, updatedAt);
        return bare;
    }

    /// <summary>Whether a node that began to send it must have died.</summary>
    public bool IsAbandoned(DateTimeOffset now) => State == DeliveryState.Sending && now - UpdatedAt >= Lease;

    /// <summary>Whether this very attempt has begun already, in a run of the transaction whose COMMIT was answered by silence.</summary>
    public bool IsHeldBy(string senderId) => State == DeliveryState.Sending && SenderId == senderId;

    /// <summary>The attempt <paramref name="senderId"/> sends it now.</summary>
    public bool Begin(string senderId, DateTimeOffset now)
    {
        if (!Move(DeliveryAction.Begin, now)) return false;
        (Attempts, SenderId) = (Attempts + 1, senderId);
        return true;
    }

    public bool Accept(string? weChatMessageId, DateTimeOffset now)
    {
        if (!Move(DeliveryAction.Accept, now)) return false;
        (WeChatMessageId, ErrorCode) = (weChatMessageId, null);
        return true;
    }

    /// <summary>Not sent; may be tried again.</summary>
    public bool Postpone(int? errorCode, DateTimeOffset now) => Note(errorCode, Move(DeliveryAction.Postpone, now));

    public bool Refuse(int? errorCode, DateTimeOffset now) => Note(errorCode, Move(DeliveryAction.Refuse, now));

    public bool Fail(int? errorCode, DateTimeOffset now) => Note(errorCode, Move(DeliveryAction.Fail, now));

    public bool LoseTrack(DateTimeOffset now) => Move(DeliveryAction.LoseTrack, now);

    public bool Expire(DateTimeOffset now) => Move(DeliveryAction.Expire, now);

    public bool Withhold(DateTimeOffset now) => Move(DeliveryAction.Withhold, now);

    public bool Confirm(DateTimeOffset now) => Move(DeliveryAction.Confirm, now);

    private bool Note(int? errorCode, bool moved)
    {
        if (moved) ErrorCode = errorCode;
        return moved;
    }

    /// <summary>False when the move does not apply (any more): somebody else has settled it.</summary>
    private bool Move(DeliveryAction action, DateTimeOffset now)
    {
        if (!DeliveryTransitions.Table.TryGetValue((State, action), out var to)) return false;
        (State, UpdatedAt) = (to, now);
        return true;
    }
}
