using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Identity;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Appointments;

/// <summary>Booking for somebody at the window, and what becomes of it when they come to the mini-program later.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class WindowBookingTests(Engine engine)
{
    private const string Staff = "/v1/staff/appointments";

    private TestApi _api = null!;

    [OneTimeSetUp]
    public async Task Start() => _api = await TestApi.StartAsync(engine, Bookable.LongDays);

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_api is not null) await _api.DisposeAsync();
    }

    [SetUp]
    public void OnAWednesday() => _api.Time.At("2026-11-25T08:00+08:00");

    [Test]
    public async Task Unknown_IsEnteredByPhone_AndFindsItAfterBinding()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var clerk = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownA);
        var booked = await clerk.PostAsync(Staff, Order(lawyer.Id, 1, 9, "13700000001")).Gives(Created);
        Assert.That((booked.String("side"), booked.Text.Contains("李来运"), booked.Text.Contains("13700000001")), Is.EqualTo(("staff", false, false)));
        await clerk.PostAsync(Staff, Order(lawyer.Id, 1, 10, "137 0000 0001")).Gives(Created);
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(DISTINCT citizen_id) FROM appointments WHERE resource_id = @Id", new { lawyer.Id }), Is.EqualTo(1), "the same person");
        Assert.That((await lawyer.PostAsync($"{Staff}/{booked.String("id")}/contact-readings", new { purpose = "电话确认" }).Gives(OK)).String("phone"), Is.EqualTo("13700000001"));

        using var citizen = await _api.NewCitizenAsync();
        Assert.That((await citizen.GetAsync("/v1/matters").Gives(OK))["items"].GetArrayLength(), Is.Zero);
        var me = await citizen.PostAsync("/v1/me/phone", new { code = "test-phone:13700000001" }).Gives(OK);
        Assert.That(me.String("citizen.name"), Is.EqualTo("李来运"));
        var matters = await citizen.GetAsync("/v1/matters").Gives(OK);
        Assert.That(matters["items"].GetArrayLength(), Is.EqualTo(2));
        Assert.That(matters["items"].EnumerateArray().Select(m => m.GetProperty("appointmentId").GetString()), Does.Contain(booked.String("id")));
        Assert.That((await citizen.GetAsync($"/v1/appointments/{booked.String("id")}").Gives(OK)).String("number"), Is.EqualTo(booked.String("number")));
        var data = await citizen.GetAsync("/v1/me/data").Gives(OK);
        Assert.That(data["staffAccesses"].GetArrayLength(), Is.EqualTo(1), "what was read before they signed in is told, too");
        Assert.That(data["matters.items"][0].GetProperty("appointments")[0].GetProperty("paperConsentAt").GetString(), Is.Not.Null);
        await _api.DeliverAsync();
        Assert.That((await citizen.GetAsync("/v1/me/notifications").Gives(OK)).Text, Does.Contain("appointmentBooked"));
        await clerk.PostAsync(Staff, Order(lawyer.Id, 2, 9, "13700000001")).Gives(Created);
        Assert.That((await citizen.GetAsync("/v1/appointments").Gives(OK))["items"].GetArrayLength(), Is.EqualTo(3));
        await citizen.PostAsync($"/v1/appointments/{booked.String("id")}/cancellation").Gives(OK);
    }

    [Test]
    public async Task Known_IsFoundByPhoneIdOrMatter()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var clerk = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownA);
        using var elsewhere = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownB);
        using var citizen = await _api.NewCitizenAsync();
        await citizen.PostAsync("/v1/me/phone", new { code = "test-phone:13700000002" }).Gives(OK);
        await clerk.PostAsync(Staff, Order(lawyer.Id, 1, 9, "13700000002", name: null, paper: false)).Gives(Created);
        await clerk.PostAsync(Staff, Order(lawyer.Id, 1, 10, citizenId: citizen.Id, paper: false)).Gives(Created);
        var matter = (await citizen.GetAsync("/v1/matters").Gives(OK))["items"][0].GetProperty("id").GetString();
        await clerk.PostAsync(Staff, Order(lawyer.Id, 1, 11, matterId: matter, paper: false)).Gives(Created);
        Assert.That((await citizen.GetAsync("/v1/appointments").Gives(OK))["items"].GetArrayLength(), Is.EqualTo(3));

        using var far = await _api.NewPersonAsync(unit: DemoDistrict.TownB);
        await elsewhere.PostAsync(Staff, Order(far.Id, 1, 12, citizenId: citizen.Id)).Refuses(NotFound, "not_found");
        await elsewhere.PostAsync(Staff, Order(far.Id, 1, 12, matterId: matter)).Refuses(NotFound, "not_found");
        await clerk.PostAsync(Staff, Order(far.Id, 1, 12, "13700000002")).Refuses(NotFound, "not_found");
        using var colleague = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        await colleague.PostAsync(Staff, Order(lawyer.Id, 1, 13, "13700000002")).Refuses(Forbidden, "forbidden");
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM appointments WHERE citizen_id = @Id", new { citizen.Id }), Is.EqualTo(3), "nothing half-written");
    }

    [Test]
    public async Task BadInput_IsRefusedAndEntersNobody()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var clerk = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownA);
        var before = await _api.ScalarAsync<long>("SELECT COUNT(*) FROM citizens");
        await clerk.PostAsync(Staff, Order(lawyer.Id, 1, 9, "13700000003", paper: false)).Refuses(UnprocessableEntity, "paper_consent_required");
        await clerk.PostAsync(Staff, Order(lawyer.Id, 1, 9, "13700000003", name: null)).Refuses(BadRequest, "validation_failed");
        await clerk.PostAsync(Staff, Order(lawyer.Id, 1, 9, "13700000003", name: "<script>")).Refuses(BadRequest, "validation_failed");
        await clerk.PostAsync(Staff, Order(lawyer.Id, 1, 9, "0558-5550201")).Refuses(BadRequest, "validation_failed");
        await clerk.PostAsync(Staff, Order(lawyer.Id, 1, 9)).Refuses(BadRequest, "validation_failed");
        await clerk.PostAsync(Staff, Order(lawyer.Id, 1, 20, "13700000003")).Refuses(UnprocessableEntity, "slot_outside_hours");
        await clerk.PostAsync(Staff, Order(lawyer.Id, -1, 9, "13700000003")).Refuses(UnprocessableEntity, "slot_past");
        await clerk.PostAsync(Staff, Order(lawyer.Id, 1, 9, "13700000003", subject: new { name = "小明", relation = "child", nationalId = "341602202011099932" }))
            .Refuses(UnprocessableEntity, "guardian_required");
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM citizens"), Is.EqualTo(before));
        await clerk.PostAsync(Staff, Order(lawyer.Id, 1, 9, "13700000003")).Gives(Created);
        await clerk.PostAsync(Staff, Order(lawyer.Id, 1, 10, "13700000003", name: "王五")).Refuses(Conflict, "person_mismatch");
        using var stranger = await _api.NewCitizenAsync();
        await stranger.PostAsync(Staff, Order(lawyer.Id, 1, 10, "13700000003")).Refuses(Forbidden, "forbidden");
    }

    [Test]
    public async Task Binding_OfANumberThatAnotherHasNow_GivesNothingOfTheFormerHolder()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var clerk = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownA);
        await clerk.PostAsync(Staff, Order(lawyer.Id, 1, 9, "13700000004")).Gives(Created);
        await clerk.PostAsync(Staff, Order(lawyer.Id, 1, 10, "13700000005")).Gives(Created);
        using var named = await _api.NewCitizenAsync();
        await named.PutAsync("/v1/me/profile", new { name = "赵六" }).Gives(OK);
        await named.PostAsync("/v1/me/phone", new { code = "test-phone:13700000004" }).Refuses(Conflict, "phone_in_use");

        _api.Time.Advance(TimeSpan.FromDays(91));
        using var later = await _api.NewCitizenAsync();
        await later.PostAsync("/v1/me/phone", new { code = "test-phone:13700000005" }).Refuses(Conflict, "phone_in_use");
        await clerk.PostAsync("/v1/staff/citizens/phone-release", new { phone = "13700000005", reason = "已核验身份证，号码已换机主" }).Gives(OK);
        await later.PostAsync("/v1/me/phone", new { code = "test-phone:13700000005" }).Gives(OK);
        Assert.That((await later.GetAsync("/v1/matters").Gives(OK))["items"].GetArrayLength(), Is.Zero);
    }

    [Test]
    public async Task Window_BooksWhereCitizensFindNoSeat()
    {
        var desk = await _api.NewDeskAsync(new Seats(0, 0, 2));
        using var clerk = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownA);
        using var citizen = await _api.NewBookerAsync();
        await citizen.PostAsync("/v1/appointments", Bookable.Order(desk, _api.Day(0, 9), "window")).Refuses(UnprocessableEntity, "slot_not_offered");
        for (var i = 0; i < 2; i++) await clerk.PostAsync(Staff, Order(desk, 0, 9, $"1370000010{i}", service: "window")).Gives(Created);
        await clerk.PostAsync(Staff, Order(desk, 0, 9, "13700000102", service: "window")).Refuses(Conflict, "slot_taken");
    }

    [Test]
    public async Task Race_BindingAndBooking_LeavesEverythingWithTheSamePerson()
    {
        for (var round = 0; round < 5; round++)
        {
            using var lawyer = await _api.NewPersonAsync();
            using var clerk = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownA);
            using var citizen = await _api.NewCitizenAsync();
            var phone = $"137000002{round:00}";
            await clerk.PostAsync(Staff, Order(lawyer.Id, 1, 9, phone)).Gives(Created);
            var answers = await Task.WhenAll(
                citizen.PostAsync("/v1/me/phone", new { code = $"test-phone:{phone}" }), clerk.PostAsync(Staff, Order(lawyer.Id, 1, 10, phone)), clerk.PostAsync(Staff, Order(lawyer.Id, 1, 11, phone)));
            Assert.That(answers.Select(a => (int)a.Status), Is.EqualTo(new[] { 200, 201, 201 }), string.Join('\n', answers.Select(a => a.Text)));
            Assert.That((await citizen.GetAsync("/v1/appointments").Gives(OK))["items"].GetArrayLength(), Is.EqualTo(3));
        }
    }

    private object Order(
        string resourceId, int days, int hour, string? phone = null, string? name = "李来运", bool paper = true, string? citizenId = null, string? matterId = null, object? subject = null,
        string service = "lawyer") => new
    {
        serviceCode = service, mode = "inPerson", resourceId, startsAt = _api.Day(days, hour), phone, name, paperConsent = paper, citizenId, matterId, categoryCode = "0201", reason = "工资拖欠", subject,
    };
}
