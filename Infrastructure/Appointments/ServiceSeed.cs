using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Appointments;

/// <summary>What a district offers to begin with; the administrator edits it.</summary>
public static class ServiceSeed
{
    public const string Lawyer = "lawyer";
    public const string Mediation = "mediation";
    public const string Window = "window";

    private const MeetingModes Remote = MeetingModes.Phone | MeetingModes.Video;

    private static readonly ServiceKind[] Services =
    [
        new(Lawyer, 0, "律师咨询", "与律师面谈、通话或视频，每次半小时，免费", 30, MeetingModes.InPerson | Remote, [Role.Lawyer], null, true, 1),
        new("legal-aid", 1, "法律援助申请", "当面或视频递交法律援助申请", 30, MeetingModes.InPerson | MeetingModes.Video, [Role.Lawyer, Role.Clerk], null, true, 1),
        // the committee decides within three working days whether it takes a mediation on.
        new(Mediation, 2, "人民调解", "调解员主持调解，可以上门，免费", 60, MeetingModes.InPerson | MeetingModes.Video | MeetingModes.HomeVisit, [Role.Mediator], 3, true, 1),
        new("notary", 3, "公证办理", "公证事项咨询与办理", 45, MeetingModes.InPerson | MeetingModes.Video | MeetingModes.HomeVisit, [Role.Notary], null, true, 1),
        new(Window, 4, "窗口办理", "服务窗口办理各类法律服务手续", 15, MeetingModes.InPerson, [Role.Clerk], null, true, 1),
        new("home-visit", 5, "上门法律服务", "为行动不便的群众上门提供法律服务", 60, MeetingModes.HomeVisit, [Role.Lawyer, Role.Clerk, Role.Mediator], 3, true, 1),
    ];

    public static Task ApplyAsync(Database database, CancellationToken cancel) => database.WriteAlwaysAsync(async tx =>
    {
        var added = 0;
        foreach (var service in Services)
            if (await ServiceRepository.FindAsync(tx, service.Code) is null && await ServiceRepository.TryInsertAsync(tx, service)) added++;
        return added;
    }, cancel);
}
