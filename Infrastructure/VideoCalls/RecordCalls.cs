using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Live;
using MicroPlatform.Infrastructure.Outbox;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Infrastructure.VideoCalls;

/// <summary>How long recordings are kept. Section <c>VideoCalls</c>.</summary>
public sealed class VideoCallsOptions
{
    /// <summary>After its end a recording is kept so long and then deleted (PIPL art. 19: no longer than the purpose needs).</summary>
    [System.ComponentModel.DataAnnotations.Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan RecordingsKeptFor { get; set; } = TimeSpan.FromDays(180);
}

/// <summary>
/// Has the provider begin and stop what was wanted. The provider is asked between two transactions; each of its verbs may come twice. A call that is over stops its
/// recording, and so does whoever no longer agrees.
/// </summary>
public sealed class RecordCalls(
    Database database, VideoProviders providers, VideoCallRepository calls, RecordingRepository recordings, LiveHub live, IOptions<VideoCallsOptions> options)
    : IHandle<RecordingAsked>, IHandle<RecordingStopDue>, IHandle<CallEnded>
{
    /// <summary>A recording that cannot begin within some seconds is of no use.</summary>
    private const int Attempts = 3;

    public async Task HandleAsync(RecordingAsked happened, Delivery delivery, CancellationToken cancel)
    {
        // Looked at again before the provider hears of it: consent may be gone, or the call over.
        var wanted = await database.WriteAlwaysAsync(async tx =>
        {
            if (await RecordingRepository.FindAsync(tx, happened.RecordingId) is not { State: RecordingState.Wanted } recording) return null;
            if (await calls.FindAsync(tx, happened.CallId) is { State: CallState.Connected, MayBeRecorded: true }) return recording;
            recording.GiveUp(tx.Now);
            await recordings.SaveAsync(tx, recording);
            return null;
        }, cancel);
        if (wanted is null || Find(wanted.Provider) is not { } recorder) return;
        var begun = await recorder.StartRecordingAsync(happened.CallId, wanted.Id, cancel);
        if (begun.IsRefused && delivery.Attempt < Attempts) throw new InvalidOperationException($"Recording {wanted.Id} does not begin: {begun.Refusal!.Code}");
        await database.WriteAlwaysAsync(async tx =>
        {
            if (await RecordingRepository.FindAsync(tx, happened.RecordingId) is not { } recording) return 0;
            if (begun.IsRefused) recording.GiveUp(tx.Now);
            else recording.Begun(begun.Value, tx.Now);
            // Somebody may have taken consent back while the provider was being asked.
            var call = await calls.FindAsync(tx, happened.CallId);
            if (recording.State == RecordingState.Running && call is not { MayBeRecorded: true }) recording.BringToAnEnd(RecordingStop.ConsentWithdrawn, tx.Now);
            else if (recording.State == RecordingState.Running && call is { } known && known.State.IsOver()) recording.BringToAnEnd(RecordingStop.CallOver, tx.Now);
            await recordings.SaveAsync(tx, recording);
            await tx.AuditAsync(Actor.System, begun.IsRefused ? "video-calls.recording-failed" : "video-calls.recording-begun", "video_call", happened.CallId, recording.Id);
            tx.AfterCommit(() => live.PublishAsync(LiveTopics.Call(happened.CallId)));
            return 1;
        }, cancel);
    }

    public async Task HandleAsync(RecordingStopDue happened, Delivery delivery, CancellationToken cancel)
    {
        var stopping = await database.WriteAlwaysAsync(tx => RecordingRepository.FindAsync(tx, happened.RecordingId), cancel);
        if (stopping is not { State: RecordingState.Stopping, Times.Reference: { } reference } || Find(stopping.Provider) is not { } recorder) return;
        var stopped = await recorder.StopRecordingAsync(happened.CallId, reference, cancel);
        // Tried until it works: what nobody agrees to any more must not run on.
        if (stopped.IsRefused) throw new NotYetException($"Recording {happened.RecordingId} does not stop: {stopped.Refusal!.Code}", TimeSpan.FromSeconds(1));
        await database.WriteAlwaysAsync(async tx =>
        {
            if (await RecordingRepository.FindAsync(tx, happened.RecordingId) is not { } recording || recording.Stopped(options.Value.RecordingsKeptFor).IsRefused) return 0;
            await recordings.SaveAsync(tx, recording);
            await tx.AuditAsync(Actor.System, "video-calls.recording-kept", "video_call", happened.CallId, recording.Id);
            tx.AfterCommit(() => live.PublishAsync(LiveTopics.Call(happened.CallId)));
            return 1;
        }, cancel);
    }

    public Task HandleAsync(CallEnded happened, Delivery delivery, CancellationToken cancel) => database.WriteAlwaysAsync(tx => StopAsync(tx, happened.CallId, RecordingStop.CallOver), cancel);

    /// <summary>Whatever is wanted or runs comes to its end.</summary>
    public async Task<bool> StopAsync(UnitOfWork tx, string callId, RecordingStop why)
    {
        if (await RecordingRepository.FindOpenAsync(tx, callId) is not { } recording) return false;
        recording.BringToAnEnd(why, tx.Now);
        await recordings.SaveAsync(tx, recording);
        return true;
    }

    /// <summary>Deletes one that is past its date, at the provider first.</summary>
    public async Task<bool> DeleteAsync(RecordingRow past, CancellationToken cancel)
    {
        if (Find(past.Provider) is not { } recorder || past.ProviderRef is null) return false;
        if ((await recorder.DeleteRecordingAsync(past.ProviderRef, cancel)).IsRefused) return false;
        return await database.WriteAlwaysAsync(async tx =>
        {
            if (await RecordingRepository.FindAsync(tx, past.Id) is not { } recording || recording.Gone(tx.Now).IsRefused) return false;
            await recordings.SaveAsync(tx, recording);
            await tx.AuditAsync(Actor.System, "video-calls.recording-deleted", "video_call", past.CallId, past.Id);
            return true;
        }, cancel);
    }

    /// <summary>Null when the provider of the call cannot record.</summary>
    public IVideoRecorder? Find(string provider) => providers.Find(provider) is { IsRefused: false } found ? found.Value.Port as IVideoRecorder : null;
}
