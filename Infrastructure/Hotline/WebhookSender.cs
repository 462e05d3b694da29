using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MicroPlatform.Domain.Hotline;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Infrastructure.Hotline;

/// <summary>One push to a partner (Standard Webhooks), and what is made of the answer.</summary>
public sealed class WebhookSender(WebhookRepository webhooks, PartnerRepository partners, OutboundGuard guard, IOptions<HotlineOptions> options, TimeProvider time)
{
    /// <summary>Of an answer only so much is looked at.</summary>
    private const int MaxAnswer = 64 * 1024;

    /// <returns>Whether it was delivered, or, when not, whether the endpoint as such is down.</returns>
    public async Task<(bool Delivered, bool Down)> SendAsync(Webhook hook, DueRow row, CancellationToken cancel)
    {
        var (status, error, down, wait) = await TryAsync(hook, row, cancel);
        if (error is null)
        {
            await webhooks.DeliveredAsync(hook.AppId, row, status!.Value);
            return (true, false);
        }
        if (status == (int)HttpStatusCode.Gone)
        {
            await webhooks.DisableAsync(hook.AppId, "对方应答410，已停止推送");
            down = true;
        }
        await webhooks.FailedAsync(hook.AppId, row, status, error, Webhook.PauseAfter(row.Attempts + 1, Random.Shared.NextDouble(), wait), down);
        return (false, down);
    }

    private async Task<(int? Status, string? Error, bool Down, TimeSpan? Wait)> TryAsync(Webhook hook, DueRow row, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(options.Value.DeliveryTimeout);
        try
        {
            using var request = await RequestAsync(hook, row, limit.Token);
            using var response = await guard.SendAsync(request, hook.PrivateNetworks, limit.Token);
            var status = (int)response.StatusCode;
            if (!response.IsSuccessStatusCode)
            {
                var wait = response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - time.GetUtcNow() : null;
                return (status, $"应答{status}", status >= 500 || status is 408 or 410 or 429, status is 429 or 503 && wait > TimeSpan.Zero ? wait : null);
            }
            return Says(await ReadAsync(response, limit.Token)) is { } code && !hook.SuccessCodes.Contains(code) ? (status, $"应答{status}但code为{code}", false, null) : (status, null, false, null);
        }
        catch (AddressRefusedException e)
        {
            return (null, e.Message, true, null);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return (null, "超时", true, null);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // The kind only: messages of these name addresses.
            return (null, $"无法连接（{(e as HttpRequestException)?.HttpRequestError.ToString() ?? "IO"}）", true, null);
        }
    }

    private async Task<HttpRequestMessage> RequestAsync(Webhook hook, DueRow row, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var stamp = now.ToUnixTimeSeconds();
        var body = Encoding.UTF8.GetBytes(row.BodySealed);
        var request = new HttpRequestMessage(HttpMethod.Post, hook.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" };
        request.Headers.TryAddWithoutValidation("webhook-id", row.Id);
        request.Headers.TryAddWithoutValidation("webhook-timestamp", stamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation("webhook-signature", hook.Sign(row.Id, stamp, row.BodySealed, now));
        if (hook.WithHl1 && await partners.FindAsync(hook.AppId, cancel) is { } partner)
        {
            var (timestamp, nonce) = (stamp.ToString(CultureInfo.InvariantCulture), RandomNumberGenerator.GetHexString(32, lowercase: true));
            request.Headers.TryAddWithoutValidation(Hl1.AppIdHeader, hook.AppId);
            request.Headers.TryAddWithoutValidation(Hl1.TimestampHeader, timestamp);
            request.Headers.TryAddWithoutValidation(Hl1.NonceHeader, nonce);
            request.Headers.TryAddWithoutValidation(Hl1.SignatureHeader, Hl1.Sign(Hl1.Sha256, partner.Secrets.Current, Hl1.StringToSign(
                Hl1.Sha256, hook.AppId, timestamp, nonce, "POST", request.RequestUri!.PathAndQuery, Hl1.BodyHash(Hl1.Sha256, body))));
        }
        return request;
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancel);
        var buffer = new byte[MaxAnswer];
        var length = await stream.ReadAtLeastAsync(buffer, MaxAnswer, throwOnEndOfStream: false, cancel);
        return buffer[..length];
    }

    /// <summary>What the answer says of itself in <c>code</c>; null when it says nothing.</summary>
    private static string? Says(byte[] answer)
    {
        try
        {
            using var json = JsonDocument.Parse(answer);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("code", out var code) ? code.ValueKind switch
            {
                JsonValueKind.Number => code.GetRawText(),
                JsonValueKind.String => code.GetString(),
                _ => null,
            } : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
