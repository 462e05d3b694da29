namespace MicroPlatform.Domain.Materials;

/// <summary>States of a material.</summary>
public enum MaterialState
{
    /// <summary>可用: can be attached and read.</summary>
    Ready,
    /// <summary>已隔离: the virus scanner found something; nobody reads it until an administrator has decided.</summary>
    Quarantined,
    /// <summary>已销毁: the key of its bytes is gone, and with it the bytes; a proof stays.</summary>
    Erased,
}

/// <summary>What can be done to a material. Each is a verb of <see cref="Material"/>.</summary>
public enum MaterialAction
{
    /// <summary>To a matter, perhaps by a message or an appointment on it.</summary>
    Attach,
    /// <summary>With a new version.</summary>
    Replace,
    Quarantine,
    /// <summary>The scanner was wrong.</summary>
    Release,
    /// <summary>On request, by retention, or because it is infected.</summary>
    Erase,
}

/// <summary>States of a material's use on a matter.</summary>
public enum UseState
{
    /// <summary>待审核</summary>
    Submitted,
    /// <summary>已通过</summary>
    Accepted,
    /// <summary>需补正, with a coded reason.</summary>
    Rejected,
}

/// <summary>What can be done to a use. Each is a verb of <see cref="MaterialUse"/>.</summary>
public enum UseAction
{
    Accept,
    Reject,
    /// <summary>The citizen has replaced the material with a new version.</summary>
    Resubmit,
}

/// <summary>States of an upload in parts.</summary>
public enum UploadState
{
    /// <summary>上传中</summary>
    Open,
    /// <summary>已完成: a material has come of it.</summary>
    Completed,
    /// <summary>已取消 by the citizen.</summary>
    Cancelled,
    /// <summary>已过期: nobody went on with it.</summary>
    Expired,
}

/// <summary>What can be done to an upload. Each is a verb of <see cref="Upload"/>.</summary>
public enum UploadAction
{
    /// <summary>A part arrives, perhaps once more.</summary>
    Put,
    Complete,
    Cancel,
    Expire,
}

/// <summary>States of a notice of what is missing (一次性告知).</summary>
public enum NoticeState
{
    /// <summary>待补正</summary>
    Open,
    /// <summary>已补齐: everything it listed has been handed in.</summary>
    Fulfilled,
    /// <summary>已撤回 by the office.</summary>
    Withdrawn,
}

/// <summary>What can be done to a notice. Each is a verb of <see cref="SupplementNotice"/>.</summary>
public enum NoticeAction
{
    Fulfil,
    Withdraw,
}

/// <summary>What the virus scanner has said.</summary>
public enum ScanResult
{
    /// <summary>未扫描: no scanner is set up, or it was away; a later scan may still come.</summary>
    NotScanned,
    /// <summary>未发现病毒</summary>
    Clean,
    /// <summary>发现病毒</summary>
    Infected,
}

/// <summary>Whether there is a small picture.</summary>
public enum ThumbnailState
{
    /// <summary>生成中: the tool is away or busy.</summary>
    Pending,
    Done,
    /// <summary>Nothing to see: sound and Word documents.</summary>
    None,
    /// <summary>The tool could not read the file.</summary>
    Failed,
}

/// <summary>Why the office does not take a material as it is.</summary>
public enum RejectionReason
{
    Unreadable,
    Incomplete,
    WrongDocument,
    Expired,
    NotOriginal,
    Inconsistent,
    /// <summary>Told in the note.</summary>
    Other,
}

/// <summary>What the photo coach says of a picture. Only ever a hint: nothing is refused for it.</summary>
public enum PhotoWarning
{
    TooSmall,
    TooDark,
    Blurred,
    /// <summary>Looks like another one of the person's.</summary>
    Duplicate,
}

/// <summary>Which bytes of a version.</summary>
public enum MaterialVariant
{
    Original,
    Thumbnail,
}
