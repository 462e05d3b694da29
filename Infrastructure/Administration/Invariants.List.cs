using MicroPlatform.Domain.Hotline;
using MicroPlatform.Infrastructure.Appointments;

namespace MicroPlatform.Infrastructure.Administration;

public sealed partial class Invariants
{
    /// <summary>The list: one line each. A feature adds its own here; its test damages the data by hand and sees it found.</summary>
    private void Define()
    {
        // Nobody is booked twice and no time is held for nobody.
        None("appointments.overlapping", "同一席位的预约时间重叠", AppointmentInvariants.Overlapping);
        None("appointments.without_rasters", "预约没有占用相应时段", AppointmentInvariants.WithoutRasters);
        None("appointments.orphan_rasters", "时段被占用但没有对应的预约或候补", AppointmentInvariants.Orphans);
        None("appointments.empty_offers", "候补时段没有占用相应时间", AppointmentInvariants.EmptyOffers);

        // Nothing that somebody waits for is out of everybody's sight.
        None("matters.out_of_sight", "未办结的留言咨询不在任何收件箱中", """
            SELECT COUNT(*) FROM matters WHERE kind = 'Consultation' AND status IN ('Received', 'InProgress') AND waiting_since IS NULL
            """);
        None("matters.over_but_waiting", "已结束的事项仍在等待答复", "SELECT COUNT(*) FROM matters WHERE closed_at IS NOT NULL AND waiting_since IS NOT NULL");
        None("matters.of_closed_units", "等待答复的事项属于已停用的机构", """
            SELECT COUNT(*) FROM organisations o JOIN matters m ON m.organisation_id = o.id WHERE o.active = 0 AND m.waiting_since IS NOT NULL
            """);
        None("consultations.numbering", "留言编号有缺漏或重复", """
            SELECT COUNT(*) FROM consultations c LEFT JOIN (SELECT consultation_id, COUNT(*) AS n, MAX(seq) AS last FROM messages GROUP BY consultation_id) m ON m.consultation_id = c.id
            WHERE c.last_seq <> coalesce(m.n, 0) OR c.last_seq <> coalesce(m.last, 0)
            """);
        None("transfers.open", "转办状态与占用标记不一致", "SELECT COUNT(*) FROM transfers WHERE (open_key IS NULL AND state = 'Pending') OR (open_key IS NOT NULL AND state <> 'Pending')");
        None("duty.overlapping", "同一人员的班次重叠", """
            SELECT COUNT(*) FROM (
                SELECT starts_at, MAX(ends_at) OVER (PARTITION BY staff_id ORDER BY starts_at, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS busy_until FROM duty_shifts) x
            WHERE x.busy_until > x.starts_at
            """);

        Ask("queues.history", "排队记录有遗漏、重复服务或插队", async cancel =>
        {
            var f = await _queues.CheckAsync(cancel);
            return f.LinesMissing + f.MovesAfterTheEnd + f.ServedTwice + f.StaffWithTwo + f.Overtaken + f.FellBack + f.TicketsUnlikeHistory;
        });
        Ask("videocalls.consistent", "视频咨询记录前后不一致", async cancel =>
        {
            var f = await _calls.CheckAsync(_time.GetUtcNow(), cancel);
            return f.CitizensInTwoCalls + f.StaffInTwoCalls + f.TalkTimeInconsistent + f.UndecidedCalls + f.EndedWithoutReason + f.StrayBookedCalls + f.RecordingsWithoutConsent;
        });

        // No hotline ticket is lost, and what the hotline is told is what is kept.
        None("hotline.tickets_without_matter", "热线工单没有对应的事项", "SELECT COUNT(*) FROM hotline_tickets t LEFT JOIN matters m ON m.id = t.matter_id AND m.kind = 'HotlineTicket' WHERE m.id IS NULL");
        None("hotline.matters_without_ticket", "热线事项没有对应的工单", "SELECT COUNT(*) FROM matters m LEFT JOIN hotline_tickets t ON t.matter_id = m.id WHERE m.kind = 'HotlineTicket' AND t.id IS NULL");
        None("hotline.out_of_sight", "待办的热线工单不在任何收件箱中", $"""
            SELECT COUNT(*) FROM hotline_tickets t JOIN matters m ON m.id = t.matter_id
            WHERE t.state IN ({string.Join(", ", Enum.GetValues<HotlineTicketState>().Where(s => s.IsTheOffices()).Select(s => $"'{s}'"))}) AND m.waiting_since IS NULL
            """);
        None("hotline.versions", "热线工单与其最后一次留存的状态不一致", """
            SELECT COUNT(*) FROM hotline_tickets t
            LEFT JOIN (SELECT ticket_id, MAX(version) AS version FROM hotline_ticket_versions GROUP BY ticket_id) l ON l.ticket_id = t.id
            LEFT JOIN hotline_ticket_versions v ON v.ticket_id = l.ticket_id AND v.version = l.version
            WHERE v.ticket_id IS NULL OR v.state <> t.state OR coalesce(v.result, '') <> coalesce(t.result, '')
            """);
        None("hotline.silent_alarms", "无人应答的警情已停止呼叫", "SELECT COUNT(*) FROM hotline_alarms WHERE acknowledged_at IS NULL AND next_at IS NULL");
        None("hotline.tasks_open", "回拨回访状态与占用标记不一致", "SELECT COUNT(*) FROM hotline_tasks WHERE (open_key IS NULL AND state = 'Open') OR (open_key IS NOT NULL AND state <> 'Open')");

        // No material is there without its bytes, and none that was destroyed can still be opened.
        None("materials.without_bytes", "材料的文件不在库中", """
            SELECT COUNT(*) FROM material_versions v JOIN materials m ON m.id = v.material_id LEFT JOIN material_objects o ON o.id = v.object_id WHERE m.state <> 'Erased' AND o.id IS NULL
            """);
        None("materials.erased_but_kept", "已销毁的材料仍可打开或没有销毁证明", """
            SELECT COUNT(*) FROM materials m WHERE m.state = 'Erased' AND (NOT EXISTS (SELECT 1 FROM material_erasures e WHERE e.material_id = m.id)
              OR EXISTS (SELECT 1 FROM material_versions v JOIN material_objects o ON o.id = v.object_id OR o.id = v.thumbnail_object_id WHERE v.material_id = m.id))
            """);
        None("materials.uses", "材料的使用次数与实际不符", """
            SELECT COUNT(*) FROM materials m LEFT JOIN (SELECT material_id, COUNT(*) AS n FROM material_uses GROUP BY material_id) u ON u.material_id = m.id WHERE m.uses <> coalesce(u.n, 0)
            """);
        None("materials.notices_open", "补正通知状态与占用标记不一致", "SELECT COUNT(*) FROM supplement_notices WHERE (open_key IS NULL AND state = 'Open') OR (open_key IS NOT NULL AND state <> 'Open')");

        // Nobody is in who should not be.
        None("identity.sessions_of_disabled", "已停用的账号仍处于登录状态", """
            SELECT COUNT(*) FROM sessions s JOIN staff_members p ON p.id = s.subject_id WHERE p.active = 0 AND s.revoked_at IS NULL AND s.expires_at > @now
            """);
        Ask("audit.chain", "审计链断裂", async cancel => (await _chain.VerifyAsync(cancel: cancel)).Intact ? 0 : 1);
    }
}
