using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Materials;

public static class MaterialRefusals
{
    /// <summary>Not one file and text fields as multipart/form-data (R15), or cut off in the middle.</summary>
    public static readonly Refusal UploadMalformed = new("upload_malformed", "上传内容不完整，请重新上传一个文件", RefusalKind.Invalid);

    public static readonly Refusal Empty = new("material_empty", "文件是空的", RefusalKind.Unprocessable);

    /// <summary>Larger than its type may be.</summary>
    public static readonly Refusal TooLarge = new("material_too_large", "文件过大", RefusalKind.TooLarge);

    /// <summary>Its content is none of the types taken, whatever its name says.</summary>
    public static readonly Refusal TypeUnsupported = new("material_type_unsupported", "请上传照片、PDF、Word文档或录音", RefusalKind.Unprocessable);

    /// <summary>It begins as one of the types and does not go on as one: cut off, or not well-formed.</summary>
    public static readonly Refusal Damaged = new("material_damaged", "文件不完整或已损坏，请重新拍照或导出", RefusalKind.Unprocessable);

    /// <summary>More pixels or pages, or more when unpacked, than anybody needs.</summary>
    public static readonly Refusal TooMuchInside = new("material_too_much_inside", "图片尺寸、页数或内容过大", RefusalKind.Unprocessable);

    /// <summary>Scripts, macros, embedded programs, forms that run code, encryption that hides what is inside.</summary>
    public static readonly Refusal ActiveContent = new("material_active_content", "文件中含有脚本、宏、附件或密码，不能上传", RefusalKind.Unprocessable);

    /// <summary>The client's SHA-256 is another one: something was lost on the way.</summary>
    public static readonly Refusal HashMismatch = new("material_hash_mismatch", "文件传输出错，请重新上传", RefusalKind.Unprocessable);

    public static readonly Refusal Infected = new("material_infected", "文件中发现病毒，不能上传", RefusalKind.Unprocessable);

    /// <summary>The person's space is used up.</summary>
    public static readonly Refusal QuotaExceeded = new("material_quota_exceeded", "您的存储空间已满，请先删除不用的材料", RefusalKind.Unprocessable);

    /// <summary>The place where files are kept is away.</summary>
    public static readonly Refusal StoreUnavailable = new("material_store_unavailable", "材料存储暂时不可用，请稍后再试", RefusalKind.Unavailable) { RetryAfter = TimeSpan.FromSeconds(10) };

    /// <summary>The place where files are kept is full. Nothing was kept.</summary>
    public static readonly Refusal StoreFull = new("material_store_full", "材料存储空间不足，请稍后再试", RefusalKind.Unavailable) { RetryAfter = TimeSpan.FromSeconds(60) };

    /// <summary>A matter relies on it.</summary>
    public static readonly Refusal InUse = new("material_in_use", "材料已提交到事项，不能删除", RefusalKind.Conflict);

    public static readonly Refusal Quarantined = new("material_quarantined", "材料已被隔离，暂时不能使用", RefusalKind.Conflict);

    public static readonly Refusal Gone = new("material_erased", "材料已销毁", RefusalKind.Conflict);

    public static readonly Refusal WrongState = new("material_state", "材料当前状态不允许此操作", RefusalKind.Conflict);

    public static readonly Refusal TooManyVersions = new("material_too_many_versions", "版本过多，请另行上传", RefusalKind.Unprocessable);

    /// <summary>One of the ids is nobody's, or somebody else's.</summary>
    public static readonly Refusal UnknownAttachment = new("attachment_unknown", "没有找到要提交的材料", RefusalKind.Unprocessable);

    public static readonly Refusal TooManyAttachments = new("too_many_attachments", "一次最多提交9份材料", RefusalKind.Invalid);

    /// <summary>The matter takes nothing more.</summary>
    public static readonly Refusal MatterOver = new("matter_over", "事项已办结，不能再提交材料", RefusalKind.Conflict);

    public static readonly Refusal AlreadyReviewed = new("material_already_reviewed", "该材料已审核", RefusalKind.Conflict);

    /// <summary>A new version has come since the office looked.</summary>
    public static readonly Refusal VersionChanged = new("material_version_changed", "材料已更新，请查看新版本后再审核", RefusalKind.Conflict);

    public static readonly Refusal UnknownItem = new("checklist_item_unknown", "没有这个材料项目", RefusalKind.Invalid);

    public static readonly Refusal ItemCodeTaken = new("checklist_code_taken", "材料项目代码已存在", RefusalKind.Conflict);

    public static readonly Refusal UploadOver = new("upload_over", "上传已结束，请重新开始", RefusalKind.Conflict);

    /// <summary>Not all parts have arrived; <c>errors.parts</c> names the first that are missing.</summary>
    public static readonly Refusal UploadIncomplete = new("upload_incomplete", "还有分片未上传", RefusalKind.Conflict);

    public static readonly Refusal TooManyUploads = new("too_many_uploads", "同时进行的上传过多，请先完成或取消", RefusalKind.Unprocessable);

    public static readonly Refusal PartLength = new("upload_part_length", "分片长度有误", RefusalKind.Invalid);

    /// <summary>It concerns somebody under age: the reader says why.</summary>
    public static readonly Refusal PurposeRequired = new("material_purpose_required", "涉及未成年人，请填写查看目的", RefusalKind.Unprocessable);

    /// <summary>There is no small picture of it, or not yet.</summary>
    public static readonly Refusal NoThumbnail = new("material_no_thumbnail", "暂无缩略图", RefusalKind.Conflict);

    /// <summary>One notice at a time.</summary>
    public static readonly Refusal NoticeOpen = new("notice_open", "已有一份补正通知尚未完成", RefusalKind.Conflict);

    public static readonly Refusal NoticeOver = new("notice_over", "补正通知已结束", RefusalKind.Conflict);

    /// <summary>Everything should have been in the first one.</summary>
    public static readonly Refusal NoticeNeedsHead = new("notice_needs_head", "再次发出补正通知须由单位负责人办理", RefusalKind.Forbidden);

    public static readonly Refusal NothingMissing = new("nothing_missing", "材料已齐全，无需补正", RefusalKind.Unprocessable);
}
