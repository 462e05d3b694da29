using MicroPlatform.Api.Tests.Hosting;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Live;

/// <summary>Two nodes, with Redis between them and without; an embedded database has one.</summary>
public sealed class LiveNodesTests
{
    private TestApi _api = null!;

    [OneTimeSetUp]
    public async Task Start() => _api = await TestApi.StartAsync(Engine.Served);

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_api is not null) await _api.DisposeAsync();
    }

    [Test]
    public async Task Message_OnAnotherNode_ArrivesWithinASecond()
    {
        await using var other = await _api.StartSecondNodeAsync();
        using var citizen = await _api.NewCitizenAsync();
        var id = await LiveSocketTests.AskAsync(citizen);
        using var socket = await Line.OpenAsync(other, citizen);
        await socket.SayAsync(new { type = "subscribe", consultationId = id, after = 1 });
        await socket.HearAsync("thread");
        await citizen.PostAsync($"/v1/consultations/{id}/messages", new { text = "从另一台服务器来" }).Gives(Created);
        var news = await socket.HearAsync("thread", TimeSpan.FromSeconds(1));
        Assert.That(news.GetProperty("thread").GetProperty("items")[0].GetProperty("text").GetString(), Is.EqualTo("从另一台服务器来"));
    }

    [Test]
    public async Task Message_OnAnotherNodeWithRedisAway_ArrivesAllTheSame()
    {
        await using var cable = new Cable("127.0.0.1", int.Parse(Engines.Redis!.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture));
        await using var other = await _api.StartSecondNodeAsync($"Redis:ConnectionString=127.0.0.1:{cable.Port}");
        using var citizen = await _api.NewCitizenAsync();
        var id = await LiveSocketTests.AskAsync(citizen);
        using var socket = await Line.OpenAsync(other, citizen);
        await socket.SayAsync(new { type = "subscribe", consultationId = id, after = 1 });
        await socket.HearAsync("thread");
        cable.PullOut();
        await Task.Delay(1500); // Until the node has noticed.
        await citizen.PostAsync($"/v1/consultations/{id}/messages", new { text = "没有Redis也会到" }).Gives(Created);
        var news = await socket.HearAsync("thread", TimeSpan.FromSeconds(1.2));
        Assert.That(news.GetProperty("thread").GetProperty("items")[0].GetProperty("text").GetString(), Is.EqualTo("没有Redis也会到"));
    }
}
