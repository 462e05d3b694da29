namespace MicroPlatform.Domain.Common;

public static class ActorLabels
{
    public static string Label(this ActorKind kind) => kind switch
    {
        ActorKind.Citizen => "群众",
        ActorKind.Staff => "工作人员",
        ActorKind.Partner => "合作系统",
        ActorKind.System => "系统",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
