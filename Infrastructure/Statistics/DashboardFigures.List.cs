namespace MicroPlatform.Infrastructure.Statistics;

public sealed partial class DashboardFigures
{
    /// <summary>The list: one line each, in the order of the page. The same words count and list, so every number opens exactly what it was counted from.</summary>
    private void Define()
    {
        Group("today", "今日");
        Count("onDuty", "当前值班", "人次", Shifts, "d.starts_at <= @now AND d.ends_at > @now");
        Count("dutyToday", "今日班次", "个", Shifts, "d.starts_at < @tomorrow AND d.ends_at > @today");
        Count("openedToday", "今日新收", "件", Matters, "m.id >= @todayId AND m.opened_at >= @today");
        Count("appointmentsToday", "今日预约", "个", Appointments, "a.starts_at >= @today AND a.starts_at < @tomorrow AND a.state <> 'Cancelled'");

        Group("waiting", "等待答复");
        Count("waiting", "等待答复", "件", WaitingMatters, "1 = 1");
        Count("untaken", "其中待受理", "件", WaitingMatters, "m.handler_id IS NULL");
        Count("overdue", "其中超过答复时限", "件", WaitingMatters, "c.answer_due_at <= @now AND c.first_answered_at IS NULL");
        Count("waitingUnder4", "4小时以内", "件", WaitingMatters, "m.waiting_since > @hours4");
        Count("waiting4To24", "4至24小时", "件", WaitingMatters, "m.waiting_since <= @hours4 AND m.waiting_since > @hours24");
        Count("waiting24To48", "24至48小时", "件", WaitingMatters, "m.waiting_since <= @hours24 AND m.waiting_since > @hours48");
        Count("waitingOver48", "超过48小时", "件", WaitingMatters, "m.waiting_since <= @hours48");

        Group("service", "办理");
        Count("opened", "新收事项", "件", Matters, "m.id >= @fromId AND m.opened_at >= @from");
        Count("closed", "其中已办结", "件", Matters, "m.id >= @fromId AND m.opened_at >= @from AND m.status = 'Closed'");
        Average("firstAnswer", "平均首次答复用时", "分钟", Matters, "m.id >= @fromId AND m.opened_at >= @from AND c.first_answered_at IS NOT NULL", "(c.first_answered_at - m.opened_at) / 60000.0");
        Rate("answeredInTime", "时限内首次答复率", Matters, "m.id >= @fromId AND m.opened_at >= @from AND c.first_answered_at IS NOT NULL", "c.first_answered_at <= c.answer_due_at");
        Rate("satisfied", "满意率", Matters, "m.id >= @fromId AND m.opened_at >= @from AND g.score IS NOT NULL", "g.score >= 4");

        Group("appointments", "预约");
        Count("appointmentsAhead", "未来7天预约", "个", Appointments, "a.starts_at >= @now AND a.starts_at < @week AND a.state IN ('Booked', 'CheckedIn')");
        Count("appointmentsDone", "已完成", "个", Appointments, "a.starts_at >= @from AND a.starts_at <= @now AND a.state = 'Completed'");
        Count("noShows", "未到", "个", Appointments, "a.starts_at >= @from AND a.starts_at <= @now AND a.state = 'NoShow'");
        Rate("noShowRate", "爽约率", Appointments, "a.starts_at >= @from AND a.starts_at <= @now AND a.state IN ('Completed', 'NoShow')", "a.state = 'NoShow'");

        Group("queues", "排队与视频");
        Count("queueWaiting", "当前排队", "人", TicketsInLine, "t.state = 'Waiting'");
        Count("queueServedToday", "今日已接待", "人", TicketsServed, "t.served_at >= @today");
        Count("calls", "视频咨询", "次", Calls, "v.connected_at IS NOT NULL");
        Count("callsMissed", "未接通", "次", Calls, "v.state = 'Missed'");

        // By the formulas of /v1/admin/hotline/figures.
        Group("hotline", "12348热线");
        Count("hotlineAlarms", "无人应答的警情", "件", RingingAlarms, "w.next_at > 0");
        Count("hotlineWaiting", "待办工单", "件", WaitingHotlineTickets, "1 = 1");
        Count("hotlineOverdue", "其中超过办理期限", "件", WaitingHotlineTickets, "h.deadline_at <= @now");
        Count("hotlineTickets", "新收工单", "件", HotlineTickets, "m.id >= @fromId AND m.opened_at >= @from");
        Rate("hotlineSatisfied", "工单满意率", HotlineTickets, "m.id >= @fromId AND m.opened_at >= @from AND g.score IS NOT NULL", "g.score >= 4");
        Rate("hotlineAnswered", "接通率", HotlineCalls, "k.outbound = 0 AND k.asked_for_person = 1 AND k.started_at >= @from AND k.started_at <= @now", "k.result = 'Answered'");
        Count("hotlineCallBacks", "待回拨", "个", HotlineTasks, "v.kind = 'CallBack' AND v.state = 'Open'");
        Rate("hotlineVisited", "回访率", HotlineTasks, "v.kind IN ('ReturnVisit', 'DissatisfiedVisit') AND v.due_at >= @from AND v.due_at <= @now", "v.state = 'Done'");
    }
}
