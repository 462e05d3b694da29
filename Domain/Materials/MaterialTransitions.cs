namespace MicroPlatform.Domain.Materials;

/// <summary>Every permitted move of materials, their uses, uploads and notices. What is not here is refused. Printed in <c>docs/states.md</c>; a test tries every pair.</summary>
public static class MaterialTransitions
{
    public static readonly IReadOnlyDictionary<(MaterialState From, MaterialAction Action), MaterialState> Table =
        new Dictionary<(MaterialState, MaterialAction), MaterialState>
        {
            [(MaterialState.Ready, MaterialAction.Attach)] = MaterialState.Ready,
            [(MaterialState.Ready, MaterialAction.Replace)] = MaterialState.Ready,
            [(MaterialState.Ready, MaterialAction.Quarantine)] = MaterialState.Quarantined,
            [(MaterialState.Ready, MaterialAction.Erase)] = MaterialState.Erased,

            [(MaterialState.Quarantined, MaterialAction.Release)] = MaterialState.Ready,
            [(MaterialState.Quarantined, MaterialAction.Erase)] = MaterialState.Erased,
        };

    public static readonly IReadOnlyDictionary<(UseState From, UseAction Action), UseState> Uses =
        new Dictionary<(UseState, UseAction), UseState>
        {
            [(UseState.Submitted, UseAction.Accept)] = UseState.Accepted,
            [(UseState.Submitted, UseAction.Reject)] = UseState.Rejected,
            [(UseState.Submitted, UseAction.Resubmit)] = UseState.Submitted,

            [(UseState.Accepted, UseAction.Reject)] = UseState.Rejected,
            [(UseState.Accepted, UseAction.Resubmit)] = UseState.Submitted,

            [(UseState.Rejected, UseAction.Accept)] = UseState.Accepted,
            [(UseState.Rejected, UseAction.Resubmit)] = UseState.Submitted,
        };

    public static readonly IReadOnlyDictionary<(UploadState From, UploadAction Action), UploadState> Uploads =
        new Dictionary<(UploadState, UploadAction), UploadState>
        {
            [(UploadState.Open, UploadAction.Put)] = UploadState.Open,
            [(UploadState.Open, UploadAction.Complete)] = UploadState.Completed,
            [(UploadState.Open, UploadAction.Cancel)] = UploadState.Cancelled,
            [(UploadState.Open, UploadAction.Expire)] = UploadState.Expired,
        };

    public static readonly IReadOnlyDictionary<(NoticeState From, NoticeAction Action), NoticeState> Notices =
        new Dictionary<(NoticeState, NoticeAction), NoticeState>
        {
            [(NoticeState.Open, NoticeAction.Fulfil)] = NoticeState.Fulfilled,
            [(NoticeState.Open, NoticeAction.Withdraw)] = NoticeState.Withdrawn,
        };
}
