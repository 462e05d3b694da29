using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Hotline;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Hotline;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Hotline;

/// <summary>录音: where a call's recording lies. It is fetched within minutes, from the partner's own hosts only, and kept as our own copy.</summary>
public static class TellRecording
{
    /// <param name="Url">At one of the hosts that an administrator has named.</param>
    /// <param name="Sha256">Hex; when given, what is fetched must have it.</param>
    /// <param name="ExpiresAt">Until when it can be fetched.</param>
    public sealed record Request(
        [property: Required, MaxLength(1000)] string? Url, [property: Required, RegularExpression("^(mp3|wav|amr|m4a|ogg)$")] string? Format, [property: Range(0, 86400)] int? DurationSeconds,
        [property: Range(0, int.MaxValue)] int? SizeBytes, [property: RegularExpression("^[0-9a-fA-F]{64}$")] string? Sha256, [property: MaxLength(40)] string? ExpiresAt);

    public sealed record Response(string CallId, string Outcome);

    public static async Task<IResult> Handle(string callId, Request request, CurrentPartner caller, HttpContext http, Idempotency idempotency, HotlineRecordingRepository recordings, IOptions<HotlineOptions> options)
    {
        var id = TicketForm.Number(callId, "callId");
        if (id.IsRefused) return id.Refusal!.ToResult();
        if (!Uri.TryCreate(request.Url, UriKind.Absolute, out var url) || OutboundGuard.WhyNot(url) is not null || !IsTheirs(url, caller.Partner))
            return PartnerRefusals.AddressNotAllowed.At("url", "应为约定主机上的https地址").ToResult();
        if (request.SizeBytes > options.Value.MaxRecordingBytes) return CommonRefusals.Invalid.At("sizeBytes", $"最大{options.Value.MaxRecordingBytes}字节").ToResult();
        return await idempotency.RunAsync<PartnerAnswer<Response>>(http, StatusCodes.Status202Accepted, async tx =>
        {
            var expires = TicketForm.Instant(request.ExpiresAt, "expiresAt");
            if (expires.IsRefused) return expires.Refusal!;
            if (await tx.ScalarAsync<long>("SELECT COUNT(*) FROM hotline_calls WHERE app_id = @AppId AND call_id = @callId", new { caller.AppId, callId }) == 0) return CommonRefusals.NotFound;
            var outcome = await recordings.KeepAsync(tx, caller.AppId, callId, url, request.Format!, request.DurationSeconds, request.SizeBytes, request.Sha256?.ToLowerInvariant(), expires.Value,
                Convert.ToHexStringLower(SHA256.HashData(Hl1Verification.BodyOf(http))));
            await tx.AuditAsync(caller.Actor, "hotline.recording", "call", callId, outcome);
            return PartnerAnswer<Response>.Ok(http, new Response(callId, outcome));
        });
    }

    /// <summary>The host as an administrator wrote it, with a port where it is not the usual one.</summary>
    internal static bool IsTheirs(Uri url, HotlinePartner partner) => partner.RecordingHosts.Contains((url.IsDefaultPort ? url.IdnHost : $"{url.IdnHost}:{url.Port}").ToLowerInvariant());
}

/// <summary>Fetches recordings that were told of, and makes sure that they are what was told.</summary>
public sealed class FetchRecordingsJob(
    HotlineRecordingRepository recordings, PartnerRepository partners, WebhookRepository webhooks, OutboundGuard guard, IOptions<HotlineOptions> options, TimeProvider time, ILogger<FetchRecordingsJob> log) : IJob
{
    private const int AtOnce = 50;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public async Task<int> RunOnceAsync(CancellationToken cancel) => await JobItems.EachAsync(await recordings.DueAsync(time.GetUtcNow(), AtOnce, cancel), row => FetchAsync(row, cancel), log, cancel);

    private async Task<bool> FetchAsync(RecordingRow row, CancellationToken cancel)
    {
        if (!await recordings.ClaimAsync(row, cancel)) return false;
        // The list may have changed since it was told.
        if (await partners.FindAsync(row.AppId, cancel) is not { } partner || !Uri.TryCreate(row.UrlSealed, UriKind.Absolute, out var url) || !TellRecording.IsTheirs(url, partner))
        {
            await recordings.FailedAsync(row, "主机不在约定范围内", forGood: true);
            return false;
        }
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Limit);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            using var response = await guard.SendAsync(request, (await webhooks.FindAsync(row.AppId, cancel))?.PrivateNetworks ?? [], limit.Token);
            if (!response.IsSuccessStatusCode)
            {
                await recordings.FailedAsync(row, $"应答{(int)response.StatusCode}", forGood: (int)response.StatusCode is 403 or 404 or 410);
                return false;
            }
            if (await ReadAsync(response, limit.Token) is not { } content)
            {
                await recordings.FailedAsync(row, "文件过大", forGood: true);
                return false;
            }
            if (row.Sha256 is { } sha && Convert.ToHexStringLower(SHA256.HashData(content)) != sha)
            {
                await recordings.FailedAsync(row, "sha256不符", forGood: false);
                return false;
            }
            await recordings.StoreAsync(row.Id, content, cancel);
            await recordings.FetchedAsync(row, content.Length);
            return true;
        }
        catch (AddressRefusedException e)
        {
            await recordings.FailedAsync(row, e.Message, forGood: true);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            await recordings.FailedAsync(row, e is OperationCanceledException ? "超时" : "无法连接", forGood: false);
        }
        return false;
    }

    /// <summary>Null when it is larger than what is kept.</summary>
    private async Task<byte[]?> ReadAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        var most = options.Value.MaxRecordingBytes;
        if (response.Content.Headers.ContentLength > most) return null;
        using var content = new MemoryStream();
        await using var stream = await response.Content.ReadAsStreamAsync(cancel);
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancel)) > 0)
        {
            if (content.Length + read > most) return null;
            content.Write(buffer, 0, read);
        }
        return content.ToArray();
    }
}
