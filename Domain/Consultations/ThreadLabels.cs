namespace MicroPlatform.Domain.Consultations;

public static class ThreadLabels
{
    public static string Label(this MessageKind kind) => kind switch
    {
        MessageKind.Question => "提问",
        MessageKind.FollowUp => "补充或追问",
        MessageKind.Answer => "答复",
        MessageKind.Note => "内部备注",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public static string Label(this ConsultationAction action) => action switch
    {
        ConsultationAction.Assign => "受理或指派",
        ConsultationAction.Release => "放回待办",
        ConsultationAction.MoveUnit => "转其他单位",
        ConsultationAction.Answer => "答复",
        ConsultationAction.Ask => "补充或追问",
        ConsultationAction.Note => "写备注",
        ConsultationAction.Close => "结束",
        ConsultationAction.Withdraw => "撤回",
        ConsultationAction.Reject => "退回",
        ConsultationAction.Merge => "并案",
        _ => throw new ArgumentOutOfRangeException(nameof(action)),
    };
}
