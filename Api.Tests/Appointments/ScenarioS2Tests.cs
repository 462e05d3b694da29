using MicroPlatform.Api.Appointments;
using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Identity;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Appointments;

/// <summary>S2 of the acceptance scenarios up to the visit: 刘瑞 of 五马镇 asks for a mediation at home about his son of five.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class ScenarioS2Tests(Engine engine)
{
    [Test]
    public async Task S2_FromTheApplicationToTheVisit()
    {
        await using var api = await TestApi.StartAsync(engine, Bookable.LongDays);
        api.Time.At("2026-03-30T20:15+08:00");
        using var mediator = await api.NewPersonAsync(Role.Mediator, DemoDistrict.TownA, from: 9, to: 20);
        using var father = await api.NewBookerAsync();
        await father.PutAsync("/v1/me/profile", new { name = "刘瑞" }).Gives(OK);
        object Application(bool consent, string startsAt = "2026-04-02T18:30:00+08:00") => new
        {
            serviceCode = "mediation", mode = "homeVisit", resourceId = mediator.Id, startsAt, categoryCode = "0201", address = "五马镇刘庄村12号",
            reason = "我儿子五岁，和同伴玩耍时摔伤，医药费对方不认，请上门调解。",
            subject = new { name = "刘小瑞", nationalId = "341602202011099932", relation = "child", guardianConsent = consent },
        };

        // 2026-03-30 20:15: a child of five; without the guardian's word nothing is booked.
        await father.PostAsync("/v1/appointments", Application(consent: false)).Refuses(UnprocessableEntity, "guardian_required");
        var booked = await father.PostAsync("/v1/appointments", Application(consent: true)).Gives(Created);
        var id = booked.String("id");
        Assert.Multiple(() =>
        {
            Assert.That(booked.String("startsAt"), Does.StartWith("2026-04-02T18:30"));
            Assert.That(booked.String("endsAt"), Does.StartWith("2026-04-02T19:30"));
            Assert.That(booked.String("confirmDueOn"), Is.EqualTo("2026-04-02"), "R-12: three working days of 03-31, 04-01, 04-02");
            Assert.That(booked.String("subjectRelation"), Is.EqualTo("child"));
            Assert.That(booked.Text, Does.Not.Contain("刘小瑞").And.Not.Contain("341602202011099932").And.Not.Contain("刘庄"));
        });
        using var neighbour = await api.NewBookerAsync();
        await neighbour.PostAsync("/v1/appointments", Application(consent: true)).Refuses(Conflict, "slot_taken");
        await neighbour.PostAsync("/v1/appointments", Application(consent: true, "2026-04-02T19:00:00+08:00")).Refuses(Conflict, "slot_taken");

        // It waits in the mediator's inbox for the word; 2026-03-31 it is given.
        api.Time.At("2026-03-31T09:00+08:00");
        var inbox = await mediator.GetAsync("/v1/staff/inbox?box=mine").Gives(OK);
        Assert.That(inbox["items"][0].GetProperty("appointmentId").GetString(), Is.EqualTo(id));
        Assert.That((await mediator.GetAsync($"/v1/staff/appointments/{id}").Gives(OK))["needsConfirmation"].GetBoolean(), Is.True);
        await mediator.PostAsync($"/v1/staff/appointments/{id}/confirmation").Gives(OK);
        await api.DeliverAsync();
        var told = await father.GetAsync("/v1/me/notifications").Gives(OK);
        Assert.That(told["items"][0].GetProperty("kind").GetString(), Is.EqualTo("appointmentConfirmed"));
        Assert.That(told["items"][0].GetProperty("text").GetString(), Does.Contain("4月2日（周四）18:30").And.Contain("上门"));
        Assert.That((await mediator.GetAsync("/v1/staff/inbox?box=mine").Gives(OK))["items"].GetArrayLength(), Is.Zero);

        // The evening before he is reminded; 2026-04-02 the mediator reads where to go, arrives at 18:28, and mediates.
        api.Time.At("2026-04-01T18:00:30+08:00");
        await api.RunAsync<RemindJob>();
        await api.DeliverAsync();
        Assert.That((await father.GetAsync("/v1/me/notifications").Gives(OK))["items"][0].GetProperty("kind").GetString(), Is.EqualTo("appointmentReminder"));
        api.Time.At("2026-04-02T17:40+08:00");
        Assert.That((await mediator.PostAsync($"/v1/staff/appointments/{id}/contact-readings", new { purpose = "上门前联系" }).Gives(OK)).String("address"), Is.EqualTo("五马镇刘庄村12号"));
        api.Time.At("2026-04-02T18:28+08:00");
        var there = await mediator.PostAsync($"/v1/staff/appointments/{id}/check-in").Gives(OK);
        Assert.That(there.String("checkedInAt"), Does.StartWith("2026-04-02T18:28"));
        api.Time.At("2026-04-02T18:31+08:00");
        await mediator.PostAsync($"/v1/staff/appointments/{id}/start").Gives(OK);
        api.Time.At("2026-04-02T19:25+08:00");
        var done = await mediator.PostAsync($"/v1/staff/appointments/{id}/completion", new { outcome = "双方监护人到场，拟赔偿3200元，4月3日签协议" }).Gives(OK);
        Assert.That(done.String("state"), Is.EqualTo("completed"));

        var matter = await father.GetAsync($"/v1/matters/{booked.String("matterId")}").Gives(OK);
        Assert.That((matter.String("number"), matter.String("status"), matter.String("appointmentId")), Is.EqualTo((booked.String("number"), "closed", id)));
        var timeline = await father.GetAsync($"/v1/matters/{booked.String("matterId")}/timeline").Gives(OK);
        Assert.That(timeline.Text, Does.Contain("工作人员已到达").And.Not.Contain("3200"));
        Assert.That(string.Join('\n', api.Logged), Does.Not.Contain("刘小瑞").And.Not.Contain("刘庄"));
    }
}
