using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Identity;

/// <summary>The privacy notice in force, for everybody.</summary>
public static class GetPrivacyNotice
{
    public static async Task<IResult> Handle(HttpContext http, Database database) =>
        Replies.Of(await database.ReadAsync(connection => ConsentRepository.CurrentNoticeAsync(connection), http.RequestAborted));
}

/// <summary>Puts a new notice into force. Everybody is asked again before they open anything new.</summary>
public static class PublishPrivacyNotice
{
    /// <param name="BasedOnVersion">The version this one replaces: of two people who publish at once the second is told.</param>
    public sealed record Request(
        [property: Required, MaxLength(100)] string? Title, [property: Required, MaxLength(PrivacyNotice.MaxText)] string? Text, [property: Required] int? BasedOnVersion);

    public static Task<IResult> Handle(Request request, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs) =>
        runs.OnceAsync<PrivacyNotice>(http, StatusCodes.Status201Created, validateOnly, async tx =>
        {
            var (title, text) = (Text.Clean(request.Title, "title", 100, 4), Text.Clean(request.Text, "text", PrivacyNotice.MaxText, 20));
            if (title.IsRefused) return title.Refusal!;
            if (text.IsRefused) return text.Refusal!;
            var current = await ConsentRepository.CurrentNoticeAsync(await tx.ConnectionAsync(), tx.Transaction);
            if (current.Version != request.BasedOnVersion) return CommonRefusals.VersionMismatch;
            var notice = new PrivacyNotice { Version = current.Version + 1, Title = title.Value, Text = text.Value, PublishedAt = tx.Now };
            await ConsentRepository.PublishAsync(tx, notice);
            await tx.AuditAsync(user.Actor, "identity.publish_notice", "privacy_notice", $"{notice.Version}");
            return notice;
        });
}
