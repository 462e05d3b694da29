using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Appointments;

/// <summary>When and where: what a move changes.</summary>
/// <param name="Seat">0 for a person.</param>
/// <param name="Span">Raster taken, with buffers, of the day of <paramref name="StartsAt"/> in China.</param>
public sealed record AppointmentTime(string ResourceId, int Seat, string OrganisationId, DateTimeOffset StartsAt, DateTimeOffset EndsAt, RasterSpan Span)
{
    public DateOnly Day => StartsAt.DateInChina();
}

/// <summary>What has happened to it, as stored.</summary>
public sealed record AppointmentTimes
{
    public DateTimeOffset? ConfirmedAt { get; init; }
    public DateTimeOffset? CheckedInAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? CompletedAt { get; init; }
    public DateTimeOffset? NoShowAt { get; init; }
    public DateTimeOffset? CancelledAt { get; init; }
    public ActorKind? CancelledBy { get; init; }
    public string? CancelReason { get; init; }

    /// <summary>When the office did not come to its video call, or the platform failed; null again once the appointment has another time.</summary>
    public DateTimeOffset? OfficeMissedAt { get; init; }

    /// <summary>What came of it, for the office.</summary>
    public string? Outcome { get; init; }
}
