namespace MicroPlatform.Domain.Common;

/// <summary>
/// Something that has happened and that another feature may want to know. Written to the outbox in the transaction that made it
/// true, delivered at least once afterwards, in order per <see cref="Key"/>. Subscribers stand in <c>Infrastructure/Outbox/Subscriptions.cs</c>.
/// </summary>
public interface IDomainEvent
{
    /// <summary>The thing it is about; events of one key are delivered in the order they were written.</summary>
    string Key { get; }
}
