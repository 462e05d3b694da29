using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.VideoCalls;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Infrastructure.VideoCalls;

/// <summary>The telephone: the office rings the citizen, whose number the lawyer reads in the matter. Always there, and the last step but one of the ladder.</summary>
internal sealed class PhoneProvider(IOptions<VideoOptions> options) : IVideoProvider
{
    public const string ProviderName = "phone";

    public string Name => ProviderName;

    public bool ControlsRooms => false;

    public bool SeesRooms => false;

    public Task<Outcome<Done>> EnsureRoomAsync(VideoRoom room, CancellationToken cancel = default) => Task.FromResult<Outcome<Done>>(Done.It);

    public Task<Outcome<JoinGrant>> JoinAsync(VideoRoom room, RoomParticipant who, DateTimeOffset now, CancellationToken cancel = default) => Task.FromResult<Outcome<JoinGrant>>(room.IsClosed(now)
        ? CallRefusals.Over
        : new JoinGrant(Name, room.Until(now, options.Value.RoomKeyLifetime), new PhoneParams(options.Value.Hotline), []));

    public Task<Outcome<Done>> RemoveAsync(string roomId, string participantId, CancellationToken cancel = default) => Task.FromResult<Outcome<Done>>(Done.It);

    public Task<Outcome<Done>> CloseRoomAsync(string roomId, CancellationToken cancel = default) => Task.FromResult<Outcome<Done>>(Done.It);

    public Task<Outcome<RoomPresence[]>> ListAsync(string roomId, CancellationToken cancel = default) =>
        Task.FromResult<Outcome<RoomPresence[]>>(Array.Empty<RoomPresence>());
}
