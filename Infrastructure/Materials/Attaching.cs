using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Materials;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Infrastructure.Materials;

/// <summary>What a citizen hands in.</summary>
/// <param name="ItemCode">Which item of the checklist it is for; null: the one it was uploaded for, if any.</param>
public sealed record Attachment(string MaterialId, string? ItemCode);

/// <summary>
/// Puts materials on a matter, inside the caller's transaction. The material's version guards: whoever deletes it at the same time loses or wins, never both.
/// The same material again is the same use, with its newest version.
/// </summary>
public sealed class Attaching(MaterialRepository materials, UseRepository uses, NoticeRepository notices, MatterRepository matters, IOptions<MaterialsOptions> options)
{
    /// <summary>By ids alone, as a message carries them; the caller saves the matter.</summary>
    public Task<Outcome<IReadOnlyList<MaterialUse>>> AttachAsync(UnitOfWork tx, Matter matter, IReadOnlyList<string>? materialIds) =>
        AttachAsync(tx, matter, [.. (materialIds ?? []).Select(id => new Attachment(id, null))]);

    /// <summary>For a booking that has just been written, with its matter.</summary>
    public async Task<Outcome<Done>> AttachToAppointmentAsync(UnitOfWork tx, Appointment appointment, IReadOnlyList<string>? materialIds, Actor actor)
    {
        if (materialIds is null or []) return Done.It;
        var matter = (await matters.FindAsync(tx, appointment.Matter.Id))!;
        var attached = await AttachAsync(tx, matter, [.. materialIds.Select(id => new Attachment(id, null))], appointment.Id, IsForMinor(appointment, tx.Now));
        if (attached.IsRefused) return attached.Refusal!;
        matter.Tell(tx.Now, "materials_added", $"您提交了{attached.Value.Count}份材料");
        await matters.SaveAsync(tx, matter, actor);
        return Done.It;
    }

    /// <summary>Whether the person concerned is under age.</summary>
    public static bool IsForMinor(Appointment appointment, DateTimeOffset now) =>
        appointment.Subject?.NationalId is { } id && id.AgeOn(now.DateInChina()) < Material.AdultAge;

    /// <param name="concernsMinor">The appointment is for somebody under age.</param>
    public async Task<Outcome<IReadOnlyList<MaterialUse>>> AttachAsync(UnitOfWork tx, Matter matter, IReadOnlyList<Attachment> attachments, string? appointmentId = null, bool concernsMinor = false)
    {
        if (attachments.Count > Material.MaxAttachments) return MaterialRefusals.TooManyAttachments.At("attachmentIds", $"最多{Material.MaxAttachments}份");
        var attached = new List<MaterialUse>();
        foreach (var attachment in attachments.DistinctBy(a => a.MaterialId))
        {
            if (await materials.FindOwnAsync(tx, attachment.MaterialId, matter.CitizenId) is not { State: not MaterialState.Erased } material) return MaterialRefusals.UnknownAttachment.At("attachmentIds", "没有这份材料");
            var item = attachment.ItemCode ?? material.ItemCode;
            if (attachment.ItemCode is not null && !await ChecklistRepository.ExistsAsync(tx, attachment.ItemCode)) return MaterialRefusals.UnknownItem.At("itemCode", "没有这个材料项目");
            var before = await uses.FindAsync(tx, matter.Id, material.Id);
            var put = material.Attach(concernsMinor || options.Value.MinorCategories.Contains(matter.CategoryCode), again: before is not null);
            if (put.IsRefused) return put.Refusal!;
            await materials.SaveAsync(tx, material);
            attached.Add(await UseAsync(tx, matter, material, before, item, appointmentId));
        }
        if (attached.Count > 0) await FulfilAsync(tx, matter);
        return attached;
    }

    private async Task<MaterialUse> UseAsync(UnitOfWork tx, Matter matter, Material material, MaterialUse? before, string? item, string? appointmentId)
    {
        if (before is null)
        {
            var since = tx.Now - options.Value.ReuseFor;
            var use = MaterialUse.Submit(
                new MaterialUse { Id = tx.NewId(), MatterId = matter.Id, MaterialId = material.Id, AppointmentId = appointmentId, ItemCode = item, AddedAt = tx.Now },
                material.CurrentVersion, await UseRepository.AcceptedBeforeAsync(tx, material.Id, material.CurrentVersion, item, since));
            await uses.InsertAsync(tx, use);
            return use;
        }
        if (before.MaterialVersion == material.CurrentVersion && (item is null || before.ItemCode == item)) return before;
        before.ItemCode = item ?? before.ItemCode;
        if (before.MaterialVersion != material.CurrentVersion) before.Resubmit(material.CurrentVersion);
        await uses.SaveAsync(tx, before);
        return before;
    }

    /// <summary>Whether what an open notice listed is there now.</summary>
    public async Task FulfilAsync(UnitOfWork tx, Matter matter)
    {
        if (await notices.OpenOfAsync(tx, matter.Id) is not { } notice) return;
        // What was asked for in words only, the office judges: it withdraws the notice.
        if (notice.ItemCodes.Count == 0) return;
        var missing = Checklists.Missing(await ChecklistRepository.ForAsync(tx, matter.CategoryCode), await UseRepository.StandingsAsync(tx, matter.Id)).Select(i => i.Code);
        if (notice.ItemCodes.Intersect(missing, StringComparer.Ordinal).Any()) return;
        notice.Fulfil(tx.Now);
        await NoticeRepository.SaveAsync(tx, notice);
        matter.Tell(tx.Now, "materials_complete", "补正材料已补齐");
    }
}
