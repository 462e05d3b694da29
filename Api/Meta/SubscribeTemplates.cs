using System.Text.Json;
using MicroPlatform.Infrastructure.Notifications;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Meta;

/// <summary>The subscribe message templates of <see cref="NotificationsOptions"/>, as far as clients need them.</summary>
public sealed class SubscribeTemplates(IOptions<NotificationsOptions> options)
{
    public IReadOnlyList<GetMeta.SubscribeTemplate> All { get; } =
    [
        .. options.Value.Templates.Select(t => new GetMeta.SubscribeTemplate(
            t.Id, [.. t.Kinds.Select(kind => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString()))], t.LongTerm, t.Neutral)),
    ];
}
