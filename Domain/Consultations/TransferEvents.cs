namespace MicroPlatform.Domain.Consultations;

/// <param name="ToStaffId">Who is to have it; null leaves that to the unit.</param>
public sealed record TransferRequested(string TransferId, string ConsultationId, string MatterId, string ToOrganisationId, string? ToStaffId) : ConsultationEvent(ConsultationId, MatterId);

/// <param name="FromStaffId">Who asked, and wants to know.</param>
public sealed record TransferAccepted(string TransferId, string ConsultationId, string MatterId, string FromStaffId, string ToOrganisationId) : ConsultationEvent(ConsultationId, MatterId);

/// <param name="FromStaffId">Who asked, and wants to know.</param>
public sealed record TransferRefused(string TransferId, string ConsultationId, string MatterId, string FromStaffId, string Reason) : ConsultationEvent(ConsultationId, MatterId);
