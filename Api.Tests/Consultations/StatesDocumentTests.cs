using System.Text;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Administration;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Domain.Materials;
using MicroPlatform.Domain.Queues;
using MicroPlatform.Domain.Hotline;
using MicroPlatform.Domain.VideoCalls;

namespace MicroPlatform.Api.Tests.Consultations;

/// <summary><c>docs/states.md</c> is printed from the tables in the code; this test compares, and writes it anew with <c>TEST_UPDATE_FILES=1</c>.</summary>
public sealed class StatesDocumentTests
{
    [Test]
    public void Document_OfStates_IsWhatTheCodeSays() =>
        CommittedFile.IsUpToDate("docs/states.md", Print(), $"{CommittedFile.UpdateVariable}=1 dotnet test --filter StatesDocument");

    private static string Print()
    {
        var text = new StringBuilder();
        text.Append("# States\n\nPrinted from the code (`TEST_UPDATE_FILES=1 dotnet test --filter StatesDocument`); a test compares. What a table does not show is refused.\n\n");
        text.Append("## Consultation 留言咨询\n\n`Domain/Consultations/ConsultationTransitions.cs`\n\n");
        Table(text, ConsultationTransitions.Table, s => s.Label(), a => a.Label());
        text.Append("\n## Transfer 转办\n\n`Domain/Consultations/TransferTransitions.cs`\n\n");
        Table(text, TransferTransitions.Table, s => s.Label(), a => a.Label());
        text.Append("\n## Waiting list 候补\n\n`Domain/Appointments/WaitlistTransitions.cs`\n\n");
        Table(text, WaitlistTransitions.Table, s => s.Label(), a => a.Label());
        text.Append("\n## Offer of the waiting list 候补时段\n\n`Domain/Appointments/WaitlistTransitions.cs`\n\n");
        Table(text, WaitlistTransitions.Offers, s => s.Label(), a => a.Label());
        text.Append("\n## Appointment 预约\n\n`Domain/Appointments/AppointmentTransitions.cs`. When each is allowed besides (deadlines, who): `Domain/Appointments/Appointment.cs`.\n\n");
        Table(text, AppointmentTransitions.Table, s => s.Label(), a => a.Label());
        text.Append("\n## Video call 视频咨询\n\n`Domain/VideoCalls/CallTransitions.cs`. When each is allowed besides: `Domain/VideoCalls/VideoCall.cs`.\n\n");
        Table(text, CallTransitions.Table, s => s.Label(), a => a.Label());
        text.Append("\n## Request for a second administrator 审批申请\n\n`Domain/Administration/ApprovalTransitions.cs`. Until when it can be decided or undone: `Domain/Administration/Approval.cs`.\n\n");
        Table(text, ApprovalTransitions.Table, s => s.Label(), a => a.Label());
        text.Append("\n## Place in a queue 排队号\n\n`Domain/Queues/TicketTransitions.cs`. When each is allowed besides: `Domain/Queues/Ticket.cs`.\n\n");
        Table(text, TicketTransitions.Table, s => s.Label(), a => a.Label());
        text.Append("\n## Recording 录制\n\n`Domain/VideoCalls/CallRecording.cs`\n\n");
        Table(text, CallRecording.Table, s => s.Label(), a => a.Label());
        text.Append("\n## Hotline ticket 热线工单\n\n`Domain/Hotline/HotlineTransitions.cs`. Events of the hotline may come in any order: steps that have not been told of are assumed as far as that table's `After` says.\n\n");
        Table(text, HotlineTransitions.Table, s => s.Label(), a => a.Label());
        text.Append("\n## Material 材料\n\n`Domain/Materials/MaterialTransitions.cs`. When each is allowed besides: `Domain/Materials/Material.cs`.\n\n");
        Table(text, MaterialTransitions.Table, s => s.Label(), a => a.Label());
        text.Append("\n## Material on a matter 已交材料\n\n`Domain/Materials/MaterialTransitions.cs`\n\n");
        Table(text, MaterialTransitions.Uses, s => s.Label(), a => a.Label());
        text.Append("\n## Upload in parts 分片上传\n\n`Domain/Materials/MaterialTransitions.cs`\n\n");
        Table(text, MaterialTransitions.Uploads, s => s.Label(), a => a.Label());
        text.Append("\n## Notice of what is missing 补正通知\n\n`Domain/Materials/MaterialTransitions.cs`\n\n");
        Table(text, MaterialTransitions.Notices, s => s.Label(), a => a.Label());
        return text.ToString();
    }

    private static void Table<TState, TAction>(
        StringBuilder text, IReadOnlyDictionary<(TState From, TAction Action), TState> table, Func<TState, string> state, Func<TAction, string> action)
        where TState : struct, Enum
        where TAction : struct, Enum
    {
        var states = Enum.GetValues<TState>();
        text.Append("| action ＼ from |").AppendJoin(" |", states.Select(s => $" {s} {state(s)}")).Append(" |\n|---|").AppendJoin("|", states.Select(_ => "---")).Append("|\n");
        foreach (var a in Enum.GetValues<TAction>())
            text.Append($"| **{a}** {action(a)} |").AppendJoin(" |", states.Select(s => table.TryGetValue((s, a), out var to) ? $" {to} {state(to)}" : " –")).Append(" |\n");
    }
}
