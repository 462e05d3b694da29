using Dapper;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Live;
using MicroPlatform.Infrastructure.Outbox;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Consultations;

/// <summary>
/// Asks WeChat about what citizens write (msgSecCheck), after it is stored and on its way. Whoever describes a crime scores as risky, so nothing is
/// ever refused or hidden for it: the office sees the mark, and that is all.
/// </summary>
public sealed class CheckTexts(Database database, CitizenRepository citizens, IWeChat weChat, LiveHub live, TimeProvider time) : IHandle<ConsultationSubmitted>, IHandle<ConsultationAsked>
{
    /// <summary>WeChat judges only what people wrote who had the mini-program open within two hours.</summary>
    private static readonly TimeSpan Judgeable = TimeSpan.FromHours(2);

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    public Task HandleAsync(ConsultationSubmitted happened, Delivery delivery, CancellationToken cancel) => CheckAsync(happened.ConsultationId, 1, delivery, cancel);

    public Task HandleAsync(ConsultationAsked happened, Delivery delivery, CancellationToken cancel) => CheckAsync(happened.ConsultationId, happened.Seq, delivery, cancel);

    private async Task CheckAsync(string consultationId, int seq, Delivery delivery, CancellationToken cancel)
    {
        var (message, openid) = await database.ReadAsync(async connection =>
        {
            var found = await connection.QueryFirstOrDefaultAsync<Row>(
                "SELECT author_id, text FROM messages WHERE consultation_id = @consultationId AND seq = @seq AND text_check IS NULL", new { consultationId, seq });
            return (found, found is null ? null : await citizens.OpenIdOfAsync(connection, found.AuthorId));
        }, cancel);
        if (message is null || openid is null) return;
        switch (await weChat.CheckTextAsync(openid, TextScene.Comment, message.Text, cancel))
        {
            case TextVerdict.Judged judged:
                await database.WriteAlwaysAsync(tx => tx.ExecuteAsync(
                    "UPDATE messages SET text_check = @check, text_check_label = @Label WHERE consultation_id = @consultationId AND seq = @seq",
                    new { check = judged.Suggestion.ToString(), judged.Label, consultationId, seq }), cancel);
                if (judged.Suggestion != TextSuggestion.Pass) await live.PublishAsync(LiveTopics.Consultation(consultationId));
                break;
            case TextVerdict.Unavailable when delivery.OccurredAt + Judgeable > time.GetUtcNow():
                throw new NotYetException("WeChat cannot judge texts now", Pause);
            default:
                // Not to be judged any more: unmarked, as texts of other doors are.
                break;
        }
    }

    private sealed record Row
    {
        public required string AuthorId { get; init; }
        public required string Text { get; init; }
    }
}
