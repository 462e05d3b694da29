using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Appointments;

/// <summary>预约事项 as the administrator sees it.</summary>
/// <param name="Version">For <c>If-Match</c>.</param>
public sealed record AdminServiceView(
    string Code, string Name, string? Description, int DurationMinutes, IReadOnlyList<MeetingMode> Modes, IReadOnlyList<Role> Roles, int? ConfirmWithinWorkingDays, bool Active, int Version)
{
    internal static AdminServiceView Of(ServiceKind s) =>
        new(s.Code, s.Name, s.Description, s.DurationMinutes, s.Modes.Split(), s.Roles, s.ConfirmWithinWorkingDays, s.Active, s.Version);
}

/// <summary>
/// The administrator edits what can be booked. Codes never change and nothing is deleted: appointments and hours carry them. A changed duration is that of
/// new bookings; what is booked stays as long as it was. Availability needs no refreshing for it: durations are applied when it is read.
/// </summary>
public static class WriteServiceKind
{
    private const int MaxName = 40;
    private const int MaxDescription = 500;

    /// <summary>Longest service: a working day.</summary>
    private const int MaxDuration = 480;

    /// <param name="DurationMinutes">A multiple of 15, at most 480.</param>
    /// <param name="Roles">Who gives it.</param>
    /// <param name="ConfirmWithinWorkingDays">The unit says yes within so many working days; absent when a booking stands at once.</param>
    public sealed record Request(
        [property: Required, MaxLength(MaxName)] string? Name, [property: MaxLength(MaxDescription)] string? Description, [property: Required, Range(Raster.Minutes, MaxDuration)] int? DurationMinutes,
        [property: Required] IReadOnlyList<MeetingMode>? Modes, [property: Required] IReadOnlyList<Role>? Roles, [property: Range(1, 30)] int? ConfirmWithinWorkingDays);

    /// <param name="Code">Lower-case letters, digits and hyphens; for ever.</param>
    public sealed record AddRequest(
        [property: Required, RegularExpression("^[a-z][a-z0-9-]{1,39}$")] string? Code, [property: Required, MaxLength(MaxName)] string? Name,
        [property: MaxLength(MaxDescription)] string? Description, [property: Required, Range(Raster.Minutes, MaxDuration)] int? DurationMinutes,
        [property: Required] IReadOnlyList<MeetingMode>? Modes, [property: Required] IReadOnlyList<Role>? Roles, [property: Range(1, 30)] int? ConfirmWithinWorkingDays)
    {
        internal Request Rest => new(Name, Description, DurationMinutes, Modes, Roles, ConfirmWithinWorkingDays);
    }

    public sealed record ListResponse(IReadOnlyList<AdminServiceView> Items);

    public static async Task<IResult> ListAsync(HttpContext http, ServiceRepository services) =>
        Results.Json(new ListResponse([.. (await services.ListAsync(http.RequestAborted)).Select(AdminServiceView.Of)]), WireJson.Options);

    public static Task<IResult> AddAsync(AddRequest request, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs) =>
        runs.RunAsync<AdminServiceView>(http, StatusCodes.Status201Created, validateOnly, async tx =>
        {
            var all = await ServiceRepository.ListAsync(tx);
            if (all.Any(s => s.Code == request.Code)) return AppointmentRefusals.ServiceCodeTaken.At("code", "代码已存在");
            var bit = all.Count == 0 ? 0 : all.Max(s => s.Bit) + 1;
            if (bit >= ServiceKind.MostBits) return AppointmentRefusals.TooManyServices;
            var service = Read(new ServiceKind(request.Code!, bit, "", null, 0, MeetingModes.None, [], null, Active: true, 1), request.Rest);
            if (service.IsRefused) return service.Refusal!;
            // Somebody else has just taken the code or the bit: looked at again, one of the answers above is right, or the next bit is free.
            if (!await ServiceRepository.TryInsertAsync(tx, service.Value)) throw new ConcurrencyConflictException();
            return await ReplyAsync(tx, request.Code!, user, "services.add");
        });

    public static Task<IResult> EditAsync(string code, Request request, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs) =>
        ChangeAsync(code, validateOnly, user, http, runs, "services.edit", service => Read(service, request));

    public static Task<IResult> DeactivateAsync(string code, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs) =>
        ChangeAsync(code, validateOnly, user, http, runs, "services.deactivate", service => service with { Active = false });

    public static Task<IResult> ActivateAsync(string code, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs) =>
        ChangeAsync(code, validateOnly, user, http, runs, "services.activate", service => service with { Active = true });

    private static Task<IResult> ChangeAsync(
        string code, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs, string action, Func<ServiceKind, Outcome<ServiceKind>> change) =>
        runs.RunAsync<AdminServiceView>(http, StatusCodes.Status200OK, validateOnly, async tx =>
        {
            var version = IfMatch.Version(http);
            if (version.IsRefused) return version.Refusal!;
            if (await ServiceRepository.FindAsync(tx, code) is not { } service) return CommonRefusals.NotFound;
            if (service.Version != version.Value) return CommonRefusals.VersionMismatch;
            var changed = change(service);
            if (changed.IsRefused) return changed.Refusal!;
            return await ServiceRepository.SaveAsync(tx, changed.Value) ? await ReplyAsync(tx, code, user, action) : CommonRefusals.VersionMismatch;
        });

    private static Outcome<ServiceKind> Read(ServiceKind service, Request request)
    {
        var name = Text.Clean(request.Name, "name", MaxName);
        if (name.IsRefused) return name.Refusal!;
        var description = Text.CleanOptional(request.Description, "description", MaxDescription);
        if (description.IsRefused) return description.Refusal!;
        if (!Raster.IsOn(request.DurationMinutes!.Value)) return CommonRefusals.Invalid.At("durationMinutes", "应为15的倍数");
        if (request.Modes!.Count is 0 or > 8) return CommonRefusals.Invalid.At("modes", "请选择服务方式");
        if (request.Roles!.Count is 0 or > 8 || request.Roles.Any(r => !Domain.Identity.Roles.OnMatters.Contains(r))) return CommonRefusals.Invalid.At("roles", "请选择提供服务的岗位");
        return service with
        {
            Name = name.Value, Description = description.Value, DurationMinutes = request.DurationMinutes.Value, Modes = request.Modes.Join(), Roles = [.. request.Roles.Distinct()],
            ConfirmWithinWorkingDays = request.ConfirmWithinWorkingDays,
        };
    }

    private static async Task<AdminServiceView> ReplyAsync(UnitOfWork tx, string code, CurrentUser user, string action)
    {
        await tx.AuditAsync(user.Actor, action, "service", code);
        return AdminServiceView.Of((await ServiceRepository.FindAsync(tx, code))!);
    }
}
