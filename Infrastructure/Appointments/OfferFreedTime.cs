using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Outbox;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Infrastructure.Appointments;

/// <summary>
/// When time becomes free, the first on the waiting list who wants it and can come has it for ten minutes, truly: its quarters are taken. When they
/// do not want it, the time becomes free again, and this runs again for the next. Between evening and morning it waits: nobody is woken.
/// </summary>
public sealed class OfferFreedTime(
    Database database, WaitlistRepository waitlist, WaitlistQueries queries, RasterRepository rasters, AvailabilityProjection availability, ServiceRepository services,
    IOptions<AppointmentsOptions> options, TimeProvider time, ILogger<OfferFreedTime> log)
    : IHandle<SlotFreed>, IHandle<AppointmentBooked>
{
    /// <summary>How many people one freed time is tried with; more wait for the next.</summary>
    private const int AtMost = 100;

    public async Task HandleAsync(SlotFreed happened, Delivery delivery, CancellationToken cancel)
    {
        var (now, day) = (time.GetUtcNow(), happened.From.DateInChina());
        if (happened.Until <= now + options.Value.OfferFor) return;
        var waiting = await queries.WaitingAsync(happened.ResourceId, happened.OrganisationId, day, AtMost, cancel);
        if (waiting.Count == 0) return;
        if (UntilMorning(now) is { } pause) throw new NotYetException("Offers are made by day", pause);

        var known = await services.ListAsync(cancel);
        var facts = (await availability.ComputeAsync([happened.ResourceId], day, 1, cancel))[0];
        var holds = await availability.HoldsAsync(happened.ResourceId, day, cancel);
        foreach (var entry in waiting)
        {
            if (known.Find(s => s.Code == entry.ServiceCode && s.Active) is not { } service) continue;
            var wish = new SlotWish(service, entry.Mode, BookingSide.Citizen);
            var starts = Availability.FreeSlots(facts, wish, holds, now)
                .Where(s => s.StartsAt < happened.Until && s.EndsAt > happened.From && s.StartsAt >= now + options.Value.OfferFor && entry.Wants(s, null)).ToList();
            foreach (var slot in starts)
            {
                var offered = await database.WriteAsync<bool>(tx => OfferAsync(tx, entry.CitizenId, entry.Id, slot, wish, holds), cancel);
                if (offered.IsRefused)
                {
                    log.LogDebug("Freed time was not offered: {Code}", offered.Refusal!.Code);
                    continue;
                }
                if (!offered.Value) continue;
                facts = (await availability.ComputeAsync([happened.ResourceId], day, 1, cancel))[0];
                break;
            }
        }
    }

    /// <summary>Who has found an appointment of the kind they waited for waits no longer.</summary>
    public Task HandleAsync(AppointmentBooked happened, Delivery delivery, CancellationToken cancel) => database.WriteAlwaysAsync(async tx =>
    {
        var row = await AppointmentQueries.FindAsync(tx, happened.AppointmentId);
        // A place that changed since it was read fails at its version, and this runs again.
        await CitizenRepository.EngageAsync(tx, row.CitizenId);
        var ended = 0;
        foreach (var entry in await WaitlistRepository.FulfilledByAsync(tx, row.CitizenId, row.ServiceCode, row.StartsAt.DateInChina(), row.BookedAt))
        {
            if (entry.Book(tx.Now).IsRefused) continue;
            await waitlist.SaveAsync(tx, entry);
            await waitlist.EndMatterAsync(tx, entry, MatterStatus.Withdrawn, "您已另行预约，候补结束", Actor.System);
            await tx.AuditAsync(Actor.System, "waitlist.fulfilled", "waitlist", entry.Id, row.Id);
            ended++;
        }
        return ended;
    }, cancel);

    private async Task<Outcome<bool>> OfferAsync(UnitOfWork tx, string citizenId, string entryId, Slot slot, SlotWish wish, IReadOnlyList<Hold> holds)
    {
        // Written before anything is read: on MySQL the first read is what the whole transaction sees, and it must see what this person has just booked.
        if (!await CitizenRepository.EngageAsync(tx, citizenId)) return false;
        if (await WaitlistRepository.FindAsync(tx, entryId) is not { State: WaitlistState.Waiting } entry || !await CanComeAsync(tx, entry, slot)) return false;

        var offerId = tx.NewId();
        var expires = tx.Now + options.Value.OfferFor;
        var taken = await rasters.TakeAsync(tx, new TimeWish(slot.ResourceId, slot.StartsAt, wish, holds, null) { OrganisationId = entry.OrganisationId }, offerId, expires);
        if (taken.IsRefused) return taken.Refusal!;
        var offered = entry.Offer();
        if (offered.IsRefused) return offered.Refusal!;
        await waitlist.SaveAsync(tx, entry);
        await waitlist.InsertOfferAsync(tx, new WaitlistOffer { Id = offerId, EntryId = entry.Id, CitizenId = citizenId, Time = taken.Value, OfferedAt = tx.Now, ExpiresAt = expires }, entry);
        await tx.AuditAsync(Actor.System, "waitlist.offer", "waitlist", entry.Id, offerId);
        return true;
    }

    /// <summary>Whether an acceptance could succeed: an offer that can only be refused would cost the next one ten minutes.</summary>
    private async Task<bool> CanComeAsync(UnitOfWork tx, WaitlistEntry entry, Slot slot)
    {
        if (await WaitlistRepository.WasOfferedAsync(tx, entry.Id, slot.ResourceId, slot.StartsAt)) return false;
        var ahead = await AppointmentQueries.AheadAsync(tx, entry.CitizenId);
        if (ahead.Any(a => a.Id != entry.AppointmentId && a.StartsAt < slot.EndsAt && slot.StartsAt < a.EndsAt)) return false;
        if (entry.AppointmentId is null)
            return ahead.Count < options.Value.MaxOpenPerCitizen
                && await AppointmentQueries.NoShowsAsync(tx, entry.CitizenId, tx.Now - options.Value.NoShowMemory) < options.Value.NoShowLimit;
        var row = await AppointmentQueries.FindAsync(tx, entry.AppointmentId);
        return row.State == AppointmentState.Booked && entry.Wants(slot, row.StartsAt) && row.Moves < Appointment.MostMoves
            && row.StartsAt - options.Value.ChangeNotice >= tx.Now + options.Value.OfferFor;
    }

    /// <summary>How long until offers may be made; null when they may.</summary>
    private TimeSpan? UntilMorning(DateTimeOffset now)
    {
        var clock = now.InChina().TimeOfDay;
        if (clock >= options.Value.OffersFrom && clock < options.Value.OffersUntil) return null;
        return clock < options.Value.OffersFrom ? options.Value.OffersFrom - clock : options.Value.OffersFrom + TimeSpan.FromDays(1) - clock;
    }
}
