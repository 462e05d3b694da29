using System.Security.Cryptography;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Clocks;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Appointments;

/// <summary>What somebody wants to book, cleaned and complete, whoever asks.</summary>
/// <param name="Resources">The one asked for, or several to be tried in this order.</param>
/// <param name="OpposingParty">Name of the other side, for the conflict check; not kept.</param>
/// <param name="Matter">An open matter to book on; null to open one.</param>
public sealed record BookingOrder(
    string CitizenId, ServiceKind Service, MeetingMode Mode, BookingSide Side, DateTimeOffset StartsAt, IReadOnlyList<ResourceRow> Resources, Subject? Subject,
    string? Address, string? Reason, string? OpposingParty, Matter? Matter, CodeRow Category, CodeRow? Region, Domain.Identity.ContactPreference Preference, Channel Channel)
{
    /// <summary>The unit asked for, where anybody there will do: a candidate who sits elsewhere that day is none.</summary>
    public string? OrganisationId { get; init; }

    /// <summary>What is known of the citizen.</summary>
    public required Booker Booker { get; init; }

    /// <summary>The day wanted, where it was read with the rest.</summary>
    public DayLook? Look { get; init; }
}

/// <summary>What has been booked, and how its citizen is shown it.</summary>
public sealed record Booked(Appointment Appointment, AppointmentRow Shown);

/// <summary>
/// The way to an appointment that every path shares: citizen, window, hotline, import. Checks the person's limits and conflicts, takes the time
/// through <see cref="RasterRepository"/>, writes the appointment.
/// </summary>
public sealed class Booking(
    AppointmentRepository appointments, RasterRepository rasters, CalendarStore calendars, Sealer sealer, IOptions<AppointmentsOptions> options)
{
    private const string CodeAlphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

    /// <param name="holds">Holds by resource, read before the transaction.</param>
    /// <param name="ownHold">The caller's own.</param>
    public async Task<Outcome<Booked>> BookAsync(UnitOfWork tx, BookingOrder order, IReadOnlyList<Hold> holds, string? ownHold, Actor actor)
    {
        if (order.Subject?.WhyNot(order.StartsAt.DateInChina()) is { } guardian) return guardian;
        if (WhyNot(order) is { } limit) return limit;

        var id = tx.NewId();
        Refusal refusal = AppointmentRefusals.UnknownResource;
        foreach (var resource in order.Resources)
        {
            if (await HasConflictAsync(tx, resource, order.OpposingParty))
            {
                refusal = AppointmentRefusals.ConflictOfInterest;
                continue;
            }
            var wish = new TimeWish(resource.Id, order.StartsAt, new SlotWish(order.Service, order.Mode, order.Side), [.. holds.Where(h => h.ResourceId == resource.Id)], ownHold) { OrganisationId = order.OrganisationId, Look = order.Look };
            var time = await rasters.TakeOutrightAsync(tx, wish, id);
            if (time.IsRefused)
            {
                refusal = Worse(refusal, time.Refusal!);
                continue;
            }
            return await WriteAsync(tx, id, order, resource, time.Value, actor);
        }
        return refusal;
    }

    /// <summary>Another time for an appointment that stands, under the same number; the old time is given back in the same transaction.</summary>
    /// <param name="resource">Who or what is wanted now.</param>
    /// <param name="reason">Told to the citizen; the office gives one.</param>
    public async Task<Outcome<Done>> MoveAsync(
        UnitOfWork tx, Appointment appointment, ServiceKind service, ResourceRow resource, DateTimeOffset startsAt, BookingSide side, IReadOnlyList<Hold> holds, string? ownHold, Actor actor,
        string? reason = null)
    {
        var was = appointment.Time;
        await RasterRepository.LockBothAsync(tx, was.ResourceId, resource.Id);
        // Given back first: the new time may overlap the old. A refusal undoes it with everything else.
        await RasterRepository.GiveBackAsync(tx, was.ResourceId, appointment.Id);
        var time = await rasters.TakeAsync(tx, new TimeWish(resource.Id, startsAt, new SlotWish(service, appointment.Mode, side), holds, ownHold), appointment.Id);
        return time.IsRefused ? time.Refusal! : await MovedAsync(tx, appointment, resource, time.Value, was, actor, reason);
    }

    /// <summary>Books the time that an offer of the waiting list has kept.</summary>
    public async Task<Outcome<Booked>> BookOfferedAsync(UnitOfWork tx, BookingOrder order, ResourceRow resource, WaitlistOffer offer, Actor actor)
    {
        if (order.Subject?.WhyNot(order.StartsAt.DateInChina()) is { } guardian) return guardian;
        if (WhyNot(order) is { } limit) return limit;
        if (await HasConflictAsync(tx, resource, order.OpposingParty)) return AppointmentRefusals.ConflictOfInterest;
        var id = tx.NewId();
        var passed = await rasters.PassOnAsync(tx, offer.Time, order.Service, order.Mode, offer.Id, id);
        return passed.IsRefused ? passed.Refusal! : await WriteAsync(tx, id, order, resource, new TakenTime(offer.Time, null), actor);
    }

    /// <summary>Moves an appointment to the time that an offer has kept; the old time is given back in the same transaction.</summary>
    public async Task<Outcome<Done>> MoveToOfferedAsync(UnitOfWork tx, Appointment appointment, ServiceKind service, ResourceRow resource, WaitlistOffer offer, Actor actor)
    {
        var was = appointment.Time;
        await RasterRepository.LockBothAsync(tx, was.ResourceId, resource.Id);
        // Given back first: afterwards both times have the same owner.
        await RasterRepository.GiveBackAsync(tx, was.ResourceId, appointment.Id);
        var passed = await rasters.PassOnAsync(tx, offer.Time, service, appointment.Mode, offer.Id, appointment.Id);
        if (passed.IsRefused) return passed.Refusal!;
        return await MovedAsync(tx, appointment, resource, offer.Time, was, actor);
    }

    private async Task<Outcome<Done>> MovedAsync(UnitOfWork tx, Appointment appointment, ResourceRow resource, AppointmentTime to, AppointmentTime was, Actor actor, string? reason = null)
    {
        if (actor.Kind == ActorKind.Citizen && (await AppointmentQueries.AheadAsync(tx, appointment.Matter.CitizenId)).Any(a => a.Id != appointment.Id && a.StartsAt < to.EndsAt && to.StartsAt < a.EndsAt))
            return AppointmentRefusals.OwnOverlap;
        var moved = appointment.Reschedule(to, resource.StaffId, resource.StaffName, (await PlaceAsync(tx, resource, to)).Name, actor, options.Value.ChangeNotice, tx.Now, reason);
        if (moved.IsRefused) return moved.Refusal!;
        await appointments.SaveAsync(tx, appointment, actor, was);
        return Done.It;
    }

    private async Task<Booked> WriteAsync(UnitOfWork tx, string id, BookingOrder order, ResourceRow resource, TakenTime taken, Actor actor)
    {
        var time = taken.Time;
        var place = await PlaceAsync(tx, resource, time);
        var matter = order.Matter ?? OpenMatter(tx, order, time, place);
        var appointment = Appointment.Book(new Appointment
        {
            Id = id, Matter = matter, ServiceCode = order.Service.Code, Mode = order.Mode, Side = order.Side, BookedAt = tx.Now, Subject = order.Subject, Address = order.Address,
            Reason = order.Reason, Time = time, CheckInCode = RandomNumberGenerator.GetString(CodeAlphabet, 8),
            ConfirmDueOn = order.Service.ConfirmWithinWorkingDays is { } days ? (await calendars.ReadAsync(tx)).AddWorkingDays(tx.Now.DateInChina(), days) : null,
        }, resource.StaffId, resource.StaffName, place.Name, order.Booker.Waits, tx.Now);
        var call = await appointments.InsertAsync(tx, appointment, actor, taken.After);
        return new Booked(appointment, AppointmentRow.OfNew(appointment, order.Service, resource, place, call?.Id));
    }

    private static Matter OpenMatter(UnitOfWork tx, BookingOrder order, AppointmentTime time, PlaceRow place)
    {
        var matter = new Matter
        {
            Id = tx.NewId(), Number = MatterNumber.New(tx.Now), Kind = MatterKind.Appointment, CategoryCode = order.Category.Code, RegionCode = order.Region?.Code ?? place.RegionCode, Channel = order.Channel,
            CitizenId = order.CitizenId, Title = Matter.TitleOf(order.Reason is { Length: > 0 } reason ? $"{order.Service.Name}：{reason}" : order.Service.Name),
            OpenedAt = tx.Now, OrganisationId = time.OrganisationId,
        };
        matter.Open(order.Preference, tx.Now);
        return matter;
    }

    /// <summary>What stands in the way on the citizen's side.</summary>
    private Refusal? WhyNot(BookingOrder order)
    {
        var booker = order.Booker;
        if (booker.IsBusy) return AppointmentRefusals.OwnOverlap;
        if (order.Side != BookingSide.Citizen) return null;
        if (booker.Ahead >= options.Value.MaxOpenPerCitizen) return AppointmentRefusals.TooManyOpen;
        return booker.NoShows >= options.Value.NoShowLimit ? AppointmentRefusals.NoShowBlock : null;
    }

    private async Task<bool> HasConflictAsync(UnitOfWork tx, ResourceRow resource, string? opposingParty) =>
        opposingParty is not null && resource.StaffId is { } staffId && await AppointmentQueries.KnowsPartyAsync(tx, staffId, sealer.LookupHash(LookupKind.PartyName, PartyName.Normalise(opposingParty)));

    private static async Task<PlaceRow> PlaceAsync(UnitOfWork tx, ResourceRow resource, AppointmentTime time) =>
        time.OrganisationId == resource.Place.Id ? resource.Place : (await AppointmentQueries.PlaceAsync(tx, time.OrganisationId))!;

    /// <summary>Of several people's answers the one that says most: that somebody was first says that another time may be free.</summary>
    private static Refusal Worse(Refusal one, Refusal other) => Weight(other) >= Weight(one) ? other : one;

    private static int Weight(Refusal refusal) => Array.FindIndex(Telling, r => r.Code == refusal.Code);

    /// <summary>Least telling first; all others less than these.</summary>
    private static readonly Refusal[] Telling = [AppointmentRefusals.ConflictOfInterest, AppointmentRefusals.SlotTooSoon, AppointmentRefusals.SlotHeld, AppointmentRefusals.SlotTaken];
}
