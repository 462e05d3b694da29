using MicroPlatform.Api.Consultations;
using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Http.Documents;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Domain.Matters;

namespace MicroPlatform.Api.Matters;

/// <summary>Examples of the office's inbox.</summary>
public sealed class StaffMatterExamples : OperationExamples
{
    public StaffMatterExamples()
    {
        var asked = ConsultationExamples.Asked;
        For("readInbox", null, new Page<ReadInbox.Item>(
            [
                new(MatterExamples.MatterId, "264830295719", "2648-3029-5719", MatterKind.Consultation, "留言咨询", Matter.TitleOf(ConsultationExamples.Question), MatterStatus.Received, "待受理",
                    ConsultationExamples.ConsultationId, null, null, ConsultationState.Submitted, "待受理", "0201", "农民工工资", "341602101", "东河镇", Channel.MiniProgram, "微信小程序",
                    DemoDistrict.TownA, "东河镇公共法律服务工作站", null, null, false, asked, asked.AddHours(24), false, null, asked, asked),
            ], null, false), ("box", "unit"), ("state", "waiting"), ("limit", "20"));
        var found = new SearchMatters.Item(
            MatterExamples.MatterId, "264830295719", "2648-3029-5719", MatterKind.Consultation, "留言咨询", Matter.TitleOf(ConsultationExamples.Question), MatterStatus.Received, "待受理", "0201", "农民工工资",
            "341602101", "东河镇", Channel.MiniProgram, "微信小程序", DemoDistrict.TownA, "东河镇公共法律服务工作站", null, null, ConsultationExamples.ConsultationId, null, asked, asked, asked, null);
        For("searchMatters", new SearchMatters.Request(null, null, null, "拖欠工资", MatterStatus.Received, DemoDistrict.TownA, "02", null, null, null, 20), new Page<SearchMatters.Item>([found], null, false));
        For("searchAllMatters", new SearchMatters.Request(null, "13805550001", null, null, null, null, null, null, null, null, 20), new Page<SearchMatters.Item>([found with { Title = null }], null, false));
        For("readInternalTimeline", null, new ReadInternalTimeline.Response(
            [
                new("opened", "已提交，受理编号2648-3029-5719", true, ActorKind.Citizen, null, asked), new("assigned", "已由张敏受理", true, ActorKind.Staff, "张敏", asked.AddMinutes(12)),
            ]), ("id", MatterExamples.MatterId));
    }
}
