using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.Live;
using MicroPlatform.Infrastructure.Sql;
using MicroPlatform.Infrastructure.VideoCalls;

namespace MicroPlatform.Api.VideoCalls;

/// <summary>
/// A second person: somebody of the office (an interpreter, a clerk), who finds the call among their own, or a guest without an account, who gets a link
/// (<c>…/page-link</c> with the participant). Whoever had agreed to being recorded is asked again.
/// </summary>
public static class InviteToCall
{
    /// <param name="StaffId">Somebody of the office; or</param>
    /// <param name="GuestName">what a guest is called under their picture, 1 to 20 characters: 翻译、村服务点、家属.</param>
    public sealed record Request([property: MaxLength(Id.Length)] string? StaffId, [property: MaxLength(MaxGuestName)] string? GuestName);

    private const int MaxGuestName = 20;

    public static Task<IResult> Handle(string id, Request request, CurrentUser user, HttpContext http, CallMove move, RecordCalls recorder, LiveHub live) =>
        move.ByOfficeAsync(id, user, http, "video-calls.invite", async (tx, e) =>
        {
            var invited = await InviteAsync(tx, e.Call, request, live);
            if (!invited.IsRefused && !e.Call.MayBeRecorded) await recorder.StopAsync(tx, id, RecordingStop.ConsentWithdrawn);
            return invited;
        });

    private static async Task<Outcome<Done>> InviteAsync(UnitOfWork tx, VideoCall call, Request request, LiveHub live)
    {
        if (string.IsNullOrEmpty(request.StaffId) == string.IsNullOrEmpty(request.GuestName)) return CommonRefusals.Invalid.At("staffId", "请填写工作人员或受邀人员称呼其中一项");
        if (request.StaffId is { Length: > 0 } staffId)
        {
            if (!Id.IsWellFormed(staffId) || await tx.ScalarAsync<long>("SELECT COUNT(*) FROM staff_members WHERE id = @staffId AND active = 1", new { staffId }) == 0
                || !await WorksOnMattersAsync(tx, staffId)) return CommonRefusals.Invalid.At("staffId", "没有这名工作人员");
            if (await BookedCalls.StaffAsync(tx, staffId, CallSide.Guest) is not { } colleague) return CommonRefusals.NotFound;
            tx.AfterCommit(() => live.PublishAsync(LiveTopics.Staff(staffId)));
            return call.Invite(colleague, tx.Now);
        }
        var name = Text.Clean(request.GuestName, "guestName", MaxGuestName);
        if (name.IsRefused) return name.Refusal!;
        return call.Invite(new CallParticipant { Id = tx.NewId(), Side = CallSide.Guest, DisplayName = name.Value, InvitedAt = tx.Now }, tx.Now);
    }

    private static async Task<bool> WorksOnMattersAsync(UnitOfWork tx, string staffId) => await tx.ScalarAsync<long>(
        "SELECT COUNT(*) FROM posts WHERE staff_id = @staffId AND role IN @roles", new { staffId, roles = Roles.OnMatters.Select(r => r.ToString()) }) > 0;
}
