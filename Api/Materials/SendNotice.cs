using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Materials;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Materials;
using MicroPlatform.Infrastructure.Matters;

namespace MicroPlatform.Api.Materials;

/// <summary>
/// 一次性告知: one notice with everything that is missing. What the checklist misses and what was sent back the platform lists by itself, so nothing can be
/// forgotten; the handler adds what stands in no checklist. A second notice on the same matter is for who directs the unit.
/// </summary>
public static class SendNotice
{
    /// <param name="DueOn">By the end of which day in China.</param>
    /// <param name="Extra">Things that are in no checklist, each in a few words.</param>
    public sealed record Request(
        [property: Required] DateOnly? DueOn, [property: MaxLength(SupplementNotice.MaxExtra)] IReadOnlyList<string>? Extra, [property: MaxLength(SupplementNotice.MaxNote)] string? Note);

    public static Task<IResult> Handle(string id, Request request, CurrentUser user, HttpContext http, Idempotency idempotency, MaterialScope scope, MatterRepository matters, NoticeRepository notices) =>
        idempotency.RunAsync<NoticeView>(http, StatusCodes.Status201Created, async tx =>
        {
            var note = Text.CleanOptional(request.Note, "note", SupplementNotice.MaxNote);
            if (note.IsRefused) return note.Refusal!;
            var extra = new List<string>();
            foreach (var wish in request.Extra ?? [])
            {
                var clean = Text.Clean(wish, "extra", SupplementNotice.MaxText);
                if (clean.IsRefused) return clean.Refusal!;
                extra.Add(clean.Value);
            }
            if (await scope.MatterForAsync(tx, id, user) is not { } found) return CommonRefusals.NotFound;
            var matter = found.Matter;
            if (matter.Status.IsOver()) return MaterialRefusals.MatterOver;
            var items = await ChecklistRepository.ForAsync(tx, matter.CategoryCode);
            var missing = Checklists.Missing(items, await UseRepository.StandingsAsync(tx, id));
            var sent = SupplementNotice.Send(new SupplementNotice
            {
                Id = tx.NewId(), MatterId = id, ItemCodes = [.. missing.Select(i => i.Code)], Extra = extra, Note = note.Value, DueOn = request.DueOn!.Value, SentBy = user.Id, SentAt = tx.Now,
            }, await NoticeRepository.CountAsync(tx, id), found.Directs, tx.Now.DateInChina());
            if (await notices.OpenOfAsync(tx, id) is not null) return MaterialRefusals.NoticeOpen;
            if (sent.IsRefused) return sent.Refusal!;
            if (!await notices.TryInsertAsync(tx, sent.Value)) return MaterialRefusals.NoticeOpen;
            matter.Tell(tx.Now, "materials_missing", $"请于{sent.Value.DueOn:M月d日}前一次补齐：{string.Join('、', missing.Select(i => i.Name).Concat(extra))}");
            await matters.SaveAsync(tx, matter, user.Actor);
            await tx.AuditAsync(user.Actor, "materials.notice", "matter", id, string.Join(',', sent.Value.ItemCodes));
            return NoticeView.Of(sent.Value, items);
        });

    public static Task<IResult> WithdrawAsync(string id, CurrentUser user, HttpContext http, Idempotency idempotency, MaterialScope scope, MatterRepository matters, NoticeRepository notices) =>
        idempotency.RunAsync<NoticeView>(http, StatusCodes.Status200OK, async tx =>
        {
            if (!Id.IsWellFormed(id) || await notices.FindAsync(tx, id) is not { } notice || await scope.MatterForAsync(tx, notice.MatterId, user) is not { } found) return CommonRefusals.NotFound;
            var withdrawn = notice.Withdraw(tx.Now);
            if (withdrawn.IsRefused) return withdrawn.Refusal!;
            await NoticeRepository.SaveAsync(tx, notice);
            found.Matter.Tell(tx.Now, "materials_notice_withdrawn", "补正通知已撤回");
            await matters.SaveAsync(tx, found.Matter, user.Actor);
            await tx.AuditAsync(user.Actor, "materials.withdraw-notice", "matter", notice.MatterId);
            return NoticeView.Of(notice, await ChecklistRepository.ForAsync(tx, found.Matter.CategoryCode));
        });
}
