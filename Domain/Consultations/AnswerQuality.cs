using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Consultations;

/// <summary>
/// Refuses answers that are none. A public mailbox elsewhere was found to have given 2,037 answers that pasted the question back;
/// here such a text never reaches the citizen. It judges only the two gross cases and leaves style to people.
/// </summary>
public static class AnswerQuality
{
    /// <summary>Share of the answer's three-character pieces that stand in the citizen's texts too, from which it counts as pasted.</summary>
    public const double Overlap = 0.8;

    /// <summary>Characters that must be left when greetings and stock phrases are taken away.</summary>
    public const int Substance = 12;

    private static readonly string[] StockPhrases =
    [
        "感谢您的咨询", "感谢您对我们工作的支持", "感谢您的信任与支持", "感谢您的来信", "感谢您的理解", "感谢来电", "谢谢您的咨询", "谢谢咨询",
        "您的问题已收到", "您的问题我们已收到", "您的留言已收到", "您反映的问题已收悉", "您反映的问题", "来信收悉", "已收悉", "已收到",
        "我们会尽快处理", "我们将尽快处理", "我们会尽快答复", "会尽快为您处理", "请耐心等待", "请您耐心等待", "工作人员会与您联系", "稍后与您联系",
        "建议咨询专业律师", "建议您咨询专业律师", "请咨询专业人士", "请咨询当地有关部门", "请咨询相关部门", "请到相关部门咨询", "请联系相关部门",
        "具体情况具体分析", "请依法维权", "请依法维护自身权益", "建议依法维权", "建议通过法律途径解决", "请通过法律途径解决",
        "祝您生活愉快", "祝您工作顺利", "欢迎再次咨询", "欢迎拨打12348", "如有疑问请拨打12348", "如有疑问欢迎再次咨询", "详情请咨询12348", "尊敬的",
        "您好", "你好", "市民", "谢谢", "再见", "收到", "关于您咨询的问题", "现答复如下", "现回复如下", "答复如下", "回复如下", "特此回复", "特此答复",
    ];

    /// <summary>Null when the answer may go out.</summary>
    /// <param name="citizensTexts">Everything the citizen has written in the thread.</param>
    public static Refusal? Judge(string answer, IEnumerable<string> citizensTexts)
    {
        var bare = Normalise(answer);
        var rest = StockPhrases.OrderByDescending(p => p.Length).Aggregate(bare, (text, phrase) => text.Replace(phrase, "", StringComparison.Ordinal));
        if (rest.Length < Substance) return ConsultationRefusals.AnswerIsBoilerplate.At("text", "答复过短或只有套话");

        var asked = new HashSet<string>(citizensTexts.SelectMany(t => Pieces(Normalise(t))), StringComparer.Ordinal);
        var pieces = Pieces(rest).ToList();
        if (asked.Count > 0 && pieces.Count(asked.Contains) >= Overlap * pieces.Count)
            return ConsultationRefusals.AnswerRepeatsQuestion.At("text", "与群众提问内容雷同");
        return null;
    }

    private static string Normalise(string text) => new([.. text.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);

    private static IEnumerable<string> Pieces(string text) =>
        text.Length < 3 ? [text] : Enumerable.Range(0, text.Length - 2).Select(i => text.Substring(i, 3));
}
