using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Domain.VideoCalls;

namespace MicroPlatform.Api.Tests.VideoCalls;

/// <summary>Every state × action pair of a call: what the table allows happens; everything else is refused and changes nothing. Then who was there when.</summary>
public sealed class CallTransitionsTests
{
    /// <summary>Thursday, 10:00 in China.</summary>
    private static readonly DateTimeOffset Start = new(2026, 11, 26, 10, 0, 0, ChinaTime.Offset);

    private static IEnumerable<TestCaseData> Pairs =>
        from state in Enum.GetValues<CallState>()
        from action in Enum.GetValues<CallAction>()
        select new TestCaseData(state, action);

    [TestCaseSource(nameof(Pairs))]
    public void Do_EveryPair_FollowsTheTable(CallState state, CallAction action)
    {
        var call = In(state);
        var before = (call.Times, call.Medium, call.Scheduled, call.Matter.Status, call.Matter.NewTimeline.Count);
        var refusal = Do(call, action, Start.AddMinutes(20));

        if (!CallTransitions.Table.TryGetValue((state, action), out var to))
        {
            if (action is CallAction.Ring or CallAction.Connect or CallAction.Drop) Assert.That(refusal, Is.Null, "somebody coming or going is news, not a wish");
            else if (action == CallAction.Summarise) Assert.That(refusal, Is.EqualTo(CallRefusals.NothingToSummarise));
            else if ((state, action) is (CallState.Ended, CallAction.End)) Assert.That(refusal, Is.Null, "twice is once");
            else Assert.That(refusal, Is.EqualTo(state.IsOver() ? CallRefusals.Over : CallRefusals.WrongState));
            // News are several steps at once: the first who comes rings, the second connects; who comes back connects.
            var expected = (state, action) switch
            {
                (CallState.Scheduled, CallAction.Connect) or (CallState.Reconnecting, CallAction.Ring) => CallState.Connected,
                _ => state,
            };
            Assert.That(call.State, Is.EqualTo(expected));
            if (state.IsOver()) Assert.That((call.Times, call.Medium, call.Scheduled, call.Matter.Status, call.Matter.NewTimeline.Count), Is.EqualTo(before));
            return;
        }
        Assert.That(refusal, Is.Null);
        Assert.That(call.State, Is.EqualTo(to));
    }

    [Test]
    public void Booked_FirstComes_TheOtherIsRung_BothAreConnected_AndTheTimeTogetherIsCounted()
    {
        var call = In(CallState.Scheduled);
        call.Notice("citizen", present: true, Start);
        Assert.That((call.State, call.Events.OfType<CallRinging>().Single().Waits), Is.EqualTo((CallState.Ringing, CallSide.Citizen)));
        call.Notice("staff", present: true, Start.AddSeconds(30));
        Assert.That((call.State, call.Events.OfType<CallConnected>().Count()), Is.EqualTo((CallState.Connected, 1)));
        call.Notice("citizen", present: false, Start.AddSeconds(90));
        Assert.That(call.State, Is.EqualTo(CallState.Reconnecting));
        call.Notice("citizen", present: true, Start.AddSeconds(100));
        Assert.That(call.End(CallEnd.Finished, Start.AddSeconds(160)).IsRefused, Is.False);
        Assert.That((call.State, call.Times.Talked), Is.EqualTo((CallState.Ended, TimeSpan.FromSeconds(120))), "60 before the break and 60 after it");
        Assert.That(call.Events.OfType<CallConnected>().Count(), Is.EqualTo(1), "coming back is not a new call");
    }

    [Test]
    public void Notice_InWhateverOrderAndTwice_TellsOneStory()
    {
        (string Who, bool Present, int Second)[] story = [("citizen", true, 0), ("staff", true, 20), ("citizen", false, 60), ("citizen", true, 70)];
        foreach (var order in Permutations(story))
        {
            var call = In(CallState.Scheduled);
            foreach (var (who, present, second) in order.Concat(order)) call.Notice(who, present, Start.AddSeconds(second));
            Assert.That(call.Participants.Single(p => p.Id == "citizen").IsPresent && call.Participants.Single(p => p.Id == "staff").IsPresent, Is.True, string.Join(' ', order));
            Assert.That(call.State, Is.EqualTo(CallState.Connected), string.Join(' ', order));
        }
    }

    [Test]
    public void Notice_OfStrangersOrAfterTheEnd_ChangesNothing()
    {
        var call = In(CallState.Connected);
        call.Notice("stranger", present: false, Start.AddMinutes(1));
        Assert.That(call.State, Is.EqualTo(CallState.Connected));
        call.End(CallEnd.Finished, Start.AddMinutes(2));
        call.Notice("citizen", present: true, Start.AddMinutes(3));
        Assert.That(call.State, Is.EqualTo(CallState.Ended));
    }

    [Test]
    public void BothSayGoodbye_TheCallIsOver()
    {
        var call = In(CallState.Connected);
        call.Notice("staff", present: false, Start.AddMinutes(5), goodbye: true);
        Assert.That(call.State, Is.EqualTo(CallState.Reconnecting));
        call.Notice("citizen", present: false, Start.AddMinutes(6), goodbye: true);
        Assert.That((call.State, call.Times.How), Is.EqualTo((CallState.Ended, CallEnd.Finished)));
    }

    [TestCase(-16, "call_too_early")]
    [TestCase(-15, null)]
    [TestCase(89, null)]
    [TestCase(90, "call_too_late")]
    public void Enter_FromAQuarterBeforeUntilAnHourAfter(int minutes, string? code) =>
        Assert.That(In(CallState.Scheduled).WhyNotEnter(Start.AddMinutes(minutes))?.Code, Is.EqualTo(code));

    [Test]
    public void Enter_TooEarly_SaysWhenTheDoorOpens() =>
        Assert.That(In(CallState.Scheduled).WhyNotEnter(Start.AddHours(-1))!.Members["opensAt"], Is.EqualTo("2026-11-26T09:45:00+08:00"));

    [TestCase(false, false, CallAbsence.Both)]
    [TestCase(true, false, CallAbsence.Staff)]
    [TestCase(false, true, CallAbsence.Citizen)]
    public void Decide_AtABookedTime_SaysWhoWasAbsent(bool citizen, bool staff, CallAbsence absent)
    {
        var call = In(CallState.Scheduled);
        if (citizen) call.Notice("citizen", present: true, Start.AddMinutes(-1));
        if (staff) call.Notice("staff", present: true, Start.AddMinutes(-1));
        Assert.That(call.Decide(Start + VideoCall.AbsentAfter - TimeSpan.FromMilliseconds(1)), Is.False);
        Assert.That(call.Decide(Start + VideoCall.AbsentAfter), Is.True);
        Assert.That((call.State, call.Times.Absent), Is.EqualTo((CallState.Missed, absent)));
    }

    [Test]
    public void Decide_WhoWaitedAndWent_IsNotAbsent()
    {
        var call = In(CallState.Scheduled);
        call.Notice("citizen", present: true, Start.AddMinutes(-5));
        call.Notice("citizen", present: false, Start.AddMinutes(14), goodbye: true);
        call.Decide(Start + VideoCall.AbsentAfter);
        Assert.That(call.Times.Absent, Is.EqualTo(CallAbsence.Staff));
    }

    [Test]
    public void Decide_WhereTheProviderFailed_IsNobodysAbsence()
    {
        var call = In(CallState.Scheduled);
        call.NoteFault(Start);
        call.Decide(Start + VideoCall.AbsentAfter);
        Assert.That((call.State, call.Times.How, call.Times.Absent), Is.EqualTo((CallState.Ended, CallEnd.PlatformFailed, (CallAbsence?)null)));
    }

    [Test]
    public void Decide_OverTheTelephone_HasItsOwnPatience_AndWhoAskedForItIsThere()
    {
        var call = FromQueue();
        call.ChangeMedium(CallMedium.Phone, CallSide.Citizen, Start.AddSeconds(30));
        Assert.That(call.Decide(Start.AddMinutes(9)), Is.False);
        Assert.That(call.Decide(Start.AddSeconds(30) + VideoCall.ReachedWithin), Is.True);
        Assert.That(call.Times.Absent, Is.EqualTo(CallAbsence.Staff), "the citizen sat by the telephone and nobody rang");
    }

    [Test]
    public void Decide_RungByTelephoneFromTheQueue_IsDecidedToo()
    {
        var call = VideoCall.RingCitizen(Bare("ticket"), CallMedium.Phone, Participant("citizen", CallSide.Citizen), Participant("staff", CallSide.Staff), "张律师", Start);
        Assert.That(call.DueAt, Is.EqualTo(Start + VideoCall.ReachedWithin));
        call.Decide(call.DueAt!.Value);
        Assert.That(call.Times.Absent, Is.EqualTo(CallAbsence.Citizen));
    }

    [Test]
    public void Connect_OfNewsThatCameLate_CountsFromWhenBothWereThere()
    {
        var call = In(CallState.Scheduled);
        call.Notice("citizen", present: true, Start.AddMinutes(3));
        call.Notice("staff", present: true, Start.AddMinutes(1));
        call.End(CallEnd.Finished, Start.AddMinutes(5));
        Assert.That(call.Times.Talked, Is.EqualTo(TimeSpan.FromMinutes(2)));
    }

    [TestCase(CallSide.Citizen, CallState.Missed)]
    [TestCase(CallSide.Staff, CallState.Cancelled)]
    public void HangUp_BeforeTheTwoAreConnected_DeclinesOrTakesBack(CallSide by, CallState state)
    {
        var call = FromQueue();
        Assert.That(call.HangUp(by, Start.AddSeconds(5)).IsRefused, Is.False);
        Assert.That(call.State, Is.EqualTo(state));
        Assert.That(In(CallState.Ringing).HangUp(by, Start).Refusal, Is.EqualTo(CallRefusals.WrongState), "at a booked time one only leaves");
    }

    [TestCase(DeviceState.Works, DeviceState.Works, NetworkGrade.Good, 40, 0, CallMedium.Video)]
    [TestCase(DeviceState.Denied, DeviceState.Works, NetworkGrade.Good, 40, 0, CallMedium.Audio)]
    [TestCase(DeviceState.Works, DeviceState.Works, NetworkGrade.Good, 40, 51, CallMedium.Audio)]
    [TestCase(DeviceState.Works, DeviceState.Works, NetworkGrade.Good, 801, 0, CallMedium.Audio)]
    [TestCase(DeviceState.Works, DeviceState.Faulty, NetworkGrade.Good, 40, 0, CallMedium.Phone)]
    [TestCase(DeviceState.Works, DeviceState.Works, NetworkGrade.Poor, 40, 0, CallMedium.Phone)]
    public void DeviceCheck_AdvisesARungOfTheLadder(DeviceState camera, DeviceState microphone, NetworkGrade network, int roundTrip, int loss, CallMedium advised) =>
        Assert.That(new DeviceCheck(camera, microphone, network, roundTrip, loss, null, null, CallMedium.Video).Advised, Is.EqualTo(advised));

    private static IEnumerable<TestCaseData> RecordingPairs =>
        from state in Enum.GetValues<RecordingState>()
        from action in Enum.GetValues<RecordingAction>()
        select new TestCaseData(state, action);

    [TestCaseSource(nameof(RecordingPairs))]
    public void Recording_EveryPair_FollowsTheTable(RecordingState state, RecordingAction action)
    {
        var recording = CallRecording.Restore(
            new CallRecording { Id = "recording", CallId = "call", Provider = "test", AskedBy = "staff", AskedAt = Start, Agreed = ["citizen", "staff"] }, state, new RecordingTimes(StoppedAt: Start));
        var refused = (action switch
        {
            RecordingAction.Begin => recording.Begun("reference", Start),
            RecordingAction.Stop => recording.BringToAnEnd(RecordingStop.ByHand, Start),
            RecordingAction.Keep => recording.Stopped(TimeSpan.FromDays(90)),
            RecordingAction.Fail => recording.GiveUp(Start),
            _ => recording.Gone(Start),
        }).IsRefused;
        var allowed = CallRecording.Table.TryGetValue((state, action), out var to);
        // Stopping what has stopped is no fault of the one who says it.
        Assert.That(refused, Is.EqualTo(!allowed && action != RecordingAction.Stop));
        Assert.That(recording.State, Is.EqualTo(allowed ? to : state));
    }

    [Test]
    public void Decide_FromAQueue_RingsAMinute_AndTheStaffMemberWasThere()
    {
        var call = FromQueue();
        Assert.That(call.Decide(Start.AddSeconds(59)), Is.False);
        Assert.That(call.Decide(Start.AddSeconds(60)), Is.True);
        Assert.That((call.State, call.Times.Absent), Is.EqualTo((CallState.Missed, CallAbsence.Citizen)));
        Assert.That(call.Matter.Status.IsOver(), Is.False, "the place in the queue decides what becomes of the matter");
    }

    [Test]
    public void Decide_WhoDoesNotComeBack_IsLost()
    {
        var call = In(CallState.Connected);
        call.Notice("citizen", present: false, Start.AddMinutes(1));
        Assert.That(call.Decide(Start.AddMinutes(1) + VideoCall.ComesBackWithin), Is.True);
        Assert.That(call.Times.How, Is.EqualTo(CallEnd.NetworkLost));
    }

    [Test]
    public void Summary_EndsTheMatterOfTheCall_Once()
    {
        var call = FromQueue();
        call.Notice("staff", present: true, Start);
        call.Notice("citizen", present: true, Start.AddSeconds(5));
        call.End(CallEnd.Finished, Start.AddMinutes(14));
        Assert.That(call.Matter.Status, Is.EqualTo(MatterStatus.InProgress));
        Assert.That(call.Summarise("告知可申请法律援助", Start.AddMinutes(15)).IsRefused, Is.False);
        Assert.That(call.Matter.Status, Is.EqualTo(MatterStatus.Closed));
        Assert.That(call.Summarise("告知可申请法律援助", Start.AddMinutes(16)).IsRefused, Is.False);
        Assert.That(call.Summarise("别的", Start.AddMinutes(16)).Refusal, Is.EqualTo(CallRefusals.AlreadySummarised));
    }

    [Test]
    public void Recording_NeedsEverybody_AndANewGuestAsksAnew()
    {
        var call = In(CallState.Connected);
        Assert.That(call.MayBeRecorded, Is.False);
        call.AgreeToRecording("citizen", agrees: true, Start);
        Assert.That(call.MayBeRecorded, Is.False);
        call.AgreeToRecording("staff", agrees: true, Start);
        Assert.That(call.MayBeRecorded, Is.True);
        call.Invite(Participant("guest", CallSide.Guest), Start);
        Assert.That(call.MayBeRecorded, Is.False);
    }

    [Test]
    public void Phone_ReachedByTheOffice_IsConnected()
    {
        var call = FromQueue();
        Assert.That(call.ReachedByPhone(Start).Refusal, Is.EqualTo(CallRefusals.WrongState));
        call.ChangeMedium(CallMedium.Phone, CallSide.Staff, Start);
        Assert.That(call.ReachedByPhone(Start.AddSeconds(20)).IsRefused, Is.False);
        Assert.That(call.State, Is.EqualTo(CallState.Connected));
    }

    private static Refusal? Do(VideoCall call, CallAction action, DateTimeOffset now)
    {
        switch (action)
        {
            case CallAction.Move: return call.Reschedule(new CallTime(now.AddDays(1), now.AddDays(1).AddMinutes(30)), "unit", Participant("staff", CallSide.Staff)).Refusal;
            case CallAction.Ring:
                call.Notice("citizen", present: true, now);
                return null;
            case CallAction.Connect:
                call.Notice("citizen", present: true, now);
                call.Notice("staff", present: true, now);
                return null;
            case CallAction.Drop:
                call.Notice("citizen", present: false, now);
                return null;
            case CallAction.ChangeMedium: return call.ChangeMedium(CallMedium.Audio, CallSide.Citizen, now).Refusal;
            case CallAction.End: return call.End(CallEnd.Finished, now).Refusal;
            case CallAction.Miss: return call.Miss(CallAbsence.Citizen, now).Refusal;
            case CallAction.Cancel: return call.Cancel(now).Refusal;
            case CallAction.Divert: return call.End(CallEnd.WentToMessages, now).Refusal;
            case CallAction.Summarise: return call.Summarise("答复", now).Refusal;
            default: throw new ArgumentOutOfRangeException(nameof(action));
        }
    }

    private static VideoCall FromQueue() =>
        VideoCall.RingCitizen(Bare("ticket"), CallMedium.Video, Participant("citizen", CallSide.Citizen), Participant("staff", CallSide.Staff), "张律师", Start);

    private static VideoCall In(CallState state)
    {
        var there = state is CallState.Connected;
        var times = new CallTimes
        {
            RungAt = state == CallState.Scheduled ? null : Start, ConnectedAt = state is CallState.Connected or CallState.Reconnecting or CallState.Ended ? Start : null,
            TalkingSince = there ? Start : null, LostAt = state == CallState.Reconnecting ? Start.AddMinutes(1) : null,
            EndedAt = state.IsOver() ? Start.AddMinutes(10) : null, How = state == CallState.Ended ? CallEnd.Finished : null,
        };
        var seen = state == CallState.Scheduled ? null : (DateTimeOffset?)Start;
        return VideoCall.Restore(Bare(null), state, CallMedium.Video, "staff-person", new CallTime(Start, Start.AddMinutes(30)), times,
        [
            CallParticipant.Restore(Participant("citizen", CallSide.Citizen), new ParticipantState(seen, seen, there, false, null)),
            CallParticipant.Restore(Participant("staff", CallSide.Staff), new ParticipantState(seen, seen, there || state == CallState.Reconnecting, false, null)),
        ]);
    }

    private static CallParticipant Participant(string id, CallSide side) => new() { Id = id, Side = side, PersonId = id + "-person", DisplayName = id, InvitedAt = Start.AddDays(-1) };

    private static VideoCall Bare(string? ticketId)
    {
        var matter = new Matter
        {
            Id = "matter", Number = "264830295719", Kind = ticketId is null ? MatterKind.Appointment : MatterKind.VideoConsultation, CategoryCode = "0201", RegionCode = "341602101",
            Channel = Channel.MiniProgram, CitizenId = "citizen-person", Title = "题", OpenedAt = Start, OrganisationId = "unit", Version = 1,
        };
        Matter.Restore(matter, new MatterState(ContactPreference.Visible, null, MatterStatus.InProgress, null, null, null, Start));
        return new VideoCall { Id = "call", Matter = matter, OrganisationId = "unit", TicketId = ticketId, AppointmentId = ticketId is null ? "appointment" : null, Provider = "test", CreatedAt = Start, Version = 1 };
    }

    private static IEnumerable<T[]> Permutations<T>(T[] items) =>
        items.Length <= 1 ? [items] : items.SelectMany((item, i) => Permutations([.. items[..i], .. items[(i + 1)..]]).Select(rest => (T[])[item, .. rest]));
}
