using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.WeChat;
using Microsoft.Extensions.DependencyInjection;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Consultations;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class CheckTextsTests(Engine engine)
{
    [Test]
    public async Task Ask_WhatWeChatCallsRisky_IsTakenAndMarkedForTheOfficeOnly()
    {
        await using var api = await TestApi.StartAsync(engine);
        using var lawyer = await api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        using var citizen = await api.NewCitizenAsync();
        var asked = await citizen.PostAsync("/v1/consultations", new { categoryCode = "0108", regionCode = "341602101", text = "丈夫昨晚又打了我，我该怎么办 [risky]" }).Gives(Created);
        await citizen.PostAsync($"/v1/consultations/{asked.String("id")}/messages", new { text = "孩子也在家" }).Gives(Created);
        await api.DeliverAsync();

        var office = (await lawyer.GetAsync($"/v1/staff/consultations/{asked.String("id")}/messages").Gives(OK))["items"];
        Assert.Multiple(() =>
        {
            Assert.That(office[0].GetProperty("textCheck").GetString(), Is.EqualTo("risky"));
            Assert.That(office[1].GetProperty("textCheck").GetString(), Is.EqualTo("pass"));
            Assert.That(office[0].GetProperty("text").GetString(), Does.Contain("又打了我"));
        });
        var own = (await citizen.GetAsync($"/v1/consultations/{asked.String("id")}/messages").Gives(OK))["items"];
        Assert.That(own[0].GetProperty("textCheck").ValueKind, Is.EqualTo(System.Text.Json.JsonValueKind.Null));
    }

    [Test]
    public async Task Ask_OfSomebodyWeChatCannotJudge_StaysUnmarked()
    {
        await using var api = await TestApi.StartAsync(engine);
        using var citizen = await api.NewCitizenAsync();
        var openid = await api.Services.GetRequiredService<MicroPlatform.Infrastructure.Sql.Database>().ReadAsync(c =>
            api.Services.GetRequiredService<MicroPlatform.Infrastructure.Identity.CitizenRepository>().OpenIdOfAsync(c, citizen.Id));
        api.Services.GetRequiredService<FakeWeChat>().AnswerMessagesTo(openid!, 61010);
        await citizen.PostAsync("/v1/consultations", new { categoryCode = "0201", regionCode = "341602101", text = "拖欠工资怎么要回来" }).Gives(Created);
        await api.DeliverAsync();
        Assert.That(await api.ScalarAsync<long>("SELECT COUNT(*) FROM outbox WHERE subscriber = 'text-checks' AND state <> 'done'"), Is.Zero);
        Assert.That(await api.ScalarAsync<long>("SELECT COUNT(*) FROM messages WHERE text_check IS NOT NULL"), Is.Zero);
    }
}
