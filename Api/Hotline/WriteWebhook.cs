using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Hotline;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Hotline;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Hotline;

/// <summary>Where a partner is told, as an administrator sees it. Never a secret.</summary>
/// <param name="FailingSince">The endpoint does not answer; events wait in order.</param>
public sealed record WebhookView(
    string AppId, string Url, bool Enabled, bool IdsOnly, bool WithHl1, IReadOnlyList<string> SuccessCodes, IReadOnlyList<string> PrivateNetworks, DateTimeOffset? PreviousSecretUntil,
    DateTimeOffset? FailingSince, string? DisabledReason, int Version)
{
    public static WebhookView Of(Webhook w, DateTimeOffset now) => new(
        w.AppId, w.Url, w.Enabled, w.IdsOnly, w.WithHl1, w.SuccessCodes, w.PrivateNetworks, now < w.Secrets.PreviousUntil ? w.Secrets.PreviousUntil : null, w.FailingSince, w.DisabledReason, w.Version);
}

/// <summary>Sets where a partner is told. The first time makes the secret, which is told once; later ones leave it.</summary>
public static class WriteWebhook
{
    /// <param name="Url">Https; http only into <paramref name="PrivateNetworks"/>.</param>
    /// <param name="IdsOnly">Payloads name things and tell nothing of them, for legal content that must not leave the house.</param>
    /// <param name="WithHl1">The HL1 headers stand on the same request.</param>
    /// <param name="SuccessCodes">What <c>code</c> may be in an answer of status 200; 0 and 200 when absent.</param>
    /// <param name="PrivateNetworks">Of 政务外网, where http and private addresses are allowed.</param>
    public sealed record Request(
        [property: Required, MaxLength(Webhook.MaxUrl)] string? Url, [property: Required] bool? Enabled, bool IdsOnly, bool WithHl1, [property: MaxLength(10)] IReadOnlyList<string>? SuccessCodes,
        [property: MaxLength(20)] IReadOnlyList<string>? PrivateNetworks);

    /// <param name="Secret">Told in this answer and never again; null when it was made before, and with <c>validateOnly=true</c>.</param>
    public sealed record Response(WebhookView Webhook, string? Secret);

    public static async Task<IResult> GetAsync(string appId, HttpContext http, WebhookRepository webhooks, TimeProvider time) =>
        await webhooks.FindAsync(appId, http.RequestAborted) is { } hook ? Results.Json(WebhookView.Of(hook, time.GetUtcNow()), WireJson.Options) : CommonRefusals.NotFound.ToResult();

    public static Task<IResult> PutAsync(
        string appId, Request request, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs, PartnerRepository partners, WebhookRepository webhooks) =>
        runs.OnceAsync<Response>(http, StatusCodes.Status200OK, validateOnly, async tx =>
        {
            if (await partners.FindAsync(tx, appId) is null) return CommonRefusals.NotFound;
            if (!Uri.TryCreate(request.Url, UriKind.Absolute, out var url) || OutboundGuard.WhyNot(url) is not null) return PartnerRefusals.AddressNotAllowed.At("url", OutboundGuard.WhyNot(url) ?? "不是完整的地址");
            var networks = HotlinePartner.CleanNetworks(request.PrivateNetworks ?? [], "privateNetworks");
            if (networks.IsRefused) return networks.Refusal!;
            var codes = request.SuccessCodes is { Count: > 0 } given ? given : ["0", "200"];
            if (codes.Any(c => c is not { Length: > 0 and <= 20 } || !c.All(char.IsAsciiLetterOrDigit))) return CommonRefusals.Invalid.At("successCodes", "应为字母或数字");
            var was = await webhooks.FindAsync(tx, appId);
            var hook = new Webhook(appId, url.AbsoluteUri, request.Enabled!.Value, request.IdsOnly, request.WithHl1, [.. codes.Distinct()], networks.Value,
                was?.Secrets ?? new PartnerSecrets(Webhook.NewSecret(), null, null), was?.Url == url.AbsoluteUri ? was.FailingSince : null, null, (was?.Version ?? 0) + 1);
            if (!await webhooks.TrySaveAsync(tx, hook, was)) throw new ConcurrencyConflictException();
            await tx.AuditAsync(user.Actor, "hotline.webhook", "partner", appId, request.Enabled.Value ? "enabled" : "disabled");
            return new Response(WebhookView.Of(hook, tx.Now), was is null && validateOnly != true ? hook.Secrets.Current : null);
        });

    /// <summary>A new secret, told once; for the overlap both sign.</summary>
    public static async Task<IResult> RotateAsync(string appId, WritePartner.RotateRequest? request, CurrentUser user, HttpContext http, Database database, WebhookRepository webhooks) =>
        (await database.WriteAsync<Response>(async tx =>
        {
            if (await webhooks.FindAsync(tx, appId) is not { } was) return CommonRefusals.NotFound;
            var hook = was.Rotate(TimeSpan.FromHours(request?.OverlapHours ?? 24), tx.Now);
            if (!await webhooks.TrySaveAsync(tx, hook, was)) throw new ConcurrencyConflictException();
            await tx.AuditAsync(user.Actor, "hotline.rotate-webhook-secret", "partner", appId);
            return new Response(WebhookView.Of(hook with { Version = was.Version + 1 }, tx.Now), hook.Secrets.Current);
        }, http.RequestAborted)).ToReply();

    /// <summary>A <c>test.ping</c> among the events, to see that they arrive.</summary>
    public static Task<IResult> PingAsync(string appId, CurrentUser user, HttpContext http, Idempotency idempotency, WebhookRepository webhooks) =>
        idempotency.RunAsync<Pinged>(http, StatusCodes.Status202Accepted, async tx =>
        {
            if (await webhooks.FindAsync(tx, appId) is not { Enabled: true }) return PartnerRefusals.NoWebhook;
            var id = tx.NewId();
            await webhooks.AddAsync(tx, id, appId, id, null, "test.ping", QueueWebhook.Body("test.ping", tx.Now, new { sequence = 0 }));
            await tx.AuditAsync(user.Actor, "hotline.ping", "partner", appId);
            return new Pinged($"evt_{id}");
        });

    public sealed record Pinged(string DeliveryId);
}

/// <summary>What partners were told, and what not: seen, and sent once more.</summary>
public static class ReadDeliveries
{
    private const string List = "hotline-deliveries";

    public sealed record Item(
        string Id, string AppId, string? TicketNo, string Type, DeliveryState State, string StateText, int Attempts, DateTimeOffset CreatedAt, DateTimeOffset? NextAt, int? LastStatus, string? LastError, DateTimeOffset? DeliveredAt)
    {
        internal static Item Of(DeliveryRow d) => new(
            d.Id, d.AppId, d.TicketNo, d.Type, d.State, d.State.Label(), d.Attempts, d.CreatedAt, d.State == DeliveryState.Pending ? d.NextAt : null, d.LastStatus, d.LastError, d.DeliveredAt);
    }

    /// <param name="Body">As it was sent, with whatever names or tells of somebody starred.</param>
    public sealed record Whole(Item Delivery, string Body);

    /// <param name="AppId">Of which partner.</param>
    /// <param name="Id">One delivery; all dead ones when absent.</param>
    public sealed record ReplayRequest([property: Required, MaxLength(96)] string? AppId, [property: MaxLength(96)] string? Id);

    public sealed record Replayed(int Count);

    public static async Task<IResult> ListAsync(string? appId, string? state, string? ticketNo, string? cursor, int? limit, HttpContext http, WebhookRepository webhooks, Cursors cursors)
    {
        var count = Paging.Limit(limit);
        if (count.IsRefused) return count.Refusal!.ToResult();
        DeliveryState? which = null;
        if (!string.IsNullOrEmpty(state))
        {
            var read = QueryWords.Read(state, "state", DeliveryState.Pending);
            if (read.IsRefused) return read.Refusal!.ToResult();
            which = read.Value;
        }
        var position = cursors.Read(List, cursor);
        if (position.IsRefused) return position.Refusal!.ToResult();
        var rows = await webhooks.ListAsync(
            string.IsNullOrEmpty(appId) ? null : appId, which, string.IsNullOrEmpty(ticketNo) ? null : ticketNo, position.Value is { } p ? long.Parse(p, CultureInfo.InvariantCulture) : long.MaxValue, count.Value + 1, http.RequestAborted);
        return Results.Json(Paging.Of(rows, count.Value, Item.Of, r => cursors.Write(List, r.Position.ToString(CultureInfo.InvariantCulture))), WireJson.Options);
    }

    public static async Task<IResult> GetAsync(string id, HttpContext http, WebhookRepository webhooks) =>
        await webhooks.FindDeliveryAsync(id, http.RequestAborted) is { } row ? Results.Json(new Whole(Item.Of(row), Starred(row.BodySealed)), WireJson.Options) : CommonRefusals.NotFound.ToResult();

    public static Task<IResult> ReplayAsync(ReplayRequest request, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs) =>
        runs.RunAsync<Replayed>(http, StatusCodes.Status200OK, validateOnly, async tx =>
        {
            var count = await WebhookRepository.ReplayAsync(tx, request.AppId!, request.Id);
            if (count == 0 && request.Id is not null) return CommonRefusals.NotFound;
            await tx.AuditAsync(user.Actor, "hotline.replay", "partner", request.AppId!, request.Id ?? $"{count}");
            return new Replayed(count);
        });

    /// <summary>An administrator keeps the plumbing and reads nobody's business.</summary>
    private static string Starred(string body)
    {
        var json = JsonNode.Parse(body)!;
        foreach (var name in (string[])["phone", "replySummary", "remark"])
            if (json["data"]?[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String) json["data"]![name] = "****";
        return json.ToJsonString(WireJson.Options);
    }
}
