using MicroPlatform.Api.Http;
using MicroPlatform.Api.Http.Documents;
using MicroPlatform.Api.Matters;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Materials;
using MicroPlatform.Infrastructure.Materials;

namespace MicroPlatform.Api.Materials;

/// <summary>Examples of materials, told as one story: the wage slip of the demo district's first matter.</summary>
public sealed class MaterialExamples : OperationExamples
{
    private const string MaterialId = "01KAN9X2M4GV0T3ZQ5W7C9E2MA";
    private const string UseId = "01KAN9X2M4GV0T3ZQ5W7C9E2MB";
    private const string UploadId = "01KAN9X2M4GV0T3ZQ5W7C9E2MC";
    private const string LinkId = "01KAN9X2M4GV0T3ZQ5W7C9E2MD";
    private const string NoticeId = "01KAN9X2M4GV0T3ZQ5W7C9E2ME";
    private const string Sha = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    private static readonly DateTimeOffset At = new(2026, 11, 22, 9, 40, 0, ChinaTime.Offset);

    private static readonly MaterialView Slip = new(
        MaterialId, "工资结算清单", "wage-iou", MaterialState.Ready, MaterialState.Ready.Label(), 1, MaterialType.Jpeg, MaterialType.Jpeg.Label(), "image/jpeg", 3_218_450, Sha, 4000, 3000, null,
        [new WarningView(PhotoWarning.TooDark, PhotoWarning.TooDark.Label())], ScanResult.NotScanned, ScanResult.NotScanned.Label(), ThumbnailState.Done, true, false, 0, At, At);

    private static readonly ChecklistItemView Item = new("wage-iou", "0201", "欠条或工资结算清单", true, "wage-proof", "金额、日期、签字都要看得清", 40, true, 2);

    public MaterialExamples()
    {
        For("uploadMaterial", null, Slip);
        For("listMyMaterials", null, new Page<MaterialView>([Slip], null, false), ("limit", "20"));
        For("getMaterial", null, new MaterialDetailView(Slip, [new VersionView(1, MaterialType.Jpeg, 3_218_450, 4000, 3000, null, Slip.Warnings, ThumbnailState.Done, At)]), ("id", MaterialId));
        For("replaceMaterial", null, Slip with { VersionNumber = 2, Warnings = [] }, ("id", MaterialId));
        var erasure = new ErasureView(MaterialId, ErasureReason.Requested, ErasureReason.Requested.Label(), At.AddHours(1), [new ErasedVersion(1, Sha, Sha)], Sha, true);
        For("eraseMaterial", null, erasure, ("id", MaterialId));
        For("readErasureProof", null, erasure, ("id", MaterialId));
        For("listMaterialReadings", null,
            new Page<ListReadings.Reading>([new ListReadings.Reading(At.AddHours(2), "张敏", "法律援助中心", 1, MaterialVariant.Original, MaterialVariant.Original.Label(), "核对欠薪数额")], null, false), ("id", MaterialId));
        var link = new LinkView(LinkId, $"/v1/material-files/{LinkId}.p7Qm3v0cX9yZ1aB2cD3eF4gH5iJ6kL7mN8oP9qR0sTu", "image/jpeg", 3_218_450, At.AddHours(2));
        For("openMaterial", new OpenMaterial.Request(MaterialVariant.Original, null, null), link, ("id", MaterialId));
        For("openMaterialAsStaff", new OpenMaterial.Request(MaterialVariant.Original, null, "核对欠薪数额"), link, ("id", MaterialId));
        For("revokeMaterialLink", null, new OpenMaterial.Revoked(LinkId, At.AddMinutes(5)), ("id", LinkId));
        var begun = new UploadView(UploadId, UploadState.Open, UploadState.Open.Label(), "银行流水", 5_500_000, Upload.PartBytes, 6, [], 0, At.AddDays(1), null);
        For("beginUpload", new BeginUpload.Request("银行流水", "流水2026.pdf", 5_500_000, Sha, "wage-bank", false, null), begun);
        For("getUpload", null, begun with { Received = [1, 2, 4], ReceivedBytes = 3 * Upload.PartBytes }, ("id", UploadId));
        For("putUploadPart", null, begun with { Received = [1], ReceivedBytes = Upload.PartBytes }, ("id", UploadId), ("number", "1"));
        For("completeUpload", null, Slip with { Name = "银行流水", ItemCode = "wage-bank", Type = MaterialType.Pdf, TypeText = MaterialType.Pdf.Label(), ContentType = "application/pdf", Width = null, Height = null, Pages = 12, Warnings = [] }, ("id", UploadId));
        For("cancelUpload", null, begun with { State = UploadState.Cancelled, StateText = UploadState.Cancelled.Label() }, ("id", UploadId));
        var of = Matter(UseState.Submitted);
        For("listMatterMaterials", null, of, ("id", MatterExamples.MatterId));
        For("attachMaterials", new AttachMaterials.Request([new AttachMaterials.Item(MaterialId, "wage-iou")], null), of, ("id", MatterExamples.MatterId));
        For("listMaterialsOfMatter", null, of, ("id", MatterExamples.MatterId));
        For("acceptMaterial", new ReviewMaterial.AcceptRequest(1, "wage-iou"), Matter(UseState.Accepted), ("id", UseId));
        For("rejectMaterial", new ReviewMaterial.RejectRequest(1, RejectionReason.Unreadable, "金额一栏看不清，请重拍"), Matter(UseState.Rejected), ("id", UseId));
        For("sendMaterialNotice", new SendNotice.Request(new DateOnly(2026, 12, 5), ["厂方名称和地址"], "备齐后一次上传即可，不用到窗口"), Notice(NoticeState.Open), ("id", MatterExamples.MatterId));
        For("withdrawMaterialNotice", null, Notice(NoticeState.Withdrawn), ("id", NoticeId));
        ForAdministrators();
    }

    private void ForAdministrators()
    {
        For("readMaterialFigures", null, new ReadMaterialFigures.Response(
            "local", [new ReadMaterialFigures.Figure("Original", 1520, 4_812_331_008), new ReadMaterialFigures.Figure("Thumbnail", 1377, 214_500_112)], [new ReadMaterialFigures.Figure("Jpeg", 1377, 4_390_120_448)],
            1496, 1, 23, 0, 2, 3, true, true, new ReadMaterialFigures.Limits(20 << 20, 50 << 20, 50 << 20, 50_000_000, 300, 1L << 30, 500, 30, 1098, 180, 120)));
        var infected = new Quarantine.Item(MaterialId, MaterialState.Quarantined, MaterialState.Quarantined.Label(), MaterialType.Docx, MaterialType.Docx.Label(), 84_113, Sha, 0, At);
        For("listQuarantine", null, new Page<Quarantine.Item>([infected], null, false), ("limit", "20"));
        For("releaseMaterial", new Quarantine.ReleaseRequest("经人工核查为误报"), infected with { State = MaterialState.Ready, StateText = MaterialState.Ready.Label() }, ("id", MaterialId));
        For("destroyMaterial", null, new ErasureView(MaterialId, ErasureReason.Infected, ErasureReason.Infected.Label(), At, [new ErasedVersion(1, Sha, Sha)], Sha, true), ("id", MaterialId));
        For("listChecklistItems", null, new WriteChecklist.Response([Item]));
        For("addChecklistItem", new WriteChecklist.AddRequest("rent-contract", "0803", "租赁合同", true, null, "每一页都要拍到", 10), Item with { Code = "rent-contract", CategoryCode = "0803", Name = "租赁合同", ChoiceGroup = null, Hint = "每一页都要拍到", Position = 10, Version = 1 });
        For("editChecklistItem", new WriteChecklist.Request("0201", "欠条或工资结算清单", true, "wage-proof", "金额、日期、签字都要看得清", 40), Item, ("code", "wage-iou"));
        For("deactivateChecklistItem", null, Item with { Active = false }, ("code", "wage-iou"));
        For("activateChecklistItem", null, Item, ("code", "wage-iou"));
    }

    private static MatterMaterialsView Matter(UseState state)
    {
        var rejected = state == UseState.Rejected;
        var standing = state switch { UseState.Accepted => ItemStanding.Accepted, UseState.Rejected => ItemStanding.Rejected, _ => ItemStanding.Submitted };
        var use = new UseView(
            UseId, MaterialId, 1, "工资结算清单", MaterialState.Ready, MaterialType.Jpeg, MaterialType.Jpeg.Label(), 3_218_450, 4000, 3000, null, [], ScanResult.NotScanned, ScanResult.NotScanned.Label(), true, false,
            state, state.Label(), false, rejected ? RejectionReason.Unreadable : null, rejected ? RejectionReason.Unreadable.Label() : null, rejected ? "金额一栏看不清，请重拍" : null,
            state == UseState.Submitted ? null : "张敏", state == UseState.Submitted ? null : At.AddHours(2), null, At);
        return new MatterMaterialsView(MatterExamples.MatterId,
            [
                new ChecklistLineView("id-card", "身份证正反面", true, "identity", "人像面和国徽面都要拍到，四角完整", ItemStanding.Missing, ItemStanding.Missing.Label(), []),
                new ChecklistLineView("wage-iou", "欠条或工资结算清单", true, "wage-proof", null, standing, standing.Label(), [use]),
            ], [], false, null);
    }

    private static NoticeView Notice(NoticeState state) => new(
        NoticeId, MatterExamples.MatterId, state, state.Label(), [new NoticeItemView("id-card", "身份证正反面", "人像面和国徽面都要拍到，四角完整")], ["厂方名称和地址"], "备齐后一次上传即可，不用到窗口",
        new DateOnly(2026, 12, 5), At.AddHours(2), state == NoticeState.Open ? null : At.AddHours(3));
}
