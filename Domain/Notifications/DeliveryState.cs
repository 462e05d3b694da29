namespace MicroPlatform.Domain.Notifications;

/// <summary>Where the sending of one message stands. The row is the receipt; the notification itself is in the inbox whatever happens here.</summary>
public enum DeliveryState
{
    /// <summary>To be sent, or to be tried again.</summary>
    Pending,
    /// <summary>A node holds it and has paid for it from the balance; WeChat may have it already.</summary>
    Sending,
    /// <summary>WeChat has taken it.</summary>
    Sent,
    /// <summary>WeChat has reported that it arrived.</summary>
    Delivered,
    /// <summary>No permission left, or nobody to send it to. Never tried again.</summary>
    Undeliverable,
    /// <summary>The message is wrong: our fault, for the operator. Never tried again as it is.</summary>
    Failed,
    /// <summary>It was not sent while it was of use.</summary>
    Expired,
    /// <summary>Whether WeChat has it is not known: the answer was lost, or the node died. Not sent again, because two would be worse than none.</summary>
    Uncertain,
    /// <summary>The person asked meanwhile that no message leaves the platform.</summary>
    Withheld,
}

/// <summary>What happens to a delivery. Each is a verb of <see cref="Delivery"/>.</summary>
public enum DeliveryAction
{
    Begin,
    Accept,
    Refuse,
    Fail,
    Postpone,
    LoseTrack,
    Expire,
    Withhold,
    Confirm,
}
