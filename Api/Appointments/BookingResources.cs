using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Registry;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Clocks;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Appointments;

/// <summary>A person or a desk that can be booked.</summary>
/// <param name="StaffId">Null at a desk.</param>
/// <param name="OrganisationId">The unit it belongs to; hours may be at others, too.</param>
/// <param name="HoursVersion">For the <c>If-Match</c> of a change of hours.</param>
public sealed record BookingResourceView(
    string Id, ResourceKind Kind, string KindText, string? StaffId, string OrganisationId, string OrganisationName, string Name, string? StaffTitle, bool Active, int HoursVersion)
{
    internal static BookingResourceView Of(BookableResource r) =>
        new(r.Id, r.Kind, r.Kind.Label(), r.StaffId, r.OrganisationId, r.OrganisationName, r.ShownName, r.StaffTitle, r.Active, r.HoursVersion);
}

/// <summary>What can be booked in one of the caller's units.</summary>
public static class ListBookingResources
{
    private const string List = "booking-resources";

    public static async Task<IResult> Handle(
        string? organisationId, string? cursor, int? limit, CurrentUser user, HttpContext http, ResourceRepository resources, RegistryQueries registry, Cursors cursors, TimeProvider time)
    {
        var count = Paging.Limit(limit);
        if (count.IsRefused) return count.Refusal!.ToResult();
        var position = cursors.Read(List, cursor);
        if (position.IsRefused) return position.Refusal!.ToResult();
        if (!Id.IsWellFormed(organisationId)) return CommonRefusals.Invalid.At("organisationId", "请选择单位").ToResult();
        if (!await registry.InScopeAsync(user.Id, organisationId!, http.RequestAborted)) return CommonRefusals.NotFound.ToResult();
        var today = DayCode.Of(time.GetUtcNow().DateInChina());
        var rows = await resources.OfUnitAsync(organisationId!, today, position.Value ?? "", count.Value + 1, http.RequestAborted);
        return Results.Json(Paging.Of(rows, count.Value, BookingResourceView.Of, r => cursors.Write(List, r.Id)), WireJson.Options);
    }
}

/// <summary>A clerk or head makes a colleague or a desk bookable, or no longer.</summary>
public static class WriteBookingResource
{
    public const int MaxName = 40;

    /// <param name="StaffId">A person with a post in the unit or above it; absent for a desk.</param>
    /// <param name="Name">Of a desk, such as 一号窗口; a person has their own.</param>
    public sealed record Request(
        [property: Required] ResourceKind? Kind, [property: Required, MaxLength(Id.Length)] string? OrganisationId, [property: MaxLength(Id.Length)] string? StaffId,
        [property: MaxLength(MaxName)] string? Name);

    public sealed record NameRequest([property: Required, MaxLength(MaxName)] string? Name);

    public static Task<IResult> AddAsync(Request request, CurrentUser user, HttpContext http, Idempotency idempotency) =>
        idempotency.RunAsync<BookingResourceView>(http, StatusCodes.Status201Created, async tx =>
        {
            var unit = await RosterScope.UnitAsync(tx, user, request.OrganisationId);
            if (unit.IsRefused) return unit.Refusal!;
            string id, name;
            if (request.Kind == ResourceKind.Person)
            {
                if (!Id.IsWellFormed(request.StaffId)) return CommonRefusals.Invalid.At("staffId", "请选择人员");
                if (await RegistryQueries.HandlerAsync(tx, request.StaffId!, unit.Value.Path) is not { } person) return RegistryRefusals.NotOfUnit.At("staffId", "该人员不在此单位任职");
                (id, name) = (person.Id, person.Name);
            }
            else
            {
                var text = Text.Clean(request.Name, "name", MaxName);
                if (text.IsRefused) return text.Refusal!;
                (id, name) = (tx.NewId(), text.Value);
            }
            var staffId = request.Kind == ResourceKind.Person ? id : null;
            if (!await ResourceRepository.TryInsertAsync(tx, id, request.Kind!.Value, staffId, unit.Value.Id, name)) return AppointmentRefusals.ResourceExists;
            return await ReplyAsync(tx, id, user, "resources.add");
        });

    public static Task<IResult> RenameAsync(string id, NameRequest request, CurrentUser user, HttpContext http, Idempotency idempotency) =>
        idempotency.RunAsync<BookingResourceView>(http, StatusCodes.Status200OK, async tx =>
        {
            var name = Text.Clean(request.Name, "name", MaxName);
            if (name.IsRefused) return name.Refusal!;
            var resource = await DirectedAsync(tx, user, id);
            if (resource.IsRefused) return resource.Refusal!;
            if (resource.Value.Kind == ResourceKind.Person) return CommonRefusals.Invalid.At("name", "人员姓名不在此修改");
            await ResourceRepository.RenameAsync(tx, id, name.Value);
            return await ReplyAsync(tx, id, user, "resources.rename");
        });

    /// <summary>Shows first what it breaks; bookings go to colleagues or are cancelled.</summary>
    public static Task<IResult> DeactivateAsync(string id, PlanChoice? choice, CurrentUser user, HttpContext http, Idempotency idempotency, RosterChanges changes) =>
        idempotency.RunAsync<RosterChangeView>(http, StatusCodes.Status200OK, async tx =>
        {
            var resource = await DirectedAsync(tx, user, id);
            if (resource.IsRefused) return resource.Refusal!;
            if (!resource.Value.Active) return AppointmentRefusals.ResourceInactive;
            var before = await HoursRepository.OfAsync(tx, resource.Value, tx.Now.DateInChina());
            return await changes.RunAsync(
                tx, new RosterOrder(resource.Value, before, before with { Hours = [] }, choice ?? PlanChoice.None, "resources.deactivate", []) { Deactivates = true }, user);
        });

    /// <summary>The hours are those it had.</summary>
    public static Task<IResult> ActivateAsync(string id, CurrentUser user, HttpContext http, Idempotency idempotency, RosterChanges changes) =>
        idempotency.RunAsync<BookingResourceView>(http, StatusCodes.Status200OK, async tx =>
        {
            var resource = await DirectedAsync(tx, user, id);
            if (resource.IsRefused) return resource.Refusal!;
            if (resource.Value.StaffId is { } staffId && await RegistryQueries.HandlerAsync(tx, staffId, resource.Value.Path) is null)
                return RegistryRefusals.NotOfUnit.At("staffId", "该人员不在此单位任职");
            if (!resource.Value.Active)
            {
                await HoursRepository.RaiseAsync(tx, resource.Value);
                await ResourceRepository.SetActiveAsync(tx, id, active: true);
                changes.RefreshAfter(tx, id);
            }
            return await ReplyAsync(tx, id, user, "resources.activate");
        });

    /// <summary>Only the unit it belongs to decides whether it can be booked.</summary>
    private static async Task<Outcome<BookableResource>> DirectedAsync(UnitOfWork tx, CurrentUser user, string id)
    {
        if (!Id.IsWellFormed(id) || await ResourceRepository.FindAsync(tx, id) is not { } resource) return CommonRefusals.NotFound;
        var unit = await RosterScope.UnitAsync(tx, user, resource.OrganisationId);
        return unit.IsRefused ? unit.Refusal! : resource;
    }

    private static async Task<BookingResourceView> ReplyAsync(UnitOfWork tx, string id, CurrentUser user, string action)
    {
        await tx.AuditAsync(user.Actor, action, "resource", id);
        return BookingResourceView.Of((await ResourceRepository.FindAsync(tx, id))!);
    }
}
