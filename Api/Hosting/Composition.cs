using System.Security.Cryptography;
using System.Text;
using MicroPlatform.Api.Administration;
using MicroPlatform.Api.Appointments;
using MicroPlatform.Api.Hotline;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Http.Documents;
using MicroPlatform.Api.Http.Limits;
using MicroPlatform.Api.Http.Telemetry;
using MicroPlatform.Api.Identity;
using MicroPlatform.Api.Live;
using MicroPlatform.Api.Materials;
using MicroPlatform.Api.Meta;
using MicroPlatform.Api.Queues;
using MicroPlatform.Api.Registry;
using MicroPlatform.Api.VideoCalls;
using MicroPlatform.Infrastructure.Administration;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Clocks;
using MicroPlatform.Infrastructure.Consultations;
using MicroPlatform.Infrastructure.Hotline;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Live;
using MicroPlatform.Infrastructure.Materials;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Notifications;
using MicroPlatform.Infrastructure.Outbox;
using MicroPlatform.Infrastructure.Queues;
using MicroPlatform.Infrastructure.Redis;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;
using MicroPlatform.Infrastructure.Statistics;
using MicroPlatform.Infrastructure.VideoCalls;
using MicroPlatform.Infrastructure.WeChat;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Hosting;

/// <summary>Which class stands behind which: the whole wiring, a block per concern.</summary>
public static class Composition
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
        services.AddAuthentication(BearerHandler.Scheme_).AddScheme<AuthenticationSchemeOptions, BearerHandler>(BearerHandler.Scheme_, null)
            .AddScheme<AuthenticationSchemeOptions, Hl1Handler>(Hl1Handler.Scheme_, null);
        services.AddPolicies();
        services.AddScoped(sp => CurrentUser.Of(sp.GetRequiredService<IHttpContextAccessor>().HttpContext!.User));
    }

    private static void AddFeatures(this IServiceCollection services)
    {
        services.AddSingleton<RegistryQueries>();
        services.AddSingleton<RosterRepository>();
        services.AddSingleton<DutyQueries>();
        services.AddOptions<RegistryOptions>().BindConfiguration("Registry").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<OrganisationQueries>();
        services.AddSingleton<ServicePointQueries>();
        services.AddSingleton<PeopleQueries>();
        services.AddSingleton<NextFree>();
        services.AddSingleton<ProfileRepository>();
        services.AddSingleton<CoverageQueries>();
        services.AddSingleton<MatterRepository>();
        services.AddSingleton<MatterQueries>();
        services.AddSingleton<CodeQueries>();
        services.AddOptions<MetaOptions>().BindConfiguration("Meta").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<SubscribeTemplates>();
        services.AddSingleton<SearchIndex>();
        services.AddSingleton<MatterSearch>();
        services.AddSingleton<RatingRepository>();
        services.AddOptions<ConsultationsOptions>().BindConfiguration("Consultations");
        services.AddSingleton<ConsultationRepository>();
        services.AddSingleton<ConsultationQueries>();
        services.AddSingleton<InboxQueries>();
        services.AddSingleton<CategoryRepository>();
        services.AddSingleton<CannedAnswerRepository>();
        services.AddSingleton<DutyDispatch>();
        services.AddSingleton<DutyWorkQueries>();
        services.AddSingleton<TransferRepository>();
        services.AddSingleton<TransferQueries>();
        services.AddSingleton<AuditChain>();
        services.AddSingleton<AuditQueries>();
        services.AddOptions<LiveOptions>().BindConfiguration("Live").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<LiveAccess>();
        services.AddSingleton<LiveSockets>();
        services.AddHostedService(sp => sp.GetRequiredService<LiveSockets>());
    }

    private static void AddAppointments(this IServiceCollection services)
    {
        services.AddSingleton<CalendarStore>();
        services.AddSingleton<CalendarQueries>();
        services.AddOptions<AppointmentsOptions>().BindConfiguration("Appointments").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ServiceRepository>();
        services.AddSingleton<DayReading>();
        services.AddSingleton<RasterRepository>();
        services.AddSingleton<BookableDirectory>();
        services.AddSingleton<AvailabilityProjection>();
        services.AddSingleton<SlotSearch>();
        services.AddHostedService<AvailabilityKeeper>();
        services.AddSingleton<AppointmentRepository>();
        services.AddSingleton<AppointmentQueries>();
        services.AddSingleton<SlotReading>();
        services.AddSingleton<Booking>();
        services.AddSingleton<BookingForm>();
        services.AddSingleton<WaitlistRepository>();
        services.AddSingleton<WaitlistQueries>();
        services.AddSingleton<StrandedQueries>();
        services.AddSingleton<AppointmentInvariants>();
        services.AddSingleton<AgendaQueries>();
        services.AddSingleton<ReminderRepository>();
        services.AddSingleton<KnownPartyRepository>();
        services.AddSingleton<CheckInCodes>();
        services.AddSingleton<ResourceRepository>();
        services.AddSingleton<OfficeHoursQueries>();
        services.AddSingleton<ChangePlanReading>();
        services.AddSingleton<RosterChanges>();
        services.AddSingleton<SwapRepository>();
        services.AddSingleton<FeedRepository>();
    }

    private static void AddQueues(this IServiceCollection services)
    {
        services.AddOptions<QueuesOptions>().BindConfiguration("Queues").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<QueueRepository>();
        services.AddSingleton<TicketRepository>();
        services.AddSingleton<QueueProjection>();
        services.AddSingleton<QueueQueries>();
        services.AddSingleton<PresenceRepository>();
        services.AddSingleton<TicketMoves>();
        services.AddSingleton<QueueTurns>();
        services.AddSingleton<QueueInvariants>();
        services.AddSingleton<TicketClaims>();
        services.AddSingleton<QueueSights>();
        services.AddSingleton<JoinQueue>();
        services.AddSingleton<MoveMyTicket>();
        services.AddSingleton<Acceptance>();
        services.AddHostedService<QueueKeeper>();
    }

    private static void AddWindows(this IServiceCollection services)
    {
        services.AddSingleton<HallDeviceRepository>();
        services.AddSingleton<HallQueries>();
        services.AddSingleton<WindowTickets>();
        services.AddSingleton<WindowMove>();
        services.AddSingleton<SlipCodes>();
    }

    private static void AddVideoCalls(this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment)
    {
        services.AddVideoProviders(configuration, environment);
        services.AddOptions<VideoCallsOptions>().BindConfiguration("VideoCalls").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<VideoCallRepository>();
        services.AddSingleton<VideoCallReading>();
        services.AddSingleton<BookedCalls>();
        services.AddSingleton<CallSeats>();
        services.AddSingleton<RecordingRepository>();
        services.AddSingleton<CallOversight>();
        services.AddSingleton<CallScope>();
        services.AddScoped<CallDoor>();
        services.AddSingleton<CallMove>();
        services.AddSingleton<KeepPresence>();
        services.AddScoped<GoToMessages>();
        services.AddScoped<CallOfAppointment>();
        services.AddScoped<RecordCall>();
    }

    private static void AddHotline(this IServiceCollection services)
    {
        services.AddOptions<HotlineOptions>().BindConfiguration("Hotline").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<PartnerRepository>();
        services.AddSingleton<NonceStore>();
        services.AddSingleton<MappingRepository>();
        services.AddSingleton<HotlineTicketRepository>();
        services.AddSingleton<HotlineTicketQueries>();
        services.AddSingleton<HotlineIntake>();
        services.AddSingleton<TicketMove>();
        services.AddSingleton<HotlineTaskRepository>();
        services.AddSingleton<HotlineCallRepository>();
        services.AddSingleton<AlarmRepository>();
        services.AddSingleton<PopRepository>();
        services.AddSingleton<OutboundGuard>();
        services.AddSingleton<WebhookRepository>();
        services.AddSingleton<WebhookSender>();
        services.AddSingleton<ReconciliationRepository>();
        services.AddSingleton<HotlineFigureQueries>();
        services.AddSingleton<HotlineRecordingRepository>();
        services.AddSingleton<PartnerLimits>();
        services.AddSingleton<Hl1Verification>();
        services.AddScoped(sp => CurrentPartner.Of(sp.GetRequiredService<IHttpContextAccessor>().HttpContext!));
    }

    private static void AddAdministration(this IServiceCollection services)
    {
        services.AddOptions<AdministrationOptions>().BindConfiguration("Administration");
        services.AddSingleton<DashboardFigures>();
        services.AddSingleton<OutboxQueries>();
        services.AddSingleton<ReadLogQueries>();
        services.AddSingleton<Invariants>();
        services.AddSingleton<Settings>();
        services.AddSingleton<SettingRepository>();
        services.AddHostedService<SettingKeeper>();
        services.AddSingleton<ApprovalRepository>();
        services.AddSingleton<SecondAdministrator>();
        services.AddSingleton<ApprovableActs>();
    }

    private static void AddMaterials(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<MaterialsOptions>().BindConfiguration("Materials").PostConfigure<IOptions<DataOptions>>((options, data) =>
        {
            if (options.Folder.Length == 0) options.Folder = Path.Combine(data.Value.Folder, "materials");
        }).ValidateDataAnnotations().ValidateOnStart();
        if (configuration["Materials:Store"] == "s3") services.AddSingleton<IObjectStore, S3ObjectStore>();
        else services.AddSingleton<IObjectStore, LocalObjectStore>();
        services.AddSingleton<Staging>();
        services.AddSingleton<PictureTool>();
        services.AddSingleton<VirusScan>();
        services.AddSingleton<MaterialIntake>();
        services.AddSingleton<MaterialObjects>();
        services.AddSingleton<MaterialRepository>();
        services.AddSingleton<UseRepository>();
        services.AddSingleton<UploadRepository>();
        services.AddSingleton<LinkRepository>();
        services.AddSingleton<ChecklistRepository>();
        services.AddSingleton<NoticeRepository>();
        services.AddSingleton<MaterialQueries>();
        services.AddSingleton<Erasures>();
        services.AddSingleton<Attaching>();
        services.AddSingleton<MaterialUpkeep>();
        services.AddSingleton<Filing>();
        services.AddSingleton<MaterialScope>();
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
