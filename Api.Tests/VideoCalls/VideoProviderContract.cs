using System.Text.Json;
using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.VideoCalls;

namespace MicroPlatform.Api.Tests.VideoCalls;

/// <summary>What calls rely on in whatever carries them. Every provider passes it; Janus passes it against our stub and against the real server.</summary>
public abstract class VideoProviderContract
{
    protected static readonly TimeSpan RoomKeyLifetime = TimeSpan.FromMinutes(10);

    private readonly string _person = Id.New(TimeProvider.System);

    protected abstract IVideoProvider Provider { get; }

    /// <summary>A citizen who may come in; known to WeChat where that matters.</summary>
    protected virtual string PersonId => _person;

    /// <summary>Comes in as a client of this provider would.</summary>
    protected virtual Task EnterAsync(JoinGrant grant) => Task.CompletedTask;

    /// <summary>The server is started anew and has forgotten every room.</summary>
    protected virtual Task ForgetAsync() => Task.CompletedTask;

    protected static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Test]
    public async Task Join_Now_GivesAKeyForMinutesAndNeverPastTheEnd()
    {
        var (now, who) = (Now, NewPerson());
        var whole = await Provider.JoinAsync(NewRoom(now.AddHours(3)), who, now);
        var near = await Provider.JoinAsync(NewRoom(now.AddMinutes(1)), who, now);

        Assert.That(whole.Refusal?.Code, Is.Null);
        Assert.Multiple(() =>
        {
            Assert.That(whole.Value.Provider, Is.EqualTo(Provider.Name));
            Assert.That(whole.Value.ExpiresAt, Is.GreaterThan(now).And.LessThanOrEqualTo(now + RoomKeyLifetime));
            Assert.That(near.Value.ExpiresAt, Is.LessThanOrEqualTo(now.AddMinutes(1) + VideoRoom.Grace));
        });
    }

    [Test]
    public async Task Join_AgainForTheSamePerson_IsMadeAnew()
    {
        var (now, room, who) = (Now, NewRoom(Now.AddHours(1)), NewPerson());
        var first = (await Provider.JoinAsync(room, who, now)).Value;
        var second = (await Provider.JoinAsync(room, who, now.AddSeconds(1))).Value;

        Assert.That(second.ExpiresAt, Is.GreaterThanOrEqualTo(first.ExpiresAt));
        if (second.Params is not PhoneParams) Assert.That(Wire(second), Is.Not.EqualTo(Wire(first)));
    }

    [Test]
    public async Task Join_AfterTheRoomHasClosed_IsOver() =>
        Assert.That((await Provider.JoinAsync(NewRoom(Now - VideoRoom.Grace - TimeSpan.FromSeconds(1)), NewPerson(), Now)).Refusal, Is.EqualTo(CallRefusals.Over));

    [Test]
    public async Task Grant_TellsNothingOfThePerson_AndPrintsNoKey()
    {
        var grant = (await Provider.JoinAsync(NewRoom(Now.AddHours(1)), NewPerson(), Now)).Value;

        Assert.That(Wire(grant), Does.Not.Contain(PersonId), "who it is stays here");
        var printed = $"{grant} {grant.Params} {string.Join(' ', grant.IceServers)}";
        using var json = JsonDocument.Parse(Wire(grant));
        foreach (var secret in new[] { "apiToken", "roomToken", "feedId", "token", "userSig", "privateMapKey", "signature" })
            if (json.RootElement.GetProperty("params").TryGetProperty(secret, out var value)) Assert.That(printed, Does.Not.Contain(value.GetString()!), secret);
    }

    [Test]
    public async Task EnsureRoom_TwiceAndAfterTheServerForgot_IsTheSame()
    {
        var room = NewRoom(Now.AddHours(1));
        Assert.That((await Provider.EnsureRoomAsync(room)).IsRefused, Is.False);
        Assert.That((await Provider.EnsureRoomAsync(room)).IsRefused, Is.False);
        await ForgetAsync();

        var grant = await Provider.JoinAsync(room, NewPerson(), Now);
        Assert.That(grant.IsRefused, Is.False);
        await EnterAsync(grant.Value);
        if (Provider.SeesRooms) Assert.That((await Provider.ListAsync(room.Id)).Value, Has.Length.EqualTo(1));
    }

    [Test]
    public async Task Remove_PutsOutEveryDeviceOfOnePerson_AndNobodyElse()
    {
        var (room, anna, bert) = (NewRoom(Now.AddHours(1)), NewPerson(), NewPerson());
        foreach (var who in new[] { anna, anna, bert }) await EnterAsync((await Provider.JoinAsync(room, who, Now)).Value);
        if (Provider.SeesRooms)
        {
            var there = (await Provider.ListAsync(room.Id)).Value;
            Assert.That(there.Select(p => p.ParticipantId), Is.EquivalentTo(new[] { anna.Id, anna.Id, bert.Id }));
            Assert.That(there.Select(p => p.ConnectionId), Is.Unique);
        }

        Assert.That((await Provider.RemoveAsync(room.Id, anna.Id)).IsRefused, Is.False);
        if (Provider.SeesRooms) Assert.That((await Provider.ListAsync(room.Id)).Value.Select(p => p.ParticipantId), Is.EqualTo(new[] { bert.Id }));
        Assert.That((await Provider.RemoveAsync(room.Id, anna.Id)).IsRefused, Is.False, "again");

        Assert.That((await Provider.CloseRoomAsync(room.Id)).IsRefused, Is.False);
        Assert.That((await Provider.ListAsync(room.Id)).Value, Is.Empty);
    }

    [Test]
    public async Task WhatIsNotThere_IsOutAndClosedAndEmptyAlready()
    {
        var nowhere = Id.New(TimeProvider.System);

        Assert.That((await Provider.RemoveAsync(nowhere, Id.New(TimeProvider.System))).IsRefused, Is.False);
        Assert.That((await Provider.CloseRoomAsync(nowhere)).IsRefused, Is.False);
        Assert.That((await Provider.ListAsync(nowhere)).Value, Is.Empty);
    }

    protected VideoRoom NewRoom(DateTimeOffset closesAt) => new(Id.New(TimeProvider.System), closesAt);

    protected RoomParticipant NewPerson() => new(Id.New(TimeProvider.System), "张律师", RoomRole.Staff, PersonId);

    private static string Wire(JoinGrant grant) => JsonSerializer.Serialize(grant, WireJson.Options);
}

/// <summary>The same of a provider with a server that can be away.</summary>
public abstract class VideoServerContract : VideoProviderContract
{
    /// <summary>Switches the server on or off.</summary>
    protected abstract Task SwitchAsync(bool on);

    [Test]
    public async Task ServerAway_IsRefusedAndNeverThrown_AndComesBack()
    {
        var (room, who) = (NewRoom(Now.AddHours(1)), NewPerson());
        await Provider.JoinAsync(room, who, Now);
        await SwitchAsync(on: false);
        // More than it takes to open the breaker: afterwards it is not even asked.
        for (var n = 0; n < 15; n++) Assert.That((await Provider.CloseRoomAsync(room.Id)).Refusal, Is.EqualTo(VideoRefusals.ProviderDown));
        Assert.That((await Provider.RemoveAsync(room.Id, who.Id)).Refusal, Is.EqualTo(VideoRefusals.ProviderDown));
        await SwitchAsync(on: true);
        for (var n = 0; n < 100 && (await Provider.CloseRoomAsync(room.Id)).IsRefused; n++) await Task.Delay(100);
        Assert.That((await Provider.JoinAsync(room, who, Now)).IsRefused, Is.False);
    }
}
