using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Sql;
using MicroPlatform.Infrastructure.VideoCalls;

namespace MicroPlatform.Api.VideoCalls;

/// <summary>Who wants to come into which call.</summary>
public sealed record Entrant(VideoCall Call, CallParticipant Who, Actor Actor);

/// <summary>
/// The way into a call that citizens, staff and guests share: looked at, the provider asked for a key, then entered. The provider is asked between two transactions and
/// never inside one; nobody counts as there who has not got a key. Coming again, or on a second phone, is coming: the new device takes the seat over.
/// </summary>
public sealed class CallDoor(Database database, VideoCallRepository calls, VideoProviders providers, RecordCalls recorder, TimeProvider time, ILogger<CallDoor> log)
{
    /// <summary>What is left where picture and voice are not, in order.</summary>
    private const string Ladder = "phone,messages";

    /// <param name="find">The call and the participant, in scope; run once before the provider is asked and once after.</param>
    public async Task<Outcome<JoinCall.Response>> EnterAsync(Func<UnitOfWork, Task<Outcome<Entrant>>> find, CancellationToken cancel)
    {
        var seen = await database.WriteAsync(tx => LookAsync(tx, find), cancel);
        if (seen.IsRefused) return seen.Refusal!;
        var (call, who) = (seen.Value.Call, seen.Value.Who);
        var provider = ProviderOf(call);
        if (provider.IsRefused) return provider.Refusal!;
        var grant = await provider.Value.Port.JoinAsync(RoomOf(call), new RoomParticipant(who.Id, who.DisplayName, RoleOf(who.Side), who.PersonId), time.GetUtcNow(), cancel);
        if (grant.IsRefused && grant.Refusal!.Code == VideoRefusals.ProviderDown.Code) return await FailedAsync(call.Id, grant.Refusal, cancel);
        if (grant.IsRefused) return grant.Refusal!;
        var sat = false;
        var entered = await database.WriteAsync<JoinCall.Response>(async tx =>
        {
            var found = await LookAsync(tx, find);
            if (found.IsRefused) return found.Refusal!;
            var (now, me, actor) = found.Value;
            sat = await CallSeats.FindAsync(tx, me.Id) is { Watched: true };
            var seat = await CallSeats.TakeAsync(tx, now.Id, me.Id);
            if (now.Notice(me.Id, present: true, tx.Now))
            {
                // A guest who comes now has not been asked.
                if (!now.MayBeRecorded) await recorder.StopAsync(tx, now.Id, RecordingStop.ConsentWithdrawn);
                var saved = await calls.SaveAsync(tx, now, actor);
                if (saved.IsRefused) return saved.Refusal!;
            }
            await tx.AuditAsync(actor, "video-calls.join", "video_call", now.Id, me.Id);
            return JoinCall.Response.Of(grant.Value, seat, me.Id, await VideoCallReading.FindAsync(tx, now.Id), actor.Id);
        }, cancel);
        // The device before this one is put out once it has lost its seat, or it would come back and take it again; and before this one has its key, or it could be this one.
        if (sat && !entered.IsRefused && provider.Value.Port.ControlsRooms) await provider.Value.Port.RemoveAsync(call.Id, who.Id, cancel);
        return entered;
    }

    private static async Task<Outcome<Entrant>> LookAsync(UnitOfWork tx, Func<UnitOfWork, Task<Outcome<Entrant>>> find)
    {
        var found = await find(tx);
        return found.IsRefused ? found : found.Value.Call.WhyNotEnter(tx.Now) is { } refusal ? refusal : found;
    }

    private Outcome<VideoProvider> ProviderOf(VideoCall call)
    {
        var provider = providers.Find(call.Medium == CallMedium.Phone ? "phone" : call.Provider);
        return provider.IsRefused ? provider.Refusal! with { Members = new Dictionary<string, string> { ["next"] = Ladder } } : provider;
    }

    /// <summary>The platform's fault, and kept as such: nobody who could not come in is absent.</summary>
    private async Task<Refusal> FailedAsync(string callId, Refusal down, CancellationToken cancel)
    {
        log.LogWarning("The video provider of call {CallId} is down", callId);
        await database.WriteAsync<Done>(async tx =>
        {
            if (await calls.FindAsync(tx, callId) is not { } call || call.State.IsOver()) return Done.It;
            call.NoteFault(tx.Now);
            return await calls.SaveAsync(tx, call, Actor.System);
        }, cancel);
        return down with { Members = new Dictionary<string, string> { ["next"] = Ladder } };
    }

    private static VideoRoom RoomOf(VideoCall call)
    {
        var talk = (call.Times.ConnectedAt ?? call.CreatedAt) + VideoCall.Longest;
        return new VideoRoom(call.Id, call.Scheduled?.EndsAt + VideoCall.ClosesAfter is { } booked && booked > talk ? booked : talk);
    }

    private static RoomRole RoleOf(CallSide side) => side switch
    {
        CallSide.Citizen => RoomRole.Citizen,
        CallSide.Staff => RoomRole.Staff,
        _ => RoomRole.Guest,
    };
}
