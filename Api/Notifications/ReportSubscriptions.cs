using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Notifications;
using MicroPlatform.Infrastructure.Notifications;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Notifications;

/// <summary>What <c>wx.requestSubscribeMessage</c> has answered, right after the tap. WeChat's push confirms it later; the two count once.</summary>
public static class ReportSubscriptions
{
    /// <param name="Results">One for each template asked for.</param>
    public sealed record Request([property: Required, MinLength(1), MaxLength(10)] IReadOnlyList<Result>? Results);

    /// <param name="TemplateId">From <c>GET /v1/meta</c>.</param>
    /// <param name="Outcome">The value that WeChat gave for the template.</param>
    /// <param name="Always">Whether 总是保持以上选择 is ticked, from <c>wx.getSetting</c>; null when not asked.</param>
    public sealed record Result([property: Required, MaxLength(96)] string? TemplateId, [property: Required] SubscribeResult? Outcome, bool? Always);

    public static Task<IResult> Handle(
        Request request, CurrentUser user, HttpContext http, Idempotency idempotency, SubscriptionRepository subscriptions, IOptions<NotificationsOptions> options) =>
        idempotency.RunAsync<SubscriptionsView>(http, StatusCodes.Status200OK, async tx =>
        {
            for (var i = 0; i < request.Results!.Count; i++)
            {
                var result = request.Results[i];
                if (options.Value.Find(result?.TemplateId ?? "") is not { } template || result?.Outcome is not { } outcome) return NotificationRefusals.UnknownTemplate.At($"results[{i}].templateId", "没有这个模板");
                await subscriptions.ReportAsync(tx, user.Id, template.Id, template.GrantKind, outcome, GrantSource.Client, result.Always);
            }
            return SubscriptionsView.Of(await SubscriptionQueries.OfCitizenAsync(tx, user.Id));
        });
}
