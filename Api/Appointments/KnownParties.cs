using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Appointments;

/// <summary>
/// 回避名单: whom the caller must not act against, such as their own clients (律师法 art. 39). Who books and names one of these as the other side is not given to
/// them. One's own list only; the answers name people and are not stored for replay, and adding a name twice finds it.
/// </summary>
public static class KnownParties
{
    /// <param name="Name">A person or a firm, 2 to 100 characters.</param>
    public sealed record Request([property: Required, MaxLength(PartyName.MaxLength)] string? Name);

    public sealed record Item(string Id, string Name, DateTimeOffset AddedAt)
    {
        public static Item Of(KnownParty p) => new(p.Id, p.Name, p.AddedAt);
    }

    /// <param name="Items">In the order they were added.</param>
    public sealed record Response(IReadOnlyList<Item> Items);

    public sealed record Removed(string Id);

    public static async Task<IResult> ListAsync(CurrentUser user, HttpContext http, Database database, KnownPartyRepository parties) =>
        (await database.WriteAsync<Response>(async tx =>
        {
            await tx.AuditAsync(user.Actor, "appointments.list-known-parties", "staff", user.Id);
            return new Response([.. (await parties.OfAsync(tx, user.Id)).Select(Item.Of)]);
        }, http.RequestAborted)).ToReply();

    public static async Task<IResult> AddAsync(Request request, CurrentUser user, HttpContext http, Database database, KnownPartyRepository parties)
    {
        var name = Text.Clean(request.Name, "name", PartyName.MaxLength, min: 2);
        if (name.IsRefused) return name.Refusal!.ToResult();
        if (PartyName.Normalise(name.Value).Length < 2) return CommonRefusals.Invalid.At("name", "请填写姓名或单位名称").ToResult();
        return (await database.WriteAsync<Item>(async tx =>
        {
            if (await KnownPartyRepository.CountAsync(tx, user.Id) >= PartyName.MostPerPerson) return AppointmentRefusals.TooManyParties;
            var added = await parties.AddAsync(tx, user.Id, name.Value);
            await tx.AuditAsync(user.Actor, "appointments.add-known-party", "staff", user.Id, added.Id);
            return Item.Of(added);
        }, http.RequestAborted)).ToReply(StatusCodes.Status201Created);
    }

    public static async Task<IResult> RemoveAsync(string id, CurrentUser user, HttpContext http, Database database) =>
        (await database.WriteAsync<Removed>(async tx =>
        {
            if (!Id.IsWellFormed(id) || !await KnownPartyRepository.RemoveAsync(tx, user.Id, id)) return CommonRefusals.NotFound;
            await tx.AuditAsync(user.Actor, "appointments.remove-known-party", "staff", user.Id, id);
            return new Removed(id);
        }, http.RequestAborted)).ToReply();
}
