using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Consultations;

/// <summary>Events of one consultation are delivered in order: their key is its id.</summary>
public abstract record ConsultationEvent(string ConsultationId, string MatterId) : IDomainEvent
{
    string IDomainEvent.Key => ConsultationId;
}

public sealed record ConsultationSubmitted(string ConsultationId, string MatterId) : ConsultationEvent(ConsultationId, MatterId);

public sealed record ConsultationAssigned(string ConsultationId, string MatterId, string HandlerId) : ConsultationEvent(ConsultationId, MatterId);

/// <summary>Back in the unit's inbox: the duty rule may give it to somebody else.</summary>
public sealed record ConsultationReleased(string ConsultationId, string MatterId) : ConsultationEvent(ConsultationId, MatterId);

public sealed record ConsultationMoved(string ConsultationId, string MatterId, string OrganisationId) : ConsultationEvent(ConsultationId, MatterId);

public sealed record ConsultationAnswered(string ConsultationId, string MatterId, int Seq) : ConsultationEvent(ConsultationId, MatterId);

public sealed record ConsultationAsked(string ConsultationId, string MatterId, int Seq) : ConsultationEvent(ConsultationId, MatterId);

/// <param name="BySilence">Closed by the platform, not by the citizen.</param>
public sealed record ConsultationClosed(string ConsultationId, string MatterId, bool BySilence) : ConsultationEvent(ConsultationId, MatterId);

public sealed record ConsultationWithdrawn(string ConsultationId, string MatterId) : ConsultationEvent(ConsultationId, MatterId);

public sealed record ConsultationRejected(string ConsultationId, string MatterId, string Reason) : ConsultationEvent(ConsultationId, MatterId);

public sealed record ConsultationMerged(string ConsultationId, string MatterId, string IntoConsultationId) : ConsultationEvent(ConsultationId, MatterId);

/// <summary>The promised time is over without an answer.</summary>
/// <param name="HeadId">The head of the nearest centre; null when there is none.</param>
public sealed record ConsultationOverdue(string ConsultationId, string MatterId, string? HeadId) : ConsultationEvent(ConsultationId, MatterId);
