using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;

namespace MicroPlatform.Infrastructure.WeChat;

/// <summary>How one call to WeChat ended.</summary>
internal enum CallEnd
{
    /// <summary>WeChat answered with JSON; <see cref="WeChatReply.ErrorCode"/> may still say no.</summary>
    Answered,
    /// <summary>The request did not reach WeChat, or WeChat's gateway turned it away (5xx).</summary>
    NotDone,
    /// <summary>The request went out and no readable answer came back: it may have been done.</summary>
    Unknown,
}

/// <param name="ErrorCode">0 unless WeChat said otherwise.</param>
internal readonly record struct WeChatReply(CallEnd End, int ErrorCode, JsonElement Json)
{
    /// <summary><see cref="WeChatFault.Unknown"/> when there was no answer.</summary>
    public WeChatFault Fault => End == CallEnd.Answered ? WeChatErrors.Classify(ErrorCode) : WeChatFault.Unknown;

    public bool IsOk => End == CallEnd.Answered && ErrorCode == 0;
}

/// <summary>
/// One HTTP call to WeChat: deadline, circuit breaker, tolerant reading, logging. It never retries. What is logged is the path, the
/// errcode and the <c>rid</c>; addresses with their query, bodies and answers hold secrets and are not.
/// </summary>
internal sealed class WeChatHttp
{
    public const string ClientName = "WeChat";

    private readonly IHttpClientFactory _clients;
    private readonly WeChatOptions _options;
    private readonly ILogger<WeChatHttp> _log;
    private readonly ResiliencePipeline<WeChatReply> _pipeline;

    public WeChatHttp(IHttpClientFactory clients, IOptions<WeChatOptions> options, TimeProvider time, ILogger<WeChatHttp> log)
    {
        (_clients, _options, _log) = (clients, options.Value, log);
        _pipeline = new ResiliencePipelineBuilder<WeChatReply> { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<WeChatReply>
            {
                FailureRatio = 0.5,
                MinimumThroughput = 10,
                SamplingDuration = TimeSpan.FromSeconds(30),
                BreakDuration = _options.BreakDuration,
                ShouldHandle = new PredicateBuilder<WeChatReply>().HandleResult(reply => reply.End != CallEnd.Answered),
                OnOpened = _ =>
                {
                    _log.LogError("WeChat does not answer: calls are refused for {Duration}", _options.BreakDuration);
                    return default;
                },
                OnClosed = _ =>
                {
                    _log.LogInformation("WeChat answers again");
                    return default;
                },
            })
            .Build();
    }

    /// <param name="query">Values are escaped here.</param>
    public Task<WeChatReply> GetAsync(string path, IEnumerable<KeyValuePair<string, string>> query, CancellationToken cancel) =>
        CallAsync(path, () => new HttpRequestMessage(HttpMethod.Get, Address(path, query)), cancel);

    /// <param name="token">The access token, or null for the call that fetches one.</param>
    public Task<WeChatReply> PostAsync(string path, string? token, object body, CancellationToken cancel) =>
        CallAsync(path, () => new HttpRequestMessage(HttpMethod.Post, Address(path, token is null ? [] : [new("access_token", token)]))
        {
            Content = JsonContent.Create(body, options: WeChatJson.Outgoing),
        }, cancel);

    private Uri Address(string path, IEnumerable<KeyValuePair<string, string>> query)
    {
        var text = string.Join('&', query.Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}"));
        return new Uri(_options.BaseUrl, text.Length == 0 ? path : $"{path}?{text}");
    }

    private async Task<WeChatReply> CallAsync(string path, Func<HttpRequestMessage> request, CancellationToken cancel)
    {
        try
        {
            return await _pipeline.ExecuteAsync(async token => await OnceAsync(path, request, token), cancel);
        }
        catch (BrokenCircuitException)
        {
            return new WeChatReply(CallEnd.NotDone, 0, default);
        }
    }

    private async Task<WeChatReply> OnceAsync(string path, Func<HttpRequestMessage> request, CancellationToken cancel)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(_options.Timeout);
        try
        {
            var client = _clients.CreateClient(ClientName);
            using var message = request();
            using var response = await client.SendAsync(message, deadline.Token);
            if (!response.IsSuccessStatusCode)
            {
                _log.LogWarning("WeChat {Path} answered HTTP {Status}", path, (int)response.StatusCode);
                return new WeChatReply(CallEnd.NotDone, 0, default);
            }
            return Read(path, await response.Content.ReadAsByteArrayAsync(deadline.Token));
        }
        catch (OperationCanceledException e) when (e.InnerException is TimeoutException && !deadline.IsCancellationRequested)
        {
            _log.LogWarning("WeChat {Path}: no connection in time", path);
            return new WeChatReply(CallEnd.NotDone, 0, default);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            _log.LogWarning("WeChat {Path} gave no answer within {Timeout}", path, _options.Timeout);
            return new WeChatReply(CallEnd.Unknown, 0, default);
        }
        catch (HttpRequestException e)
        {
            // The message of this exception names host and port, never the query.
            _log.LogWarning("WeChat {Path} failed: {Error} {Message}", path, e.HttpRequestError, e.Message);
            var reached = e.HttpRequestError is not (HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
                or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError);
            return new WeChatReply(reached ? CallEnd.Unknown : CallEnd.NotDone, 0, default);
        }
    }

    private WeChatReply Read(string path, byte[] body)
    {
        if (WeChatJson.Parse(body) is not { } json)
        {
            _log.LogWarning("WeChat {Path} answered {Length} bytes that are not a JSON object", path, body.Length);
            return new WeChatReply(CallEnd.Unknown, 0, default);
        }
        var errcode = (int)Math.Clamp(json.Number("errcode") ?? 0, int.MinValue, int.MaxValue);
        if (errcode == 0) return new WeChatReply(CallEnd.Answered, 0, json);
        var errmsg = json.Text("errmsg");
        var fault = WeChatErrors.Classify(errcode);
        if (fault == WeChatFault.Misconfigured)
        {
            // This message names what is wrong, such as the address to put on WeChat's list (40164).
            _log.LogCritical("WeChat refuses this installation at {Path}: errcode {ErrorCode}, {Message}, rid {Rid}", path, errcode, Safe(errmsg), WeChatErrors.Rid(errmsg));
        }
        else
        {
            _log.LogWarning("WeChat {Path} answered errcode {ErrorCode} ({Fault}), rid {Rid}", path, errcode, fault, WeChatErrors.Rid(errmsg));
        }
        return new WeChatReply(CallEnd.Answered, errcode, json);
    }

    private string Safe(string? errmsg)
    {
        var text = (errmsg ?? "").Replace(_options.Secret.Length == 0 ? "\0" : _options.Secret, "***", StringComparison.Ordinal);
        return new string([.. text.Where(c => !char.IsControl(c)).Take(200)]);
    }
}
