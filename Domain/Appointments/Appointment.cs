using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Matters;

namespace MicroPlatform.Domain.Appointments;

/// <summary>
/// 预约: a place in a resource's time, on a matter. Verbs change it; each consults <see cref="AppointmentTransitions"/> through
/// <see cref="Move"/>, the one door to its state. Whether the time is free is not its business: the unique key of the raster judges that.
/// </summary>
public sealed class Appointment
{
    /// <summary>Times one appointment may be moved by the citizen.</summary>
    public const int MostMoves = 5;

    /// <summary>Longest texts, in UTF-16 code units.</summary>
    public const int MaxReason = 500;
    public const int MaxAddress = 200;

    /// <summary>How early one may check in.</summary>
    public static readonly TimeSpan CheckInFrom = TimeSpan.FromHours(2);

    /// <summary>How long the office waits before it calls an absence one.</summary>
    public static readonly TimeSpan NoShowAfter = TimeSpan.FromMinutes(15);

    /// <summary>Who has just booked for soon may still take it back or choose another time.</summary>
    public static readonly TimeSpan RegretWithin = TimeSpan.FromMinutes(15);

    private readonly List<IDomainEvent> _events = [];

    public required string Id { get; init; }
    public required Matter Matter { get; init; }
    public required string ServiceCode { get; init; }
    public required MeetingMode Mode { get; init; }
    public required BookingSide Side { get; init; }
    public required DateTimeOffset BookedAt { get; init; }

    /// <summary>Whom it concerns when not the citizen; null for the citizen.</summary>
    public Subject? Subject { get; init; }

    /// <summary>Where to come to, for a visit at home. Personal; sealed where it is kept.</summary>
    public string? Address { get; init; }

    /// <summary>Why, in the citizen's words.</summary>
    public string? Reason { get; init; }

    /// <summary>The unit says yes by the end of this day in China; null when it need not.</summary>
    public DateOnly? ConfirmDueOn { get; init; }

    /// <summary>What the citizen shows at the window: eight characters, unique.</summary>
    public required string CheckInCode { get; init; }

    public AppointmentState State { get; private set; }
    public required AppointmentTime Time { get; set; }

    /// <summary>Who serves; null at a desk until somebody calls.</summary>
    public string? StaffId { get; private set; }
    public int Moves { get; private set; }
    public AppointmentTimes Times { get; private set; } = new();

    /// <summary>Number of the stored version this was read from; every save demands it and raises it by one.</summary>
    public int Version { get; init; }

    public IReadOnlyList<IDomainEvent> Events => _events;

    /// <summary>Whether the matter was opened for this appointment and ends with it.</summary>
    public bool OwnsMatter => Matter.Kind == MatterKind.Appointment;

    public static Appointment Restore(Appointment bare, AppointmentState state, string? staffId, int moves, AppointmentTimes times)
    {
        (bare.State, bare.StaffId, bare.Moves, bare.Times) = (state, staffId, moves, times);
        return bare;
    }

    /// <param name="bare">What does not change.</param>
    /// <param name="staffId">The person booked; null for a desk.</param>
    /// <param name="placeName">Told on the timeline.</param>
    /// <param name="waited">The citizen has a place on a waiting list, perhaps for this.</param>
    public static Appointment Book(Appointment bare, string? staffId, string? staffName, string placeName, bool waited, DateTimeOffset now)
    {
        bare.StaffId = staffId;
        if (bare.OwnsMatter) bare.Matter.TakeOn(staffId, waits: bare.ConfirmDueOn is not null, now);
        bare.Matter.Tell(now, "appointment_booked", $"已预约{Spoken(bare.Time.StartsAt)}，{placeName}{(staffName is null ? "" : $"，{staffName}")}（{bare.Mode.Label()}）");
        bare._events.Add(new AppointmentBooked(bare.Id, bare.Matter.Id, bare.Side, waited));
        return bare;
    }

    /// <summary>The unit says yes, where the service asks for it. Saying it twice is saying it once.</summary>
    public Outcome<Done> Confirm(DateTimeOffset now)
    {
        if (Times.ConfirmedAt is not null && State == AppointmentState.Booked) return Done.It;
        if (ConfirmDueOn is null && State == AppointmentState.Booked) return AppointmentRefusals.WrongState;
        if (Move(AppointmentAction.Confirm) is { } refusal) return refusal;
        Times = Times with { ConfirmedAt = now };
        if (OwnsMatter) Matter.TakeOn(Matter.HandlerId, waits: false, now);
        Matter.Tell(now, "appointment_confirmed", "服务单位已确认预约");
        _events.Add(new AppointmentConfirmed(Id, Matter.Id));
        return Done.It;
    }

    /// <summary>At a desk: who has come into its video call serves, before anything else is known.</summary>
    public Outcome<Done> TakeCharge(string staffId)
    {
        if (State.IsOver()) return AppointmentRefusals.Over;
        if (StaffId is not null && StaffId != staffId) return VideoCalls.CallRefusals.TakenByOther;
        StaffId = staffId;
        return Done.It;
    }

    /// <summary>Another time. The caller has taken the new raster and given the old one back, in this transaction.</summary>
    /// <param name="notice">A citizen moves at least so long before the start; the office any time.</param>
    /// <param name="reason">Told to the citizen; the office gives one.</param>
    public Outcome<Done> Reschedule(
        AppointmentTime to, string? staffId, string? staffName, string placeName, Actor by, TimeSpan notice, DateTimeOffset now, string? reason = null)
    {
        if (by.Kind == ActorKind.Citizen)
        {
            if (State == AppointmentState.Booked && IsTooLate(notice, now)) return AppointmentRefusals.RescheduleTooLate;
            // Whoever is there already speaks to the window, or checking in would be the way round the deadline.
            if (State == AppointmentState.CheckedIn) return AppointmentRefusals.WrongState;
            if (Moves >= MostMoves && Times.OfficeMissedAt is null) return AppointmentRefusals.TooManyMoves;
        }
        if (Move(AppointmentAction.Reschedule) is { } refusal) return refusal;
        _events.Add(new SlotFreed(Time.ResourceId, Time.OrganisationId, Time.StartsAt, Time.EndsAt));
        var from = Time.StartsAt;
        Time = to;
        StaffId = staffId;
        Moves++;
        Times = Times with { CheckedInAt = null, OfficeMissedAt = null };
        if (OwnsMatter)
        {
            Matter.OrganisationId = to.OrganisationId;
            Matter.TakeOn(staffId, waits: ConfirmDueOn is not null && Times.ConfirmedAt is null, now);
        }
        Matter.Tell(now, "appointment_moved", $"预约由{Spoken(from)}改为{Spoken(to.StartsAt)}，{placeName}{(staffName is null ? "" : $"，{staffName}")}{(reason is null ? "" : $"。原因：{reason}")}");
        _events.Add(new AppointmentMoved(Id, Matter.Id, by.Kind != ActorKind.Citizen));
        return Done.It;
    }

    /// <param name="notice">A citizen cancels at least so long before the start; the office any time.</param>
    public Outcome<Done> Cancel(string? reason, Actor by, TimeSpan notice, DateTimeOffset now)
    {
        var citizen = by.Kind == ActorKind.Citizen;
        if (citizen && State == AppointmentState.Booked && IsTooLate(notice, now)) return AppointmentRefusals.CancelTooLate;
        if (citizen && State == AppointmentState.CheckedIn) return AppointmentRefusals.WrongState;
        if (Move(AppointmentAction.Cancel) is { } refusal) return refusal;
        Times = Times with { CancelledAt = now, CancelledBy = by.Kind, CancelReason = reason };
        var text = citizen ? "您已取消预约" : $"预约已由服务单位取消：{reason}";
        if (OwnsMatter) Matter.End(citizen ? MatterStatus.Withdrawn : MatterStatus.Rejected, now, text);
        else Matter.Tell(now, "appointment_cancelled", text);
        _events.Add(new AppointmentCancelled(Id, Matter.Id, !citizen));
        _events.Add(new SlotFreed(Time.ResourceId, Time.OrganisationId, Time.StartsAt, Time.EndsAt));
        return Done.It;
    }

    /// <summary>The citizen is there, or the visitor at the citizen's door. Twice is once.</summary>
    public Outcome<Done> CheckIn(DateTimeOffset now)
    {
        if (State == AppointmentState.CheckedIn) return Done.It;
        if (State == AppointmentState.Booked && now < Time.StartsAt - CheckInFrom) return AppointmentRefusals.CheckInTooEarly;
        if (State == AppointmentState.Booked && now.DateInChina() > Time.Day) return AppointmentRefusals.CheckInTooLate;
        if (Move(AppointmentAction.CheckIn) is { } refusal) return refusal;
        Times = Times with { CheckedInAt = now };
        Matter.Tell(now, "appointment_checked_in", Mode == MeetingMode.HomeVisit ? "工作人员已到达" : "已签到");
        if (Mode == MeetingMode.InPerson) _events.Add(new AppointmentCheckedIn(Id, Matter.Id));
        return Done.It;
    }

    /// <summary>Somebody calls the citizen in; at a desk this decides who serves.</summary>
    public Outcome<Done> Start(string staffId, DateTimeOffset now)
    {
        if (State == AppointmentState.InService && StaffId == staffId) return Done.It;
        if (State == AppointmentState.Booked && now < Time.StartsAt - CheckInFrom) return AppointmentRefusals.StartTooEarly;
        if (Move(AppointmentAction.Start) is { } refusal) return refusal;
        StaffId = staffId;
        Times = Times with { StartedAt = now };
        if (OwnsMatter) Matter.TakeOn(staffId, waits: false, now);
        Matter.Tell(now, "appointment_started", "服务开始");
        return Done.It;
    }

    /// <param name="outcome">What came of it; the office's own words, not shown to the citizen.</param>
    public Outcome<Done> Complete(string? outcome, DateTimeOffset now)
    {
        if (Move(AppointmentAction.Complete) is { } refusal) return refusal;
        Times = Times with { CompletedAt = now, Outcome = outcome };
        if (OwnsMatter) Matter.End(MatterStatus.Closed, now, "服务完成");
        else Matter.Tell(now, "appointment_completed", "服务完成");
        _events.Add(new AppointmentCompleted(Id, Matter.Id));
        return Done.It;
    }

    /// <summary>In its video call the two have gone over to messages: the time is used up, and the matter goes on with the thread.</summary>
    public Outcome<Done> HandOn(DateTimeOffset now)
    {
        if (Move(AppointmentAction.HandOn) is { } refusal) return refusal;
        Times = Times with { CompletedAt = now };
        Matter.Tell(now, "appointment_completed", "预约转为留言继续办理");
        _events.Add(new AppointmentCompleted(Id, Matter.Id));
        return Done.It;
    }

    /// <summary>The citizen was there and the office was not, or the platform failed both: no absence of the citizen, who may choose another time whenever they like.</summary>
    public Outcome<Done> NoteOfficeMissed(DateTimeOffset now)
    {
        if (Times.OfficeMissedAt is not null) return AppointmentRefusals.WrongState;
        if (Move(AppointmentAction.OfficeMissed) is { } refusal) return refusal;
        Times = Times with { OfficeMissedAt = now, CheckedInAt = null };
        Matter.Tell(now, "appointment_office_missed", "未能按时为您服务，非常抱歉，您可以重新选择时间，不受改期次数和时限限制");
        return Done.It;
    }

    public Outcome<Done> MarkNoShow(DateTimeOffset now)
    {
        if (State is AppointmentState.Booked or AppointmentState.CheckedIn && now < Time.StartsAt + NoShowAfter) return AppointmentRefusals.NoShowTooEarly;
        if (Times.OfficeMissedAt is not null) return AppointmentRefusals.OfficeWasAbsent;
        if (Move(AppointmentAction.MarkNoShow) is { } refusal) return refusal;
        Times = Times with { NoShowAt = now };
        if (OwnsMatter) Matter.End(MatterStatus.Closed, now, "您未按时到达，预约已结束");
        else Matter.Tell(now, "appointment_no_show", "您未按时到达，预约已结束");
        _events.Add(new AppointmentMissed(Id, Matter.Id));
        if (now < Time.EndsAt) _events.Add(new SlotFreed(Time.ResourceId, Time.OrganisationId, now, Time.EndsAt));
        return Done.It;
    }

    /// <summary>Marked absent by mistake. The caller has taken the raster again, in this transaction. On the same day only: afterwards it is history.</summary>
    public Outcome<Done> Reinstate(DateTimeOffset now)
    {
        if (State == AppointmentState.NoShow && now.DateInChina() > Time.Day) return AppointmentRefusals.ReinstateTooLate;
        if (Move(AppointmentAction.Reinstate) is { } refusal) return refusal;
        Times = Times with { NoShowAt = null };
        if (OwnsMatter) Matter.Reopen(now, "误标记未到，已恢复预约");
        else Matter.Tell(now, "appointment_reinstated", "误标记未到，已恢复预约");
        return Done.It;
    }

    /// <summary>12月3日（周四）14:30, in China.</summary>
    public static string Spoken(DateTimeOffset at)
    {
        var local = at.InChina();
        return $"{local.Month}月{local.Day}日（周{"日一二三四五六"[(int)local.DayOfWeek]}）{local:HH:mm}";
    }

    private bool IsTooLate(TimeSpan notice, DateTimeOffset now) => Times.OfficeMissedAt is null && Time.StartsAt - notice < now && (now >= Time.StartsAt || now - BookedAt > RegretWithin);

    private Refusal? Move(AppointmentAction action)
    {
        if (!AppointmentTransitions.Table.TryGetValue((State, action), out var to))
            return State.IsOver() ? AppointmentRefusals.Over : AppointmentRefusals.WrongState;
        State = to;
        return null;
    }
}
