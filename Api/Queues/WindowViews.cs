using MicroPlatform.Domain.Matters;
using MicroPlatform.Domain.Queues;
using MicroPlatform.Infrastructure.Queues;

namespace MicroPlatform.Api.Queues;

/// <summary>A number of a hall, for the office.</summary>
/// <param name="SlipCode">What the printed QR code holds; opens <c>GET /v1/ticket-slips/{code}</c> without signing in.</param>
/// <param name="Actions">What can be done next.</param>
public sealed record WindowTicketView(
    string Id, string QueueId, string QueueName, string OrganisationId, string OrganisationName, string Number, TicketState State, string StateText, PriorityClass Priority, string PriorityText,
    string? MatterId, string? MatterNumberText, string? AppointmentId, string? CategoryCode, string? CategoryName, string? Reason, DateTimeOffset JoinedAt, string? StaffId, string? StaffName,
    string? Desk, int Calls, DateTimeOffset? CalledAt, DateTimeOffset? StartedAt, DateTimeOffset? KeptUntil, DateTimeOffset? EndedAt, string SlipCode, IReadOnlyList<TicketAction> Actions, int Version)
{
    /// <summary>What a clerk does; the rest is done by the platform or by the citizen.</summary>
    private static readonly TicketAction[] OfTheOffice =
    [
        TicketAction.Pick, TicketAction.Recall, TicketAction.Start, TicketAction.PassOver, TicketAction.Park, TicketAction.Return, TicketAction.Requeue, TicketAction.Prioritise,
        TicketAction.Transfer, TicketAction.Complete, TicketAction.Leave,
    ];

    public static WindowTicketView Of(TicketDetail t, SlipCodes codes) => new(
        t.Id, t.QueueId, t.QueueName, t.OrganisationId, t.OrganisationName, t.Number, t.State, t.State.Label(), t.Priority, t.Priority.Label(), t.MatterId,
        t.MatterNumber is { } number ? MatterNumber.Display(number) : null, t.AppointmentId, t.CategoryCode, t.CategoryName, t.Reason, t.JoinedAt, t.StaffId, t.StaffName, t.Desk, t.Calls,
        t.CalledAt, t.StartedAt, t.KeptUntil, t.EndedAt, codes.Of(t.Id), [.. OfTheOffice.Where(a => TicketTransitions.Table.ContainsKey((t.State, a)))], t.Version);
}

/// <summary>A number as whoever holds the slip sees it: nothing of the person.</summary>
/// <param name="Before">People before; null once the turn has come.</param>
/// <param name="LowMinutes">Half of all people wait between this and <paramref name="HighMinutes"/>; null once the turn has come.</param>
/// <param name="KeptUntil">Called and not come: until then the number can be called again.</param>
public sealed record SlipView(
    string Number, TicketState State, string StateText, string QueueName, string OrganisationName, int? Before, int? LowMinutes, int? HighMinutes, string? Desk, DateTimeOffset JoinedAt,
    DateTimeOffset? CalledAt, DateTimeOffset? KeptUntil, DateTimeOffset? EndedAt)
{
    internal static SlipView Of(TicketDetail t, WaitEstimate? wait) => new(
        t.Number, t.State, t.State.Label(), t.QueueName, t.OrganisationName, wait?.Before, Minutes(wait?.Low50), Minutes(wait?.High50), t.Desk, t.JoinedAt, t.CalledAt, t.KeptUntil, t.EndedAt);

    private static int? Minutes(int? seconds) => seconds is { } s ? (int)Math.Ceiling(s / 60.0) : null;
}
