namespace MicroPlatform.Domain.Materials;

public static class MaterialLabels
{
    public static string Label(this MaterialState state) => state switch
    {
        MaterialState.Ready => "可用",
        MaterialState.Quarantined => "已隔离",
        MaterialState.Erased => "已销毁",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    public static string Label(this MaterialAction action) => action switch
    {
        MaterialAction.Attach => "提交到事项",
        MaterialAction.Replace => "更换新版本",
        MaterialAction.Quarantine => "隔离",
        MaterialAction.Release => "解除隔离",
        MaterialAction.Erase => "销毁",
        _ => throw new ArgumentOutOfRangeException(nameof(action)),
    };

    public static string Label(this UseState state) => state switch
    {
        UseState.Submitted => "待审核",
        UseState.Accepted => "已通过",
        UseState.Rejected => "需补正",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    public static string Label(this UseAction action) => action switch
    {
        UseAction.Accept => "通过",
        UseAction.Reject => "退回补正",
        UseAction.Resubmit => "重新提交",
        _ => throw new ArgumentOutOfRangeException(nameof(action)),
    };

    public static string Label(this UploadState state) => state switch
    {
        UploadState.Open => "上传中",
        UploadState.Completed => "已完成",
        UploadState.Cancelled => "已取消",
        UploadState.Expired => "已过期",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    public static string Label(this UploadAction action) => action switch
    {
        UploadAction.Put => "上传分片",
        UploadAction.Complete => "完成",
        UploadAction.Cancel => "取消",
        UploadAction.Expire => "过期",
        _ => throw new ArgumentOutOfRangeException(nameof(action)),
    };

    public static string Label(this NoticeState state) => state switch
    {
        NoticeState.Open => "待补正",
        NoticeState.Fulfilled => "已补齐",
        NoticeState.Withdrawn => "已撤回",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    public static string Label(this NoticeAction action) => action switch
    {
        NoticeAction.Fulfil => "补齐",
        NoticeAction.Withdraw => "撤回",
        _ => throw new ArgumentOutOfRangeException(nameof(action)),
    };

    public static string Label(this ScanResult scan) => scan switch
    {
        ScanResult.NotScanned => "未扫描",
        ScanResult.Clean => "未发现病毒",
        ScanResult.Infected => "发现病毒",
        _ => throw new ArgumentOutOfRangeException(nameof(scan)),
    };

    public static string Label(this ThumbnailState state) => state switch
    {
        ThumbnailState.Pending => "生成中",
        ThumbnailState.Done => "已生成",
        ThumbnailState.None => "无缩略图",
        ThumbnailState.Failed => "无法生成",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    public static string Label(this RejectionReason reason) => reason switch
    {
        RejectionReason.Unreadable => "模糊不清，无法辨认",
        RejectionReason.Incomplete => "内容不完整或缺页",
        RejectionReason.WrongDocument => "与要求的材料不符",
        RejectionReason.Expired => "证件已过有效期",
        RejectionReason.NotOriginal => "不是原件拍摄",
        RejectionReason.Inconsistent => "信息前后不一致",
        RejectionReason.Other => "其他原因",
        _ => throw new ArgumentOutOfRangeException(nameof(reason)),
    };

    public static string Label(this PhotoWarning warning) => warning switch
    {
        PhotoWarning.TooSmall => "图片太小，文字可能看不清",
        PhotoWarning.TooDark => "光线太暗，请在明亮处重拍",
        PhotoWarning.Blurred => "图片模糊，请对焦后重拍",
        PhotoWarning.Duplicate => "与您已上传的图片相似，请确认没有重复",
        _ => throw new ArgumentOutOfRangeException(nameof(warning)),
    };

    public static string Label(this MaterialVariant variant) => variant switch
    {
        MaterialVariant.Original => "原件",
        MaterialVariant.Thumbnail => "缩略图",
        _ => throw new ArgumentOutOfRangeException(nameof(variant)),
    };
}
