using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Appointments;

/// <summary>Events of one appointment are delivered in order: their key is its id.</summary>
public abstract record AppointmentEvent(string AppointmentId, string MatterId) : IDomainEvent
{
    string IDomainEvent.Key => AppointmentId;
}

/// <param name="Waited">The citizen has a place on a waiting list, perhaps for this.</param>
public sealed record AppointmentBooked(string AppointmentId, string MatterId, BookingSide Side, bool Waited) : AppointmentEvent(AppointmentId, MatterId);

public sealed record AppointmentConfirmed(string AppointmentId, string MatterId) : AppointmentEvent(AppointmentId, MatterId);

/// <param name="ByOffice">The citizen is told of what others did.</param>
public sealed record AppointmentMoved(string AppointmentId, string MatterId, bool ByOffice) : AppointmentEvent(AppointmentId, MatterId);

/// <param name="ByOffice">The citizen is told of what others did.</param>
public sealed record AppointmentCancelled(string AppointmentId, string MatterId, bool ByOffice) : AppointmentEvent(AppointmentId, MatterId);

/// <summary>The citizen has come to the service point.</summary>
public sealed record AppointmentCheckedIn(string AppointmentId, string MatterId) : AppointmentEvent(AppointmentId, MatterId);

public sealed record AppointmentCompleted(string AppointmentId, string MatterId) : AppointmentEvent(AppointmentId, MatterId);

public sealed record AppointmentMissed(string AppointmentId, string MatterId) : AppointmentEvent(AppointmentId, MatterId);

/// <summary>It is time to remind the citizen.</summary>
public sealed record AppointmentReminderDue(string AppointmentId, string MatterId, ReminderKind Kind, DateTimeOffset StartsAt) : AppointmentEvent(AppointmentId, MatterId);

/// <summary>Time has become free again: somebody on the waiting list may want it.</summary>
public sealed record SlotFreed(string ResourceId, string OrganisationId, DateTimeOffset From, DateTimeOffset Until) : IDomainEvent
{
    string IDomainEvent.Key => ResourceId;
}

/// <summary>A time is kept for somebody on the waiting list: they are told at once, for it is not kept long.</summary>
public sealed record WaitlistOffered(string OfferId, string EntryId, string CitizenId, string MatterId, DateTimeOffset ExpiresAt) : IDomainEvent
{
    string IDomainEvent.Key => EntryId;
}
