namespace MicroPlatform.Domain.Common;

/// <summary>Refusals that any feature may give.</summary>
public static class CommonRefusals
{
    public static readonly Refusal NotFound = new("not_found", "没有找到相关内容", RefusalKind.NotFound);

    public static readonly Refusal Forbidden = new("forbidden", "您没有权限进行此操作", RefusalKind.Forbidden);

    /// <summary>The body, a field, a query value or a header does not have the form it must have.</summary>
    public static readonly Refusal Invalid = new("validation_failed", "提交的内容有误，请检查后再试", RefusalKind.Invalid);

    /// <summary>A text holds NUL, another control character or half of a surrogate pair.</summary>
    public static readonly Refusal BadCharacters = new("text_has_bad_characters", "文字中含有无法保存的字符", RefusalKind.Invalid);

    public static readonly Refusal CursorInvalid = new("cursor_invalid", "翻页参数无效，请从头刷新", RefusalKind.Invalid);

    /// <summary>Somebody else changed the thing since the caller read it (<c>If-Match</c> or <c>version</c>).</summary>
    public static readonly Refusal VersionMismatch = new("version_mismatch", "内容已被他人修改，请刷新后再试", RefusalKind.VersionMismatch);

    /// <summary>Many writers met on one thing and this one lost too often. Nothing was written.</summary>
    public static readonly Refusal TryAgain = new("busy_try_again", "操作的人较多，请稍后再试", RefusalKind.Unavailable) { RetryAfter = TimeSpan.FromSeconds(1) };

    /// <summary>The database or another needed part is away.</summary>
    public static readonly Refusal Unavailable = new("service_unavailable", "服务暂时不可用，请稍后再试", RefusalKind.Unavailable) { RetryAfter = TimeSpan.FromSeconds(2) };
}
