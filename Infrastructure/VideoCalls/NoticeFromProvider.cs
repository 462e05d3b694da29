using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.Outbox;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.Logging;

namespace MicroPlatform.Infrastructure.VideoCalls;

/// <summary>
/// What a video provider tells becomes who is there. Twice, late, in the wrong order, of a room that is over or was never ours: none of that changes anything that
/// is known better. A clock that is off cannot put anybody into the future, nor before the call was made.
/// </summary>
public sealed class NoticeFromProvider(Database database, VideoCallRepository calls, ILogger<NoticeFromProvider> log) : IHandle<ProviderEventReceived>
{
    public async Task HandleAsync(ProviderEventReceived happened, Delivery delivery, CancellationToken cancel)
    {
        var noticed = await database.WriteAsync<Done>(async tx =>
        {
            if (await calls.FindAsync(tx, happened.CallId) is not { } call || call.State.IsOver() || call.Provider != happened.Provider) return Done.It;
            var at = Clamp(happened.At, call.CreatedAt, tx.Now);
            var isIn = happened.Kind is ProviderEventKind.Joined or ProviderEventKind.Published;
            var news = false;
            foreach (var who in call.Participants.Where(p => happened.Kind == ProviderEventKind.RoomClosed ? p.IsPresent : p.Id == happened.ParticipantId).ToList())
            {
                await CallSeats.TellAsync(tx, who.Id, isIn, at);
                news |= call.Notice(who.Id, isIn, at, happened.Goodbye);
            }
            return news ? await calls.SaveAsync(tx, call, Actor.System) : Done.It;
        }, cancel);
        if (!noticed.IsRefused) return;
        // In another call already: whoever gave them the key to this room has been told the same.
        if (noticed.Refusal!.Kind == RefusalKind.Conflict) log.LogWarning("What {Provider} told of call {CallId} was refused: {Code}", happened.Provider, happened.CallId, noticed.Refusal.Code);
        else throw new DatabaseUnavailableException(SqlFault.Contention, new InvalidOperationException(noticed.Refusal.Code));
    }

    private static DateTimeOffset Clamp(DateTimeOffset at, DateTimeOffset from, DateTimeOffset until) => at < from ? from : at > until ? until : at;
}
