using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Http.Documents;
using MicroPlatform.Api.Matters;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Domain.Matters;

namespace MicroPlatform.Api.Consultations;

/// <summary>The same story as <see cref="ConsultationExamples"/>, from the office's side.</summary>
public sealed class StaffConsultationExamples : OperationExamples
{
    private const string Id = ConsultationExamples.ConsultationId;
    private const string Lawyer = "01KAN7V2B8Q4M6N0P2R4T6V8X0";
    private const string TransferId = "01KAN9C4D6F8H0K2M4P6R8T0V2";
    private const string Answer = "没有签劳动合同不影响您要回工资。欠条写明了数额，您可以凭欠条向区劳动监察大队投诉，也可以直接到法院起诉；超过一个月未签合同的，还可以主张双倍工资，仲裁时效是一年。";
    private const string Note = "已电话核实欠条原件在本人手中，建议引导其同时申请法律援助。";
    private const string Reason = "食品厂位于西山镇，劳动监察由西山镇工作站对接";
    private static readonly DateTimeOffset Asked = ConsultationExamples.Asked;

    public StaffConsultationExamples()
    {
        var taken = View(ConsultationState.Assigned, MatterStatus.InProgress);
        For("getStaffConsultation", null, taken, ("id", Id));
        For("readStaffThread", null, new ReadThread.Response(
            [ConsultationExamples.Message(1, MessageKind.Question, ConsultationExamples.Question) with { Mine = false }, Said(2, MessageKind.Note, Note)], 2, false, ConsultationState.Assigned, "已受理", 5),
            ("id", Id), ("after", "0"), ("waitSeconds", "0"));
        For("assignConsultation", new AssignConsultation.Request(null), taken, ("id", Id));
        For("releaseConsultation", null, View(ConsultationState.Submitted, MatterStatus.Received), ("id", Id));
        For("answerConsultation", new AnswerConsultation.Request(Answer, "ans-20261122-0001"), Said(3, MessageKind.Answer, Answer), ("id", Id));
        For("noteConsultation", new NoteConsultation.Request(Note, "note-20261122-0001"), Said(2, MessageKind.Note, Note), ("id", Id));
        For("rejectConsultation", new RejectConsultation.Request("您反映的是电信资费纠纷，请向12381或消费者协会投诉"), View(ConsultationState.Rejected, MatterStatus.Rejected), ("id", Id));
        For("mergeConsultation", new MergeConsultation.Request("01KAN8R4XHGV0T3ZQ5W7C9E2MC"), View(ConsultationState.Merged, MatterStatus.Merged), ("id", Id));
        AddTransfers();
    }

    private void AddTransfers()
    {
        For("requestTransfer", new RequestTransfer.Request(DemoDistrict.TownB, null, Reason), Transfer(TransferState.Pending), ("id", Id));
        For("listTransfers", null, new Page<TransferView>([Transfer(TransferState.Pending)], null, false), ("direction", "incoming"), ("state", "pending"));
        For("acceptTransfer", null, Transfer(TransferState.Accepted), ("id", TransferId));
        For("refuseTransfer", new AnswerTransfer.RefusalRequest("用工地点在东河镇，应由首接单位继续办理"), Transfer(TransferState.Refused, "用工地点在东河镇，应由首接单位继续办理"), ("id", TransferId));
        For("withdrawTransfer", null, Transfer(TransferState.Withdrawn), ("id", TransferId));
    }

    private static StaffConsultationView View(ConsultationState state, MatterStatus status) => new(
        Id, state, state.Label(), Asked.AddHours(24), null, Overdue: false, 2, DemoDistrict.TownA, state == ConsultationState.Submitted ? null : Lawyer, Mine: state != ConsultationState.Submitted,
        status.IsOver() ? null : Asked, null,
        [.. Enum.GetValues<ConsultationAction>().Where(a => a is not (ConsultationAction.Ask or ConsultationAction.Close or ConsultationAction.Withdraw) && ConsultationTransitions.Table.ContainsKey((state, a)))],
        new MatterHead(MatterExamples.MatterId, "264830295719", "2648-3029-5719", Matter.TitleOf(ConsultationExamples.Question), status, status.Label(), "0201", "农民工工资", "341602101", "东河镇",
            Channel.MiniProgram, "东河镇公共法律服务工作站", state == ConsultationState.Submitted ? null : "张敏", Asked, Asked, status.IsOver() ? Asked.AddHours(1) : null, Rated: false));

    private static MessageView Said(int seq, MessageKind kind, string text) =>
        new($"01KAN8R4XHGV0T3ZQ5W7C9E2N{seq}", seq, kind, ActorKind.Staff, "张敏", true, text, null, Asked.AddHours(seq));

    private static TransferView Transfer(TransferState state, string? refusal = null) => new(
        TransferId, state, state.Label(), Id, MatterExamples.MatterId, "264830295719", "2648-3029-5719", Matter.TitleOf(ConsultationExamples.Question), Reason,
        DemoDistrict.TownA, "东河镇公共法律服务工作站", Lawyer, "张敏", DemoDistrict.TownB, "西山镇公共法律服务工作站", null, null, Asked.AddHours(1), state == TransferState.Pending ? null : Asked.AddHours(2), refusal);
}
