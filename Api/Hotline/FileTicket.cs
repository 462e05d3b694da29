using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Hotline;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Hotline;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Hotline;

/// <summary>
/// The hotline hands a ticket over, or writes it anew. Its number decides: the same content again changes nothing, an older version is refused. What comes
/// in is a matter like any other, and its caller finds it under "my matters" after binding the phone.
/// </summary>
public static class FileTicket
{
    /// <param name="Outcome"><c>created</c>, <c>updated</c> or <c>unchanged</c>.</param>
    /// <param name="MatterNumber">受理编号, which the caller can quote anywhere.</param>
    /// <param name="Version">Counts our changes of the ticket; what is pushed carries it as <c>sequence</c>.</param>
    /// <param name="Similar">Open tickets of the same caller on the same sort of thing within thirty days: perhaps to be merged.</param>
    /// <param name="Warnings">Codes that mean nothing here; the centre sorts the ticket.</param>
    public sealed record Receipt(
        string TicketNo, string Outcome, string MatterNumber, HotlineTicketState Status, string StatusText, int Version, DateTimeOffset UpdatedAt, IReadOnlyList<string> Similar, IReadOnlyList<string> Warnings);

    public static Task<IResult> PutAsync(
        string ticketNo, TicketRequest request, CurrentPartner caller, HttpContext http, Idempotency idempotency, HotlineTicketRepository tickets, HotlineIntake intake, IOptions<HotlineOptions> options) =>
        RunAsync(ticketNo, request, caller, http, idempotency, tickets, intake, options.Value);

    /// <summary>The same for those who can only POST: the number stands inside.</summary>
    public static Task<IResult> PostAsync(
        TicketRequest request, CurrentPartner caller, HttpContext http, Idempotency idempotency, HotlineTicketRepository tickets, HotlineIntake intake, IOptions<HotlineOptions> options) =>
        RunAsync(request.TicketNo, request, caller, http, idempotency, tickets, intake, options.Value);

    private static async Task<IResult> RunAsync(
        string? ticketNo, TicketRequest request, CurrentPartner caller, HttpContext http, Idempotency idempotency, HotlineTicketRepository tickets, HotlineIntake intake, HotlineOptions options)
    {
        var number = TicketForm.Number(ticketNo, "ticketNo");
        if (number.IsRefused) return number.Refusal!.ToResult();
        if (request.TicketNo is { Length: > 0 } inside && inside != number.Value) return CommonRefusals.Invalid.At("ticketNo", "与地址中的工单号不一致").ToResult();
        return await idempotency.RunAsync<PartnerAnswer<Receipt>>(http, StatusCodes.Status200OK, async tx =>
        {
            var read = TicketForm.Read(request, caller.Partner, Hl1Verification.BodyOf(http), tx.Now);
            if (read.IsRefused) return read.Refusal!;
            var receipt = await FileAsync(tx, caller, number.Value, read.Value.Content, read.Value.Age, StatusOf(request), tickets, intake, options);
            return receipt.IsRefused ? receipt.Refusal! : PartnerAnswer<Receipt>.Ok(http, receipt.Value);
        });
    }

    internal static async Task<Outcome<Receipt>> FileAsync(
        UnitOfWork tx, CurrentPartner caller, string ticketNo, HotlineContent content, HotlineAge age, ToldStatus? status, HotlineTicketRepository tickets, HotlineIntake intake, HotlineOptions options)
    {
        var warnings = new List<string>();
        var ticket = await tickets.FindByNoAsync(tx, caller.AppId, ticketNo);
        var outcome = "unchanged";
        if (ticket is null)
        {
            ticket = await intake.OpenAsync(tx, caller.Partner, ticketNo, content, age, warnings);
            await tx.AuditAsync(caller.Actor, "hotline.open-ticket", "matter", ticket.Matter.Id, ticketNo);
            outcome = "created";
            // The status it came with is told like any later one.
            if (status is not null) ticket = (await tickets.FindByNoAsync(tx, caller.AppId, ticketNo))!;
        }
        else
        {
            var replaced = ticket.Replace(content, age, tx.Now);
            if (replaced.IsRefused) return replaced.Refusal!;
            if (replaced.Value) outcome = "updated";
        }
        var moved = outcome != "unchanged" && status?.EventFor(ticket.State, content, age, caller.Actor, tx.Now) is { } told ? ticket.Hear(told, status.Reply, tx.Now) : false;
        if (moved.IsRefused) return moved.Refusal!;
        if (outcome == "updated" || moved.Value)
        {
            await tickets.SaveAsync(tx, ticket, caller.Actor);
            await tx.AuditAsync(caller.Actor, "hotline.update-ticket", "matter", ticket.Matter.Id, ticketNo);
        }
        var version = ticket.Version + (outcome == "updated" || moved.Value || ticket.Version == 0 ? 1 : 0);
        return new Receipt(ticketNo, outcome, ticket.Matter.Number, ticket.State, ticket.State.Label(), version, ticket.UpdatedAt,
            await HotlineTicketQueries.SimilarAsync(tx, ticket.Id, tx.Now.AddDays(-options.SimilarDays)), warnings);
    }

    private static ToldStatus? StatusOf(TicketRequest r) => r.Status is { } status ? new ToldStatus(status, new HotlineReply(r.Result, string.IsNullOrWhiteSpace(r.ReplySummary) ? null : r.ReplySummary.Trim())) : null;

    /// <summary>A status that stands in the content, from a hotline that sends no events.</summary>
    internal sealed record ToldStatus(HotlineTicketState Status, HotlineReply Reply)
    {
        /// <summary>The event that leads there; null when it stands there already, or that needs none.</summary>
        public HotlineEvent? EventFor(HotlineTicketState at, HotlineContent content, HotlineAge age, Actor by, DateTimeOffset now)
        {
            HotlineEventType? type = Status switch
            {
                HotlineTicketState.Processing => at is HotlineTicketState.Suspended or HotlineTicketState.AwaitingInfo ? HotlineEventType.Resumed
                    : at is HotlineTicketState.Resolved or HotlineTicketState.FollowedUp or HotlineTicketState.Closed ? HotlineEventType.Reopened : HotlineEventType.Started,
                HotlineTicketState.Received => null,
                HotlineTicketState.AwaitingInfo => HotlineEventType.InfoRequested,
                var other => Enum.Parse<HotlineEventType>(other.ToString()),
            };
            if (type is null || at == Status) return null;
            var occurred = age.UpdatedAt is { } updated && updated >= content.AcceptedAt ? updated : now;
            return new HotlineEvent($"status-{content.Hash[..40]}", type.Value, occurred, by, null, null, null);
        }
    }
}
