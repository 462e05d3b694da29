using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Sql;
using MicroPlatform.Infrastructure.VideoCalls;

namespace MicroPlatform.Api.VideoCalls;

/// <summary>
/// Recording: only once everybody in the call has agreed, and no longer than they do. Whoever takes it back stops what runs. That there is a recording is known to
/// those who were in the call and to who directs its unit; each look at the list is audited.
/// </summary>
public sealed class RecordCall(RecordCalls recorder, CallMove move)
{
    public sealed record ConsentRequest([property: Required] bool? Agrees);

    /// <param name="AskedByName">Who wanted it.</param>
    /// <param name="AgreedParticipants">Who had agreed when it was asked for.</param>
    /// <param name="DeleteAfter">Kept until then.</param>
    public sealed record RecordingView(
        string Id, RecordingState State, string StateText, string AskedById, string? AskedByName, DateTimeOffset AskedAt, IReadOnlyList<string> AgreedParticipants, DateTimeOffset? StartedAt,
        DateTimeOffset? StoppedAt, RecordingStop? WhyStopped, string? WhyStoppedText, DateTimeOffset? DeleteAfter, DateTimeOffset? DeletedAt);

    public sealed record ListResponse(IReadOnlyList<RecordingView> Items);

    public static Task<IResult> AgreeAsync(string id, ConsentRequest request, CurrentUser user, HttpContext http, Idempotency idempotency, RecordCall record, CallScope scope) =>
        idempotency.RunAsync<CallView>(http, StatusCodes.Status200OK, async tx =>
        {
            var agreed = await record.ConsentAsync(tx, await scope.CitizenAsync(tx, id, user.Actor), request.Agrees!.Value);
            return agreed.IsRefused ? agreed.Refusal! : CallView.Of(await VideoCallReading.FindAsync(tx, id), user.Id, tx.Now);
        });

    public static Task<IResult> StaffAgreesAsync(string id, ConsentRequest request, CurrentUser user, HttpContext http, Idempotency idempotency, RecordCall record, CallScope scope) =>
        idempotency.RunAsync<StaffCallView>(http, StatusCodes.Status200OK, async tx =>
        {
            var agreed = await record.ConsentAsync(tx, await scope.StaffAsync(tx, id, user.Actor), request.Agrees!.Value);
            return agreed.IsRefused ? agreed.Refusal! : StaffCallView.Of(await VideoCallReading.FindAsync(tx, id), user.Id, tx.Now);
        });

    /// <summary>The provider begins shortly after; the call says when it runs.</summary>
    public static Task<IResult> StartAsync(
        string id, CurrentUser user, HttpContext http, Idempotency idempotency, RecordCalls recorder, RecordingRepository recordings, VideoCallRepository calls, CallScope scope) =>
        idempotency.RunAsync<RecordingView>(http, StatusCodes.Status201Created, async tx =>
        {
            var found = await scope.DecidingAsync(tx, id, user.Actor);
            if (found.IsRefused) return found.Refusal!;
            if (recorder.Find(found.Value.Call.Provider) is null) return CallRefusals.RecordingUnsupported;
            if (await RecordingRepository.FindOpenAsync(tx, id) is not null) return CallRefusals.AlreadyRecording;
            var asked = CallRecording.Ask(tx.NewId(), found.Value.Call, user.Id, tx.Now);
            if (asked.IsRefused) return asked.Refusal!;
            var stored = await recordings.InsertAsync(tx, asked.Value);
            if (stored.IsRefused) return stored.Refusal!;
            // Written with the call, so that it meets whoever takes consent back at the same moment.
            found.Value.Call.Matter.Tell(tx.Now, "call_recording", "经双方同意，通话开始录制");
            var saved = await calls.SaveAsync(tx, found.Value.Call, user.Actor);
            if (saved.IsRefused) return saved.Refusal!;
            await tx.AuditAsync(user.Actor, "video-calls.record", "video_call", id, asked.Value.Id);
            return await ViewAsync(tx, asked.Value.Id, id);
        });

    public static Task<IResult> StopAsync(string id, CurrentUser user, HttpContext http, Idempotency idempotency, RecordCalls recorder, CallScope scope) =>
        idempotency.RunAsync<RecordingView>(http, StatusCodes.Status200OK, async tx =>
        {
            var found = await scope.DecidingAsync(tx, id, user.Actor);
            if (found.IsRefused) return found.Refusal!;
            if (await RecordingRepository.FindOpenAsync(tx, id) is not { } open) return CallRefusals.NotRecording;
            await recorder.StopAsync(tx, id, RecordingStop.ByHand);
            await tx.AuditAsync(user.Actor, "video-calls.record-stop", "video_call", id, open.Id);
            return await ViewAsync(tx, open.Id, id);
        });

    public static Task<IResult> ListAsync(string id, CurrentUser user, HttpContext http, Database database, CallScope scope) =>
        TellAsync(id, user, http, database, tx => scope.CitizenAsync(tx, id, user.Actor));

    /// <summary>Those in the call, and who directs its unit.</summary>
    public static Task<IResult> StaffListAsync(string id, CurrentUser user, HttpContext http, Database database, CallScope scope) => TellAsync(id, user, http, database, async tx =>
    {
        var party = await scope.StaffAsync(tx, id, user.Actor);
        return party.IsRefused && party.Refusal == CommonRefusals.Forbidden ? await scope.DecidingAsync(tx, id, user.Actor) : party;
    });

    public async Task<Outcome<Done>> ConsentAsync(UnitOfWork tx, Outcome<Entrant> found, bool agrees) => await move.DoAsync(tx, found, agrees ? "video-calls.recording-agree" : "video-calls.recording-refuse", async (work, e) =>
    {
        var agreed = e.Call.AgreeToRecording(e.Who.Id, agrees, work.Now);
        if (agreed.IsRefused) return agreed;
        if (!e.Call.MayBeRecorded && await recorder.StopAsync(work, e.Call.Id, RecordingStop.ConsentWithdrawn)) e.Call.Matter.Tell(work.Now, "call_recording", "录制同意已撤回，停止录制");
        return Done.It;
    });

    private static async Task<IResult> TellAsync(string id, CurrentUser user, HttpContext http, Database database, Func<UnitOfWork, Task<Outcome<Entrant>>> find) =>
        (await database.WriteAsync<ListResponse>(async tx =>
        {
            var found = await find(tx);
            if (found.IsRefused) return found.Refusal!;
            await tx.AuditAsync(user.Actor, "video-calls.recordings-read", "video_call", id);
            return new ListResponse(await ViewsAsync(tx, id));
        }, http.RequestAborted)).ToReply();

    private static async Task<RecordingView> ViewAsync(UnitOfWork tx, string recordingId, string callId) => (await ViewsAsync(tx, callId)).Single(v => v.Id == recordingId);

    private static async Task<IReadOnlyList<RecordingView>> ViewsAsync(UnitOfWork tx, string callId)
    {
        var views = new List<RecordingView>();
        foreach (var row in await RecordingRepository.OfCallAsync(tx, callId))
        {
            var r = row.ToRecording();
            views.Add(new RecordingView(
                r.Id, r.State, r.State.Label(), r.AskedBy, row.AskedByName, r.AskedAt, r.Agreed, r.Times.StartedAt,
                r.Times.StoppedAt, r.Times.Why, r.Times.Why?.Label(), r.Times.DeleteAfter, r.Times.DeletedAt));
        }
        return views;
    }
}
