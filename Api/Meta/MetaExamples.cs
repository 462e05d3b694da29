using MicroPlatform.Api.Http;
using MicroPlatform.Api.Http.Documents;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Consultations;

namespace MicroPlatform.Api.Meta;

/// <summary>Examples of the public information.</summary>
public sealed class MetaExamples : OperationExamples
{
    public MetaExamples()
    {
        var now = new DateTimeOffset(2026, 11, 22, 9, 15, 30, ChinaTime.Offset);
        For("getTime", null, new GetTime.Response(now, now.ToUnixTimeMilliseconds()));
        For("getMeta", null, new GetMeta.Response(
            "1.4.0", "12348", 1,
            [new("02", "劳动争议", [new("0201", "农民工工资", []), new("0204", "工伤", [])])],
            [new("341602", "示范区", [new("341602101", "东河镇", [new("341602101201", "柳树村", [])])])],
            new GetMeta.Limits(Consultation.MaxText, 20, 500, 500, 6, 12, Paging.MaxLimit, LongPoll.MaxSeconds, BodyReading.MaxJson),
            [new("demo-progress", ["consultationAnswered"], LongTerm: false, Neutral: false), new("demo-neutral", ["consultationAnswered"], LongTerm: false, Neutral: true)],
            new Dictionary<string, bool> { ["videoCalls"] = false }));
    }
}
