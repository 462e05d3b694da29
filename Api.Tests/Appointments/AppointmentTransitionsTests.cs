using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Matters;

namespace MicroPlatform.Api.Tests.Appointments;

/// <summary>Every state × action pair of an appointment: what the table allows happens, with the matter following; everything else is refused and changes nothing. Then who may, and until when.</summary>
public sealed class AppointmentTransitionsTests
{
    /// <summary>Thursday, 10:00 in China.</summary>
    private static readonly DateTimeOffset Start = new(2026, 11, 26, 10, 0, 0, ChinaTime.Offset);
    private static readonly DateTimeOffset Booked = Start.AddDays(-3);
    private static readonly TimeSpan Notice = TimeSpan.FromHours(2);
    private static readonly Actor Citizen = Actor.Citizen("citizen");
    private static readonly Actor Office = Actor.Staff("clerk");

    private static IEnumerable<TestCaseData> Pairs =>
        from state in Enum.GetValues<AppointmentState>()
        from action in Enum.GetValues<AppointmentAction>()
        from owns in new[] { true, false }
        select new TestCaseData(state, action, owns);

    [TestCaseSource(nameof(Pairs))]
    public void Do_EveryPair_FollowsTheTable(AppointmentState state, AppointmentAction action, bool ownsMatter)
    {
        var appointment = In(state, ownsMatter);
        var before = (appointment.Times, appointment.Time, appointment.Moves, appointment.Matter.Status, appointment.Matter.NewTimeline.Count);
        var refusal = Do(appointment, action, Start.AddMinutes(20), Office);

        if (!AppointmentTransitions.Table.TryGetValue((state, action), out var to))
        {
            // Saying again what is so already is no fault of the one who says it.
            if ((state, action) == (AppointmentState.CheckedIn, AppointmentAction.CheckIn)) Assert.That(refusal, Is.Null);
            else Assert.That(refusal, Is.EqualTo(state.IsOver() ? AppointmentRefusals.Over : AppointmentRefusals.WrongState));
            Assert.That((appointment.Times, appointment.Time, appointment.Moves, appointment.Matter.Status, appointment.Matter.NewTimeline.Count), Is.EqualTo(before));
            Assert.That((appointment.State, appointment.Events.Count), Is.EqualTo((state, 0)));
            return;
        }
        Assert.That(refusal, Is.Null);
        Assert.That(appointment.State, Is.EqualTo(to));
        Assert.That(appointment.Matter.NewTimeline, Is.Not.Empty, "the citizen reads of it");
        Assert.That(appointment.Matter.Status, Is.EqualTo(ownsMatter ? StatusOf(to, action) : MatterStatus.AwaitingCitizen), "a matter that it does not own goes its own way");
        Assert.That(appointment.Matter.ClosedAt is not null, Is.EqualTo(appointment.Matter.Status.IsOver()));
    }

    [TestCaseSource(nameof(Pairs))]
    public void Table_OfWhatIsOver_AllowsNothingButTakingBackAnAbsence(AppointmentState state, AppointmentAction action, bool ownsMatter)
    {
        if (state.IsOver() && ownsMatter)
            Assert.That(AppointmentTransitions.Table.ContainsKey((state, action)), Is.EqualTo((state, action) == (AppointmentState.NoShow, AppointmentAction.Reinstate)));
    }

    [TestCase(AppointmentAction.Cancel, -120, null)]
    [TestCase(AppointmentAction.Cancel, -119, "cancel_too_late")]
    [TestCase(AppointmentAction.Cancel, 5, "cancel_too_late")]
    [TestCase(AppointmentAction.Reschedule, -120, null)]
    [TestCase(AppointmentAction.Reschedule, -119, "reschedule_too_late")]
    public void Citizen_ChangesUntilTheDeadline(AppointmentAction action, int minutes, string? code)
    {
        Assert.That(Do(In(AppointmentState.Booked), action, Start.AddMinutes(minutes), Citizen)?.Code, Is.EqualTo(code));
        Assert.That(Do(In(AppointmentState.Booked), action, Start.AddMinutes(minutes), Office), Is.Null, "the office may at any time");
    }

    [TestCase(AppointmentAction.Cancel)]
    [TestCase(AppointmentAction.Reschedule)]
    public void Citizen_OnceCheckedIn_ChangesNothingByThemselves(AppointmentAction action)
    {
        Assert.That(Do(In(AppointmentState.CheckedIn), action, Start.AddHours(-1), Citizen), Is.EqualTo(AppointmentRefusals.WrongState));
        Assert.That(Do(In(AppointmentState.CheckedIn), action, Start.AddHours(-1), Office), Is.Null);
    }

    [Test]
    public void Citizen_MovesFiveTimesAtMost_TheOfficeAsOftenAsNeeded()
    {
        var appointment = In(AppointmentState.Booked);
        for (var i = 0; i < Appointment.MostMoves; i++) Assert.That(Do(appointment, AppointmentAction.Reschedule, Booked, Citizen), Is.Null);
        Assert.That(Do(appointment, AppointmentAction.Reschedule, Booked, Citizen), Is.EqualTo(AppointmentRefusals.TooManyMoves));
        Assert.That(Do(appointment, AppointmentAction.Reschedule, Booked, Office), Is.Null);
    }

    [TestCase(AppointmentAction.CheckIn, -121, "check_in_too_early")]
    [TestCase(AppointmentAction.CheckIn, -120, null)]
    [TestCase(AppointmentAction.CheckIn, 13 * 60, null)]
    [TestCase(AppointmentAction.CheckIn, 14 * 60, "check_in_too_late", Description = "midnight")]
    [TestCase(AppointmentAction.Start, -121, "start_too_early")]
    [TestCase(AppointmentAction.Start, -120, null)]
    [TestCase(AppointmentAction.Start, 48 * 60, null, Description = "written down afterwards")]
    [TestCase(AppointmentAction.MarkNoShow, 14, "no_show_too_early")]
    [TestCase(AppointmentAction.MarkNoShow, 15, null)]
    public void Time_DecidesWhatIsPossible(AppointmentAction action, int minutes, string? code) =>
        Assert.That(Do(In(AppointmentState.Booked), action, Start.AddMinutes(minutes), Office)?.Code, Is.EqualTo(code));

    [TestCase(20, null)]
    [TestCase((14 * 60) - 1, null)]
    [TestCase(14 * 60, "reinstate_too_late")]
    public void Reinstate_OnTheSameDayOnly(int minutes, string? code) =>
        Assert.That(Do(In(AppointmentState.NoShow), AppointmentAction.Reinstate, Start.AddMinutes(minutes), Office)?.Code, Is.EqualTo(code));

    [Test]
    public void OfficeMissed_GivesTheCitizenAnotherTimeWithoutLimits_AndIsNoAbsenceOfTheirs()
    {
        var appointment = In(AppointmentState.Booked);
        for (var i = 0; i < Appointment.MostMoves; i++) Do(appointment, AppointmentAction.Reschedule, Booked, Citizen);
        var late = appointment.Time.StartsAt.AddMinutes(20);
        Assert.That(Do(appointment, AppointmentAction.OfficeMissed, late, Office), Is.Null);
        Assert.That(Do(appointment, AppointmentAction.MarkNoShow, late, Office), Is.EqualTo(AppointmentRefusals.OfficeWasAbsent));
        Assert.That(Do(appointment, AppointmentAction.Reschedule, late, Citizen), Is.Null, "neither too late nor too often");
        Assert.That(appointment.Times.OfficeMissedAt, Is.Null);
        Assert.That(Do(appointment, AppointmentAction.Reschedule, Booked, Citizen), Is.EqualTo(AppointmentRefusals.TooManyMoves));
    }

    [Test]
    public void TakeCharge_AtADesk_BindsTheFirst()
    {
        var appointment = Restore(Bare(), AppointmentState.Booked, null);
        Assert.That(appointment.TakeCharge("one").IsRefused || appointment.TakeCharge("one").IsRefused, Is.False);
        Assert.That(appointment.TakeCharge("two").Refusal, Is.EqualTo(Domain.VideoCalls.CallRefusals.TakenByOther));
    }

    [Test]
    public void Confirm_WhereNobodyAsksForIt_IsRefusedAndTwiceIsOnce()
    {
        Assert.That(In(AppointmentState.Booked, confirms: false).Confirm(Booked).Refusal, Is.EqualTo(AppointmentRefusals.WrongState));
        var appointment = In(AppointmentState.Booked);
        Assert.That(appointment.Confirm(Booked).IsRefused || appointment.Confirm(Booked.AddDays(1)).IsRefused, Is.False);
        Assert.That((appointment.Times.ConfirmedAt, appointment.Events.Count), Is.EqualTo(((DateTimeOffset?)Booked, 1)));
    }

    [Test]
    public void Start_AtADesk_BindsWhoCalls()
    {
        var desk = Restore(Bare(), AppointmentState.CheckedIn, null);
        Assert.That(desk.Start("one", Start).IsRefused, Is.False);
        Assert.That((desk.StaffId, desk.Matter.HandlerId), Is.EqualTo(("one", "one")));
        Assert.That(desk.Start("one", Start).IsRefused, Is.False, "twice is once");
        Assert.That(desk.Start("two", Start).Refusal, Is.EqualTo(AppointmentRefusals.WrongState));
    }

    [Test]
    public void Reschedule_ByTheOffice_TellsWhy()
    {
        var appointment = In(AppointmentState.Booked);
        appointment.Reschedule(At(Start.AddDays(1)), "lawyer", "张敏", "东河镇", Office, Notice, Booked, "律师出庭");
        Assert.That(appointment.Matter.NewTimeline[^1].Text, Is.EqualTo("预约由11月26日（周四）10:00改为11月27日（周五）10:00，东河镇，张敏。原因：律师出庭"));
        Assert.That(appointment.Events.OfType<AppointmentMoved>().Single().ByOffice, Is.True);
    }

    [TestCase(ReminderKind.TwoHours, -1, true)]
    [TestCase(ReminderKind.TwoHours, 0, false)]
    [TestCase(ReminderKind.DayBefore, -10 * 60 - 1, true, Description = "still the evening before")]
    [TestCase(ReminderKind.DayBefore, -10 * 60, false, Description = "midnight: the other reminder will do")]
    public void Reminder_Late_IsSaidWhileItTellsSomething(ReminderKind kind, int minutes, bool said) =>
        Assert.That(Reminders.IsOfUse(kind, Start, Start.AddMinutes(minutes)), Is.EqualTo(said));

    [TestCase("东河食品有限公司", "东河 食品有限公司", true)]
    [TestCase("ＡＢＣ（安徽）公司", "abc(安徽)公司", true)]
    [TestCase("买买提·艾力", "买买提．艾力", true)]
    [TestCase("李来运", "李来远", false)]
    public void PartyName_OfOneSpelledTwice_IsTheSame(string one, string other, bool same) =>
        Assert.That(PartyName.Normalise(one) == PartyName.Normalise(other), Is.EqualTo(same));

    private static Refusal? Do(Appointment a, AppointmentAction action, DateTimeOffset now, Actor by) => action switch
    {
        AppointmentAction.Confirm => a.Confirm(now).Refusal,
        AppointmentAction.Reschedule => a.Reschedule(At(Start.AddDays(a.Moves + 1)), "lawyer", "张敏", "东河镇", by, Notice, now).Refusal,
        AppointmentAction.Cancel => a.Cancel("有事", by, Notice, now).Refusal,
        AppointmentAction.CheckIn => a.CheckIn(now).Refusal,
        AppointmentAction.Start => a.Start("another", now).Refusal,
        AppointmentAction.Complete => a.Complete("已答复", now).Refusal,
        AppointmentAction.MarkNoShow => a.MarkNoShow(now).Refusal,
        AppointmentAction.Reinstate => a.Reinstate(now).Refusal,
        AppointmentAction.HandOn => a.HandOn(now).Refusal,
        AppointmentAction.OfficeMissed => a.NoteOfficeMissed(now).Refusal,
        _ => throw new ArgumentOutOfRangeException(nameof(action)),
    };

    private static Appointment In(AppointmentState state, bool ownsMatter = true, bool confirms = true) => Restore(Bare(ownsMatter, confirms, state), state, "lawyer");

    private static Appointment Restore(Appointment bare, AppointmentState state, string? staffId) =>
        Appointment.Restore(bare, state, staffId, 0, new AppointmentTimes { NoShowAt = state == AppointmentState.NoShow ? Start.AddMinutes(16) : null });

    private static Appointment Bare(bool ownsMatter = true, bool confirms = true, AppointmentState state = AppointmentState.Booked)
    {
        var matter = new Matter
        {
            Id = "matter", Number = "264830295719", Kind = ownsMatter ? MatterKind.Appointment : MatterKind.Consultation, CategoryCode = "0201", RegionCode = "341602101",
            Channel = Channel.MiniProgram, CitizenId = "citizen", Title = "题", OpenedAt = Booked, OrganisationId = "unit", Version = 1,
        };
        var status = ownsMatter ? StatusOf(state, AppointmentAction.Complete) : MatterStatus.AwaitingCitizen;
        Matter.Restore(matter, new MatterState(ContactPreference.Visible, "lawyer", status, null, status.IsOver() ? Booked : null, null, Booked));
        return new Appointment
        {
            Id = "one", Matter = matter, ServiceCode = "mediation", Mode = MeetingMode.InPerson, Side = BookingSide.Citizen, BookedAt = Booked, CheckInCode = "K7M2Q9RT",
            ConfirmDueOn = confirms ? new DateOnly(2026, 11, 26) : null, Time = At(Start), Version = 1,
        };
    }

    private static AppointmentTime At(DateTimeOffset start) => new("lawyer", 0, "unit", start, start.AddMinutes(30), new RasterSpan(40, 42));

    /// <summary>The state of a matter that lives and ends with its appointment.</summary>
    private static MatterStatus StatusOf(AppointmentState state, AppointmentAction by) => state switch
    {
        // What goes on as messages goes on.
        AppointmentState.Completed when by == AppointmentAction.HandOn => MatterStatus.InProgress,
        AppointmentState.Completed or AppointmentState.NoShow => MatterStatus.Closed,
        AppointmentState.Cancelled => by == AppointmentAction.Cancel ? MatterStatus.Rejected : MatterStatus.Withdrawn,
        _ => MatterStatus.InProgress,
    };
}
