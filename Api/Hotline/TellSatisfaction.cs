using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Hotline;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Hotline;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Outbox;

namespace MicroPlatform.Api.Hotline;

/// <summary>
/// 满意度: what the caller said to the hotline. Whoever asks first is the one that counts (一事一评, GB/T 39735); the other is told, so that nobody is asked
/// twice. Of the dissatisfied every one is visited.
/// </summary>
public static class TellSatisfaction
{
    /// <param name="Score">5 非常满意 · 4 满意 · 3 基本满意 · 2 不满意 · 1 非常不满意.</param>
    /// <param name="Level">The hotline's own word for it.</param>
    /// <param name="SurveyedAt">RFC 3339, or <c>yyyy-MM-dd HH:mm:ss</c> in China.</param>
    /// <param name="Channel">How they were asked: phone, sms, ivr …</param>
    public sealed record Request(
        [property: Required, Range(1, 5)] int? Score, [property: MaxLength(20)] string? Level, bool? Solved, [property: MaxLength(500)] string? DissatisfiedReason,
        [property: Required, MaxLength(40)] string? SurveyedAt, [property: MaxLength(20)] string? Channel);

    public sealed record Response(string TicketNo, string Outcome, int Score);

    public static Task<IResult> Handle(
        string ticketNo, Request request, CurrentPartner caller, HttpContext http, Idempotency idempotency, HotlineTicketRepository tickets, RatingRepository ratings, OutboxWriter outbox) =>
        idempotency.RunAsync<PartnerAnswer<Response>>(http, StatusCodes.Status200OK, async tx =>
        {
            var (reason, channel) = (Text.CleanOptional(request.DissatisfiedReason, "dissatisfiedReason", 500), Text.CleanOptional(request.Channel, "channel", 20));
            if ((reason.Refusal ?? channel.Refusal) is { } unclean) return unclean;
            var at = TicketForm.Instant(request.SurveyedAt, "surveyedAt");
            if (at.IsRefused) return at.Refusal!;
            if (at.Value > tx.Now.AddMinutes(15)) return CommonRefusals.Invalid.At("surveyedAt", "时间在将来");
            if (await tickets.FindByNoAsync(tx, caller.AppId, ticketNo) is not { } ticket) return CommonRefusals.NotFound;
            var hash = Convert.ToHexStringLower(SHA256.HashData(Hl1Verification.BodyOf(http)));
            var known = await tx.ScalarAsync<string>("SELECT content_hash FROM hotline_satisfactions WHERE ticket_id = @Id", new { ticket.Id });
            if (known == hash) return PartnerAnswer<Response>.Ok(http, new Response(ticketNo, "unchanged", request.Score!.Value));
            if (known is not null) return MatterRefusals.AlreadyRated;
            // The hotline asks after the answer and does not wait for the file to be closed.
            if (ticket.State is not (HotlineTicketState.Resolved or HotlineTicketState.FollowedUp or HotlineTicketState.Closed)) return MatterRefusals.NotRatable;
            if (!await ratings.TryInsertAsync(tx, new Rating(ticket.Matter.Id, request.Score!.Value, [], reason.Value, at.Value!.Value))) return MatterRefusals.AlreadyRated;
            await tx.ExecuteAsync("""
                INSERT INTO hotline_satisfactions (ticket_id, app_id, score, solved, reason, channel, surveyed_at, content_hash) VALUES (@Id, @AppId, @score, @Solved, @reason, @channel, @at, @hash)
                """, new { ticket.Id, caller.AppId, score = request.Score.Value, request.Solved, reason = reason.Value, channel = channel.Value, at = at.Value, hash });
            await outbox.WriteAsync(tx, [new HotlineRated(ticket.Id, ticket.AppId, ticket.Matter.Id, request.Score.Value, ByPartner: true)]);
            await tx.AuditAsync(caller.Actor, "hotline.satisfaction", "matter", ticket.Matter.Id, $"{request.Score}");
            return PartnerAnswer<Response>.Ok(http, new Response(ticketNo, "recorded", request.Score.Value));
        });
}
