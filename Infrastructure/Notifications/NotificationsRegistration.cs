using MicroPlatform.Infrastructure.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Infrastructure.Notifications;

public static class NotificationsRegistration
{
    /// <summary>The inbox, the subscribe messages and WeChat's push. Development has demo templates while none are configured. The handlers of events are registered with the outbox.</summary>
    public static IServiceCollection AddNotifications(this IServiceCollection services)
    {
        services.AddOptions<NotificationsOptions>().BindConfiguration(NotificationsOptions.Section).PostConfigure<IHostEnvironment>((options, environment) =>
        {
            if (!environment.IsDevelopment() || options.Templates.Count > 0) return;
            foreach (var template in DemoTemplates.All) options.Templates.Add(template);
        }).ValidateOnStart();
        services.AddSingleton<IValidateOptions<NotificationsOptions>, NotificationsOptionsValidation>();
        services.AddSingleton<NotificationRepository>();
        services.AddSingleton<NotificationQueries>();
        services.AddSingleton<DeliveryRepository>();
        services.AddSingleton<SubscriptionRepository>();
        services.AddSingleton<SubscriptionQueries>();
        services.AddSingleton<WeChatPeople>();
        services.AddSingleton<PushInbox>();
        return services;
    }
}
