using MicroPlatform.Domain.Queues;
using MicroPlatform.Infrastructure.Clocks;

namespace MicroPlatform.Infrastructure.Queues;

/// <summary>A ticket as it is stored.</summary>
internal sealed record TicketRow
{
    public required string Id { get; init; }
    public required string QueueId { get; init; }
    public required string Kind { get; init; }
    public required string Day { get; init; }
    public int Sequence { get; init; }
    public required string Number { get; init; }
    public string? CitizenId { get; init; }
    public string? MatterId { get; init; }
    public string? AppointmentId { get; init; }
    public string? CategoryCode { get; init; }
    public string? RegionCode { get; init; }
    public string? Reason { get; init; }
    public string? OpposingHash { get; init; }
    public required string Priority { get; init; }
    public DateTimeOffset JoinedAt { get; init; }
    public DateTimeOffset RankAt { get; init; }
    public required string State { get; init; }
    public required string Wants { get; init; }
    public string? StaffId { get; init; }
    public string? ServingKey { get; init; }
    public string? OpenKey { get; init; }
    public string? Desk { get; init; }
    public string? CallId { get; init; }
    public int Calls { get; init; }
    public int Rings { get; init; }
    public DateTimeOffset? RingUntil { get; init; }
    public DateTimeOffset? FirstCalledAt { get; init; }
    public DateTimeOffset? CalledAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? ParkedAt { get; init; }
    public DateTimeOffset? KeptUntil { get; init; }
    public DateTimeOffset? ServedAt { get; init; }
    public DateTimeOffset? ToldClosedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public int? ToldBefore { get; init; }
    public int? ToldLow50 { get; init; }
    public int? ToldHigh50 { get; init; }
    public int? ToldLow90 { get; init; }
    public int? ToldHigh90 { get; init; }
    public int Version { get; init; }

    public static TicketRow Of(Ticket t) => new()
    {
        Id = t.Id, QueueId = t.Place.QueueId, Kind = t.Kind.ToString(), Day = DayCode.Of(t.Place.Day), Sequence = t.Place.Sequence, Number = t.Place.Number, CitizenId = t.CitizenId,
        MatterId = t.MatterId, AppointmentId = t.AppointmentId, CategoryCode = t.CategoryCode, RegionCode = t.RegionCode, Reason = t.Reason, OpposingHash = t.OpposingHash,
        Priority = t.Priority.ToString(), JoinedAt = t.JoinedAt, RankAt = t.RankAt, State = t.State.ToString(), Wants = t.Wants.ToString(), StaffId = t.StaffId,
        ServingKey = t.State.BindsStaff() ? t.StaffId : null, OpenKey = t.CitizenId is { } citizen && t.State.HoldsPlace() ? OpenKeyOf(citizen, t.Kind) : null, Desk = t.Desk,
        CallId = t.CallId, Calls = t.Calls, Rings = t.Rings, RingUntil = t.RingUntil, FirstCalledAt = t.Times.FirstCalledAt, CalledAt = t.Times.CalledAt, StartedAt = t.Times.StartedAt,
        ParkedAt = t.Times.ParkedAt, KeptUntil = t.Times.KeptUntil, ServedAt = t.Times.ServedAt, ToldClosedAt = t.Times.ToldClosedAt, EndedAt = t.Times.EndedAt,
        ToldBefore = t.Promise?.Before, ToldLow50 = t.Promise?.Low50, ToldHigh50 = t.Promise?.High50, ToldLow90 = t.Promise?.Low90, ToldHigh90 = t.Promise?.High90, Version = t.Version,
    };

    /// <summary>One open place per citizen and kind of queue.</summary>
    public static string OpenKeyOf(string citizenId, QueueKind kind) => $"{citizenId}:{kind}";

    public Ticket ToTicket() => Ticket.Restore(
        new Ticket
        {
            Id = Id, Kind = Enum.Parse<QueueKind>(Kind), CitizenId = CitizenId, MatterId = MatterId, AppointmentId = AppointmentId, CategoryCode = CategoryCode, RegionCode = RegionCode,
            Reason = Reason, OpposingHash = OpposingHash, JoinedAt = JoinedAt, Version = Version,
            Promise = ToldBefore is { } before ? new WaitEstimate(before, ToldLow50 ?? 0, ToldHigh50 ?? 0, ToldLow90 ?? 0, ToldHigh90 ?? 0) : null,
        },
        Enum.Parse<TicketState>(State), Enum.Parse<TicketWish>(Wants), new TicketPlace(QueueId, DayCode.Parse(Day), Sequence, Number),
        new TicketRank(Enum.Parse<PriorityClass>(Priority), RankAt), new TicketHands(StaffId, Desk, CallId, Calls, Rings, RingUntil),
        new TicketTimes
        {
            FirstCalledAt = FirstCalledAt, CalledAt = CalledAt, StartedAt = StartedAt, ParkedAt = ParkedAt, KeptUntil = KeptUntil, ServedAt = ServedAt, ToldClosedAt = ToldClosedAt,
            EndedAt = EndedAt,
        });
}
