using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Hotline;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Hotline;

namespace MicroPlatform.Api.Hotline;

/// <summary>
/// Something has happened to a ticket at the hotline. Events may come in any order: each is kept with the time at which it happened, and the state is
/// worked out anew. One that cannot have happened is refused with what could.
/// </summary>
public static class TellTicketEvent
{
    /// <param name="EventId">The hotline's; one id is one event.</param>
    /// <param name="OccurredAt">When it happened: RFC 3339, or <c>yyyy-MM-dd HH:mm:ss</c> in China.</param>
    /// <param name="Data">Anything that belongs to it; <c>result</c> and <c>replySummary</c> of a <c>resolved</c> are read.</param>
    public sealed record Request(
        [property: Required, MaxLength(HotlineEvent.MaxEventId)] string? EventId, [property: Required] HotlineEventType? Type, [property: Required, MaxLength(40)] string? OccurredAt,
        [property: MaxLength(HotlineEvent.MaxOperator)] string? Operator, [property: MaxLength(HotlineEvent.MaxRemark)] string? Remark, Dictionary<string, JsonElement>? Data);

    /// <param name="Outcome"><c>recorded</c>, or <c>unchanged</c> when it was told before.</param>
    public sealed record Response(string TicketNo, string EventId, string Outcome, HotlineTicketState Status, string StatusText, int Version);

    public static Task<IResult> Handle(string ticketNo, Request request, CurrentPartner caller, HttpContext http, Idempotency idempotency, HotlineTicketRepository tickets) =>
        idempotency.RunAsync<PartnerAnswer<Response>>(http, StatusCodes.Status200OK, async tx =>
        {
            var told = Read(request, caller.Actor, tx.Now);
            if (told.IsRefused) return told.Refusal!;
            if (await tickets.FindByNoAsync(tx, caller.AppId, ticketNo) is not { } ticket) return CommonRefusals.NotFound;
            var heard = ticket.Hear(told.Value, ReplyOf(request), tx.Now);
            if (heard.IsRefused) return heard.Refusal!;
            if (heard.Value)
            {
                await tickets.SaveAsync(tx, ticket, caller.Actor);
                await tx.AuditAsync(caller.Actor, "hotline.ticket-event", "matter", ticket.Matter.Id, told.Value.Type.ToString());
            }
            return PartnerAnswer<Response>.Ok(http, new Response(
                ticket.TicketNo, told.Value.EventId, heard.Value ? "recorded" : "unchanged", ticket.State, ticket.State.Label(), ticket.Version + (heard.Value ? 1 : 0)));
        });

    private static Outcome<HotlineEvent> Read(Request request, Actor by, DateTimeOffset now)
    {
        if (!HotlineTicket.IsOfTheWire(request.Type!.Value)) return CommonRefusals.Invalid.At("type", "没有这种事件");
        var id = Text.Clean(request.EventId, "eventId", HotlineEvent.MaxEventId);
        if (id.IsRefused) return id.Refusal!;
        if (id.Value.StartsWith("mp-", StringComparison.Ordinal)) return CommonRefusals.Invalid.At("eventId", "mp-开头的编号由平台使用");
        var (by_, remark) = (Text.CleanOptional(request.Operator, "operator", HotlineEvent.MaxOperator), Text.CleanOptional(request.Remark, "remark", HotlineEvent.MaxRemark));
        if ((by_.Refusal ?? remark.Refusal) is { } unclean) return unclean;
        var at = TicketForm.Instant(request.OccurredAt, "occurredAt");
        if (at.IsRefused) return at.Refusal!;
        if (at.Value > now.AddMinutes(15)) return CommonRefusals.Invalid.At("occurredAt", "发生时间在将来");
        var data = request.Data is { Count: > 0 } kept ? Text.Clean(JsonSerializer.Serialize(kept, WireJson.Options), "data", HotlineContent.MaxKept) : (Outcome<string>?)null;
        if (data is { IsRefused: true } bad) return bad.Refusal!;
        return new HotlineEvent(id.Value, request.Type.Value, at.Value!.Value, by, by_.Value, remark.Value, data?.Value);
    }

    private static HotlineReply? ReplyOf(Request request)
    {
        if (request.Type != HotlineEventType.Resolved || request.Data is null) return null;
        string? Read(string name) => request.Data.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= HotlineContent.MaxContent } text ? text : null;
        var result = Read("result") is { } word ? Enum.GetValues<HotlineResult>().Cast<HotlineResult?>().FirstOrDefault(r => r.ToString()!.Equals(word, StringComparison.OrdinalIgnoreCase)) : null;
        return new HotlineReply(result, Read("replySummary") is { } summary && !Text.Clean(summary, "data", HotlineContent.MaxContent).IsRefused ? summary : null);
    }
}
