using MicroPlatform.Domain.Identity;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Infrastructure.WeChat;

/// <summary>The real WeChat. What each errcode means stands in <see cref="WeChatErrors"/>; here it becomes the answer to one question.</summary>
internal sealed class WeChatClient(WeChatHttp http, StableToken tokens, IOptions<WeChatOptions> options, TimeProvider time) : IWeChat
{
    private static readonly TimeSpan BeforeSecondTry = TimeSpan.FromMilliseconds(200);

    private WeChatOptions Options => options.Value;

    public async Task<WeChatLogin> CodeToSessionAsync(string code, CancellationToken cancel = default)
    {
        var query = new Dictionary<string, string>
        {
            ["appid"] = Options.AppId,
            ["secret"] = Options.Secret,
            ["js_code"] = code,
            ["grant_type"] = "authorization_code",
        };
        var reply = await TwiceIfBusyAsync(() => http.GetAsync("/sns/jscode2session", query, cancel), cancel);
        if (reply.IsOk && reply.Json.Text("openid") is { Length: > 0 } openid && reply.Json.Text("session_key") is { Length: > 0 } key)
            return new WeChatLogin.Session(openid, reply.Json.Text("unionid") is { Length: > 0 } unionid ? unionid : null, key);
        return reply.Fault switch
        {
            WeChatFault.CodeInvalid => new WeChatLogin.CodeInvalid(),
            WeChatFault.UserBlocked => new WeChatLogin.UserBlocked(),
            WeChatFault.MinuteQuota or WeChatFault.DayQuota or WeChatFault.SystemBusy => new WeChatLogin.Busy(WeChatErrors.RetryAfter(reply.Fault)),
            WeChatFault.Misconfigured => new WeChatLogin.Misconfigured(),
            _ => new WeChatLogin.Unavailable(),
        };
    }

    public async Task<WeChatPhone> GetPhoneNumberAsync(string code, string openid, CancellationToken cancel = default)
    {
        var reply = await WithTokenAsync(token => TwiceIfBusyAsync(() => http.PostAsync("/wxa/business/getuserphonenumber", token, new { code, openid }, cancel), cancel), cancel);
        if (reply.IsOk && reply.Json.TryGetProperty("phone_info", out var info) && info.Text("purePhoneNumber") is { Length: > 0 } number)
        {
            // A number that WeChat gave for another mini-program proves nothing here.
            var appid = info.TryGetProperty("watermark", out var mark) ? mark.Text("appid") : null;
            return appid == Options.AppId ? new WeChatPhone.Found(info.Text("countryCode") ?? "86", number) : new WeChatPhone.CodeInvalid();
        }
        return reply.Fault switch
        {
            // Here 40003 and 40013 speak of the code: it belongs to another person or another mini-program.
            WeChatFault.CodeInvalid or WeChatFault.UnknownRecipient => new WeChatPhone.CodeInvalid(),
            WeChatFault.MinuteQuota or WeChatFault.DayQuota or WeChatFault.SystemBusy => new WeChatPhone.Busy(WeChatErrors.RetryAfter(reply.Fault)),
            WeChatFault.Misconfigured => new WeChatPhone.Misconfigured(),
            _ => new WeChatPhone.Unavailable(),
        };
    }

    public async Task<TextVerdict> CheckTextAsync(string openid, TextScene scene, string text, CancellationToken cancel = default)
    {
        var worst = new TextVerdict.Judged(TextSuggestion.Pass, 100);
        foreach (var part in TextParts.Split(text))
        {
            var body = new { version = 2, scene = (int)scene, openid, content = part };
            var reply = await WithTokenAsync(token => TwiceIfBusyAsync(() => http.PostAsync("/wxa/msg_sec_check", token, body, cancel), cancel), cancel);
            if (reply.Fault is WeChatFault.NotSeenRecently or WeChatFault.UnknownRecipient) return new TextVerdict.NotCheckable();
            if (!reply.IsOk || !reply.Json.TryGetProperty("result", out var result)) return new TextVerdict.Unavailable();
            var suggestion = result.Text("suggest") switch
            {
                "pass" => TextSuggestion.Pass,
                "risky" => TextSuggestion.Risky,
                _ => TextSuggestion.Review,
            };
            if (suggestion > worst.Suggestion) worst = new TextVerdict.Judged(suggestion, (int)(result.Number("label") ?? 21000));
            if (suggestion == TextSuggestion.Risky) break;
        }
        return worst;
    }

    public async Task<SendVerdict> SendSubscribeMessageAsync(SubscribeMessage message, CancellationToken cancel = default)
    {
        if (!SubscribeMessageFields.TryNormalise(message.Data, out var data, out var wrong)) return new SendVerdict.Faulty(WeChatErrors.FieldInvalid, wrong);
        var body = new Dictionary<string, object>
        {
            ["touser"] = message.OpenId,
            ["template_id"] = message.TemplateId,
            ["miniprogram_state"] = Options.MiniProgramState,
            ["lang"] = "zh_CN",
            ["data"] = data.ToDictionary(pair => pair.Key, pair => new { value = pair.Value }),
        };
        if (message.Page is { } page) body["page"] = page;
        // No second try on -1 here: the caller retries with patience, and a message sent twice cannot be taken back.
        var reply = await WithTokenAsync(token => http.PostAsync("/cgi-bin/message/subscribe/send", token, body, cancel), cancel);
        if (reply.IsOk) return new SendVerdict.Sent(reply.Json.Text("msgid"));
        return reply.End == CallEnd.Unknown ? new SendVerdict.Uncertain() : Verdict(reply.End == CallEnd.Answered ? reply.ErrorCode : null, reply.Json.Text("errmsg"));
    }

    /// <summary>What WeChat's refusal of a message means. The fake answers through this too.</summary>
    /// <param name="errcode">Null when WeChat was not reached.</param>
    internal static SendVerdict Verdict(int? errcode, string? errmsg)
    {
        if (errcode is not { } code) return new SendVerdict.NotNow(null, null);
        var fault = WeChatErrors.Classify(code);
        return fault switch
        {
            WeChatFault.NoPermission => new SendVerdict.NoPermission(code),
            WeChatFault.UnknownRecipient => new SendVerdict.UnknownRecipient(code),
            WeChatFault.MessageFaulty => new SendVerdict.Faulty(code, SubscribeMessageFields.FieldNamedIn(errmsg)),
            _ => new SendVerdict.NotNow(code, WeChatErrors.RetryAfter(fault)),
        };
    }

    /// <summary>A call with the access token; when WeChat does not accept the token, once more with a fresh one.</summary>
    private async Task<WeChatReply> WithTokenAsync(Func<string, Task<WeChatReply>> call, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            var token = await tokens.GetAsync(cancel);
            if (token.Value is null)
                return token.ErrorCode is { } errcode ? new WeChatReply(CallEnd.Answered, errcode, default) : new WeChatReply(CallEnd.NotDone, 0, default);
            var reply = await call(token.Value);
            if (reply.Fault != WeChatFault.TokenInvalid) return reply;
            tokens.Drop(token.Value);
            if (attempt == 2) return reply;
        }
    }

    /// <summary>-1 says that nothing was done, so a second try is safe even with a single-use code. Silence says nothing, so it is not tried again.</summary>
    private async Task<WeChatReply> TwiceIfBusyAsync(Func<Task<WeChatReply>> call, CancellationToken cancel)
    {
        var reply = await call();
        if (reply.Fault != WeChatFault.SystemBusy) return reply;
        await Task.Delay(BeforeSecondTry, time, cancel);
        return await call();
    }
}
