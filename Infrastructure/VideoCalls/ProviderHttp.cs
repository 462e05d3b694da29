using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace MicroPlatform.Infrastructure.VideoCalls;

/// <summary>What came back from a provider.</summary>
/// <param name="Status">0 when nothing did.</param>
internal readonly record struct ProviderReply(HttpStatusCode Status, byte[] Body)
{
    public static readonly ProviderReply None = new(0, []);

    /// <summary>Any answer of the provider itself; its own errors stand in the body or in a status below 500.</summary>
    public bool IsAnswer => Status is not 0 && (int)Status < 500;
}

/// <summary>
/// One HTTP call to a provider of video: deadline, circuit breaker of its own, logging without secrets. It never retries and never throws for what the network does.
/// </summary>
internal sealed class ProviderHttp
{
    public const string ClientName = "Video";

    private readonly IHttpClientFactory _clients;
    private readonly string _provider;
    private readonly ILogger _log;
    private readonly ResiliencePipeline<ProviderReply> _pipeline;

    /// <param name="provider">For the log.</param>
    public ProviderHttp(IHttpClientFactory clients, string provider, IOptions<VideoOptions> options, TimeProvider time, ILogger log)
    {
        (_clients, _provider, _log) = (clients, provider, log);
        _pipeline = new ResiliencePipelineBuilder<ProviderReply> { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<ProviderReply>
            {
                FailureRatio = 0.5,
                MinimumThroughput = 10,
                SamplingDuration = TimeSpan.FromSeconds(30),
                BreakDuration = options.Value.BreakDuration,
                ShouldHandle = new PredicateBuilder<ProviderReply>().HandleResult(reply => !reply.IsAnswer).Handle<TimeoutRejectedException>().Handle<HttpRequestException>(),
                OnOpened = _ =>
                {
                    _log.LogError("{Provider} does not answer: calls are refused for {Duration}", _provider, options.Value.BreakDuration);
                    return default;
                },
                OnClosed = _ =>
                {
                    _log.LogInformation("{Provider} answers again", _provider);
                    return default;
                },
            })
            .AddTimeout(options.Value.Timeout)
            .Build();
    }

    /// <param name="what">For the log: the action, without anybody's name or secret.</param>
    /// <param name="request">Made anew for each call.</param>
    public async Task<ProviderReply> SendAsync(string what, Func<HttpRequestMessage> request, CancellationToken cancel)
    {
        try
        {
            return await _pipeline.ExecuteAsync(async token => await OnceAsync(what, request, token), cancel);
        }
        catch (BrokenCircuitException)
        {
            return ProviderReply.None;
        }
        catch (TimeoutRejectedException)
        {
            _log.LogWarning("{Provider} gave no answer to {What} in time", _provider, what);
            return ProviderReply.None;
        }
        catch (HttpRequestException e)
        {
            _log.LogWarning("{Provider} could not be asked to {What}: {Error}", _provider, what, e.HttpRequestError);
            return ProviderReply.None;
        }
    }

    private async Task<ProviderReply> OnceAsync(string what, Func<HttpRequestMessage> request, CancellationToken cancel)
    {
        using var message = request();
        using var response = await _clients.CreateClient(ClientName).SendAsync(message, cancel);
        var reply = new ProviderReply(response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancel));
        if (!reply.IsAnswer) _log.LogWarning("{Provider} answered {Status} to {What}", _provider, (int)response.StatusCode, what);
        return reply;
    }
}
