using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Notifications;

/// <summary>A message waits to be sent. Keyed by itself, so that one that cannot be sent holds up no other.</summary>
public sealed record MessageDue(string DeliveryId) : IDomainEvent
{
    string IDomainEvent.Key => DeliveryId;
}

/// <summary>WeChat has pushed something that was stored and waits to be worked on.</summary>
/// <param name="SenderKey">Stands for the person; pushes about one person are worked on in order.</param>
public sealed record WeChatPushed(string PushId, string SenderKey) : IDomainEvent
{
    string IDomainEvent.Key => SenderKey;
}
