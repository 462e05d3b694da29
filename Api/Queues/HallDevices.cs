using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Domain.Queues;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Queues;
using MicroPlatform.Infrastructure.Registry;

namespace MicroPlatform.Api.Queues;

/// <summary>Call displays and ticket printers of a hall: who directs the unit adds and removes them. The secret is shown once.</summary>
public static class HallDevices
{
    private const int SecretLength = 40;

    public sealed record AddRequest(
        [property: Required, MaxLength(Id.Length)] string? OrganisationId, [property: Required] HallDeviceKind? Kind, [property: Required, MaxLength(40)] string? Name);

    /// <param name="Secret">Shown once; whoever has it is the device.</param>
    /// <param name="PagePath">To be opened on the screen, behind the platform's address; null for a printer.</param>
    public sealed record Added(string Id, HallDeviceKind Kind, string KindText, string Name, string Secret, string? PagePath);

    public sealed record Item(string Id, HallDeviceKind Kind, string KindText, string Name, DateTimeOffset AddedAt);

    public sealed record Listed(IReadOnlyList<Item> Items);

    public sealed record Removed(string Id);

    /// <param name="Priority">What the person has pressed; ordinary when absent.</param>
    public sealed record PrintRequest(PriorityClass? Priority);

    /// <param name="SlipCode">For the QR code: <c>GET /v1/ticket-slips/{code}/qr</c>.</param>
    public sealed record Printed(string Number, string OrganisationName, DateTimeOffset IssuedAt, string SlipCode);

    public static Task<IResult> AddAsync(AddRequest request, CurrentUser user, HttpContext http, Idempotency idempotency) =>
        idempotency.RunAsync<Added>(http, StatusCodes.Status201Created, async tx =>
        {
            var name = Text.Clean(request.Name, "name", 40);
            if (name.IsRefused) return name.Refusal!;
            if (!Id.IsWellFormed(request.OrganisationId) || !(await RegistryQueries.ScopeAsync(tx, user.Id)).Directs(await RegistryQueries.PathAsync(tx, request.OrganisationId!)))
                return CommonRefusals.NotFound.At("organisationId", "没有这个单位");
            var device = new HallDeviceRow { Id = tx.NewId(), OrganisationId = request.OrganisationId!, Kind = request.Kind!.Value, Name = name.Value };
            var secret = RandomNumberGenerator.GetHexString(SecretLength, lowercase: true);
            await HallDeviceRepository.InsertAsync(tx, device, secret, user.Id);
            await tx.AuditAsync(user.Actor, "hall-devices.add", "hall_device", device.Id);
            return new Added(device.Id, device.Kind, device.Kind.Label(), device.Name, secret, device.Kind == HallDeviceKind.Display ? $"/display#{secret}" : null);
        });

    public static async Task<IResult> ListAsync(string? organisationId, CurrentUser user, HttpContext http, HallDeviceRepository devices, RegistryQueries registry)
    {
        if (!Id.IsWellFormed(organisationId)) return CommonRefusals.Invalid.At("organisationId", "请选择单位").ToResult();
        if (!await registry.InScopeAsync(user.Id, organisationId!, http.RequestAborted)) return CommonRefusals.NotFound.ToResult();
        return Results.Json(new Listed([.. (await devices.OfUnitAsync(organisationId!, http.RequestAborted)).Select(d => new Item(d.Id, d.Kind, d.Kind.Label(), d.Name, d.AddedAt))]), WireJson.Options);
    }

    public static Task<IResult> RemoveAsync(string id, CurrentUser user, HttpContext http, Idempotency idempotency) =>
        idempotency.RunAsync<Removed>(http, StatusCodes.Status200OK, async tx =>
        {
            if (!Id.IsWellFormed(id) || await HallDeviceRepository.FindAsync(tx, id) is not { } device) return CommonRefusals.NotFound;
            if (!(await RegistryQueries.ScopeAsync(tx, user.Id)).Directs(await RegistryQueries.PathAsync(tx, device.OrganisationId))) return CommonRefusals.NotFound;
            await HallDeviceRepository.RemoveAsync(tx, id);
            await tx.AuditAsync(user.Actor, "hall-devices.remove", "hall_device", id);
            return new Removed(id);
        });

    /// <summary>Somebody presses the printer's button. Emergencies are seen by people, not by buttons.</summary>
    public static async Task<IResult> PrintAsync(string secret, PrintRequest request, HttpContext http, Idempotency idempotency, HallDeviceRepository devices, WindowTickets windows, SlipCodes codes)
    {
        if (!IsWellFormed(secret) || await devices.BySecretAsync(secret, HallDeviceKind.Printer, http.RequestAborted) is not { } device) return CommonRefusals.NotFound.ToResult();
        if (request.Priority == PriorityClass.Emergency) return QueueRefusals.NotDeclarable.At("priority", "请直接向工作人员说明").ToResult();
        if (await windows.QueueOfUnitAsync(device.OrganisationId, http.RequestAborted) is not { } queueId) return QueueRefusals.NoWindowQueue.ToResult();
        var actor = new Actor(ActorKind.System, device.Id);
        return await idempotency.RunAsync<Printed>(http, StatusCodes.Status201Created, async tx =>
        {
            await QueueRepository.EnterAsync(tx, queueId);
            var issued = await windows.IssueAsync(tx, queueId, WindowVisitor.Nobody(request.Priority ?? PriorityClass.Ordinary, null), Channel.Kiosk, actor);
            if (issued.IsRefused) return issued.Refusal!;
            await tx.AuditAsync(actor, "tickets.print", "ticket", issued.Value.Id);
            return new Printed(issued.Value.Place.Number, device.OrganisationName, tx.Now, codes.Of(issued.Value.Id));
        });
    }

    internal static bool IsWellFormed(string secret) => secret.Length == SecretLength && secret.All(char.IsAsciiHexDigitLower);
}
