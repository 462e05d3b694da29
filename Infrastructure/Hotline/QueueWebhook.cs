using System.Text.Encodings.Web;
using System.Text.Json;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Hotline;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Outbox;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Hotline;

/// <summary>Writes down what a hotline is to be told. A list of its own behind the outbox, since a vendor's server keeps other hours than ours: its retries take days and are an administrator's to see.</summary>
public sealed class QueueWebhook(Database database, WebhookRepository webhooks, HotlineTicketRepository tickets, HotlineTaskRepository tasks, Sealer sealer)
    : IHandle<HotlineTicketMoved>, IHandle<HotlineRated>, IHandle<HotlineCallRequested>, IHandle<AppointmentBooked>, IHandle<AppointmentMoved>, IHandle<AppointmentCancelled>, IHandle<AppointmentCompleted>,
      IHandle<CallEnded>
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public Task HandleAsync(HotlineTicketMoved happened, Delivery delivery, CancellationToken cancel) => WithTicketAsync(
        delivery, happened.Type switch { HotlineEventType.Resolved => "ticket.resolved", HotlineEventType.Closed => "ticket.closed", _ => "ticket.updated" },
        tx => tickets.FindAsync(tx, happened.TicketId),
        (ticket, _) => Task.FromResult<(object, object)>((
            new { ticket.TicketNo, sequence = happened.Sequence, status = Word(happened.State) },
            new
            {
                ticket.TicketNo, matterNumber = ticket.Matter.Number, sequence = happened.Sequence, @event = Word(happened.Type), status = Word(happened.State), statusText = happened.State.Label(),
                result = ticket.Result is { } result ? Word(result) : null, ticket.ReplySummary, ticket.MergedIntoNo, remark = ticket.Events.LastOrDefault(e => e.Type == happened.Type)?.Remark,
            })), cancel);

    public Task HandleAsync(HotlineRated happened, Delivery delivery, CancellationToken cancel) => WithTicketAsync(
        // One rating, one event: also when its news has been handled twice.
        delivery with { EventId = happened.TicketId }, "satisfaction.submitted", tx => tickets.FindAsync(tx, happened.TicketId),
        (ticket, _) => Task.FromResult<(object, object)>((new { ticket.TicketNo, sequence = ticket.Version }, new { ticket.TicketNo, sequence = ticket.Version, score = happened.Score, askedBy = happened.ByPartner ? "hotline" : "platform" })), cancel);

    public Task HandleAsync(AppointmentBooked happened, Delivery delivery, CancellationToken cancel) => OfAppointmentAsync("appointment.booked", happened, delivery, cancel);

    public Task HandleAsync(AppointmentMoved happened, Delivery delivery, CancellationToken cancel) => OfAppointmentAsync("appointment.changed", happened, delivery, cancel);

    public Task HandleAsync(AppointmentCancelled happened, Delivery delivery, CancellationToken cancel) => OfAppointmentAsync("appointment.cancelled", happened, delivery, cancel);

    public Task HandleAsync(AppointmentCompleted happened, Delivery delivery, CancellationToken cancel) => OfAppointmentAsync("appointment.completed", happened, delivery, cancel);

    public Task HandleAsync(CallEnded happened, Delivery delivery, CancellationToken cancel) => WithTicketAsync(
        delivery, "video.ended", tx => tickets.FindByMatterAsync(tx, happened.MatterId),
        (ticket, _) => Task.FromResult<(object, object)>((new { ticket.TicketNo, sequence = ticket.Version }, new { ticket.TicketNo, sequence = ticket.Version, how = Word(happened.How) })), cancel);

    /// <summary>The exchange is asked to ring somebody: the caller of a task, or the next of the emergency list. The number is what it is about, so it is always told.</summary>
    public Task HandleAsync(HotlineCallRequested happened, Delivery delivery, CancellationToken cancel) => database.WriteAlwaysAsync(async tx =>
    {
        if (await webhooks.FindAsync(tx, happened.AppId) is null) return false;
        var ticketNo = happened.TicketId is null ? null : await tx.ScalarAsync<string>("SELECT ticket_no FROM hotline_tickets WHERE id = @TicketId", new { happened.TicketId });
        string? phone;
        if (happened.Purpose == "emergency")
        {
            var duty = await tx.FirstOrDefaultAsync<DutyRow>("""
                SELECT d.id, d.phone_sealed FROM hotline_alarm_rings r JOIN hotline_duty_phones d ON d.id = r.duty_phone_id WHERE r.alarm_id = @SubjectId AND r.number = @Attempt
                """, new { happened.SubjectId, happened.Attempt });
            phone = duty is null ? null : sealer.Open(duty.PhoneSealed, AlarmRepository.DutyPhone.Of(duty.Id));
        }
        else
        {
            phone = (await tasks.PhoneOfAsync(tx, happened.SubjectId))?.Reveal();
        }
        if (phone is null) return false;
        await webhooks.AddAsync(tx, delivery.EventId, happened.AppId, happened.TicketId ?? happened.SubjectId, ticketNo, "callback.requested",
            Body("callback.requested", delivery.OccurredAt, new { requestId = happened.SubjectId, ticketNo, purpose = happened.Purpose, attempt = happened.Attempt, phone }));
        return true;
    }, cancel);

    private Task OfAppointmentAsync(string type, AppointmentEvent happened, Delivery delivery, CancellationToken cancel) => WithTicketAsync(
        delivery, type, tx => tickets.FindByMatterAsync(tx, happened.MatterId), async (ticket, tx) =>
        {
            var booked = await AppointmentQueries.FindAsync(tx, happened.AppointmentId);
            return (new { ticket.TicketNo, sequence = ticket.Version, happened.AppointmentId },
                new { ticket.TicketNo, sequence = ticket.Version, happened.AppointmentId, state = Word(booked.State), service = booked.ServiceName, startsAt = booked.StartsAt.InChina(), endsAt = booked.EndsAt.InChina(), place = booked.OrganisationName });
        }, cancel);

    /// <summary>Nothing when the matter came through another door, or its hotline wants not to be told.</summary>
    /// <param name="data">Of a ticket: its names only, and the whole.</param>
    private Task WithTicketAsync(
        Delivery delivery, string type, Func<UnitOfWork, Task<HotlineTicket?>> find, Func<HotlineTicket, UnitOfWork, Task<(object Ids, object Whole)>> data, CancellationToken cancel) => database.WriteAlwaysAsync(async tx =>
    {
        if (await find(tx) is not { } ticket || await webhooks.FindAsync(tx, ticket.AppId) is not { } hook) return false;
        var (ids, whole) = await data(ticket, tx);
        await webhooks.AddAsync(tx, delivery.EventId, ticket.AppId, ticket.Id, ticket.TicketNo, type, Body(type, delivery.OccurredAt, hook.IdsOnly ? ids : whole));
        return true;
    }, cancel);

    public static string Body(string type, DateTimeOffset at, object data) =>
        JsonSerializer.Serialize(new { type, timestamp = at.InChina().ToString("yyyy-MM-ddTHH:mm:sszzz", System.Globalization.CultureInfo.InvariantCulture), data }, Json);

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private sealed record DutyRow
    {
        public required string Id { get; init; }
        public required string PhoneSealed { get; init; }
    }
}
