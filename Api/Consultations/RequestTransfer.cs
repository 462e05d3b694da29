using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Consultations;
using MicroPlatform.Infrastructure.Registry;

namespace MicroPlatform.Api.Consultations;

/// <summary>
/// Asks another unit to take a matter over. Until it accepts, the first one stays responsible and may still answer. From the third transfer
/// of a matter on only the head over both units may ask, and that decides it.
/// </summary>
public static class RequestTransfer
{
    /// <param name="ToOrganisationId">A unit that takes consultations.</param>
    /// <param name="ToStaffId">Who is to have it there; absent leaves that to the unit.</param>
    /// <param name="Reason">5 to 500 characters, for the other unit.</param>
    public sealed record Request(
        [property: Required, MaxLength(Id.Length)] string? ToOrganisationId, [property: MaxLength(Id.Length)] string? ToStaffId, [property: Required, MaxLength(500)] string? Reason);

    public static Task<IResult> Handle(
        string id, Request request, CurrentUser user, HttpContext http, Idempotency idempotency, ConsultationRepository consultations, TransferRepository transfers) =>
        idempotency.RunAsync<TransferView>(http, StatusCodes.Status201Created, async tx =>
        {
            var reason = Text.Clean(request.Reason, "reason", 500, min: 5);
            if (reason.IsRefused) return reason.Refusal!;
            if (await consultations.FindForStaffAsync(tx, id, user.Id) is not { } held) return CommonRefusals.NotFound;
            if (await RegistryQueries.TakingUnitAsync(tx, request.ToOrganisationId!) is not { } to) return ConsultationRefusals.TransferUnitUnknown.At("toOrganisationId", "没有可受理咨询的此单位");
            if (request.ToStaffId is { } staffId && await RegistryQueries.HandlerAsync(tx, staffId, to.Path) is null)
                return ConsultationRefusals.HandlerUnsuitable.At("toStaffId", "该人员不在接收单位任职");
            var scope = await RegistryQueries.ScopeAsync(tx, user.Id);
            var byHead = scope.Heads(to.Path) && scope.Heads(await RegistryQueries.PathAsync(tx, held.Matter.OrganisationId));
            if (!held.MayDecide && !byHead) return ConsultationRefusals.NotResponsible;
            if (held.Consultation.WhyNotMovable() is { } stuck) return stuck;

            var asked = Transfer.Request(new Transfer
            {
                Id = tx.NewId(), MatterId = held.Matter.Id, ConsultationId = id, FromOrganisationId = held.Matter.OrganisationId, FromStaffId = user.Id,
                ToOrganisationId = to.Id, ToStaffId = request.ToStaffId, Reason = reason.Value, RequestedAt = tx.Now,
            }, await transfers.CountDecidedAsync(tx, held.Matter.Id), byHead);
            if (asked.IsRefused) return asked.Refusal!;
            held.Matter.Remark(tx.Now, "transfer_requested", $"申请转办至{to.Name}：{reason.Value}");
            if (asked.Value.State == TransferState.Accepted && await TransferMove.ApplyAsync(tx, asked.Value, held.Consultation, to) is { } no) return no;
            // A decision of the head stands beside an open one of the units: that must be answered or withdrawn first.
            if (await transfers.FindOpenOfAsync(tx, held.Matter.Id) is not null || !await transfers.TryInsertAsync(tx, asked.Value)) return ConsultationRefusals.TransferPending;
            await consultations.SaveAsync(tx, held.Consultation, user.Actor);
            await tx.AuditAsync(user.Actor, "transfers.request", "matter", held.Matter.Id, $"{asked.Value.Id} to {to.Id}");
            return await TransferView.ReadAsync(tx, asked.Value.Id);
        });
}
