using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Hotline;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Hotline;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Hotline;

/// <summary>
/// 来电弹屏: who is calling, as far as a hotline agent may know. Masked whatever the scopes: what was asked about stays with the office. The link opens
/// more for who may see it, once and for five minutes; its code names nobody.
/// </summary>
public static class PopScreen
{
    public sealed record Request([property: Required, MaxLength(40)] string? CallerPhone);

    /// <param name="Known">Somebody holds this number here.</param>
    /// <param name="Name">Masked.</param>
    public sealed record Profile(bool Known, string? Name, string Phone);

    public sealed record OpenTicket(string TicketNo, HotlineTicketState Status, string StatusText, DateTimeOffset UpdatedAt);

    public sealed record Consult(MatterKind Kind, string KindText, MatterStatus Status, string StatusText, string? CategoryName, DateTimeOffset OpenedAt);

    /// <param name="OpenTickets">The partner's own.</param>
    /// <param name="LastConsults">Kind, sort and day of the last five, and nothing of what was said.</param>
    /// <param name="DeepLink">For the staff's browser; its code is good once, until <paramref name="LinkExpiresAt"/>.</param>
    public sealed record Response(string CallId, Profile Profile, IReadOnlyList<OpenTicket> OpenTickets, IReadOnlyList<Consult> LastConsults, string DeepLink, DateTimeOffset LinkExpiresAt);

    public static async Task<IResult> Handle(string callId, Request request, CurrentPartner caller, HttpContext http, Database database, PopRepository pops, IOptions<HotlineOptions> options, TimeProvider time)
    {
        var id = TicketForm.Number(callId, "callId");
        if (id.IsRefused) return id.Refusal!.ToResult();
        if (!PhoneNumber.TryParse(request.CallerPhone, out var phone)) return CommonRefusals.Invalid.At("callerPhone", "电话号码不正确").ToResult();
        var found = await pops.LookAsync(caller.AppId, phone, http.RequestAborted);
        var code = await database.WriteAlwaysAsync(async tx =>
        {
            await tx.AuditAsync(caller.Actor, "hotline.screen-pop", "call", id.Value);
            return await pops.IssueAsync(tx, caller.AppId, id.Value, phone, options.Value.PopLifetime);
        }, http.RequestAborted);
        return Results.Json(PartnerAnswer<Response>.Ok(http, new Response(
            id.Value, new Profile(found.Known, found.Name, phone.ToString()), [.. found.Tickets.Select(t => new OpenTicket(t.TicketNo, t.State, t.State.Label(), t.UpdatedAt))],
            [.. found.Matters.Select(m => new Consult(m.Kind, m.Kind.Label(), m.Status, m.Status.Label(), m.CategoryName, m.OpenedAt))],
            $"{http.Request.Scheme}://{http.Request.Host}{options.Value.StaffConsole}#pop={code}", (time.GetUtcNow() + options.Value.PopLifetime).InChina())), WireJson.Options);
    }
}

/// <summary>The staff's browser opens a screen-pop's link: the caller's tickets, as far as they are the staff member's to see.</summary>
public static class OpenPop
{
    public sealed record Request([property: Required, MaxLength(64)] string? Code);

    /// <param name="Phone">Masked.</param>
    public sealed record Response(string CallId, string Phone, IReadOnlyList<StaffHotlineTicketView> Tickets);

    public static async Task<IResult> Handle(Request request, CurrentUser user, HttpContext http, Database database, PopRepository pops, HotlineTicketRepository tickets, TicketMove move) =>
        (await database.WriteAsync<Response>(async tx =>
        {
            if (await pops.TakeAsync(tx, request.Code!, user.Id) is not { } taken) return HotlineRefusals.PopGone;
            var views = new List<StaffHotlineTicketView>();
            foreach (var id in taken.TicketIds)
                if (await tickets.FindForStaffAsync(tx, id, user.Id) is not null) views.Add(await move.ViewAsync(tx, id, user.Id));
            await tx.AuditAsync(user.Actor, "hotline.open-pop", "call", taken.CallId, taken.AppId);
            return new Response(taken.CallId, taken.Phone.ToString(), views);
        }, http.RequestAborted)).ToReply();
}
