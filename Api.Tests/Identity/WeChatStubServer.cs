using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MicroPlatform.Api.Tests.Identity;

/// <summary>
/// WeChat on 127.0.0.1, as its public pages describe the wire: HTTP 200 for everything, errors as <c>errcode</c> and <c>errmsg</c> with a
/// <c>rid</c>, single-use codes, one stable token. It understands the codes of the fake, so that one contract can be put to both.
/// </summary>
internal sealed class WeChatStubServer : IAsyncDisposable
{
    public const string AppId = "wxba5fad812f8e6fb9";
    public const string Secret = "0123456789abcdef0123456789abcdef";
    public const string Rid = "6721aabb-1c2d3e4f-55667788";

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, byte> _usedCodes = new();
    private readonly ConcurrentDictionary<string, int> _calls = new();
    private int _tokenNumber = 1;

    private WeChatStubServer(WebApplication app) => _app = app;

    public Uri Address { get; private set; } = null!;

    public ConcurrentQueue<JsonNode> Sent { get; } = new();

    public ConcurrentQueue<JsonNode> Checked { get; } = new();

    public ConcurrentQueue<string> RawBodies { get; } = new();

    /// <summary>Errcodes for messages and text checks, by openid.</summary>
    public ConcurrentDictionary<string, int> Answers { get; } = new();

    /// <summary>Answers to give before anything else, by path: a body, or null for no answer at all until the client gives up.</summary>
    public ConcurrentDictionary<string, ConcurrentQueue<string?>> Next { get; } = new();

    /// <summary>How long a token request takes, so that many callers meet in it.</summary>
    public TimeSpan TokenDelay { get; set; }

    public object ExpiresIn { get; set; } = 7200;

    public string Token => $"TOKEN-{_tokenNumber}-very-secret";

    public int Calls(string path) => _calls.GetValueOrDefault(path);

    /// <summary>As when somebody forced a new token elsewhere: the one given out is worth nothing from now on.</summary>
    public void ReplaceToken() => Interlocked.Increment(ref _tokenNumber);

    public void Answer(string path, params string?[] bodies)
    {
        foreach (var body in bodies) Next.GetOrAdd(path, _ => new()).Enqueue(body);
    }

    public static string Error(int errcode, string message = "error") => $$"""{"errcode":{{errcode}},"errmsg":"{{message}} rid: {{Rid}}"}""";

    public static async Task<WeChatStubServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new WeChatStubServer(builder.Build());
        server._app.Use(server.CountAndScript);
        server._app.MapGet("/sns/jscode2session", server.CodeToSession);
        server._app.MapPost("/cgi-bin/stable_token", server.StableToken);
        server._app.MapPost("/wxa/business/getuserphonenumber", server.Phone);
        server._app.MapPost("/wxa/msg_sec_check", server.Check);
        server._app.MapPost("/cgi-bin/message/subscribe/send", server.Send);
        await server._app.StartAsync();
        server.Address = new Uri(server._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return server;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task CountAndScript(HttpContext context, RequestDelegate next)
    {
        var path = context.Request.Path.Value!;
        _calls.AddOrUpdate(path, 1, (_, n) => n + 1);
        if (Next.TryGetValue(path, out var queue) && queue.TryDequeue(out var scripted))
        {
            if (scripted is null) await Task.Delay(TimeSpan.FromSeconds(30), context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            else await WriteAsync(context, scripted);
            return;
        }
        await next(context);
    }

    private Task CodeToSession(HttpContext context)
    {
        var query = context.Request.Query;
        if (query["appid"] != AppId) return WriteAsync(context, Error(40013, "invalid appid"));
        if (query["secret"] != Secret) return WriteAsync(context, Error(40125, "invalid appsecret"));
        var code = query["js_code"].ToString();
        var openid = code.Split(':', '#') is ["test", var id, ..] ? id : "";
        return (code.Split(':')[0], openid) switch
        {
            ("test-blocked", _) => WriteAsync(context, Error(40226, "code blocked")),
            ("test-busy", _) => WriteAsync(context, Error(45011, "api minute-quota reach limit")),
            ("test-misconfigured", _) => WriteAsync(context, Error(40125, "invalid appsecret")),
            ("test-unavailable", _) => Unavailable(context),
            ("test", { Length: > 0 }) when openid.All(char.IsAsciiLetterOrDigit) => Use(code)
                ? WriteAsync(context, $$"""{"session_key":"o0q0otL8aEzpcZL\/FT9WsQ==","openid":"{{openid}}"}""")
                : WriteAsync(context, Error(40163, "code been used")),
            _ => WriteAsync(context, Error(40029, "invalid code")),
        };
    }

    private async Task StableToken(HttpContext context)
    {
        var body = await BodyAsync(context);
        await Task.Delay(TokenDelay);
        if (body["force_refresh"]!.GetValue<bool>()) await WriteAsync(context, Error(45009, "never force"));
        else if ((string?)body["secret"] != Secret) await WriteAsync(context, Error(40125, "invalid appsecret"));
        else await WriteAsync(context, JsonSerializer.Serialize(new { access_token = Token, expires_in = ExpiresIn }));
    }

    private async Task Phone(HttpContext context)
    {
        var body = await BodyAsync(context);
        if (await RefuseTokenAsync(context)) return;
        var code = (string)body["code"]!;
        if (string.IsNullOrEmpty((string?)body["openid"])) await WriteAsync(context, Error(47001, "data format error"));
        else if (code.StartsWith("test-busy", StringComparison.Ordinal)) await WriteAsync(context, Error(45011));
        else if (code.StartsWith("test-misconfigured", StringComparison.Ordinal)) await WriteAsync(context, Error(40164, "invalid ip 1.2.3.4, not in whitelist"));
        else if (code.StartsWith("test-unavailable", StringComparison.Ordinal)) await Unavailable(context);
        else if (code.Split(':', '#') is ["test-phone", var number, ..] && number.All(char.IsAsciiDigit) && Use(code))
            await WriteAsync(context, $$$$"""{"errcode":0,"errmsg":"ok","phone_info":{"phoneNumber":"+86{{{{number}}}}","purePhoneNumber":"{{{{number}}}}","countryCode":86,"watermark":{"timestamp":1637744274,"appid":"{{{{AppId}}}}"}}}""");
        else await WriteAsync(context, Error(40029, "invalid code"));
    }

    private async Task Check(HttpContext context)
    {
        var body = await BodyAsync(context);
        if (await RefuseTokenAsync(context)) return;
        Checked.Enqueue(body);
        var text = (string)body["content"]!;
        if (Answers.TryGetValue((string)body["openid"]!, out var errcode) && errcode != 0) await WriteAsync(context, Error(errcode));
        else if (text.Length > 2500) await WriteAsync(context, Error(40129, "content size out of limit"));
        else
        {
            var (suggest, label) = text.Contains("[risky]", StringComparison.Ordinal) ? ("risky", "20006") : text.Contains("[review]", StringComparison.Ordinal) ? ("review", "21000") : ("pass", "100");
            await WriteAsync(context, $$$"""{"errcode":"0","errmsg":"ok","trace_id":"60ae120f-371d5872-7941a05b","result":{"suggest":"{{{suggest}}}","label":{{{label}}}},"detail":[{"strategy":"keyword","errcode":-1000}]}""");
        }
    }

    private async Task Send(HttpContext context)
    {
        var body = await BodyAsync(context);
        if (await RefuseTokenAsync(context)) return;
        if (Answers.TryGetValue((string)body["touser"]!, out var errcode) && errcode != 0)
        {
            await WriteAsync(context, Error(errcode, errcode == 47003 ? "argument invalid! data.thing1.value invalid" : "error"));
            return;
        }
        foreach (var (key, field) in body["data"]!.AsObject())
        {
            var value = (string)field!["value"]!;
            if (!key.StartsWith("thing", StringComparison.Ordinal) || value.Length is >= 1 and <= 20 && value[0] != '\n') continue;
            await WriteAsync(context, Error(47003, $"argument invalid! data.{key}.value invalid"));
            return;
        }
        Sent.Enqueue(body);
        await WriteAsync(context, """{"errcode":0,"errmsg":"ok","msgid":1234567890123456789}""");
    }

    private async Task<bool> RefuseTokenAsync(HttpContext context)
    {
        if (context.Request.Query["access_token"] == Token) return false;
        await WriteAsync(context, Error(40001, "invalid credential, access_token is invalid or not latest"));
        return true;
    }

    private bool Use(string code) => !code.Contains('#', StringComparison.Ordinal) || _usedCodes.TryAdd(code, 0);

    private async Task<JsonNode> BodyAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var text = await reader.ReadToEndAsync();
        RawBodies.Enqueue(text);
        return JsonNode.Parse(text)!;
    }

    private static Task Unavailable(HttpContext context)
    {
        context.Response.StatusCode = 502;
        return context.Response.WriteAsync("<html>Bad Gateway</html>");
    }

    private static Task WriteAsync(HttpContext context, string json)
    {
        // WeChat labels some of its JSON as text.
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync(json);
    }
}
