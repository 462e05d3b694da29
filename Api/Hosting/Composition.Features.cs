using MicroPlatform.Api.Administration;
using MicroPlatform.Api.Appointments;
using MicroPlatform.Api.Hotline;
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
using MicroPlatform.Infrastructure.Materials;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Outbox;
using MicroPlatform.Infrastructure.Queues;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;
using MicroPlatform.Infrastructure.Statistics;
using MicroPlatform.Infrastructure.VideoCalls;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Hosting;

public static partial class Composition
{
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
}
