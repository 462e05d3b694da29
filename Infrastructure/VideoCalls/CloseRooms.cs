using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.Outbox;
using Microsoft.Extensions.Logging;

namespace MicroPlatform.Infrastructure.VideoCalls;

/// <summary>A call that is over has no room any more: whoever still sits in it is put out. Where the provider is away for long, keys and room run out by themselves.</summary>
public sealed class CloseRooms(VideoProviders providers, VideoCallReading reading, ILogger<CloseRooms> log) : IHandle<CallEnded>, IHandle<CallMissed>, IHandle<CallCancelled>
{
    private const int Attempts = 6;

    public Task HandleAsync(CallEnded happened, Delivery delivery, CancellationToken cancel) => CloseAsync(happened.CallId, delivery, cancel);

    public Task HandleAsync(CallMissed happened, Delivery delivery, CancellationToken cancel) => CloseAsync(happened.CallId, delivery, cancel);

    public Task HandleAsync(CallCancelled happened, Delivery delivery, CancellationToken cancel) => CloseAsync(happened.CallId, delivery, cancel);

    private async Task CloseAsync(string callId, Delivery delivery, CancellationToken cancel)
    {
        if (await reading.ProviderOfAsync(callId, cancel) is not { } name || providers.Find(name) is not { IsRefused: false, Value.Port: { ControlsRooms: true } port }) return;
        var closed = await port.CloseRoomAsync(callId, cancel);
        if (!closed.IsRefused) return;
        if (delivery.Attempt < Attempts) throw new InvalidOperationException($"The room of call {callId} could not be closed: {closed.Refusal!.Code}");
        log.LogWarning("The room of call {CallId} is left to run out: {Code}", callId, closed.Refusal!.Code);
    }
}
