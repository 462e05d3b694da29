using System.Globalization;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Registry;

namespace MicroPlatform.Api.Appointments;

/// <summary>
/// Appointments ahead whose person has left, or may not serve there any more. Nothing is cancelled by itself: a clerk moves each to somebody else or
/// calls the citizen.
/// </summary>
public static class ListStranded
{
    /// <summary>Why an appointment cannot be held as it stands.</summary>
    public enum Reason
    {
        /// <summary>账号已停用: the person has left.</summary>
        AccountDisabled,
        /// <summary>岗位已撤销: the person serves elsewhere.</summary>
        PostRemoved,
        /// <summary>已停止预约: the desk or person was taken off booking.</summary>
        ResourceInactive,
    }

    /// <param name="NumberText">受理编号 as people read it out.</param>
    /// <param name="ResourceName">Who or which desk was booked.</param>
    public sealed record Item(
        string AppointmentId, string Number, string NumberText, AppointmentState State, string StateText, DateTimeOffset StartsAt, DateTimeOffset EndsAt, MeetingMode Mode, string ModeText,
        string ServiceCode, string ServiceName, string ResourceId, string ResourceName, string OrganisationId, string OrganisationName, Reason Reason, string ReasonText)
    {
        public static Item Of(StrandedRow a)
        {
            var reason = !a.ResourceActive ? Reason.ResourceInactive : a.StaffActive == false ? Reason.AccountDisabled : Reason.PostRemoved;
            return new Item(
                a.Id, a.Number, MatterNumber.Display(a.Number), a.State, a.State.Label(), a.StartsAt, a.EndsAt, a.Mode, a.Mode.Label(), a.ServiceCode, a.ServiceName, a.ResourceId,
                a.StaffName ?? a.ResourceName, a.OrganisationId, a.OrganisationName, reason, reason.Label());
        }
    }

    public static string Label(this Reason reason) => reason switch
    {
        Reason.AccountDisabled => "账号已停用",
        Reason.PostRemoved => "岗位已撤销",
        Reason.ResourceInactive => "已停止预约",
        _ => throw new ArgumentOutOfRangeException(nameof(reason)),
    };

    private const string List = "appointments-stranded";

    public static async Task<IResult> Handle(
        string? cursor, int? limit, CurrentUser user, HttpContext http, StrandedQueries stranded, RegistryQueries registry, Cursors cursors, TimeProvider time)
    {
        var count = Paging.Limit(limit);
        if (count.IsRefused) return count.Refusal!.ToResult();
        var position = cursors.Read(List, cursor);
        if (position.IsRefused) return position.Refusal!.ToResult();
        (DateTimeOffset, string)? edge = position.Value?.Split(' ', 2) is [var at, var id]
            ? (DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(at, CultureInfo.InvariantCulture)), id)
            : null;
        var scope = await registry.ScopeAsync(user.Id, http.RequestAborted);
        var units = await registry.UnitsAsync(new StaffScope(scope.DirectedPaths), http.RequestAborted);
        var rows = await stranded.OfUnitsAsync(units, time.GetUtcNow(), edge, count.Value + 1, http.RequestAborted);
        return Results.Json(Paging.Of(rows, count.Value, Item.Of, a => cursors.Write(List, $"{a.StartsAt.ToUnixTimeMilliseconds()} {a.Id}")), WireJson.Options);
    }
}
