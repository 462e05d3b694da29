using MicroPlatform.Domain.Appointments;

namespace MicroPlatform.Api.Tests.Appointments;

/// <summary>Every state × action pair of a place on the waiting list and of an offer.</summary>
public sealed class WaitlistTransitionsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 25, 1, 0, 0, TimeSpan.Zero);

    private static IEnumerable<TestCaseData> Places => from state in Enum.GetValues<WaitlistState>() from action in Enum.GetValues<WaitlistAction>() select new TestCaseData(state, action);

    private static IEnumerable<TestCaseData> Offers => from state in Enum.GetValues<WaitlistOfferState>() from action in Enum.GetValues<WaitlistOfferAction>() select new TestCaseData(state, action);

    [TestCaseSource(nameof(Places))]
    public void Do_EveryPairOfAPlace_FollowsTheTable(WaitlistState state, WaitlistAction action)
    {
        var entry = WaitlistEntry.Restore(Entry(), state, null);
        var refusal = action switch
        {
            WaitlistAction.Offer => entry.Offer().Refusal,
            WaitlistAction.Decline => entry.Decline().Refusal,
            WaitlistAction.Book => entry.Book(Now).Refusal,
            WaitlistAction.Leave => entry.Leave(Now).Refusal,
            _ => entry.End(Now).Refusal,
        };
        var allowed = WaitlistTransitions.Table.TryGetValue((state, action), out var to);
        Assert.Multiple(() =>
        {
            Assert.That(refusal, Is.EqualTo(allowed ? null : AppointmentRefusals.WaitingOver));
            Assert.That(entry.State, Is.EqualTo(allowed ? to : state));
            Assert.That(entry.EndedAt is not null, Is.EqualTo(allowed && to is (WaitlistState.Booked or WaitlistState.Left or WaitlistState.Over)));
        });
    }

    [TestCaseSource(nameof(Offers))]
    public void Do_EveryPairOfAnOffer_FollowsTheTable(WaitlistOfferState state, WaitlistOfferAction action)
    {
        var offer = WaitlistOffer.Restore(Offer(), state, null);
        var refusal = action switch
        {
            WaitlistOfferAction.Accept => offer.Accept(Now).Refusal,
            WaitlistOfferAction.Reject => offer.Reject(Now).Refusal,
            WaitlistOfferAction.Expire => offer.Expire(offer.ExpiresAt.AddMilliseconds(1)).Refusal,
            _ => offer.Withdraw(Now).Refusal,
        };
        var allowed = WaitlistTransitions.Offers.TryGetValue((state, action), out var to);
        Assert.Multiple(() =>
        {
            Assert.That(refusal, Is.EqualTo(allowed ? null : AppointmentRefusals.OfferGone));
            Assert.That(offer.State, Is.EqualTo(allowed ? to : state));
        });
    }

    [Test]
    public void Accept_InTheLastInstant_IsInTimeAndNotOver()
    {
        Assert.That(Offer().Expire(Offer().ExpiresAt).Refusal, Is.EqualTo(AppointmentRefusals.OfferGone));
        Assert.That(Offer().Accept(Offer().ExpiresAt).IsRefused, Is.False);
        Assert.That(Offer().Accept(Offer().ExpiresAt.AddMilliseconds(1)).Refusal, Is.EqualTo(AppointmentRefusals.OfferGone));
    }

    [TestCase("2026-11-26T10:00+08:00", "r", "u", null, true)]
    [TestCase("2026-11-25T23:45+08:00", "r", "u", null, false, Description = "a day too early, in China")]
    [TestCase("2026-11-28T00:00+08:00", "r", "u", null, false, Description = "a day too late, in China")]
    [TestCase("2026-11-26T10:00+08:00", "other", "u", null, false)]
    [TestCase("2026-11-26T10:00+08:00", "r", "u", "2026-11-26T10:00+08:00", false, Description = "not earlier than what they have")]
    [TestCase("2026-11-26T10:00+08:00", "r", "u", "2026-11-26T10:30+08:00", true)]
    public void Wants_Slot_IsJudgedByDayPlaceAndWhatTheyHave(string at, string resource, string unit, string? current, bool wanted)
    {
        var start = DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture);
        var has = current is null ? (DateTimeOffset?)null : DateTimeOffset.Parse(current, System.Globalization.CultureInfo.InvariantCulture);
        Assert.That(Entry().Wants(new Slot(resource, unit, start, start.AddMinutes(30), 1), has), Is.EqualTo(wanted));
    }

    private static WaitlistEntry Entry() => new()
    {
        Id = "e", CitizenId = "c", MatterId = "m", ServiceCode = "lawyer", Mode = MeetingMode.InPerson, ResourceId = "r", FromDate = new DateOnly(2026, 11, 26), UntilDate = new DateOnly(2026, 11, 27),
        JoinedAt = Now,
    };

    private static WaitlistOffer Offer() => new()
    {
        Id = "o", EntryId = "e", CitizenId = "c", OfferedAt = Now, ExpiresAt = Now.AddMinutes(10),
        Time = new AppointmentTime("r", 0, "u", Now.AddDays(1), Now.AddDays(1).AddMinutes(30), new RasterSpan(36, 38)),
    };
}
