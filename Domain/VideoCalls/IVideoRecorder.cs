using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.VideoCalls;

/// <summary>
/// A provider that can record what it carries. Each of these may be called again with the same id and does it once; like the rest of the provider it answers
/// <see cref="VideoRefusals.ProviderDown"/> and never throws.
/// </summary>
public interface IVideoRecorder
{
    /// <returns>What the provider knows the recording by.</returns>
    Task<Outcome<string>> StartRecordingAsync(string roomId, string recordingId, CancellationToken cancel = default);

    Task<Outcome<Done>> StopRecordingAsync(string roomId, string reference, CancellationToken cancel = default);

    /// <summary>Removes it for good, wherever the provider keeps it. What is not there is gone already.</summary>
    Task<Outcome<Done>> DeleteRecordingAsync(string reference, CancellationToken cancel = default);
}
