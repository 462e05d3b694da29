using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Consultations;

public static class ConsultationRefusals
{
    /// <summary>It has ended; a new question starts a new consultation.</summary>
    public static readonly Refusal Over = new("consultation_over", "本次咨询已结束，如有新问题请重新发起咨询", RefusalKind.Conflict);

    /// <summary>The action does not fit the state, e.g. withdrawing after an answer.</summary>
    public static readonly Refusal WrongState = new("consultation_state_conflict", "当前状态不能进行此操作", RefusalKind.Conflict);

    /// <summary>Somebody else has it: claims of two lawyers met, and this one was second.</summary>
    public static readonly Refusal TakenByOther = new("consultation_taken", "该咨询已由其他人员受理", RefusalKind.Conflict);

    /// <summary>Only the person responsible (or the head of the centre) may do this.</summary>
    public static readonly Refusal NotResponsible = new("not_responsible", "您不是该事项的负责人", RefusalKind.Forbidden);

    /// <summary>The other one is the same one, another citizen's, or over.</summary>
    public static readonly Refusal MergeNotPossible = new("merge_not_possible", "只能并入同一群众的另一件未办结咨询", RefusalKind.Unprocessable);

    /// <summary>Whom it is to be given to does not serve in the unit responsible or above it.</summary>
    public static readonly Refusal HandlerUnsuitable = new("handler_unsuitable", "该人员不在负责单位任职", RefusalKind.Unprocessable);

    /// <summary>One transfer of a matter at a time: the open one must be answered or withdrawn first.</summary>
    public static readonly Refusal TransferPending = new("transfer_pending", "该事项已有待接收的转办", RefusalKind.Conflict);

    /// <summary>It has been accepted, refused or withdrawn, or the matter has ended.</summary>
    public static readonly Refusal TransferDecided = new("transfer_decided", "该转办已处理", RefusalKind.Conflict);

    /// <summary>Two transfers of the matter have been answered already: from the third on, the head over both units decides.</summary>
    public static readonly Refusal TransferNeedsHead = new("transfer_needs_head", "该事项已多次转办，须由上级中心主任决定", RefusalKind.Forbidden);

    /// <summary>Within a unit a matter is given to a colleague, not transferred.</summary>
    public static readonly Refusal TransferToSameUnit = new("transfer_same_unit", "该事项已由此单位负责，请直接指派", RefusalKind.Unprocessable);

    /// <summary>No such unit, or it takes no consultations.</summary>
    public static readonly Refusal TransferUnitUnknown = new("transfer_unit_unknown", "请选择可受理咨询的单位", RefusalKind.Invalid);

    /// <summary>Only the person asked, or who directs the unit asked, answers a transfer; never the one who asked.</summary>
    public static readonly Refusal NotReceiver = new("not_receiver", "您不是该转办的接收人", RefusalKind.Forbidden);

    /// <summary>The answer is nearly the question again.</summary>
    public static readonly Refusal AnswerRepeatsQuestion = new("answer_repeats_question", "答复与提问内容雷同，请给出实质性答复", RefusalKind.Unprocessable);

    /// <summary>Polite phrases with nothing between them.</summary>
    public static readonly Refusal AnswerIsBoilerplate = new("answer_boilerplate", "答复内容过于笼统，请给出实质性答复", RefusalKind.Unprocessable);

    /// <summary>More messages than one thread takes.</summary>
    public static readonly Refusal ThreadFull = new("thread_full", "本次咨询留言已达上限，请重新发起咨询", RefusalKind.Unprocessable);

    /// <summary>Too many open consultations of one citizen.</summary>
    public static readonly Refusal TooManyOpen = new("too_many_open_consultations", "您未办结的咨询较多，请先等待答复", RefusalKind.Unprocessable);
}
