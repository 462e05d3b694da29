using System.Text.Json;
using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Hotline;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Hotline;

namespace MicroPlatform.Api.Hotline;

/// <summary>A ticket as its hotline gets it back: its own fields as given, and where it stands here.</summary>
/// <param name="CallerName">Masked without the scope <c>pii</c>, as are phone and address.</param>
/// <param name="MergedIntoNo">The ticket that goes on in its place.</param>
/// <param name="Score">1 to 5, whoever asked; null while nobody has said.</param>
/// <param name="Sha256">Of the body last accepted, as it was sent.</param>
public sealed record PartnerTicketView(
    string TicketNo, string MatterNumber, string Source, HotlineDoor Channel, HotlineDemand? Type, string? CategoryCode, string? Title, string Content, string? CallerName, string? CallerPhone,
    CallerGender CallerGender, string? AreaCode, string? Address, HotlineUrgency Urgency, bool Confidential, DateTimeOffset AcceptedAt, DateTimeOffset? DeadlineAt, string? AgentNo, string? CallId,
    string? DepartmentCode, IReadOnlyList<AttachmentLink> Attachments, Dictionary<string, JsonElement> Ext, HotlineTicketState Status, string StatusText, HotlineResult? Result, string? ReplySummary,
    string UnitName, string? HandlerName, string? MergedIntoNo, int? Score, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, int Version, string Sha256)
{
    public static PartnerTicketView Of(TicketRow t, bool pii) => new(
        t.TicketNo, t.Number, t.Source, t.Door, t.Demand, t.CategoryCode, t.Title, t.Content, pii ? t.CallerName : Masking.Name(t.CallerName), pii ? t.CallerPhone : Masking.Phone(t.CallerPhone), t.Gender,
        t.AreaCode, pii || t.Address is null ? t.Address : Masking.Text(t.Address), t.Urgency, t.Confidential, t.AcceptedAt.InChina(), t.DeadlineAt?.InChina(), t.AgentNo, t.CallId, t.DepartmentCode,
        t.Attachments is null ? [] : JsonSerializer.Deserialize<List<AttachmentLink>>(t.Attachments, WireJson.Options)!,
        t.Ext is null ? [] : JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(t.Ext, WireJson.Options)!, t.State, t.State.Label(), t.Result, t.ReplySummary, t.UnitName,
        pii ? t.HandlerName : Masking.Name(t.HandlerName), t.MergedIntoNo, t.Score, t.CreatedAt.InChina(), t.UpdatedAt.InChina(), t.Version, t.ContentHash);
}

/// <summary>One event of a ticket.</summary>
/// <param name="By">Who did it: the hotline, or our office.</param>
/// <param name="Applied">Whether it counts: it could have happened where it stands.</param>
public sealed record TicketEventView(string EventId, HotlineEventType Type, string TypeText, DateTimeOffset OccurredAt, ActorKind By, string ByText, string? Operator, string? Remark, bool Applied)
{
    public static TicketEventView Of(TicketEventRow e, bool names) => new(
        e.EventId, e.Type, e.Type.Label(), e.OccurredAt.InChina(), e.ActorKind, e.ActorKind.Label(), e.Operator ?? (names ? e.StaffName : null), e.Remark, e.Applied);
}

/// <summary>A ticket with all that happened to it.</summary>
public sealed record PartnerTicketWhole(PartnerTicketView Ticket, IReadOnlyList<TicketEventView> Events);

/// <summary>What names somebody, shown to who need not know.</summary>
internal static class Masking
{
    public static string? Name(string? name) => name is null ? null : PersonName.TryParse(name, out var parsed) ? parsed.ToString() : "*";

    public static string? Phone(string? phone) => phone is null ? null : PhoneNumber.TryParse(phone, out var parsed) ? parsed.ToString() : "****";

    /// <summary>The beginning, as far as it says the district or town.</summary>
    public static string Text(string text) => text.Length <= 6 ? "****" : text[..6] + "****";
}

/// <summary>A ticket as the office sees it. The caller's name and phone in clear: <c>POST /v1/staff/matters/{id}/contact-readings</c>.</summary>
/// <param name="MatterId">For everything that matters have: contact, timeline, transfer.</param>
/// <param name="Refusals">How often units have sent it back.</param>
/// <param name="WaitsForHead">Sent back three times: the head of the centre decides.</param>
/// <param name="RefusableUntil">Last day on which the unit may send it back; null when it may not.</param>
/// <param name="Similar">Open tickets of the same caller on the same sort of thing: perhaps to be merged.</param>
public sealed record StaffHotlineTicketView(
    string Id, string AppId, string TicketNo, string MatterId, string MatterNumber, string MatterNumberText, string Source, HotlineDemand? Type, string? Title, string Content, string? CallerName, string? CallerPhone,
    HotlineUrgency Urgency, string UrgencyText, bool Confidential, DateTimeOffset AcceptedAt, DateTimeOffset? DeadlineAt, HotlineTicketState Status, string StatusText, HotlineResult? Result, string? ReplySummary,
    string OrganisationId, string UnitName, string? HandlerId, string? HandlerName, bool Mine, int Refusals, bool WaitsForHead, DateOnly? RefusableUntil, string? MergedIntoNo, int? Score,
    IReadOnlyList<string> Similar, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, int Version)
{
    public static StaffHotlineTicketView Of(TicketRow t, string callerId, DateOnly? refusableUntil, IReadOnlyList<string> similar) => new(
        t.Id, t.AppId, t.TicketNo, t.MatterId, t.Number, Domain.Matters.MatterNumber.Display(t.Number), t.Source, t.Demand, t.Title, t.Content, Masking.Name(t.CallerName), Masking.Phone(t.CallerPhone), t.Urgency, t.Urgency.Label(),
        t.Confidential, t.AcceptedAt, t.DeadlineAt, t.State, t.State.Label(), t.Result, t.ReplySummary, t.OrganisationId, t.UnitName, t.HandlerId, t.HandlerName, t.HandlerId == callerId, t.Refusals,
        t.Refusals >= HotlineTicket.MostRefusals && t.State == HotlineTicketState.Returned, refusableUntil, t.MergedIntoNo, t.Score, similar, t.CreatedAt, t.UpdatedAt, t.Version);
}
