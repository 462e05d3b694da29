using MicroPlatform.Api.Consultations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Http.Documents;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Matters;

namespace MicroPlatform.Api.Matters;

/// <summary>Examples of "my matters", the same story as the consultations'.</summary>
public sealed class MatterExamples : OperationExamples
{
    internal const string MatterId = "01KAN8R4XF5J2N8YB6D0S1K7TQ";

    public MatterExamples()
    {
        var asked = ConsultationExamples.Asked;
        For("listMyMatters", null, new Page<MatterView>([View(MatterStatus.AwaitingCitizen)], null, false), ("limit", "20"));
        For("getMatter", null, View(MatterStatus.AwaitingCitizen), ("id", MatterId));
        For("readTimeline", null, new ReadTimeline.Response(
            [
                new("opened", "已提交，受理编号2648-3029-5719", asked), new("assigned", "已由张敏受理", asked.AddMinutes(12)), new("answered", "张敏已答复", asked.AddHours(2)),
            ]), ("id", MatterId));
        For("rateMatter", new RateMatter.Request(5, ["解答清楚", "态度好"], "讲得很明白，第二天就去劳动监察投诉了，谢谢张律师。"),
            new RateMatter.Response(MatterId, 5, "非常满意", ["解答清楚", "态度好"], "讲得很明白，第二天就去劳动监察投诉了，谢谢张律师。", asked.AddDays(2)), ("id", MatterId));
        For("readContact", new ReadContact.Request("电话核实欠薪单位名称"),
            new ReadContact.Response("李来运", "13805550001", ContactPreference.Visible, ContactPreference.Visible.Label()), ("id", MatterId));
        For("setMatterContactPreference", new SetContactPreference.Request(ContactPreference.Neutral), View(MatterStatus.AwaitingCitizen, ContactPreference.Neutral), ("id", MatterId));
    }

    private static MatterView View(MatterStatus status, ContactPreference preference = ContactPreference.Visible)
    {
        var asked = ConsultationExamples.Asked;
        return new MatterView(
            MatterId, "264830295719", "2648-3029-5719", MatterKind.Consultation, MatterKind.Consultation.Label(), Matter.TitleOf(ConsultationExamples.Question), status, status.Label(),
            "0201", "农民工工资", "341602101", "东河镇", Channel.MiniProgram, Channel.MiniProgram.Label(), "东河镇公共法律服务工作站", "张敏", preference,
            ConsultationExamples.ConsultationId, null, null, null, asked, asked.AddHours(2), null);
    }
}
