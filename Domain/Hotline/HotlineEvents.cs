using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Hotline;

/// <summary>Events of one ticket are delivered in order: their key is its id.</summary>
public abstract record HotlineTicketNews(string TicketId, string AppId, string MatterId) : IDomainEvent
{
    string IDomainEvent.Key => TicketId;
}

/// <summary>A ticket is there, or has become one of life and limb.</summary>
public sealed record HotlineTicketOpened(string TicketId, string AppId, string MatterId, HotlineUrgency Urgency) : HotlineTicketNews(TicketId, AppId, MatterId);

/// <param name="ByPartner">The hotline knows it already.</param>
public sealed record HotlineTicketMoved(string TicketId, string AppId, string MatterId, HotlineEventType Type, HotlineTicketState State, int Sequence, bool ByPartner) : HotlineTicketNews(TicketId, AppId, MatterId);

/// <summary>Somebody has said how it was; whoever asks first is told, the other hears of it.</summary>
public sealed record HotlineRated(string TicketId, string AppId, string MatterId, int Score, bool ByPartner) : HotlineTicketNews(TicketId, AppId, MatterId);

/// <summary>The hotline is asked to ring somebody: a caller who was not reached, or the next number of the emergency list.</summary>
/// <param name="SubjectId">The task or alarm.</param>
/// <param name="TicketId">Null for a caller who has none.</param>
public sealed record HotlineCallRequested(string SubjectId, string AppId, string? TicketId, string Purpose, int Attempt) : IDomainEvent
{
    string IDomainEvent.Key => TicketId ?? SubjectId;
}
