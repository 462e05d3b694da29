using MicroPlatform.Api.Hosting;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Sql;
using MicroPlatform.Infrastructure.VideoCalls;

namespace MicroPlatform.Api.VideoCalls;

/// <summary>Whoever has fallen silent has gone; and what is due in a call is decided: nobody came, or came back, or hung up.</summary>
public sealed class DecideCallsJob(Database database, VideoCallRepository calls, VideoCallReading reading, CallSeats seats, TimeProvider time, ILogger<DecideCallsJob> log) : IJob
{
    private const int AtOnce = 200;

    public async Task<int> RunOnceAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var gone = await JobItems.EachAsync(await seats.SilentAsync(now, AtOnce, cancel), seat => NoticeAsync(seat, cancel), log, cancel);
        return gone + await JobItems.EachAsync(await reading.DueAsync(now, AtOnce, cancel), id => DecideAsync(id, cancel), log, cancel);
    }

    private Task<bool> NoticeAsync(SeatRow seat, CancellationToken cancel) => database.WriteAlwaysAsync(async tx =>
    {
        if (!await CallSeats.GiveUpAsync(tx, seat) || await calls.FindAsync(tx, seat.CallId) is not { } call) return false;
        // They were there when last heard of, and since then nobody knows: talk time ends there.
        var at = seat.HeardAt < call.Times.TalkingSince ? call.Times.TalkingSince.Value : seat.HeardAt;
        if (!call.Notice(seat.ParticipantId, present: false, Later(at, call.Participants.FirstOrDefault(p => p.Id == seat.ParticipantId)?.SeenAt))) return false;
        return !(await calls.SaveAsync(tx, call, Actor.System)).IsRefused;
    }, cancel);

    private Task<bool> DecideAsync(string id, CancellationToken cancel) => database.WriteAlwaysAsync(async tx =>
    {
        if (await calls.FindAsync(tx, id) is not { } call || !call.Decide(tx.Now)) return false;
        if ((await calls.SaveAsync(tx, call, Actor.System)).IsRefused) return false;
        await tx.AuditAsync(Actor.System, "video-calls.decide", "video_call", id, call.State.ToString());
        return true;
    }, cancel);

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset? other) => one < other ? other.Value : one;
}
