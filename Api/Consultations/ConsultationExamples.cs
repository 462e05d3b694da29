using MicroPlatform.Api.Http.Documents;
using MicroPlatform.Api.Matters;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Domain.Matters;

namespace MicroPlatform.Api.Consultations;

/// <summary>Examples of the citizen's side, told as one story in the demo district.</summary>
public sealed class ConsultationExamples : OperationExamples
{
    internal const string ConsultationId = "01KAN8R4XHGV0T3ZQ5W7C9E2MB";
    internal const string Question = "我在东河镇一家食品厂干了七个月，离职后还有一万八千六百元工资没发。厂里只写了欠条，没有签过劳动合同。我该怎么要回工资？";
    private const string FollowUp = "补充一下：欠条上有厂长签字和手印，日期是今年9月30日，我手机里还有他承诺还款的聊天记录。";
    internal static readonly DateTimeOffset Asked = new(2026, 11, 22, 9, 15, 30, ChinaTime.Offset);

    public ConsultationExamples()
    {
        For("askQuestion", new AskQuestion.Request("0201", "341602101", Question, null, "ask-20261122-0001"),
            View(ConsultationState.Submitted, MatterStatus.Received, lastSeq: 1, handler: null));
        For("getConsultation", null, View(ConsultationState.Answered, MatterStatus.AwaitingCitizen, lastSeq: 2, handler: "张敏"), ("id", ConsultationId));
        For("readThread", null, new ReadThread.Response([Message(1, MessageKind.Question, Question), Answer()], 2, false, ConsultationState.Answered, ConsultationState.Answered.Label(), 30),
            ("id", ConsultationId), ("after", "0"), ("waitSeconds", "0"));
        For("postMessage", new PostMessage.Request(FollowUp, "msg-20261122-0002"), Message(3, MessageKind.FollowUp, FollowUp), ("id", ConsultationId));
        For("closeConsultation", null, View(ConsultationState.Closed, MatterStatus.Closed, lastSeq: 3, handler: "张敏"), ("id", ConsultationId));
        For("withdrawConsultation", null, View(ConsultationState.Withdrawn, MatterStatus.Withdrawn, lastSeq: 1, handler: null), ("id", ConsultationId));
    }

    private static ConsultationView View(ConsultationState state, MatterStatus status, int lastSeq, string? handler) => new(
        ConsultationId, state, state.Label(), Asked.AddHours(24), handler is null ? null : Asked.AddHours(2), lastSeq,
        [.. new[] { ConsultationAction.Ask, ConsultationAction.Close, ConsultationAction.Withdraw }.Where(a => ConsultationTransitions.Table.ContainsKey((state, a)))],
        new MatterHead(MatterExamples.MatterId, "264830295719", "2648-3029-5719", Matter.TitleOf(Question), status, status.Label(), "0201", "农民工工资", "341602101", "东河镇",
            Channel.MiniProgram, "东河镇公共法律服务工作站", handler, Asked, Asked, status.IsOver() ? Asked.AddDays(1) : null, Rated: false));

    internal static MessageView Message(int seq, MessageKind kind, string text) =>
        new($"01KAN8R4XHGV0T3ZQ5W7C9E2M{seq}", seq, kind, ActorKind.Citizen, null, true, text, $"msg-20261122-000{seq}", Asked.AddMinutes(seq));

    private static MessageView Answer() => new(
        "01KAN8R4XHGV0T3ZQ5W7C9E2M2", 2, MessageKind.Answer, ActorKind.Staff, "张敏", false,
        "没有签劳动合同不影响您要回工资。欠条写明了数额，您可以凭欠条向区劳动监察大队投诉，也可以直接到法院起诉；超过一个月未签合同的，还可以主张双倍工资，仲裁时效是一年。您属于农民工讨薪，可以到东河镇工作站申请法律援助，不审查经济状况。",
        null, Asked.AddHours(2));
}
