using MicroPlatform.Api.Appointments;
using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Common;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Appointments;

/// <summary>Waiting for time that becomes free: in order, truly kept, moved under one number, offered on.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class WaitlistTests(Engine engine)
{
    private TestApi _api = null!;

    [OneTimeSetUp]
    public async Task Start() => _api = await TestApi.StartAsync(engine, ["Identity:Tokens:AccessLifetime=300:00:00"]);

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_api is not null) await _api.DisposeAsync();
    }

    [SetUp]
    public async Task NextMorning()
    {
        // The clock only ever goes on: what an earlier test left in the outbox stays due.
        var day = _begun ? _api.Time.GetUtcNow().DateInChina().AddDays(1) : new DateOnly(2026, 11, 25);
        _begun = true;
        _api.Time.At($"{day:yyyy-MM-dd}T09:00+08:00");
        await _api.DeliverAsync();
        await _api.RunAsync<ExpireOffersJob>();
    }

    private bool _begun;

    [TearDown]
    public Task NothingTwice() => _api.ExpectNothingTwiceAsync();

    [Test]
    public async Task Freed_WantedEarlier_IsKeptAndAcceptedUnderTheSameNumber()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var first = await _api.NewBookerAsync();
        using var waiting = await _api.NewBookerAsync();
        using var other = await _api.NewBookerAsync();
        var early = await BookAsync(first, lawyer.Id, 2, 10);
        var late = await BookAsync(waiting, lawyer.Id, 5, 10);
        var joined = await JoinAsync(waiting, lawyer.Id, 1, 4, late.String("id")).Gives(Created);
        Assert.That(joined.String("matterId"), Is.EqualTo(late.String("matterId")));
        await JoinAsync(waiting, lawyer.Id, 1, 4, late.String("id")).Refuses(Conflict, "already_waiting");

        await CancelAsync(first, early);
        await _api.DeliverAsync();
        var offer = (await EntryAsync(waiting)).GetProperty("offer");
        Assert.That(offer.GetProperty("startsAt").GetDateTimeOffset(), Is.EqualTo(_api.Day(2, 10)));
        Assert.That(await StartsAsync(lawyer.Id, 2), Does.Not.Contain("10:00"), "kept for them");
        await other.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(2, 10))).Refuses(Conflict, "slot_taken");
        var told = await waiting.GetAsync("/v1/me/notifications").Gives(OK);
        Assert.That(told["items"][0].GetProperty("kind").GetString(), Is.EqualTo("waitlistOffer"));
        await other.PostAsync($"/v1/waitlist/offers/{offer.GetProperty("id").GetString()}/acceptance", new { }).Refuses(NotFound, "not_found");
        Assert.That(await StartsAsync(lawyer.Id, 5), Does.Not.Contain("10:00"), "the old one stays theirs");

        var moved = await AcceptAsync(waiting, offer).Gives(OK);
        Assert.Multiple(() =>
        {
            Assert.That(moved.String("id"), Is.EqualTo(late.String("id")));
            Assert.That(moved.String("number"), Is.EqualTo(late.String("number")));
            Assert.That(moved["startsAt"].GetDateTimeOffset(), Is.EqualTo(_api.Day(2, 10)));
        });
        Assert.That(await StartsAsync(lawyer.Id, 5), Does.Contain("10:00"), "given back");
        Assert.That((await EntryAsync(waiting)).GetProperty("state").GetString(), Is.EqualTo("booked"));
        await AcceptAsync(waiting, offer).Refuses(Conflict, "offer_gone");
        await waiting.PostAsync($"/v1/waitlist/offers/{offer.GetProperty("id").GetString()}/rejection").Refuses(Conflict, "offer_gone");
    }

    [Test]
    public async Task Freed_NobodyHasAppointmentYet_IsBookedOnTheMatterOfTheWaiting()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var first = await _api.NewBookerAsync();
        using var waiting = await _api.NewBookerAsync();
        var taken = await BookAsync(first, lawyer.Id, 2, 11);
        var joined = await JoinAsync(waiting, lawyer.Id, 1, 4, null).Gives(Created);
        await CancelAsync(first, taken);
        await _api.DeliverAsync();

        var booked = await AcceptAsync(waiting, (await EntryAsync(waiting)).GetProperty("offer")).Gives(OK);
        Assert.Multiple(() =>
        {
            Assert.That(booked.String("matterId"), Is.EqualTo(joined.String("matterId")));
            Assert.That(booked.String("reason"), Is.EqualTo("工资拖欠"));
            Assert.That(booked["startsAt"].GetDateTimeOffset(), Is.EqualTo(_api.Day(2, 11)));
        });
        await CancelAsync(waiting, booked);
        Assert.That((await waiting.GetAsync($"/v1/matters/{joined.String("matterId")}").Gives(OK)).String("status"), Is.EqualTo("withdrawn"));
    }

    [Test]
    public async Task Freed_SeveralWait_FirstComeIsFirstAskedAndRejectionAsksTheNext()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var first = await _api.NewBookerAsync();
        using var one = await _api.NewBookerAsync();
        using var two = await _api.NewBookerAsync();
        var taken = await BookAsync(first, lawyer.Id, 2, 14);
        await JoinAsync(one, lawyer.Id, 1, 4, null).Gives(Created);
        await JoinAsync(two, lawyer.Id, 1, 4, null).Gives(Created);
        await CancelAsync(first, taken);
        await _api.DeliverAsync();
        var offer = (await EntryAsync(one)).GetProperty("offer");
        Assert.That((await EntryAsync(two)).GetProperty("offer").ValueKind, Is.EqualTo(System.Text.Json.JsonValueKind.Null));

        var after = await one.PostAsync($"/v1/waitlist/offers/{offer.GetProperty("id").GetString()}/rejection").Gives(OK);
        Assert.That(after.String("state"), Is.EqualTo("waiting"));
        await _api.DeliverAsync();
        Assert.That((await EntryAsync(one)).GetProperty("offer").ValueKind, Is.EqualTo(System.Text.Json.JsonValueKind.Null), "not asked the same again");
        await AcceptAsync(two, (await EntryAsync(two)).GetProperty("offer")).Gives(OK);
    }

    [Test]
    public async Task Offer_NotAnswered_RunsOutAndGoesToTheNext()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var first = await _api.NewBookerAsync();
        using var one = await _api.NewBookerAsync();
        using var two = await _api.NewBookerAsync();
        var taken = await BookAsync(first, lawyer.Id, 2, 15);
        await JoinAsync(one, lawyer.Id, 1, 4, null).Gives(Created);
        await JoinAsync(two, lawyer.Id, 1, 4, null).Gives(Created);
        await CancelAsync(first, taken);
        await _api.DeliverAsync();
        var offer = (await EntryAsync(one)).GetProperty("offer");
        Assert.That(await _api.RunAsync<ExpireOffersJob>(), Is.Zero, "not yet");
        _api.Time.Advance(TimeSpan.FromMinutes(10.1));
        await AcceptAsync(one, offer).Refuses(Conflict, "offer_gone");

        Assert.That(await _api.RunAsync<ExpireOffersJob>(), Is.EqualTo(1));
        Assert.That(await _api.RunAsync<ExpireOffersJob>(), Is.Zero);
        Assert.That(await StartsAsync(lawyer.Id, 2), Does.Contain("15:00"), "the copy is right again");
        await _api.DeliverAsync();
        Assert.That(await StartsAsync(lawyer.Id, 2), Does.Not.Contain("15:00"));
        await AcceptAsync(two, (await EntryAsync(two)).GetProperty("offer")).Gives(OK);
    }

    [Test]
    public async Task Offer_RunOutAndTakenBySomebody_IsGoneAndNothingIsLost()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var first = await _api.NewBookerAsync();
        using var one = await _api.NewBookerAsync();
        using var quick = await _api.NewBookerAsync();
        var taken = await BookAsync(first, lawyer.Id, 2, 16);
        await JoinAsync(one, lawyer.Id, 1, 4, null).Gives(Created);
        await CancelAsync(first, taken);
        await _api.DeliverAsync();
        var offer = (await EntryAsync(one)).GetProperty("offer");
        _api.Time.Advance(TimeSpan.FromMinutes(11));
        // Before the job: the next who wants the time clears it.
        await quick.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(2, 16))).Gives(Created);
        await AcceptAsync(one, offer).Refuses(Conflict, "offer_gone");
        await _api.RunAsync<ExpireOffersJob>();
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM appointments WHERE resource_id = @Id AND state = 'Booked'", new { lawyer.Id }), Is.EqualTo(1));
        Assert.That((await EntryAsync(one)).GetProperty("state").GetString(), Is.EqualTo("waiting"));
    }

    [Test]
    public async Task Accepted_OldTime_IsOfferedOn()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var first = await _api.NewBookerAsync();
        using var one = await _api.NewBookerAsync();
        using var two = await _api.NewBookerAsync();
        var early = await BookAsync(first, lawyer.Id, 2, 9);
        var middle = await BookAsync(one, lawyer.Id, 3, 9);
        var late = await BookAsync(two, lawyer.Id, 6, 9);
        await JoinAsync(one, lawyer.Id, 1, 6, middle.String("id")).Gives(Created);
        await JoinAsync(two, lawyer.Id, 3, 6, late.String("id")).Gives(Created);
        await CancelAsync(first, early);
        await _api.DeliverAsync();
        await AcceptAsync(one, (await EntryAsync(one)).GetProperty("offer")).Gives(OK);
        await _api.DeliverAsync();
        var moved = await AcceptAsync(two, (await EntryAsync(two)).GetProperty("offer")).Gives(OK);
        Assert.That(moved["startsAt"].GetDateTimeOffset(), Is.EqualTo(_api.Day(3, 9)));
        Assert.That(await StartsAsync(lawyer.Id, 6), Does.Contain("09:00"));
    }

    [Test]
    public async Task Freed_AtNight_IsOfferedInTheMorning()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var first = await _api.NewBookerAsync();
        using var waiting = await _api.NewBookerAsync();
        var taken = await BookAsync(first, lawyer.Id, 3, 10);
        await JoinAsync(waiting, lawyer.Id, 1, 4, null).Gives(Created);
        var today = _api.Time.GetUtcNow().DateInChina();
        _api.Time.At($"{today:yyyy-MM-dd}T22:30+08:00");
        await CancelAsync(first, taken);
        await _api.DeliverAsync();
        Assert.That((await EntryAsync(waiting)).GetProperty("state").GetString(), Is.EqualTo("waiting"));
        _api.Time.At($"{today.AddDays(1):yyyy-MM-dd}T08:01+08:00");
        await _api.DeliverAsync();
        await AcceptAsync(waiting, (await EntryAsync(waiting)).GetProperty("offer")).Gives(OK);
    }

    [Test]
    public async Task Freed_InsideTheNoticeOrWhileBusyThen_IsNotOffered()
    {
        using var strict = await _api.NewPersonAsync(terms: Bookable.Terms with { MinNoticeMinutes = 24 * 60 });
        using var other = await _api.NewPersonAsync();
        using var first = await _api.NewBookerAsync();
        using var busy = await _api.NewBookerAsync();
        var taken = await BookAsync(first, strict.Id, 2, 10);
        var soon = await BookAsync(first, strict.Id, 1, 12);
        await JoinAsync(busy, strict.Id, 0, 4, null).Gives(Created);
        await BookAsync(busy, other.Id, 2, 10, "legal-aid");
        await CancelAsync(first, taken);
        await _api.DeliverAsync();
        Assert.That((await EntryAsync(busy)).GetProperty("state").GetString(), Is.EqualTo("waiting"), "has another appointment then");
        _api.Time.Advance(TimeSpan.FromHours(4));
        await CancelAsync(first, soon);
        await _api.DeliverAsync();
        Assert.That((await EntryAsync(busy)).GetProperty("state").GetString(), Is.EqualTo("waiting"), "a day's notice");
    }

    [Test]
    public async Task Wait_ForAUnit_TakesAnybodyThere()
    {
        using var here = await _api.NewPersonAsync(unit: DemoDistrict.TownB);
        using var first = await _api.NewBookerAsync();
        using var waiting = await _api.NewBookerAsync();
        var taken = await BookAsync(first, here.Id, 2, 10);
        await waiting.PostAsync("/v1/waitlist", new { serviceCode = "lawyer", mode = "phone", organisationId = DemoDistrict.TownB, untilDate = Date(4), categoryCode = "0201" }).Gives(Created);
        await CancelAsync(first, taken);
        await _api.DeliverAsync();
        var booked = await AcceptAsync(waiting, (await EntryAsync(waiting)).GetProperty("offer")).Gives(OK);
        Assert.That(booked.String("mode"), Is.EqualTo("phone"));
    }

    [Test]
    public async Task Leave_WithAnOffer_GivesItToTheNextAndEndsTheMatter()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var first = await _api.NewBookerAsync();
        using var one = await _api.NewBookerAsync();
        using var two = await _api.NewBookerAsync();
        var taken = await BookAsync(first, lawyer.Id, 2, 10);
        var joined = await JoinAsync(one, lawyer.Id, 1, 4, null).Gives(Created);
        await JoinAsync(two, lawyer.Id, 1, 4, null).Gives(Created);
        await CancelAsync(first, taken);
        await _api.DeliverAsync();
        var left = await one.DeleteAsync($"/v1/waitlist/{joined.String("id")}").Gives(OK);
        Assert.That(left.String("state"), Is.EqualTo("left"));
        await one.DeleteAsync($"/v1/waitlist/{joined.String("id")}").Refuses(Conflict, "waiting_over");
        await two.DeleteAsync($"/v1/waitlist/{joined.String("id")}").Refuses(NotFound, "not_found");
        Assert.That((await one.GetAsync($"/v1/matters/{joined.String("matterId")}").Gives(OK)).String("status"), Is.EqualTo("withdrawn"));
        await _api.DeliverAsync();
        await AcceptAsync(two, (await EntryAsync(two)).GetProperty("offer")).Gives(OK);
    }

    [Test]
    public async Task Wait_DatePassedOrBookedOtherwiseOrAppointmentOver_Ends()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var passed = await _api.NewBookerAsync();
        using var booked = await _api.NewBookerAsync();
        using var cancelled = await _api.NewBookerAsync();
        var over = await JoinAsync(passed, lawyer.Id, 0, 0, null).Gives(Created);
        await JoinAsync(booked, lawyer.Id, 0, 4, null).Gives(Created);
        var appointment = await BookAsync(cancelled, lawyer.Id, 3, 9);
        await JoinAsync(cancelled, lawyer.Id, 0, 4, appointment.String("id")).Gives(Created);

        await BookAsync(booked, lawyer.Id, 2, 9);
        await _api.DeliverAsync();
        Assert.That((await EntryAsync(booked)).GetProperty("state").GetString(), Is.EqualTo("booked"));
        await CancelAsync(cancelled, appointment);
        _api.Time.Advance(TimeSpan.FromDays(1));
        Assert.That(await _api.RunAsync<ExpireOffersJob>(), Is.GreaterThanOrEqualTo(2));
        Assert.That((await EntryAsync(cancelled)).GetProperty("state").GetString(), Is.EqualTo("over"));
        Assert.That((await EntryAsync(passed)).GetProperty("state").GetString(), Is.EqualTo("over"));
        Assert.That((await passed.GetAsync($"/v1/matters/{over.String("matterId")}").Gives(OK)).String("status"), Is.EqualTo("closed"));
    }

    [Test]
    public async Task Join_AfterBookingWhoseEventIsStillUnderWay_WaitsOn()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var citizen = await _api.NewBookerAsync();
        await BookAsync(citizen, lawyer.Id, 2, 9);
        await JoinAsync(citizen, lawyer.Id, 0, 4, null).Gives(Created);
        await _api.DeliverAsync();
        Assert.That((await EntryAsync(citizen)).GetProperty("state").GetString(), Is.EqualTo("waiting"), "wants one more");
    }

    [Test]
    public async Task Accept_PersonHasLeftInBetween_IsRefusedAndOldOneStays()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var first = await _api.NewBookerAsync();
        using var waiting = await _api.NewBookerAsync();
        using var admin = await _api.NewStaffAsync(Domain.Identity.Role.Administrator, DemoDistrict.Bureau);
        var early = await BookAsync(first, lawyer.Id, 2, 10);
        var late = await BookAsync(waiting, lawyer.Id, 5, 10);
        await JoinAsync(waiting, lawyer.Id, 1, 4, late.String("id")).Gives(Created);
        await CancelAsync(first, early);
        await _api.DeliverAsync();
        var offer = (await EntryAsync(waiting)).GetProperty("offer");
        await admin.PostAsync($"/v1/admin/staff-accounts/{lawyer.Id}/disabling").Gives(OK);
        await AcceptAsync(waiting, offer).Refuses(UnprocessableEntity, "resource_unknown");
        Assert.That((await waiting.GetAsync($"/v1/appointments/{late.String("id")}").Gives(OK))["startsAt"].GetDateTimeOffset(), Is.EqualTo(_api.Day(5, 10)));
    }

    [Test]
    public async Task Join_WithNonsense_SaysWhy()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var citizen = await _api.NewBookerAsync();
        using var other = await _api.NewBookerAsync();
        var theirs = await BookAsync(other, lawyer.Id, 3, 11);
        await citizen.PostAsync("/v1/waitlist", new { }).Refuses(BadRequest, "validation_failed");
        await JoinAsync(citizen, lawyer.Id, 3, 1, null).Refuses(BadRequest, "validation_failed");
        await JoinAsync(citizen, lawyer.Id, -3, -1, null).Refuses(UnprocessableEntity, "slot_past");
        await JoinAsync(citizen, lawyer.Id, 0, 63, null).Refuses(UnprocessableEntity, "slot_beyond_horizon");
        await JoinAsync(citizen, Operation.NoSuchId, 0, 3, null).Refuses(UnprocessableEntity, "resource_unknown");
        await JoinAsync(citizen, "'; DROP TABLE", 0, 3, null).Refuses(UnprocessableEntity, "resource_unknown");
        await JoinAsync(citizen, lawyer.Id, 0, 3, theirs.String("id")).Refuses(NotFound, "not_found");
        await citizen.PostAsync("/v1/waitlist", new { serviceCode = "lawyer", mode = "inPerson", untilDate = Date(3), categoryCode = "0201" }).Refuses(BadRequest, "validation_failed");
        await citizen.PostAsync("/v1/waitlist", new { serviceCode = "lawyer", mode = "inPerson", resourceId = lawyer.Id, untilDate = Date(3) }).Gives(BadRequest);
        await citizen.PostAsync("/v1/waitlist", new { serviceCode = "window", mode = "homeVisit", resourceId = lawyer.Id, untilDate = Date(3), categoryCode = "0201" }).Refuses(UnprocessableEntity, "slot_not_offered");
        await citizen.PostAsync("/v1/waitlist", new { serviceCode = "none", mode = "inPerson", resourceId = lawyer.Id, untilDate = Date(3), categoryCode = "0201" }).Refuses(BadRequest, "service_unknown");
        await citizen.PostAsync("/v1/waitlist", $$"""{"serviceCode":"lawyer","mode":"inPerson","resourceId":"{{lawyer.Id}}","untilDate":"2026-02-30","categoryCode":"0201"}""").Gives(BadRequest);
        var ended = await BookAsync(citizen, lawyer.Id, 4, 11);
        await JoinAsync(citizen, lawyer.Id, 0, 3, ended.String("id"), "legal-aid").Refuses(BadRequest, "validation_failed");
        await CancelAsync(citizen, ended);
        await JoinAsync(citizen, lawyer.Id, 0, 3, ended.String("id")).Refuses(Conflict, "appointment_over");
        using var stranger = await _api.NewCitizenAsync();
        await JoinAsync(stranger, lawyer.Id, 0, 3, null).Refuses(UnprocessableEntity, "phone_required");
    }

    [Test]
    public async Task Join_SameWishTenTimesAtOnce_IsOnePlaceAndOneMatter()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var citizen = await _api.NewBookerAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => JoinAsync(citizen, lawyer.Id, 0, 3, null)));
        Assert.That(answers.Count(a => a.Status == Created), Is.EqualTo(1));
        Assert.That(answers.Where(a => a.Status != Created).Select(a => a.String("code")), Is.All.EqualTo("already_waiting"));
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM matters WHERE citizen_id = @Id", new { citizen.Id }), Is.EqualTo(1));
    }

    private Task<Answer> JoinAsync(ApiClient citizen, string resourceId, int from, int until, string? appointmentId, string service = "lawyer") => citizen.PostAsync("/v1/waitlist", new
    {
        serviceCode = service, mode = "inPerson", resourceId, fromDate = Date(from), untilDate = Date(until), appointmentId, categoryCode = appointmentId is null ? "0201" : null, reason = "工资拖欠",
    });

    private async Task<Answer> BookAsync(ApiClient citizen, string resourceId, int days, int hour, string service = "lawyer") =>
        (await citizen.PostAsync("/v1/appointments", Bookable.Order(resourceId, _api.Day(days, hour), service))).Gives(Created);

    private static async Task CancelAsync(ApiClient citizen, Answer appointment) => await citizen.PostAsync($"/v1/appointments/{appointment.String("id")}/cancellation", new { }).Gives(OK);

    private static Task<Answer> AcceptAsync(ApiClient citizen, System.Text.Json.JsonElement offer) => citizen.PostAsync($"/v1/waitlist/offers/{offer.GetProperty("id").GetString()}/acceptance", new { });

    private static async Task<System.Text.Json.JsonElement> EntryAsync(ApiClient citizen) => (await citizen.GetAsync("/v1/waitlist").Gives(OK))["items"][0];

    private string Date(int days) => $"{_api.Day(days, 0):yyyy-MM-dd}";

    private async Task<string> StartsAsync(string resourceId, int days)
    {
        using var nobody = _api.Anonymous();
        var found = await nobody.GetAsync($"/v1/slots?resourceId={resourceId}&serviceCode=lawyer&mode=inPerson&date={Date(days)}").Gives(OK);
        return string.Join(' ', found["items"].EnumerateArray().Select(s => s.GetProperty("startsAt").GetString()![11..16]));
    }
}
