using MicroPlatform.Domain.VideoCalls;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Infrastructure.VideoCalls;

public static class VideoRegistration
{
    /// <summary>The providers that have their keys, and the telephone, behind <see cref="VideoProviders"/>; what reads their callbacks.</summary>
    public static IServiceCollection AddVideoProviders(this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment)
    {
        services.AddOptions<VideoOptions>().Bind(configuration.GetSection(VideoOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<VideoOptions>>(new VideoOptionsValidation(environment));
        services.TryAddSingleton(TimeProvider.System);
        services.AddHttpClient(ProviderHttp.ClientName)
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
                ConnectTimeout = TimeSpan.FromSeconds(2),
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            })
            // The factory's own loggers write headers, and there the tokens are.
            .RemoveAllLoggers();
        var options = configuration.GetSection(VideoOptions.Section).Get<VideoOptions>() ?? new VideoOptions();
        if (options.Janus.ApiUrl.Length > 0)
        {
            services.AddSingleton<JanusClient>();
            if (options.Janus.RecordingsFolder.Length > 0) services.AddSingleton<IVideoProvider, JanusRecorder>();
            else services.AddSingleton<IVideoProvider, JanusProvider>();
            services.AddSingleton<IProviderCallback, JanusCallback>();
        }
        if (options.LiveKit.ApiUrl.Length > 0)
        {
            services.AddSingleton<IVideoProvider, LiveKitProvider>();
            services.AddSingleton<IProviderCallback, LiveKitCallback>();
        }
        if (options.Trtc.SdkAppId != 0)
        {
            services.AddSingleton<IVideoProvider, TrtcProvider>();
            services.AddSingleton<IProviderCallback, TrtcCallback>();
        }
        if (options.Provider == WxVoipProvider.ProviderName) services.AddSingleton<IVideoProvider, WxVoipProvider>();
        if (options.ProviderIn(environment) == TestProvider.ProviderName)
        {
            services.AddSingleton<TestProvider>();
            services.AddSingleton<IVideoProvider>(provider => provider.GetRequiredService<TestProvider>());
        }
        services.AddSingleton<IVideoProvider, PhoneProvider>();
        services.AddSingleton<VideoProviders>();
        services.AddSingleton<ProviderInbox>();
        services.AddSingleton<RoomReconciliation>();
        return services;
    }
}
