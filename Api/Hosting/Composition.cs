using System.Security.Cryptography;
using System.Text;
using MicroPlatform.Api.Appointments;
using MicroPlatform.Api.Hotline;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Http.Documents;
using MicroPlatform.Api.Http.Limits;
using MicroPlatform.Api.Http.Telemetry;
using MicroPlatform.Api.Identity;
using MicroPlatform.Api.Queues;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Live;
using MicroPlatform.Infrastructure.Materials;
using MicroPlatform.Infrastructure.Notifications;
using MicroPlatform.Infrastructure.Outbox;
using MicroPlatform.Infrastructure.Queues;
using MicroPlatform.Infrastructure.Redis;
using MicroPlatform.Infrastructure.Sql;
using MicroPlatform.Infrastructure.WeChat;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Hosting;

/// <summary>Which class stands behind which: the whole wiring: what everything stands on here, a block per feature in the other file.</summary>
public static partial class Composition
{
    public static void AddPlatform(this WebApplicationBuilder builder)
    {
        var (services, configuration) = (builder.Services, builder.Configuration);
        services.AddSingleton(TimeProvider.System);
        services.AddOptions<DataOptions>().BindConfiguration("Data").ValidateDataAnnotations().ValidateOnStart();
        services.AddHttpContextAccessor();
        builder.AddLogs();
        Telemetry.AddTo(builder);

        services.AddStores(configuration);
        services.AddKeys(builder.Environment);
        services.AddWire(configuration);
        services.AddIdentity();
        services.AddWeChat(configuration, builder.Environment);
        services.AddFeatures();
        services.AddAppointments();
        services.AddQueues();
        services.AddWindows();
        services.AddVideoCalls(configuration, builder.Environment);
        services.AddHotline();
        services.AddMaterials(configuration);
        services.AddNotifications();
        services.AddAdministration();
        services.AddJobs();
    }

    private static void AddStores(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<DatabaseOptions>().BindConfiguration("Database").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<Database>();
        services.AddSingleton<Migrator>();

        services.AddOptions<RedisOptions>().BindConfiguration("Redis");
        if (string.IsNullOrWhiteSpace(configuration["Redis:ConnectionString"]))
        {
            services.AddSingleton<ILiveBus, InProcessLiveBus>();
            services.AddSingleton<IAvailabilityStore, MemoryAvailabilityStore>();
            services.AddSingleton<IQueueStore, MemoryQueueStore>();
        }
        else
        {
            services.AddSingleton<RedisConnection>();
            services.AddSingleton<ILiveBus, RedisLiveBus>();
            services.AddSingleton<IAvailabilityStore, RedisAvailabilityStore>();
            services.AddSingleton<IQueueStore, RedisQueueStore>();
        }
        services.AddSingleton<LiveHub>();

        services.AddSingleton<Subscriptions>();
        services.AddSingleton<OutboxSignal>();
        services.AddSingleton<OutboxWriter>();
        services.AddSingleton<OutboxDispatcher>();
        foreach (var handler in new Subscriptions().Handlers) services.AddScoped(handler);
    }

    /// <summary>Keys of everything, derived from those of <see cref="SealingOptions"/>. Development makes them by itself.</summary>
    private static void AddKeys(this IServiceCollection services, IHostEnvironment environment)
    {
        services.AddOptions<SealingOptions>().BindConfiguration("Identity").PostConfigure<IOptions<DataOptions>>((options, data) =>
        {
            if (!environment.IsDevelopment() || options.MasterKeys.Count > 0 || options.LookupKey.Length > 0) return;
            var made = MasterKeyFile.ReadOrCreate(data.Value.Folder);
            (options.MasterKeys, options.LookupKey) = (made.MasterKeys, made.LookupKey);
        });
        services.AddSingleton(sp => new KeyRing(sp.GetRequiredService<IOptions<SealingOptions>>().Value));
        services.AddSingleton<Sealer>();
        services.AddSingleton(sp => new AuditKey(sp.GetRequiredService<KeyRing>().Derive("audit chain")));
        services.AddSingleton(sp => new CursorKey(sp.GetRequiredService<KeyRing>().Derive("page cursors")));
        services.AddSingleton(sp => new LinkKey(sp.GetRequiredService<KeyRing>().Derive("material links")));
        services.AddSingleton(sp => new ErasureKey(sp.GetRequiredService<KeyRing>().Derive("material erasures")));
        services.AddSingleton(sp => new PointKey(sp.GetRequiredService<KeyRing>().Derive("check-in points")));
        services.AddSingleton(sp => new SlipKey(sp.GetRequiredService<KeyRing>().Derive("ticket slips")));
    }

    private static void AddWire(this IServiceCollection services, IConfiguration configuration)
    {
        services.ConfigureHttpJsonOptions(json => WireJson.Configure(json.SerializerOptions));
        services.AddValidation();
        services.AddProblemShape();
        services.AddDocuments();
        services.AddRateLimits();
        services.AddOptions<DeploymentOptions>().BindConfiguration("Deployment").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ClientOptions>().BindConfiguration("Client").ValidateDataAnnotations().ValidateOnStart();
        services.AddOrigins(configuration);
        services.AddSingleton<Cursors>();
        services.AddSingleton<Idempotency>();
        services.AddSingleton<DryRun>();
        services.AddResponseCompression(options =>
        {
            options.EnableForHttps = true;
            options.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, Problems.ContentType, "application/yaml", "image/svg+xml"];
        });
    }

    private static void AddIdentity(this IServiceCollection services)
    {
        services.AddOptions<TokenOptions>().BindConfiguration("Identity:Tokens");
        services.AddSingleton(sp => sp.GetRequiredService<IOptions<TokenOptions>>().Value);
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<SigningKeyStore>();
        services.AddHostedService<SigningKeyRunner>();
        services.AddSingleton<TokenReader>();
        services.AddSingleton<SessionGate>();
        services.AddSingleton<SessionRepository>();
        services.AddSingleton<SessionQueries>();
        services.AddSingleton<StepTokens>();
        services.AddOptions<PasswordOptions>().BindConfiguration("Identity:Passwords");
        services.AddSingleton<PasswordHasher>();
        services.AddSingleton<PasswordGate>();
        services.AddSingleton<ThrottleRepository>();
        services.AddSingleton<CitizenRepository>();
        services.AddSingleton<WindowRecords>();
        services.AddSingleton<StaffAccountRepository>();
        services.AddSingleton<StaffAccountQueries>();
        services.AddSingleton<PersonalDataQueries>();
        services.AddSingleton<SealRotation>();
        // The core alone: AddAuthentication brings ASP.NET's own data protection with it, which keeps keys that nobody here uses in the home folder.
        new AuthenticationBuilder(services.AddAuthenticationCore(o => o.DefaultScheme = BearerHandler.Scheme_).AddWebEncoders())
            .AddScheme<AuthenticationSchemeOptions, BearerHandler>(BearerHandler.Scheme_, null)
            .AddScheme<AuthenticationSchemeOptions, Hl1Handler>(Hl1Handler.Scheme_, null);
        services.AddPolicies();
        services.AddScoped(sp => CurrentUser.Of(sp.GetRequiredService<IHttpContextAccessor>().HttpContext!.User));
    }

    private static void AddJobs(this IServiceCollection services)
    {
        services.AddOptions<JobOptions>().BindConfiguration("Jobs");
        services.AddSingleton<JobRuns>();
        foreach (var job in Schedule.Jobs) services.AddScoped(job.Type);
        services.AddSingleton(Schedule.Jobs);
        services.AddHostedService<JobRunner>();
        services.AddHostedService<OutboxRunner>();
    }

    /// <summary>A key of its own for each use, from the look-up key (HKDF, RFC 5869).</summary>
    private static byte[] Derive(this KeyRing ring, string use) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, ring.LookupKey, 32, info: Encoding.UTF8.GetBytes($"microplatform {use}"));
}
