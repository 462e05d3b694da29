using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Consultations;
using MicroPlatform.Infrastructure.Materials;
using MicroPlatform.Infrastructure.Registry;

namespace MicroPlatform.Infrastructure.Administration;

public sealed partial class Settings
{
    /// <summary>The list: what may be changed while the platform runs. Few, and none that could lock everybody out or lose anything.</summary>
    private void Define(ConsultationsOptions consultations, AppointmentsOptions appointments, RegistryOptions registry, MaterialsOptions materials)
    {
        Hours("consultations.answerPromise", "首次答复时限（小时）", 1, 240, () => consultations.AnswerPromise, v => consultations.AnswerPromise = v);
        Days("consultations.closeAfterSilence", "群众未再回复多少天后自动结束", 1, 60, () => consultations.CloseAfterSilence, v => consultations.CloseAfterSilence = v);
        Whole("consultations.openPerPerson", "值班分派时每人同时承办的上限（件）", 1, 200, () => consultations.OpenPerPerson, v => consultations.OpenPerPerson = v);
        Whole("appointments.maxOpenPerCitizen", "每位群众可同时持有的预约（个）", 1, 20, () => appointments.MaxOpenPerCitizen, v => appointments.MaxOpenPerCitizen = v);
        Whole("appointments.maxWaiting", "每位群众可同时候补（个）", 1, 20, () => appointments.MaxWaiting, v => appointments.MaxWaiting = v);
        Hours("appointments.changeNotice", "开始前多少小时内不能自行改期、取消", 0, 72, () => appointments.ChangeNotice, v => appointments.ChangeNotice = v);
        Whole("appointments.noShowLimit", "未到几次后只能到窗口或电话预约", 1, 20, () => appointments.NoShowLimit, v => appointments.NoShowLimit = v);
        Days("appointments.noShowMemory", "未到记录保留（天）", 1, 366, () => appointments.NoShowMemory, v => appointments.NoShowMemory = v);
        Whole("registry.cityMinutes", "城市服务圈（分钟）", 5, 240, () => registry.CityMinutes, v => registry.CityMinutes = v);
        Whole("registry.villageMinutes", "农村服务圈（分钟）", 5, 240, () => registry.VillageMinutes, v => registry.VillageMinutes = v);
        Megabytes("materials.maxImageMegabytes", "单张图片上限（MB）", 1, MaterialsOptions.MostMegabytes, () => materials.MaxImageBytes, v => materials.MaxImageBytes = v);
        Megabytes("materials.maxDocumentMegabytes", "单份文档上限（MB）", 1, MaterialsOptions.MostMegabytes, () => materials.MaxDocumentBytes, v => materials.MaxDocumentBytes = v);
        Megabytes("materials.maxAudioMegabytes", "单段录音上限（MB）", 1, MaterialsOptions.MostMegabytes, () => materials.MaxAudioBytes, v => materials.MaxAudioBytes = v);
        Whole("materials.maxPages", "单份文档页数上限（页）", 1, 2000, () => materials.MaxPages, v => materials.MaxPages = v);
        Megabytes("materials.quotaMegabytes", "每位群众的材料空间（MB）", 10, 100_000, () => materials.QuotaBytes, v => materials.QuotaBytes = v);
        Whole("materials.quotaMaterials", "每位群众的材料份数", 1, 10_000, () => materials.QuotaMaterials, v => materials.QuotaMaterials = v);
        Days("materials.unusedFor", "未提交的材料保留（天）", 7, 366, () => materials.UnusedFor, v => materials.UnusedFor = v);
        Days("materials.retainFor", "办结后材料保存（天，不少于三年）", 1098, 36_600, () => materials.RetainFor, v => materials.RetainFor = v);
        Days("materials.reuseFor", "已通过的材料在其他事项中有效（天）", 1, 1098, () => materials.ReuseFor, v => materials.ReuseFor = v);
    }
}
