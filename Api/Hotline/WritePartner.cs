using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Hotline;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Hotline;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Hotline;

/// <summary>The administrator lets a partner in, changes what it may do, shuts it out.</summary>
public static class WritePartner
{
    /// <param name="OrganisationId">The centre: takes what belongs to no unit, and decides about what units have sent back.</param>
    /// <param name="Networks">Networks or addresses that it calls from.</param>
    /// <param name="RecordingHosts">Hosts that recordings may be fetched from.</param>
    /// <param name="WindowSeconds">How far its clock may be off; 300 when absent.</param>
    /// <param name="PerMinute">Calls per minute; 600 when absent.</param>
    public sealed record Request(
        [property: Required, MaxLength(HotlinePartner.MaxName)] string? Name, [property: Required, MaxLength(Id.Length)] string? OrganisationId,
        [property: Required, MaxLength(10)] IReadOnlyList<PartnerScope>? Scopes, [property: Required, MinLength(1), MaxLength(50)] IReadOnlyList<string>? Networks,
        [property: MaxLength(20)] IReadOnlyList<string>? RecordingHosts, [property: Range(60, HotlinePartner.MaxWindow)] int? WindowSeconds, [property: Range(60, 60_000)] int? PerMinute);

    /// <param name="AppId">Begins with <c>hl_</c>; never changes.</param>
    /// <param name="Sandbox">For trying: <c>debug/signature</c> answers.</param>
    public sealed record AddRequest(
        [property: Required, RegularExpression(HotlinePartner.AppIdPattern)] string? AppId, bool Sandbox,
        [property: Required, MaxLength(HotlinePartner.MaxName)] string? Name, [property: Required, MaxLength(Id.Length)] string? OrganisationId,
        [property: Required, MaxLength(10)] IReadOnlyList<PartnerScope>? Scopes, [property: Required, MinLength(1), MaxLength(50)] IReadOnlyList<string>? Networks,
        [property: MaxLength(20)] IReadOnlyList<string>? RecordingHosts, [property: Range(60, HotlinePartner.MaxWindow)] int? WindowSeconds, [property: Range(60, 60_000)] int? PerMinute);

    /// <param name="OverlapHours">How long the secret before stays good beside the new one: 0 to 720, 24 when absent. 0 where it has become known.</param>
    public sealed record RotateRequest([property: Range(0, 720)] int? OverlapHours);

    public static Task<IResult> AddAsync(AddRequest request, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs, PartnerRepository partners) =>
        runs.OnceAsync<PartnerWithSecret>(http, StatusCodes.Status201Created, validateOnly, async tx =>
        {
            var blank = new HotlinePartner
            {
                AppId = request.AppId!, Name = "", OrganisationId = "", Scopes = [], Networks = [], RecordingHosts = [], WindowSeconds = 0, PerMinute = 0, Sandbox = request.Sandbox, Active = true,
                Secrets = PartnerSecrets.New(), CreatedAt = tx.Now, Version = 1,
            };
            var filled = await FillAsync(tx, blank, new Request(request.Name, request.OrganisationId, request.Scopes, request.Networks, request.RecordingHosts, request.WindowSeconds, request.PerMinute));
            if (filled.IsRefused) return filled.Refusal!;
            if (!await partners.TryInsertAsync(tx, filled.Value)) return PartnerRefusals.AppIdTaken;
            await tx.AuditAsync(user.Actor, "hotline.add-partner", "partner", filled.Value.AppId);
            return new PartnerWithSecret(PartnerView.Of(filled.Value, tx.Now), validateOnly == true ? null : filled.Value.Secrets.Current);
        });

    public static Task<IResult> EditAsync(string appId, Request request, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs, PartnerRepository partners) =>
        ChangeAsync(appId, validateOnly, user, http, runs, partners, "hotline.edit-partner", (tx, partner) => FillAsync(tx, partner, request));

    public static Task<IResult> SuspendAsync(string appId, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs, PartnerRepository partners) =>
        ChangeAsync(appId, validateOnly, user, http, runs, partners, "hotline.suspend-partner", (_, partner) => Task.FromResult<Outcome<HotlinePartner>>(partner with { Active = false }));

    public static Task<IResult> ActivateAsync(string appId, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs, PartnerRepository partners) =>
        ChangeAsync(appId, validateOnly, user, http, runs, partners, "hotline.activate-partner", (_, partner) => Task.FromResult<Outcome<HotlinePartner>>(partner with { Active = true }));

    /// <summary>A new secret, told once. Never through <see cref="Idempotency"/>, which would keep it in clear.</summary>
    public static async Task<IResult> RotateAsync(string appId, RotateRequest? request, CurrentUser user, HttpContext http, Database database, PartnerRepository partners) =>
        (await database.WriteAsync<PartnerWithSecret>(async tx =>
        {
            if (await partners.FindAsync(tx, appId) is not { } partner) return CommonRefusals.NotFound;
            var rotated = partner with { Secrets = partner.Secrets.Rotate(TimeSpan.FromHours(request?.OverlapHours ?? 24), tx.Now) };
            if (!await partners.TrySaveAsync(tx, rotated)) throw new ConcurrencyConflictException();
            await tx.AuditAsync(user.Actor, "hotline.rotate-secret", "partner", appId);
            return new PartnerWithSecret(PartnerView.Of(rotated with { Version = partner.Version + 1 }, tx.Now), rotated.Secrets.Current);
        }, http.RequestAborted)).ToReply();

    private static async Task<Outcome<HotlinePartner>> FillAsync(UnitOfWork tx, HotlinePartner partner, Request request)
    {
        var name = Text.Clean(request.Name, "name", HotlinePartner.MaxName);
        if (name.IsRefused) return name.Refusal!;
        var networks = HotlinePartner.CleanNetworks(request.Networks!, "networks");
        if (networks.IsRefused) return networks.Refusal!;
        var hosts = HotlinePartner.CleanHosts(request.RecordingHosts ?? []);
        if (hosts.IsRefused) return hosts.Refusal!;
        if (!Id.IsWellFormed(request.OrganisationId) || await RegistryQueries.UnitAsync(tx, request.OrganisationId!) is null) return CommonRefusals.Invalid.At("organisationId", "没有这个单位");
        return partner with
        {
            Name = name.Value, OrganisationId = request.OrganisationId!, Scopes = [.. request.Scopes!.Distinct().Order()], Networks = networks.Value, RecordingHosts = hosts.Value,
            WindowSeconds = request.WindowSeconds ?? HotlinePartner.DefaultWindow, PerMinute = request.PerMinute ?? 600,
        };
    }

    private static Task<IResult> ChangeAsync(
        string appId, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs, PartnerRepository partners, string action,
        Func<UnitOfWork, HotlinePartner, Task<Outcome<HotlinePartner>>> change) =>
        runs.RunAsync<PartnerView>(http, StatusCodes.Status200OK, validateOnly, async tx =>
        {
            var version = IfMatch.Version(http);
            if (version.IsRefused) return version.Refusal!;
            if (await partners.FindAsync(tx, appId) is not { } partner) return CommonRefusals.NotFound;
            if (partner.Version != version.Value) return CommonRefusals.VersionMismatch;
            var changed = await change(tx, partner);
            if (changed.IsRefused) return changed.Refusal!;
            if (!await partners.TrySaveAsync(tx, changed.Value)) return CommonRefusals.VersionMismatch;
            await tx.AuditAsync(user.Actor, action, "partner", appId);
            return PartnerView.Of(changed.Value with { Version = partner.Version + 1 }, tx.Now);
        });
}

/// <summary>Partners as an administrator sees them.</summary>
public static class ReadPartners
{
    public sealed record Response(IReadOnlyList<PartnerView> Items);

    public static async Task<IResult> ListAsync(HttpContext http, PartnerRepository partners, TimeProvider time) =>
        Results.Json(new Response([.. (await partners.ListAsync(http.RequestAborted)).Select(p => PartnerView.Of(p, time.GetUtcNow()))]), WireJson.Options);

    public static async Task<IResult> GetAsync(string appId, HttpContext http, PartnerRepository partners, TimeProvider time) =>
        await partners.FindAsync(appId, http.RequestAborted) is { } partner ? Results.Json(PartnerView.Of(partner, time.GetUtcNow()), WireJson.Options) : CommonRefusals.NotFound.ToResult();
}
