using MicroPlatform.Api.Appointments;
using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Identity;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Appointments;

/// <summary>
/// Two hundred people and one slot, twenty rounds, on each path and on all of them at once: one wins each round, and a query that knows nothing of
/// the guard finds nobody booked over anybody.
/// </summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class BookingRaceTests(Engine engine)
{
    private const int People = 200;
    private const int Rounds = 20;

    private TestApi _api = null!;
    private IReadOnlyList<ApiClient> _crowd = [];

    [OneTimeSetUp]
    public async Task Start()
    {
        _api = await TestApi.StartAsync(engine, Crowd.Settings);
        _api.Time.At("2026-11-25T08:00+08:00");
        _crowd = await _api.NewCrowdAsync(People);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        _crowd.Dispose();
        if (_api is not null) await _api.DisposeAsync();
    }

    [TearDown]
    public Task NothingTwice() => _api.ExpectNothingTwiceAsync();

    [Test]
    public async Task Book_OnePersonsSlot_OneOfTwoHundredWins()
    {
        using var lawyer = await _api.NewPersonAsync();
        for (var round = 0; round < Rounds; round++)
        {
            var at = SlotOf(round, 1);
            await OneWinsAsync(round, _crowd.Select(c => c.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, at))), lawyer.Id, at);
        }
    }

    [Test]
    public async Task Book_AnybodyOfAUnit_AsManyWinAsSitThere()
    {
        using var allDay = await _api.NewPersonAsync(unit: DemoDistrict.AidCentre);
        using var mornings = await _api.NewPersonAsync(unit: DemoDistrict.AidCentre, to: 12);
        for (var round = 0; round < Rounds; round++)
        {
            var at = SlotOf(round, 1);
            var answers = await Task.WhenAll(_crowd.Select(c => c.PostAsync("/v1/appointments", Crowd.OrderAny(DemoDistrict.AidCentre, at))));
            Assert.That(answers.Count(a => a.Status == Created), Is.EqualTo(at.Hour < 12 ? 2 : 1), $"round {round}");
            ExpectOnlyLosers(answers.Where(a => a.Status != Created));
        }
    }

    [Test]
    public async Task Reschedule_ToOneSlot_OneOfTwoHundredWins()
    {
        using var lawyer = await _api.NewPersonAsync();
        var ids = await BookedSomewhereAsync(12);
        for (var round = 0; round < Rounds; round++)
        {
            var at = SlotOf(round, 1);
            await OneWinsAsync(round, _crowd.Select((c, n) => c.PostAsync($"/v1/appointments/{ids[n]}/reschedule", new { startsAt = at, resourceId = lawyer.Id })), lawyer.Id, at);
        }
    }

    [Test]
    public async Task Accept_AtTheInstantTheOfferEnds_OneWinsOrTheSlotIsFree()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var first = await _api.NewBookerAsync();
        using var holder = await _api.NewBookerAsync();
        for (var round = 0; round < Rounds; round++)
        {
            _api.Time.Advance(TimeSpan.FromMinutes(1));
            var at = SlotOf(round, 1);
            var offer = await OfferAsync(first, holder, lawyer.Id, at);
            // Sent around the last instant: some before it and some after.
            _api.Time.At((offer.ExpiresAt - TimeSpan.FromMilliseconds(30 + (10 * round))).ToString("O"));
            var others = _crowd.Take(40).Select(c => c.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, at))).ToList();
            var acceptances = Enumerable.Range(0, 20).Select(_ => holder.PostAsync($"/v1/waitlist/offers/{offer.Id}/acceptance", new { })).ToList();
            await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => _api.RunAsync<ExpireOffersJob>()));
            var answers = await Task.WhenAll(others.Concat(acceptances));

            Assert.That(answers.Count(a => a.Status is Created or OK), Is.LessThanOrEqualTo(1), $"round {round}");
            Assert.That(answers.Where(a => a.Status is not (Created or OK)).Select(a => a.String("code")), Is.All.AnyOf("slot_taken", "offer_gone"));
            Assert.That(await BookedAsync(lawyer.Id, at), Is.EqualTo(answers.Count(a => a.Status is Created or OK)));
            _api.Time.Advance(TimeSpan.FromSeconds(2));
            await _api.RunAsync<ExpireOffersJob>();
            await first.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, at)).Gives(answers.Any(a => a.Status is Created or OK) ? Conflict : Created);
            await LeaveAsync(holder);
        }
    }

    [Test]
    public async Task AllPathsAtOnce_OneSlot_OneWins()
    {
        using var lawyer = await _api.NewPersonAsync(unit: DemoDistrict.TownB);
        using var first = await _api.NewBookerAsync();
        using var holder = await _api.NewBookerAsync();
        using var clerk = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownB);
        var ids = await BookedSomewhereAsync(20);
        for (var round = 0; round < Rounds; round++)
        {
            _api.Time.Advance(TimeSpan.FromMinutes(1));
            var at = SlotOf(round, 1);
            var offer = await OfferAsync(first, holder, lawyer.Id, at);
            // Every other round the offer has just run out, so that the slot is anybody's.
            if (round % 2 == 1) _api.Time.At(offer.ExpiresAt.AddMilliseconds(1).ToString("O"));
            await OneWinsAsync(round, _crowd.Select((c, n) => (n % 5) switch
            {
                0 => c.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, at)),
                1 => c.PostAsync("/v1/appointments", Crowd.OrderAny(DemoDistrict.TownB, at)),
                2 => c.PostAsync($"/v1/appointments/{ids[n]}/reschedule", new { startsAt = at, resourceId = lawyer.Id }),
                3 => clerk.PostAsync("/v1/staff/appointments", AtWindow(lawyer.Id, at, $"1370000{round:00}{n % 100:00}")),
                _ => holder.PostAsync($"/v1/waitlist/offers/{offer.Id}/acceptance", new { }),
            }), lawyer.Id, at);
            await _api.RunAsync<ExpireOffersJob>();
            await LeaveAsync(holder);
        }
    }

    [Test]
    public async Task OnePerson_BooksWhileTheWindowBooksForThem_IsAtOnePlace()
    {
        using var here = await _api.NewPersonAsync(unit: DemoDistrict.TownA);
        using var there = await _api.NewPersonAsync(unit: DemoDistrict.TownB);
        using var clerk = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownB);
        using var citizen = await _api.NewBookerAsync();
        var matter = (await citizen.PostAsync("/v1/consultations", new { categoryCode = "0201", regionCode = "341602102", text = "工资一直拖欠，想当面问问" }).Gives(Created)).String("matter.id");
        for (var round = 0; round < Rounds; round++)
        {
            var at = SlotOf(round, 1);
            var answers = await Task.WhenAll(
                citizen.PostAsync("/v1/appointments", Bookable.Order(here.Id, at)),
                clerk.PostAsync("/v1/staff/appointments", new { serviceCode = "lawyer", mode = "inPerson", resourceId = there.Id, startsAt = at, matterId = matter, categoryCode = "0201", paperConsent = true }));
            Assert.That(answers.Count(a => a.Status == Created), Is.EqualTo(1), $"round {round}: {answers[0].Text} {answers[1].Text}");
        }
    }

    private static object AtWindow(string resourceId, DateTimeOffset startsAt, string phone) => new
    {
        serviceCode = "lawyer", mode = "inPerson", resourceId, startsAt, phone, name = "王小明", categoryCode = "0201", paperConsent = true,
    };

    [Test]
    public async Task Book_DeskWithSeatsBySide_CitizensNeverAboveTheirs()
    {
        var desk = await _api.NewDeskAsync(new Seats(3, 4, 6));
        for (var round = 0; round < 5; round++)
        {
            var at = SlotOf(round, 1);
            var answers = await Task.WhenAll(_crowd.Take(60).Select(c => c.PostAsync("/v1/appointments", Bookable.Order(desk, at, "window"))));
            Assert.That(answers.Count(a => a.Status == Created), Is.EqualTo(3), $"round {round}");
            ExpectOnlyLosers(answers.Where(a => a.Status != Created));
        }
        Assert.That(await _api.ScalarAsync<long>("SELECT MAX(seat) FROM appointments WHERE resource_id = @desk", new { desk }), Is.EqualTo(2));
    }

    [Test]
    public async Task Move_BackAndForthBetweenTwoPeople_NeverFails()
    {
        using var one = await _api.NewPersonAsync();
        using var other = await _api.NewPersonAsync();
        // Everybody has a time of their own with each: only the locks meet.
        var movers = _crowd.Take(14).ToList();
        var ids = new List<string>();
        foreach (var (n, c) in movers.Index()) ids.Add((await c.PostAsync("/v1/appointments", Bookable.Order(n % 2 == 0 ? one.Id : other.Id, SlotOf(n, 3))).Gives(Created)).String("id"));
        await Task.WhenAll(movers.Select(async (c, n) =>
        {
            for (var move = 0; move < 4; move++)
                await c.PostAsync($"/v1/appointments/{ids[n]}/reschedule", new { startsAt = SlotOf(n, 5 + move), resourceId = (n + move) % 2 == 0 ? other.Id : one.Id }).Gives(OK);
        }));
    }

    private async Task OneWinsAsync(int round, IEnumerable<Task<Answer>> asking, string resourceId, DateTimeOffset at)
    {
        var answers = await Task.WhenAll(asking.ToList());
        Assert.That(answers.Count(a => a.Status is Created or OK), Is.EqualTo(1), $"round {round}");
        ExpectOnlyLosers(answers.Where(a => a.Status is not (Created or OK)));
        Assert.That(await BookedAsync(resourceId, at), Is.EqualTo(1), $"round {round}");
    }

    private static void ExpectOnlyLosers(IEnumerable<Answer> answers) =>
        Assert.That(answers.GroupBy(a => a.String("code")).Select(g => g.Key), Is.All.AnyOf("slot_taken", "too_many_moves", "offer_gone", "own_appointment_overlaps"));

    private Task<long> BookedAsync(string resourceId, DateTimeOffset at) =>
        _api.ScalarAsync<long>("SELECT COUNT(*) FROM appointments WHERE resource_id = @resourceId AND starts_at = @at AND state = 'Booked'", new { resourceId, at });

    /// <summary>An appointment for each, at desks, where nobody is in anybody's way.</summary>
    private async Task<string[]> BookedSomewhereAsync(int day)
    {
        var desk = await _api.NewDeskAsync(new Seats(16, 16, 16));
        var ids = new List<string>();
        // Not all at once: what is booked at one desk is booked one after another, and this is not the race.
        foreach (var some in _crowd.Index().Chunk(20))
            ids.AddRange(await Task.WhenAll(some.Select(async c => (await c.Item.PostAsync("/v1/appointments", Bookable.Order(desk, SlotOf(c.Index / 13, day))).Gives(Created)).String("id"))));
        return [.. ids];
    }

    /// <summary>Somebody books and cancels, and somebody else, who waits for anything that day, has the time now.</summary>
    private async Task<(string Id, DateTimeOffset ExpiresAt)> OfferAsync(ApiClient first, ApiClient holder, string lawyerId, DateTimeOffset at)
    {
        var day = DateOnly.FromDateTime(at.DateTime);
        var id = (await first.PostAsync("/v1/appointments", Bookable.Order(lawyerId, at)).Gives(Created)).String("id");
        await holder.PostAsync("/v1/waitlist", new { serviceCode = "lawyer", mode = "inPerson", resourceId = lawyerId, fromDate = day, untilDate = day, categoryCode = "0201" }).Gives(Created);
        await first.PostAsync($"/v1/appointments/{id}/cancellation", new { }).Gives(OK);
        await _api.DeliverAsync();
        var mine = await holder.GetAsync("/v1/waitlist?limit=1").Gives(OK);
        var offer = mine["items"][0].GetProperty("offer");
        Assert.That(offer.GetProperty("startsAt").GetDateTimeOffset(), Is.EqualTo(at));
        return (offer.GetProperty("id").GetString()!, offer.GetProperty("expiresAt").GetDateTimeOffset());
    }

    /// <summary>
    /// The holder waits no more, and what this round set free (the one who moved here may have moved from an earlier round's time)
    /// is told to everybody before the holder waits again.
    /// </summary>
    private async Task LeaveAsync(ApiClient holder)
    {
        await _api.ExecuteAsync("UPDATE waitlist_entries SET state = 'Left', wish_key = NULL WHERE citizen_id = @Id", new { holder.Id });
        await _api.DeliverAsync();
    }

    /// <summary>A half hour of its own for every round, sixteen a day.</summary>
    private DateTimeOffset SlotOf(int round, int firstDay) => _api.Day(firstDay + (round / 16), 9 + (round % 16 / 2), round % 2 * 30);
}
