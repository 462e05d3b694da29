using System.Text.Json.Nodes;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.VideoCalls;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Infrastructure.VideoCalls;

/// <summary>
/// A Janus that records: a folder for each recording under <see cref="JanusOptions.RecordingsFolder"/>, in it a file (<c>.mjr</c>, read by <c>janus-pp-rec</c>) for the voice and the picture of each device.
/// Whoever comes in while it runs is recorded too. Nothing is sealed by this program: the folder belongs on an encrypted volume.
/// </summary>
internal sealed class JanusRecorder(JanusClient client, IOptions<VideoOptions> options, ILogger<JanusProvider> log) : JanusProvider(client, options, log), IVideoRecorder
{
    private readonly JanusClient _client = client;
    private readonly ILogger<JanusProvider> _log = log;
    private readonly string _folder = options.Value.Janus.RecordingsFolder;

    public Task<Outcome<string>> StartRecordingAsync(string roomId, string recordingId, CancellationToken cancel = default) => _client.AskAsync<string>(
        async ask =>
        {
            var placed = Judge(
                await ask(new JsonObject { ["request"] = "edit", ["room"] = roomId, ["secret"] = SecretOf(roomId), ["new_rec_dir"] = Path.Combine(_folder, recordingId) }), "place a recording", fine: null);
            if (placed.IsRefused) return placed.Refusal!;
            var begun = Judge(await ask(Record(roomId, on: true)), "begin a recording", fine: null);
            return begun.IsRefused ? begun.Refusal! : recordingId;
        },
        cancel);

    /// <summary>A room that the server has forgotten records no more.</summary>
    public Task<Outcome<Done>> StopRecordingAsync(string roomId, string reference, CancellationToken cancel = default) => _client.AskAsync<Done>(
        async ask => Judge(await ask(Record(roomId, on: false)), "stop a recording", JanusClient.NoSuchRoom), cancel);

    public Task<Outcome<Done>> DeleteRecordingAsync(string reference, CancellationToken cancel = default)
    {
        // Ours, and no way out of the folder.
        if (!Id.IsWellFormed(reference)) throw new ArgumentException("Not the id of a recording.", nameof(reference));
        var files = new DirectoryInfo(Path.Combine(_folder, reference));
        try
        {
            if (files.Exists) files.Delete(recursive: true);
            return Task.FromResult<Outcome<Done>>(Done.It);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _log.LogError(e, "Recording {RecordingId} cannot be deleted", reference);
            return Task.FromResult<Outcome<Done>>(VideoRefusals.ProviderDown);
        }
    }

    private JsonObject Record(string roomId, bool on) => new() { ["request"] = "enable_recording", ["room"] = roomId, ["secret"] = SecretOf(roomId), ["record"] = on };
}
