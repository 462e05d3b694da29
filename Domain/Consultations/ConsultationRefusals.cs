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

    /// <summary>The answer is nearly the question again.</summary>
    public static readonly Refusal AnswerRepeatsQuestion = new("answer_repeats_question", "答复与提问内容雷同，请给出实质性答复", RefusalKind.Unprocessable);

    /// <summary>Polite phrases with nothing between them.</summary>
    public static readonly Refusal AnswerIsBoilerplate = new("answer_boilerplate", "答复内容过于笼统，请给出实质性答复", RefusalKind.Unprocessable);

    /// <summary>More messages than one thread takes.</summary>
    public static readonly Refusal ThreadFull = new("thread_full", "本次咨询留言已达上限，请重新发起咨询", RefusalKind.Unprocessable);

    /// <summary>Too many open consultations of one citizen.</summary>
    public static readonly Refusal TooManyOpen = new("too_many_open_consultations", "您未办结的咨询较多，请先等待答复", RefusalKind.Unprocessable);
}
