using MicroPlatform.Domain.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Infrastructure.WeChat;

public static class WeChatRegistration
{
    /// <summary>WeChat, real or fake as <see cref="WeChatOptions.Mode"/> says, behind <see cref="IWeChat"/>. Asking twice for it is asking once.</summary>
    public static IServiceCollection AddWeChat(this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment)
    {
        if (services.Any(service => service.ServiceType == typeof(IWeChat))) return services;
        services.AddOptions<WeChatOptions>().Bind(configuration.GetSection(WeChatOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<WeChatOptions>>(new WeChatOptionsValidation(environment));
        services.TryAddSingleton(TimeProvider.System);
        if ((configuration.GetSection(WeChatOptions.Section).Get<WeChatOptions>() ?? new WeChatOptions()).IsFake(environment))
        {
            services.AddSingleton<FakeWeChat>();
            services.AddSingleton<IWeChat>(provider => provider.GetRequiredService<FakeWeChat>());
            return services;
        }
        services.AddHttpClient(WeChatHttp.ClientName)
            .ConfigureHttpClient(client =>
            {
                // The pipeline holds the deadline; this one would only race it.
                client.Timeout = System.Threading.Timeout.InfiniteTimeSpan;
                client.MaxResponseContentBufferSize = 256 * 1024;
            })
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                ConnectTimeout = TimeSpan.FromSeconds(3),
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            })
            // The factory's own loggers write addresses and headers; ours write what may be written.
            .RemoveAllLoggers();
        services.AddSingleton<WeChatHttp>();
        services.AddSingleton<StableToken>();
        services.AddSingleton<IWeChat, WeChatClient>();
        services.AddHostedService<WeChatSelfTest>();
        return services;
    }
}

/// <summary>
/// Asks for a token once at start, so that a wrong secret or an address missing from WeChat's list is in the log at once and not at the
/// first sign-in. WeChat being away does not keep the platform from starting.
/// </summary>
internal sealed class WeChatSelfTest(StableToken tokens, ILogger<WeChatSelfTest> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            var token = await tokens.GetAsync(stoppingToken);
            if (token.Value is not null) log.LogInformation("WeChat accepts the app id and secret");
            else if (token.Fault == WeChatFault.Misconfigured) log.LogCritical("WeChat refuses the app id, the secret or this server's address (errcode {ErrorCode}): nobody can sign in", token.ErrorCode);
            else log.LogWarning("WeChat could not be reached at start ({Fault})", token.Fault);
        }
        catch (OperationCanceledException)
        {
            log.LogDebug("Stopped before WeChat answered");
        }
    }
}
