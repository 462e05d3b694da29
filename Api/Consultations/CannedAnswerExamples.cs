using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Http.Documents;

namespace MicroPlatform.Api.Consultations;

/// <summary>Examples of canned answers.</summary>
public sealed class CannedAnswerExamples : OperationExamples
{
    private const string AnswerId = "01KAN8R4XN6A8B5C2D7E4F9G1H";
    private const string Text = "有欠条或者工资结算清单的，可以直接向法院起诉，不必先申请劳动仲裁（法释〔2020〕26号第十五条）。农民工追索劳动报酬申请法律援助不审查经济困难，请带身份证和欠条到就近的工作站办理。";

    public CannedAnswerExamples()
    {
        var answer = new CannedAnswerView(AnswerId, DemoDistrict.TownA, "东河镇公共法律服务工作站", false, "0201", "农民工工资", "有欠条的欠薪", Text, ConsultationExamples.Asked, 1);
        For("listCannedAnswers", null, new Page<CannedAnswerView>([answer], null, false), ("limit", "20"));
        For("addCannedAnswer", new WriteCannedAnswer.AddRequest(DemoDistrict.TownA, "0201", answer.Title, Text), answer);
        For("editCannedAnswer", new WriteCannedAnswer.EditRequest("0201", "有欠条的欠薪（2026版）", Text), answer with { Title = "有欠条的欠薪（2026版）", Version = 2 }, ("id", AnswerId));
        For("removeCannedAnswer", null, answer, ("id", AnswerId));
    }
}
