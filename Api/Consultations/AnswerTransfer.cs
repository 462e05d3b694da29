using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Consultations;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Consultations;

/// <summary>
/// The other unit accepts or refuses, the first one withdraws. The person asked answers, or who directs the unit asked; where nobody was named,
/// anybody there; never the one who asked.
/// </summary>
public static class AnswerTransfer
{
    /// <param name="Reason">5 to 500 characters, for the unit that asked.</param>
    public sealed record RefusalRequest([property: Required, MaxLength(500)] string? Reason);

    public static Task<IResult> AcceptAsync(
        string id, CurrentUser user, HttpContext http, Idempotency idempotency, TransferRepository transfers, ConsultationRepository consultations) =>
        idempotency.RunAsync<TransferView>(http, StatusCodes.Status200OK, async tx =>
        {
            if (await FindAsync(tx, id, user, transfers) is not { } held) return CommonRefusals.NotFound;
            if (!held.MayAnswer) return ConsultationRefusals.NotReceiver;
            var accepted = held.Transfer.Accept(user.Id, tx.Now);
            if (accepted.IsRefused) return accepted.Refusal!;
            var consultation = (await consultations.FindAsync(tx, held.Transfer.ConsultationId))!;
            var to = (await RegistryQueries.UnitAsync(tx, held.Transfer.ToOrganisationId))!;
            if (await TransferMove.ApplyAsync(tx, held.Transfer, consultation, to) is { } no) return no;
            await transfers.SaveAsync(tx, held.Transfer);
            await consultations.SaveAsync(tx, consultation, user.Actor);
            return await ReplyAsync(tx, held.Transfer, user, "transfers.accept");
        });

    public static Task<IResult> RefuseAsync(
        string id, RefusalRequest request, CurrentUser user, HttpContext http, Idempotency idempotency, TransferRepository transfers, ConsultationRepository consultations) =>
        idempotency.RunAsync<TransferView>(http, StatusCodes.Status200OK, async tx =>
        {
            var reason = Text.Clean(request.Reason, "reason", 500, min: 5);
            if (reason.IsRefused) return reason.Refusal!;
            if (await FindAsync(tx, id, user, transfers) is not { } held) return CommonRefusals.NotFound;
            if (!held.MayAnswer) return ConsultationRefusals.NotReceiver;
            var refused = held.Transfer.Refuse(user.Id, reason.Value, tx.Now);
            if (refused.IsRefused) return refused.Refusal!;
            await RemarkAsync(tx, held.Transfer, "transfer_refused", $"转办被退回：{reason.Value}", user, transfers, consultations);
            return await ReplyAsync(tx, held.Transfer, user, "transfers.refuse");
        });

    public static Task<IResult> WithdrawAsync(
        string id, CurrentUser user, HttpContext http, Idempotency idempotency, TransferRepository transfers, ConsultationRepository consultations) =>
        idempotency.RunAsync<TransferView>(http, StatusCodes.Status200OK, async tx =>
        {
            if (await FindAsync(tx, id, user, transfers) is not { } held) return CommonRefusals.NotFound;
            if (!held.MayWithdraw) return ConsultationRefusals.NotResponsible;
            var withdrawn = held.Transfer.Withdraw(user.Id, tx.Now);
            if (withdrawn.IsRefused) return withdrawn.Refusal!;
            await RemarkAsync(tx, held.Transfer, "transfer_withdrawn", "已撤回转办申请", user, transfers, consultations);
            return await ReplyAsync(tx, held.Transfer, user, "transfers.withdraw");
        });

    /// <summary>In the scope of either unit, or one's own; else not there.</summary>
    private static async Task<Held?> FindAsync(UnitOfWork tx, string id, CurrentUser user, TransferRepository transfers)
    {
        if (await transfers.FindAsync(tx, id) is not { } transfer) return null;
        var scope = await RegistryQueries.ScopeAsync(tx, user.Id);
        var (from, to) = (await RegistryQueries.PathAsync(tx, transfer.FromOrganisationId), await RegistryQueries.PathAsync(tx, transfer.ToOrganisationId));
        var asked = transfer.FromStaffId == user.Id;
        if (!asked && !scope.Covers(from) && !scope.Covers(to)) return null;
        var mayAnswer = !asked && scope.Covers(to) && (transfer.ToStaffId is null || transfer.ToStaffId == user.Id || scope.Directs(to));
        return new Held(transfer, mayAnswer, asked || scope.Directs(from));
    }

    private static async Task RemarkAsync(
        UnitOfWork tx, Transfer transfer, string kind, string text, CurrentUser user, TransferRepository transfers, ConsultationRepository consultations)
    {
        var consultation = (await consultations.FindAsync(tx, transfer.ConsultationId))!;
        consultation.Matter.Remark(tx.Now, kind, text);
        await transfers.SaveAsync(tx, transfer);
        await consultations.SaveAsync(tx, consultation, user.Actor);
    }

    private static async Task<TransferView> ReplyAsync(UnitOfWork tx, Transfer transfer, CurrentUser user, string action)
    {
        await tx.AuditAsync(user.Actor, action, "matter", transfer.MatterId, transfer.Id);
        return await TransferView.ReadAsync(tx, transfer.Id);
    }

    private sealed record Held(Transfer Transfer, bool MayAnswer, bool MayWithdraw);
}
