using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using static System.Net.HttpStatusCode;
using static MicroPlatform.Api.Tests.Notifications.NotificationsHarness;

namespace MicroPlatform.Api.Tests.Notifications;

/// <summary>The in-app inbox, over HTTP.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class NotificationInboxTests(Engine engine)
{
    private NotificationsHarness _harness = null!;

    [OneTimeSetUp]
    public async Task Start() => _harness = await NotificationsHarness.StartAsync(engine);

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_harness is not null) await _harness.DisposeAsync();
    }

    [Test]
    public async Task Answer_IsInTheInboxWithNumberAndCategory()
    {
        using var citizen = await _harness.NewCitizenAsync();
        var id = await AskAsync(citizen);
        await _harness.AnswerAsync(id);
        await _harness.Api.DeliverAsync();

        var inbox = await citizen.GetAsync("/v1/me/notifications").Gives(OK);
        Assert.Multiple(() =>
        {
            Assert.That(inbox["items"].EnumerateArray().Select(n => n.GetProperty("kind").GetString()), Is.EqualTo(new[] { "consultationAnswered", "consultationAssigned" }));
            var newest = inbox["items"][0];
            Assert.That(newest.GetProperty("title").GetString(), Is.EqualTo("您的咨询有新的答复"));
            Assert.That(newest.GetProperty("text").GetString(), Does.Match(@"^农民工工资（编号\d{4}-\d{4}-\d{4}），东河镇公共法律服务工作站$"));
            Assert.That(newest.GetProperty("consultationId").GetString(), Is.EqualTo(id));
            Assert.That(newest.GetProperty("read").GetBoolean(), Is.False);
        });
    }

    [Test]
    public async Task Export_HoldsWhatWasToldAndAllowed_AndDeletionForgetsThePermissions()
    {
        using var citizen = await _harness.NewCitizenAsync();
        await AllowAsync(citizen, LongTermTemplate);
        var id = await AskAsync(citizen);
        await _harness.AnswerAsync(id);
        await _harness.Api.DeliverAsync();

        var held = await citizen.GetAsync("/v1/me/data").Gives(OK);
        Assert.That(held["matters"].GetProperty("items")[0].GetProperty("notifications").GetArrayLength(), Is.EqualTo(2));
        Assert.That(held["subscriptions"][0].GetProperty("templateId").GetString(), Is.EqualTo(LongTermTemplate));

        await citizen.PostAsync($"/v1/consultations/{id}/closure").Gives(OK);
        await citizen.DeleteAsync("/v1/me").Gives(OK);
        Assert.That(await _harness.CountAsync("subscription_grants", citizen) + await _harness.CountAsync("subscription_reports", citizen), Is.Zero);
    }

    [Test]
    public async Task Events_OfEveryKind_AreTold()
    {
        using var citizen = await _harness.NewCitizenAsync();
        string[] ids = [await AskAsync(citizen), await AskAsync(citizen), await AskAsync(citizen), await AskAsync(citizen)];
        await _harness.ActAsync(ids[0], (c, now) => c.Reject("不属于本中心受理范围", now));
        await _harness.ActAsync(ids[1], (c, now) => c.MoveTo(MicroPlatform.Api.Hosting.DemoDistrict.AidCentre, "示范区法律援助中心", now));
        await _harness.AnswerAsync(ids[2]);
        await _harness.ActAsync(ids[2], (c, now) => c.Close(Actor.System, now));
        await _harness.AnswerAsync(ids[3]);
        await citizen.PostAsync($"/v1/consultations/{ids[3]}/closure").Gives(OK);
        await _harness.Api.DeliverAsync();

        var kinds = (await citizen.GetAsync("/v1/me/notifications").Gives(OK))["items"].EnumerateArray()
            .Select(n => (n.GetProperty("consultationId").GetString(), n.GetProperty("kind").GetString())).ToList();
        Assert.That(kinds, Is.EquivalentTo(new[]
        {
            (ids[0], "consultationRejected"), (ids[1], "consultationMoved"), (ids[2], "consultationAssigned"), (ids[2], "consultationAnswered"),
            (ids[2], "consultationClosed"), (ids[3], "consultationAssigned"), (ids[3], "consultationAnswered"),
        }), "and closing it oneself is no news");
    }

    [Test]
    public async Task Event_DeliveredAgain_MakesOneNotificationAndOneMessage()
    {
        using var citizen = await _harness.NewCitizenAsync();
        await AllowAsync(citizen);
        await AllowAsync(citizen);
        await _harness.AnswerAsync(await AskAsync(citizen));
        await _harness.Api.DeliverAsync();

        for (var i = 0; i < 2; i++)
        {
            await _harness.Api.ExecuteAsync("UPDATE outbox SET state = 'pending', claimed_until = 0, next_at = 0");
            await _harness.Api.DeliverAsync();
        }

        Assert.That(await _harness.CountAsync("notifications", citizen), Is.EqualTo(2), "taken, and answered");
        Assert.That(await _harness.CountAsync("deliveries", citizen), Is.EqualTo(1));
        Assert.That(_harness.SentTo(citizen), Has.Count.EqualTo(1));
        Assert.That(await _harness.BalanceAsync(citizen), Is.EqualTo(1));
    }

    [Test]
    public async Task List_InPages_ShowsEachOnceAndNothingOfOthers()
    {
        using var citizen = await _harness.NewCitizenAsync();
        using var other = await _harness.NewCitizenAsync();
        for (var i = 0; i < 3; i++) await _harness.AnswerAsync(await AskAsync(citizen));
        await _harness.AnswerAsync(await AskAsync(other));
        await _harness.Api.DeliverAsync();

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await citizen.GetAsync($"/v1/me/notifications?limit=2{(cursor is null ? "" : $"&cursor={cursor}")}").Gives(OK);
            seen.AddRange(page["items"].EnumerateArray().Select(n => n.GetProperty("id").GetString()!));
            cursor = page["nextCursor"].GetString();
            Assert.That(page["hasMore"].GetBoolean(), Is.EqualTo(cursor is not null));
        }
        while (cursor is not null);

        Assert.That(seen, Has.Count.EqualTo(6).And.Unique);
        Assert.That(seen, Is.EqualTo(seen.OrderDescending(StringComparer.Ordinal)));
        Assert.That((await other.GetAsync("/v1/me/notifications").Gives(OK))["items"].GetArrayLength(), Is.EqualTo(2));
    }

    [Test]
    public async Task List_CursorOfTheOtherList_IsRefused()
    {
        using var citizen = await _harness.NewCitizenAsync();
        await _harness.AnswerAsync(await AskAsync(citizen));
        await _harness.Api.DeliverAsync();
        var cursor = (await citizen.GetAsync("/v1/me/notifications?limit=1").Gives(OK)).String("nextCursor");

        await citizen.GetAsync($"/v1/me/notifications?unread=true&cursor={cursor}").Refuses(BadRequest, "cursor_invalid");
        await citizen.GetAsync("/v1/me/notifications?limit=0").Refuses(BadRequest, "validation_failed");
        await citizen.GetAsync("/v1/me/notifications?unread=perhaps").Refuses(BadRequest, "validation_failed");
    }

    [Test]
    public async Task Read_UpToOne_LeavesWhatCameLater()
    {
        using var citizen = await _harness.NewCitizenAsync();
        var id = await AskAsync(citizen);
        await _harness.AnswerAsync(id);
        await _harness.Api.DeliverAsync();
        var shown = (await citizen.GetAsync("/v1/me/notifications").Gives(OK))["items"][0].GetProperty("id").GetString()!;
        await _harness.AnswerAsync(id);
        await _harness.Api.DeliverAsync();

        var unread = await citizen.PostAsync("/v1/me/notifications/read", new { upToId = shown }).Gives(OK);

        Assert.That(unread["unread"].GetInt32(), Is.GreaterThan(0));
        var left = (await citizen.GetAsync("/v1/me/notifications?unread=true").Gives(OK))["items"];
        Assert.That(left.GetArrayLength(), Is.EqualTo(unread["unread"].GetInt32()));
        Assert.That(left.EnumerateArray().Select(n => n.GetProperty("id").GetString()), Is.All.GreaterThan(shown));
        var all = (await citizen.GetAsync("/v1/me/notifications").Gives(OK))["items"];
        Assert.That(all.EnumerateArray().Count(n => n.GetProperty("read").GetBoolean()), Is.EqualTo(2));
    }

    [Test]
    public async Task Read_OfAnotherOrOfNothing_IsNotFound()
    {
        using var citizen = await _harness.NewCitizenAsync();
        using var other = await _harness.NewCitizenAsync();
        await _harness.AnswerAsync(await AskAsync(other));
        await _harness.Api.DeliverAsync();
        var others = (await other.GetAsync("/v1/me/notifications").Gives(OK))["items"][0].GetProperty("id").GetString()!;

        await citizen.PostAsync("/v1/me/notifications/read", new { upToId = others }).Refuses(NotFound, "not_found");
        await citizen.PostAsync("/v1/me/notifications/read", new { upToId = "' OR 1=1 --" }).Refuses(NotFound, "not_found");
        await citizen.PostAsync("/v1/me/notifications/read", new { }).Refuses(BadRequest, "validation_failed");
        Assert.That((await other.GetAsync("/v1/me/notifications/unread-count").Gives(OK))["unread"].GetInt32(), Is.EqualTo(2));
    }

    [Test]
    public async Task UnreadCount_Unchanged_Is304()
    {
        using var citizen = await _harness.NewCitizenAsync();
        var first = await citizen.GetAsync("/v1/me/notifications/unread-count").Gives(OK);
        Assert.That(first["unread"].GetInt32(), Is.Zero);
        await citizen.GetAsync("/v1/me/notifications/unread-count", ("If-None-Match", first.Headers.ETag!.Tag)).Gives(NotModified);

        await _harness.AnswerAsync(await AskAsync(citizen));
        await _harness.Api.DeliverAsync();

        var second = await citizen.GetAsync("/v1/me/notifications/unread-count", ("If-None-Match", first.Headers.ETag!.Tag)).Gives(OK);
        Assert.That(second["unread"].GetInt32(), Is.EqualTo(2));
    }

    [Test]
    public async Task Inbox_PersonAtRisk_NamesNothingEvenOfThePast()
    {
        using var citizen = await _harness.NewCitizenAsync();
        var id = await AskAsync(citizen);
        await _harness.AnswerAsync(id);
        await _harness.Api.DeliverAsync();
        var matter = (await citizen.GetAsync($"/v1/consultations/{id}").Gives(OK)).String("matter.id");
        Assert.That((await citizen.GetAsync("/v1/me/notifications").Gives(OK)).Text, Does.Contain("农民工工资"));

        await citizen.PutAsync($"/v1/matters/{matter}/contact-preference", new { contactPreference = "hidden" }).Gives(OK);

        var inbox = await citizen.GetAsync("/v1/me/notifications").Gives(OK);
        Assert.That(inbox.Text, Does.Not.Contain("工资").And.Not.Contain("咨询").And.Not.Contain("编号").And.Not.Contain("法律"));
        Assert.That(inbox["items"][0].GetProperty("title").GetString(), Is.EqualTo("您有一条新消息"));
    }

    [Test]
    public async Task Routes_WithoutSignIn_AreRefused()
    {
        using var nobody = _harness.Api.Anonymous();
        await nobody.GetAsync("/v1/me/notifications").Gives(Unauthorized);
        await nobody.GetAsync("/v1/me/notifications/unread-count").Gives(Unauthorized);
        using var lawyer = await _harness.Api.NewStaffAsync(Role.Lawyer);
        await lawyer.GetAsync("/v1/me/notifications").Refuses(Forbidden, "forbidden");
    }
}
