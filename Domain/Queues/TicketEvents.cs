using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Queues;

/// <summary>What others may want to know of a place in a queue, delivered in order per ticket.</summary>
/// <param name="CitizenId">Null for somebody at the window who is not known to the platform.</param>
public abstract record TicketEvent(string TicketId, string? MatterId, string? CitizenId) : IDomainEvent
{
    string IDomainEvent.Key => TicketId;
}

/// <summary>The turn came and the citizen did not answer: the place is kept, not for long.</summary>
public sealed record TicketPassedOver(string TicketId, string? MatterId, string? CitizenId, DateTimeOffset KeptUntil) : TicketEvent(TicketId, MatterId, CitizenId);

/// <summary>The place is lost, because the citizen did not come back in time.</summary>
public sealed record TicketMissed(string TicketId, string? MatterId, string? CitizenId) : TicketEvent(TicketId, MatterId, CitizenId);

/// <summary>The duty has ended while the citizen waits. The place is kept; there are other ways.</summary>
public sealed record TicketHeldOver(string TicketId, string? MatterId, string? CitizenId) : TicketEvent(TicketId, MatterId, CitizenId);

/// <summary>The platform has closed the place.</summary>
public sealed record TicketClosed(string TicketId, string? MatterId, string? CitizenId) : TicketEvent(TicketId, MatterId, CitizenId);
