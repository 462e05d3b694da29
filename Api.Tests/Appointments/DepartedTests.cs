using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Identity;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Appointments;

/// <summary>Somebody leaves, or serves elsewhere: nobody can book them from that commit on, and what was booked is not forgotten.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class DepartedTests(Engine engine)
{
    private TestApi _api = null!;
    private ApiClient _admin = null!;
    private ApiClient _clerk = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _api = await TestApi.StartAsync(engine, Crowd.Settings);
        _api.Time.At("2026-11-25T08:00+08:00");
        _admin = await _api.NewStaffAsync(Role.Administrator, DemoDistrict.Bureau);
        _clerk = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownA);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        _admin?.Dispose();
        _clerk?.Dispose();
        if (_api is not null) await _api.DisposeAsync();
    }

    [Test]
    public async Task Disable_Account_IsNotOfferedNotBookableAndStranded()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var citizen = await _api.NewBookerAsync();
        var booked = await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(1, 10))).Gives(Created);
        Assert.That(await FreeAsync(lawyer.Id, 1), Is.GreaterThan(10));
        Assert.That(await StrandedAsync(_clerk, booked), Is.Null);

        await _admin.PostAsync($"/v1/admin/staff-accounts/{lawyer.Id}/disabling").Gives(OK);
        Assert.That(await FreeAsync(lawyer.Id, 1), Is.Zero);
        await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(1, 11))).Refuses(UnprocessableEntity, "resource_unknown");
        await citizen.PostAsync($"/v1/appointments/{booked.String("id")}/reschedule", new { startsAt = _api.Day(1, 12) }).Refuses(UnprocessableEntity, "resource_unknown");
        Assert.That(await StrandedAsync(_clerk, booked), Is.EqualTo("accountDisabled"));

        await _admin.PostAsync($"/v1/admin/staff-accounts/{lawyer.Id}/enabling").Gives(OK);
        Assert.That(await FreeAsync(lawyer.Id, 1), Is.GreaterThan(10));
        Assert.That(await StrandedAsync(_clerk, booked), Is.Null);
        await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(1, 11))).Gives(Created);
    }

    [Test]
    public async Task SetPosts_ToAnotherUnit_IsNotBookableAtTheOldOne()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var citizen = await _api.NewBookerAsync();
        using var elsewhere = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownB);
        var booked = await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(2, 10))).Gives(Created);
        await SetPostsAsync(lawyer.Id, (DemoDistrict.TownB, "lawyer"));
        Assert.That(await FreeAsync(lawyer.Id, 2), Is.Zero);
        await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(2, 11))).Refuses(UnprocessableEntity, "slot_outside_hours");
        Assert.That(await StrandedAsync(_clerk, booked), Is.EqualTo("postRemoved"));
        Assert.That(await StrandedAsync(elsewhere, booked), Is.Null, "not their unit");

        // A post above covers what lies below.
        await SetPostsAsync(lawyer.Id, (DemoDistrict.Bureau, "lawyer"));
        await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(2, 11))).Gives(Created);
        // One that does not work on matters does not.
        await SetPostsAsync(lawyer.Id, (DemoDistrict.TownA, "auditor"));
        await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(2, 12))).Refuses(UnprocessableEntity, "resource_unknown");
    }

    [Test]
    public async Task Disable_WhileFiftyBook_NothingIsBookedAfterwards()
    {
        using var lawyer = await _api.NewPersonAsync();
        var crowd = await _api.NewCrowdAsync(50);
        // One slot each, so that only the account stands in the way.
        var booking = crowd.Select((c, n) => c.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(3 + (n / 16), 9 + (n % 16 / 2), n % 2 * 30)))).ToList();
        await Task.WhenAny(booking);
        await _admin.PostAsync($"/v1/admin/staff-accounts/{lawyer.Id}/disabling").Gives(OK);
        var booked = await BookedAsync(lawyer.Id);
        var answers = await Task.WhenAll(booking);
        Assert.That(answers.Where(a => a.Status != Created).Select(a => a.String("code")), Is.All.EqualTo("resource_unknown"));
        Assert.That(await BookedAsync(lawyer.Id), Is.EqualTo(booked), "whoever was in before the commit is in, and nobody else");
        Assert.That(answers.Count(a => a.Status == Created), Is.EqualTo(booked));
        Assert.That(await FreeAsync(lawyer.Id, 4), Is.Zero);
        await _api.ExpectNothingTwiceAsync();
        crowd.Dispose();
    }

    [Test]
    public async Task Stranded_ManyOfThem_ComeInPages()
    {
        using var lawyer = await _api.NewPersonAsync(unit: DemoDistrict.TownB);
        using var clerk = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownB);
        using var citizen = await _api.NewBookerAsync();
        for (var n = 0; n < 5; n++) await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(5 - n, 10))).Gives(Created);
        await _admin.PostAsync($"/v1/admin/staff-accounts/{lawyer.Id}/disabling").Gives(OK);
        var (starts, cursor) = (new List<string>(), "");
        do
        {
            var page = await clerk.GetAsync($"/v1/staff/appointments/stranded?limit=2&cursor={cursor}").Gives(OK);
            starts.AddRange(page["items"].EnumerateArray().Select(i => i.GetProperty("startsAt").GetString()!));
            cursor = page["hasMore"].GetBoolean() ? page.String("nextCursor") : null;
        }
        while (cursor is not null);
        Assert.That(starts, Has.Count.EqualTo(5).And.Ordered);
        await clerk.GetAsync("/v1/staff/appointments/stranded?limit=0").Refuses(BadRequest, "validation_failed");
        await clerk.GetAsync("/v1/staff/appointments/stranded?cursor=nonsense").Gives(BadRequest);
    }

    private Task<Answer> SetPostsAsync(string id, params (string Unit, string Role)[] posts) => _admin.PutAsync(
        $"/v1/admin/staff-accounts/{id}/posts", new { posts = posts.Select(p => new { organisationId = p.Unit, role = p.Role }) }).Gives(OK);

    private Task<long> BookedAsync(string id) => _api.ScalarAsync<long>("SELECT COUNT(*) FROM appointments WHERE resource_id = @id", new { id });

    private async Task<int> FreeAsync(string id, int days)
    {
        using var nobody = _api.Anonymous();
        return (await nobody.GetAsync($"/v1/slots?resourceId={id}&serviceCode=lawyer&mode=inPerson&date={_api.Day(days, 0):yyyy-MM-dd}").Gives(OK))["items"].GetArrayLength();
    }

    private static async Task<string?> StrandedAsync(ApiClient clerk, Answer booked) =>
        (await clerk.GetAsync("/v1/staff/appointments/stranded?limit=100").Gives(OK))["items"].EnumerateArray()
            .Where(i => i.GetProperty("appointmentId").GetString() == booked.String("id")).Select(i => i.GetProperty("reason").GetString()).FirstOrDefault();
}
