using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Appointments;

/// <summary>Where a booking may be tried, and what is held there. Read before the transaction: nothing waits for Redis while rows are locked.</summary>
/// <param name="Any">Anybody of the unit.</param>
public sealed record BookingTargets(bool Any, IReadOnlyList<string> ResourceIds, string? OrganisationId, IReadOnlyList<Hold> Holds);

/// <summary>What use cases need of availability besides the slots themselves.</summary>
public sealed class SlotReading(AvailabilityProjection availability, IAvailabilityStore store, ILogger<SlotReading> log)
{
    /// <summary>The resource named, or anybody of the unit named; one of the two.</summary>
    public async Task<Outcome<BookingTargets>> TargetsAsync(string? resourceId, string? organisationId, DateTimeOffset startsAt, CancellationToken cancel)
    {
        if (resourceId is null && organisationId is null) return CommonRefusals.Invalid.At("resourceId", "请选择服务人员、窗口或单位");
        if (resourceId is not null && !Id.IsWellFormed(resourceId)) return AppointmentRefusals.UnknownResource.At("resourceId", "没有这个服务人员或窗口");
        if (resourceId is null && !Id.IsWellFormed(organisationId)) return AppointmentRefusals.UnknownResource.At("organisationId", "没有这个单位");
        if (startsAt.Year is < 2000 or > 2100) return AppointmentRefusals.SlotOutsideHours.At("startsAt", "日期不正确");
        var day = startsAt.DateInChina();
        return resourceId is not null
            ? new BookingTargets(false, [resourceId], null, await availability.HoldsAsync(resourceId, day, cancel))
            : new BookingTargets(true, [], organisationId, await availability.HoldsAsync(null, day, cancel));
    }

    /// <summary>The hold has done its work once the booking is committed. It runs out by itself otherwise.</summary>
    public void ReleaseAfter(UnitOfWork tx, string? holdId)
    {
        if (holdId is null) return;
        tx.AfterCommit(async () =>
        {
            try
            {
                await store.ReleaseHoldAsync(holdId, CancellationToken.None);
            }
            catch (AvailabilityStoreException e)
            {
                log.LogDebug(e, "A hold runs out by itself");
            }
        });
    }
}
