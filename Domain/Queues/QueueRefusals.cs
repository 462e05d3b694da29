using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Queues;

public static class QueueRefusals
{
    /// <summary>Nobody serves now, neither in the region's unit nor above it. The screen offers a slot or a message.</summary>
    public static readonly Refusal NobodyServes = new("queue_closed", "当前没有律师值班，请预约时段或留言咨询", RefusalKind.Conflict);

    public static readonly Refusal Full = new("queue_full", "当前排队人数已满，请稍后再试或预约时段", RefusalKind.Conflict) { RetryAfter = TimeSpan.FromMinutes(5) };

    /// <summary>One open place per person and kind of queue. The screen shows the one that is there.</summary>
    public static readonly Refusal AlreadyQueued = new("already_queued", "您已在排队中", RefusalKind.Conflict);

    /// <summary>Emergency is given by the office only.</summary>
    public static readonly Refusal NotDeclarable = new("priority_not_declarable", "紧急情况请直接说明，由工作人员确认", RefusalKind.Unprocessable);

    public static readonly Refusal WrongState = new("ticket_state", "该排队号当前不能进行此操作", RefusalKind.Conflict);

    public static readonly Refusal Over = new("ticket_over", "该排队号已结束", RefusalKind.Conflict);

    /// <summary>Somebody else was first.</summary>
    public static readonly Refusal Taken = new("ticket_taken", "该群众已由其他人员接待", RefusalKind.Conflict);

    /// <summary>One ticket per person of the office: first the one in hand, and its summary.</summary>
    public static readonly Refusal StaffServing = new("staff_serving", "您正在接待其他群众，或还有未填写的小结", RefusalKind.Conflict);

    /// <summary>The ring has gone on to others, or was for others.</summary>
    public static readonly Refusal RingOver = new("ring_over", "该通知已失效，可以点击接待下一位", RefusalKind.Conflict);

    /// <summary>Nobody waits whom the caller may serve.</summary>
    public static readonly Refusal NobodyWaits = new("nobody_waits", "当前没有等候的群众", RefusalKind.Conflict);

    /// <summary>Only who has said that they are there is given citizens.</summary>
    public static readonly Refusal NotPresent = new("not_present", "请先上线再接待", RefusalKind.Conflict);

    /// <summary>The letter is another queue's of the unit.</summary>
    public static readonly Refusal PrefixTaken = new("queue_prefix_taken", "该单位已有使用此字母的队列", RefusalKind.Conflict);

    /// <summary>The unit has no window queue, or it is switched off.</summary>
    public static readonly Refusal NoWindowQueue = new("no_window_queue", "该服务点未开放取号", RefusalKind.Conflict);

    /// <summary>The appointment is at another place or in another way.</summary>
    public static readonly Refusal NotForThisHall = new("appointment_elsewhere", "该预约不在此处办理", RefusalKind.Conflict);

    /// <summary>Who is known by name is served under a matter, and that needs to be about something.</summary>
    public static readonly Refusal VisitNeedsCategory = new("visit_needs_category", "请选择来访事项的类别", RefusalKind.Unprocessable);

    /// <summary>The copy of the order cannot be made anew. Everything goes on from the database meanwhile.</summary>
    public static readonly Refusal CopyUnavailable = new("queue_copy_unavailable", "排队副本暂时无法重建，排队不受影响", RefusalKind.Unavailable) { RetryAfter = TimeSpan.FromSeconds(10) };
}
