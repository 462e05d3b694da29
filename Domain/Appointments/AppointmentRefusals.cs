using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Appointments;

public static class AppointmentRefusals
{
    public static readonly Refusal UnknownService = new("service_unknown", "请选择有效的预约事项", RefusalKind.Invalid);

    /// <summary>Nobody can be booked under this id, or no longer.</summary>
    public static readonly Refusal UnknownResource = new("resource_unknown", "该服务人员或窗口暂不接受预约", RefusalKind.Unprocessable);

    /// <summary>Somebody else was first. The screen shows what is free now.</summary>
    public static readonly Refusal SlotTaken = new("slot_taken", "该时段刚刚被约走，请选择其他时间", RefusalKind.Conflict);

    /// <summary>Somebody else is filling in the form for it and has it for some minutes.</summary>
    public static readonly Refusal SlotHeld = new("slot_held", "该时段正在被他人预约，请选择其他时间或稍后再试", RefusalKind.Conflict);

    public static readonly Refusal SlotPast = new("slot_past", "该时间已过，请选择其他时间", RefusalKind.Unprocessable);

    public static readonly Refusal SlotOffRaster = new("slot_off_raster", "该时间不是可预约的起始时间", RefusalKind.Unprocessable);

    /// <summary>Nobody sits there then: outside the hours, a holiday, or leave.</summary>
    public static readonly Refusal SlotOutsideHours = new("slot_outside_hours", "该时间不在服务时间内", RefusalKind.Unprocessable);

    /// <summary>Somebody sits there, but not for this service, in this way or for this side.</summary>
    public static readonly Refusal SlotNotOffered = new("slot_not_offered", "该时间不提供此项服务或此种方式", RefusalKind.Unprocessable);

    public static readonly Refusal SlotBeyondHorizon = new("slot_beyond_horizon", "该日期尚未开放预约", RefusalKind.Unprocessable);

    public static readonly Refusal SlotTooSoon = new("slot_too_soon", "距开始时间太近，请选择稍后的时间或电话联系", RefusalKind.Unprocessable);

    /// <summary>Redis is away: booking goes on, holding does not.</summary>
    public static readonly Refusal HoldUnavailable = new("hold_unavailable", "暂时无法预占，请直接提交预约", RefusalKind.Unavailable) { RetryAfter = TimeSpan.FromSeconds(5) };

    /// <summary>Redis is away: the copy cannot be made anew. Searches read the database meanwhile.</summary>
    public static readonly Refusal CopyUnavailable = new("availability_copy_unavailable", "号源副本暂时无法重建，查询不受影响", RefusalKind.Unavailable) { RetryAfter = TimeSpan.FromSeconds(10) };

    public static readonly Refusal TooManyHolds = new("too_many_holds", "您预占的时段过多，请先完成或放弃", RefusalKind.TooMany) { RetryAfter = TimeSpan.FromMinutes(1) };

    public static readonly Refusal TooManyOpen = new("too_many_appointments", "您未完成的预约已达上限", RefusalKind.Conflict);

    /// <summary>The citizen has an appointment then, at whatever place.</summary>
    public static readonly Refusal OwnOverlap = new("own_appointment_overlaps", "您在该时段已有其他预约", RefusalKind.Conflict);

    /// <summary>Missed too many without a word: books at the window or by phone for a while.</summary>
    public static readonly Refusal NoShowBlock = new("no_show_block", "您近期多次爽约，请到窗口或拨打12348预约", RefusalKind.Forbidden);

    public static readonly Refusal PhoneRequired = new("phone_required", "请先绑定手机号，以便联系您", RefusalKind.Unprocessable);

    /// <summary>A visit at home needs to know where.</summary>
    public static readonly Refusal AddressRequired = new("address_required", "请填写上门地址和上门原因", RefusalKind.Unprocessable);

    /// <summary>Under fourteen (PIPL art. 31) only a guardian books, and says so.</summary>
    public static readonly Refusal GuardianRequired = new("guardian_required", "不满十四周岁须由监护人预约并同意，请填写关系并确认", RefusalKind.Unprocessable);

    /// <summary>The person asked for may not act in this matter; not said why.</summary>
    public static readonly Refusal ConflictOfInterest = new("conflict_of_interest", "该服务人员不便办理此事项，请选择其他人员", RefusalKind.Conflict);

    public static readonly Refusal CancelTooLate = new("cancel_too_late", "已过取消时限，请电话联系服务单位", RefusalKind.Conflict);

    public static readonly Refusal RescheduleTooLate = new("reschedule_too_late", "已过改期时限，请电话联系服务单位", RefusalKind.Conflict);

    public static readonly Refusal TooManyMoves = new("too_many_moves", "该预约改期次数已达上限", RefusalKind.Conflict);

    public static readonly Refusal CheckInTooEarly = new("check_in_too_early", "还未到签到时间", RefusalKind.Conflict);

    /// <summary>The day of the appointment is over.</summary>
    public static readonly Refusal CheckInTooLate = new("check_in_too_late", "预约日期已过，不能签到", RefusalKind.Conflict);

    /// <summary>Nobody is called in before one could have checked in.</summary>
    public static readonly Refusal StartTooEarly = new("start_too_early", "距预约时间太早，还不能开始服务", RefusalKind.Conflict);

    /// <summary>An absence is taken back on its own day only.</summary>
    public static readonly Refusal ReinstateTooLate = new("reinstate_too_late", "只能在预约当天撤销未到", RefusalKind.Conflict);

    /// <summary>At the window the privacy notice is agreed to on paper, and the clerk says so.</summary>
    public static readonly Refusal PaperConsentRequired = new("paper_consent_required", "请当事人签署纸质个人信息处理同意书后再预约", RefusalKind.Unprocessable);

    /// <summary>The number is kept under another name: perhaps it has been given out anew.</summary>
    public static readonly Refusal PersonMismatch = new("person_mismatch", "该手机号登记的姓名与填写的不一致，请核对身份后处理", RefusalKind.Conflict);

    public static readonly Refusal TooManyParties = new("too_many_parties", "回避名单已达上限", RefusalKind.Conflict);

    /// <summary>The code of another place.</summary>
    public static readonly Refusal CheckInWrongPlace = new("check_in_wrong_place", "签到地点不符，请核对服务点", RefusalKind.Conflict);

    public static readonly Refusal NoShowTooEarly = new("no_show_too_early", "开始十五分钟后才能标记未到", RefusalKind.Conflict);

    /// <summary>The citizen was in the video call and the office was not, or the video service failed.</summary>
    public static readonly Refusal OfficeWasAbsent = new("office_was_absent", "群众已按时进入而我方未能接待，不能标记未到", RefusalKind.Conflict);

    public static readonly Refusal WrongState = new("appointment_state", "当前状态不能进行此操作", RefusalKind.Conflict);

    public static readonly Refusal Over = new("appointment_over", "该预约已结束", RefusalKind.Conflict);

    /// <summary>Two hours of one person or desk at the same time.</summary>
    public static readonly Refusal HoursOverlap = new("office_hours_overlap", "与已有的坐班时间重叠", RefusalKind.Conflict);

    /// <summary>A change would break bookings, or breaks others than those that were shown. The problem says how many.</summary>
    public static readonly Refusal PlanChanged = new("plan_changed", "受影响的预约已变化，请重新预览后再提交", RefusalKind.Conflict);

    /// <summary>A change breaks bookings and was not previewed.</summary>
    public static readonly Refusal PlanRequired = new("plan_required", "此变更会影响已有预约，请先预览", RefusalKind.Conflict);

    /// <summary>One's own leave that breaks bookings is for somebody who directs the unit to decide.</summary>
    public static readonly Refusal LeaveNeedsDispatcher = new("leave_needs_dispatcher", "该请假会影响已有预约，请由窗口人员或中心主任办理", RefusalKind.Conflict);

    /// <summary>What has been stays on record.</summary>
    public static readonly Refusal LeaveOver = new("leave_over", "该请假已结束", RefusalKind.Conflict);

    /// <summary>The hours are over, or are not valid on that day.</summary>
    public static readonly Refusal HoursOver = new("office_hours_over", "该坐班时间已结束", RefusalKind.Conflict);

    /// <summary>The person's posts do not give this service.</summary>
    public static readonly Refusal ServiceNotOfRole = new("service_not_of_role", "该人员的岗位不提供此预约事项", RefusalKind.Unprocessable);

    /// <summary>The person can be booked already.</summary>
    public static readonly Refusal ResourceExists = new("resource_exists", "该人员已可预约", RefusalKind.Conflict);

    /// <summary>Who cannot be booked gets no hours and no leave.</summary>
    public static readonly Refusal ResourceInactive = new("resource_inactive", "该服务人员或窗口已停用", RefusalKind.Conflict);

    public static readonly Refusal SwapNotPossible = new("swap_not_possible", "该班次不能换班", RefusalKind.Conflict);

    public static readonly Refusal SwapClosed = new("swap_closed", "该换班申请已处理", RefusalKind.Conflict);

    public static readonly Refusal ServiceCodeTaken = new("service_code_taken", "预约事项代码已存在", RefusalKind.Conflict);

    /// <summary>All places in sets of services are given out.</summary>
    public static readonly Refusal TooManyServices = new("too_many_services", "预约事项数量已达上限", RefusalKind.Conflict);

    /// <summary>The offer of an earlier slot is over, answered, or somebody else's.</summary>
    public static readonly Refusal OfferGone = new("offer_gone", "该候补时段已失效", RefusalKind.Conflict);

    public static readonly Refusal AlreadyWaiting = new("already_waiting", "您已在候补名单中", RefusalKind.Conflict);

    /// <summary>Left, booked or over: there is nothing left to wait for.</summary>
    public static readonly Refusal WaitingOver = new("waiting_over", "该候补已结束", RefusalKind.Conflict);

    public static readonly Refusal TooManyWaiting = new("too_many_waiting", "您的候补已达上限，请先退出其他候补", RefusalKind.Conflict);
}
