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
}
