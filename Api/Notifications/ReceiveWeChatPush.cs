using System.Text.Json;
using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Notifications;
using MicroPlatform.Infrastructure.Notifications;
using MicroPlatform.Infrastructure.WeChat;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Notifications;

/// <summary>
/// What WeChat pushes (安全模式, JSON): checked, opened, stored, answered with the bare word <c>success</c>. WeChat wants that within five
/// seconds, so the work is done afterwards. Not there (404) until a push token is configured.
/// </summary>
public static class ReceiveWeChatPush
{
    /// <summary>WeChat's check of the address: the echo goes back exactly as it came.</summary>
    public static IResult Verify(string? signature, string? timestamp, string? nonce, string? echostr, IOptions<WeChatOptions> options)
    {
        if (options.Value.CreatePush() is not { } push) return CommonRefusals.NotFound.ToResult();
        return push.IsFromWeChat(signature, timestamp, nonce) && echostr is { Length: > 0 and <= 128 }
            ? Results.Text(echostr, "text/plain")
            : NotificationRefusals.PushNotFromWeChat.ToResult();
    }

    public static async Task<IResult> Handle(
        string? msg_signature, string? timestamp, string? nonce, HttpContext http, PushInbox inbox, IOptions<WeChatOptions> options, ILogger<MessagePush> log)
    {
        if (options.Value.CreatePush() is not { } push) return CommonRefusals.NotFound.ToResult();
        if (await ReadEncryptedAsync(http) is not { } encrypted) return NotificationRefusals.PushMalformed.ToResult();
        var opened = push.Open(msg_signature, timestamp, nonce, encrypted);
        if (opened.Fault != PushFault.None)
        {
            log.LogWarning("A push was not taken: {Fault}", opened.Fault);
            return NotificationRefusals.PushNotFromWeChat.ToResult();
        }
        var stored = await inbox.StoreAsync(opened.Message, http.RequestAborted);
        return stored.IsRefused ? stored.Refusal!.ToResult() : Results.Text("success", "text/plain");
    }

    private static async Task<string?> ReadEncryptedAsync(HttpContext http)
    {
        try
        {
            using var body = await JsonDocument.ParseAsync(http.Request.Body, new JsonDocumentOptions { MaxDepth = 8 }, http.RequestAborted);
            return body.RootElement.ValueKind == JsonValueKind.Object && body.RootElement.TryGetProperty("Encrypt", out var encrypted) ? encrypted.GetString() : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON, or the member is not a text.
            return null;
        }
    }
}
