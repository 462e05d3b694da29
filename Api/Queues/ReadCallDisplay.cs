using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Queues;
using MicroPlatform.Infrastructure.Live;
using MicroPlatform.Infrastructure.Queues;

namespace MicroPlatform.Api.Queues;

/// <summary>What a call display shows and says. Numbers only: a hall has ears.</summary>
public static class ReadCallDisplay
{
    /// <summary>What was called longer ago is not said again.</summary>
    private static readonly TimeSpan SaidWithin = TimeSpan.FromMinutes(1);

    /// <param name="Called">Latest first.</param>
    /// <param name="Announcements">Oldest first; each is to be said once: <c>key</c> tells them apart.</param>
    /// <param name="Version">Pass it as <c>after</c> with <c>waitSeconds</c>.</param>
    public sealed record Response(
        string OrganisationName, DateTimeOffset Now, IReadOnlyList<QueueLine> Queues, IReadOnlyList<Number> Called, IReadOnlyList<Number> Next, IReadOnlyList<Announcement> Announcements, string Version);

    public sealed record QueueLine(string Name, int Waiting);

    public sealed record Number(string Text, string? Desk, TicketState State, string StateText);

    /// <param name="Speech">Chinese, to be read aloud.</param>
    public sealed record Announcement(string Key, string Number, string? Desk, string Speech);

    public static async Task<IResult> Handle(string secret, string? after, int? waitSeconds, HttpContext http, HallDeviceRepository devices, HallQueries hall, LiveHub live, TimeProvider time)
    {
        var wait = LongPoll.Wait(after is null ? null : waitSeconds);
        if (wait.IsRefused) return wait.Refusal!.ToResult();
        var cancel = http.RequestAborted;
        if (!HallDevices.IsWellFormed(secret) || await devices.BySecretAsync(secret, HallDeviceKind.Display, cancel) is not { } device) return CommonRefusals.NotFound.ToResult();
        var queues = await hall.QueuesAsync(device.OrganisationId, cancel);
        queues = await live.PollAsync([.. queues.Select(q => LiveTopics.Queue(q.Id))], wait.Value, () => hall.QueuesAsync(device.OrganisationId, cancel), q => VersionOf(q) != after, cancel);
        string[] ids = [.. queues.Select(q => q.Id)];
        var now = time.GetUtcNow();
        var called = ids.Length == 0 ? [] : await hall.CalledAsync(ids, cancel);
        var next = ids.Length == 0 ? [] : await hall.NextAsync(ids, cancel);
        var said = ids.Length == 0 ? [] : await hall.AnnouncementsAsync(ids, now - SaidWithin, cancel);
        return Results.Json(new Response(
            device.OrganisationName, now, [.. queues.Select(q => new QueueLine(q.Name, q.Waiting))], [.. called.Select(Of)], [.. next.Select(Of)],
            [.. said.Select(a => new Announcement($"{a.QueueId}-{a.Seq}", a.Number, a.Desk, WindowOrder.Speech(a.Number, a.Desk)))], VersionOf(queues)), WireJson.Options);
    }

    private static Number Of(HallTicketRow t) => new(t.Number, t.Desk, t.State, t.State.Label());

    private static string VersionOf(IReadOnlyList<HallQueueRow> queues) => string.Join('-', queues.Select(q => q.Seq));
}
