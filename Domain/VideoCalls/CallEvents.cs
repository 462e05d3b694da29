using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.VideoCalls;

/// <summary>Events of one call are delivered in order: their key is its id.</summary>
/// <param name="TicketId">The place in a queue that led to it; null for a booked one.</param>
public abstract record CallEvent(string CallId, string MatterId, string? TicketId) : IDomainEvent
{
    string IDomainEvent.Key => CallId;
}

/// <summary>The other side is to be rung.</summary>
/// <param name="Waits">Who is there already.</param>
public sealed record CallRinging(string CallId, string MatterId, string? TicketId, CallSide Waits) : CallEvent(CallId, MatterId, TicketId);

public sealed record CallConnected(string CallId, string MatterId, string? TicketId) : CallEvent(CallId, MatterId, TicketId);

public sealed record CallEnded(string CallId, string MatterId, string? TicketId, CallEnd How) : CallEvent(CallId, MatterId, TicketId);

public sealed record CallMissed(string CallId, string MatterId, string? TicketId, CallAbsence Absent) : CallEvent(CallId, MatterId, TicketId);

public sealed record CallCancelled(string CallId, string MatterId, string? TicketId) : CallEvent(CallId, MatterId, TicketId);

/// <summary>The obligatory words are written: whoever served is free for the next.</summary>
public sealed record CallSummarised(string CallId, string MatterId, string? TicketId) : CallEvent(CallId, MatterId, TicketId);
