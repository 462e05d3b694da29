using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Outbox;

namespace MicroPlatform.Api.Matters;

/// <summary>The citizen says how it was: once, after the end.</summary>
public static class RateMatter
{
    /// <param name="Score">5 非常满意 · 4 满意 · 3 基本满意 · 2 不满意 · 1 非常不满意 (GB/T 39734).</param>
    /// <param name="Tags">Up to 6 short words.</param>
    public sealed record Request([property: Required, Range(1, 5)] int? Score, [property: MaxLength(6)] IReadOnlyList<string>? Tags, [property: MaxLength(500)] string? Text);

    public sealed record Response(string MatterId, int Score, string ScoreText, IReadOnlyList<string> Tags, string? Text, DateTimeOffset RatedAt);

    public static Task<IResult> Handle(string id, Request request, CurrentUser user, HttpContext http, Idempotency idempotency, MatterRepository matters, RatingRepository ratings, OutboxWriter outbox) =>
        idempotency.RunAsync<Response>(http, StatusCodes.Status201Created, async tx =>
        {
            var text = Text.CleanOptional(request.Text, "text", 500);
            if (text.IsRefused) return text.Refusal!;
            var tags = Rating.CleanTags(request.Tags ?? []);
            if (tags.IsRefused) return tags.Refusal!;
            if (!Id.IsWellFormed(id) || await matters.FindAsync(tx, id) is not { } matter || matter.CitizenId != user.Id) return CommonRefusals.NotFound;
            var rating = Rating.Of(matter, request.Score!.Value, tags.Value, text.Value, tx.Now);
            if (rating.IsRefused) return rating.Refusal!;
            if (!await ratings.TryInsertAsync(tx, rating.Value)) return MatterRefusals.AlreadyRated;
            await outbox.WriteAsync(tx, [new MatterRated(id, matter.Kind, rating.Value.Score)]);
            await tx.AuditAsync(user.Actor, "matters.rate", "matter", id, $"{rating.Value.Score}");
            return new Response(id, rating.Value.Score, rating.Value.ScoreText, rating.Value.Tags, rating.Value.Text, rating.Value.At);
        });
}
