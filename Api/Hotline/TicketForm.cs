using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Hotline;
using MicroPlatform.Domain.Identity;

namespace MicroPlatform.Api.Hotline;

/// <summary>A file that the hotline keeps; only its address is kept here.</summary>
public sealed record AttachmentLink([property: MaxLength(200)] string? Name, [property: MaxLength(1000)] string? Url, [property: MaxLength(64)] string? Sha256);

/// <summary>A hotline's ticket as it comes over the wire. Fields that are not listed are kept and given back in <c>ext</c>.</summary>
/// <param name="TicketNo">The hotline's number; with PUT it may stand in the address only.</param>
/// <param name="CategoryCode">Of the dictionary <c>categories</c>, or of the hotline's own when it is mapped.</param>
/// <param name="IdNumber">National id; needs the scope <c>pii</c> and is dropped without it.</param>
/// <param name="AreaCode">GB/T 2260, or the hotline's own when it is mapped.</param>
/// <param name="AcceptedAt">RFC 3339, or <c>yyyy-MM-dd HH:mm:ss</c> in China.</param>
/// <param name="Status">Where the ticket stands for the hotline: for those that send no events.</param>
/// <param name="Version">Of the hotline's own counting: an older one than stored is refused.</param>
/// <param name="UpdatedAt">The same by time.</param>
public sealed record TicketRequest(
    [property: MaxLength(HotlineContent.MaxTicketNo)] string? TicketNo, [property: RegularExpression("^(12348|12345|other)$")] string? Source, HotlineDoor? Channel, HotlineDemand? Type,
    [property: MaxLength(HotlineContent.MaxCode)] string? CategoryCode, [property: MaxLength(HotlineContent.MaxTitle)] string? Title,
    [property: Required, MaxLength(HotlineContent.MaxContent)] string? Content, [property: MaxLength(50)] string? CallerName, [property: MaxLength(40)] string? CallerPhone, CallerGender? CallerGender,
    [property: MaxLength(40)] string? IdNumber, [property: MaxLength(HotlineContent.MaxCode)] string? AreaCode, [property: MaxLength(200)] string? Address,
    [property: Range(-180, 180)] double? Lng, [property: Range(-90, 90)] double? Lat, HotlineUrgency? Urgency, bool? Confidential, [property: Required, MaxLength(40)] string? AcceptedAt,
    [property: MaxLength(40)] string? DeadlineAt, [property: MaxLength(HotlineContent.MaxCode)] string? AgentNo, [property: MaxLength(HotlineContent.MaxTicketNo)] string? CallId,
    [property: MaxLength(50)] IReadOnlyList<AttachmentLink>? Attachments, [property: MaxLength(HotlineContent.MaxCode)] string? DepartmentCode, HotlineTicketState? Status, HotlineResult? Result,
    [property: MaxLength(HotlineContent.MaxContent)] string? ReplySummary, Dictionary<string, JsonElement>? Ext, [property: Range(0, 9007199254740991)] long? Version, [property: MaxLength(40)] string? UpdatedAt)
{
    /// <summary>Whatever else was sent.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; init; }
}

/// <summary>Cleans what a hotline sends.</summary>
internal static class TicketForm
{
    public static Outcome<(HotlineContent Content, HotlineAge Age)> Read(TicketRequest r, HotlinePartner partner, byte[] body, DateTimeOffset now)
    {
        var content = Text.Clean(r.Content, "content", HotlineContent.MaxContent);
        if (content.IsRefused) return content.Refusal!;
        var (title, address) = (Text.CleanOptional(r.Title, "title", HotlineContent.MaxTitle), Text.CleanOptional(r.Address, "address", 200));
        if ((title.Refusal ?? address.Refusal) is { } unclean) return unclean;
        foreach (var (code, field) in ((string?, string)[])[(r.CategoryCode, "categoryCode"), (r.AreaCode, "areaCode"), (r.DepartmentCode, "departmentCode"), (r.AgentNo, "agentNo"), (r.CallId, "callId")])
            if (Code(code, field) is { } bad) return bad;
        PersonName? name = null;
        // What an agent typed that is no name (“匿名”、“王先生(代)”) is kept with the rest and never refused.
        var odd = !string.IsNullOrWhiteSpace(r.CallerName) && !PersonName.TryParse(r.CallerName, out name);
        var phone = Text.CleanOptional(r.CallerPhone, "callerPhone", 40);
        if (phone.IsRefused) return phone.Refusal!;
        NationalId? nationalId = null;
        if (partner.May(PartnerScope.Pii) && !string.IsNullOrWhiteSpace(r.IdNumber) && !NationalId.TryParse(r.IdNumber, now.DateInChina(), out nationalId)) return CommonRefusals.Invalid.At("idNumber", "身份证号不正确");
        var accepted = Instant(r.AcceptedAt, "acceptedAt");
        if (accepted.IsRefused) return accepted.Refusal!;
        var (deadline, updated) = (Instant(r.DeadlineAt, "deadlineAt"), Instant(r.UpdatedAt, "updatedAt"));
        if ((deadline.Refusal ?? updated.Refusal) is { } when_) return when_;
        if (accepted.Value > now.AddHours(1)) return CommonRefusals.Invalid.At("acceptedAt", "受理时间在将来");
        var ext = Kept(r, odd ? r.CallerName : null);
        if (ext.IsRefused) return ext.Refusal!;
        var attachments = r.Attachments?.Where(a => a is not null).ToList() is { Count: > 0 } files ? JsonSerializer.Serialize(files, WireJson.Options) : null;
        if (attachments is not null && Text.Clean(attachments, "attachments", HotlineContent.MaxKept) is { IsRefused: true } files_) return files_.Refusal!;
        return (new HotlineContent(
            r.Source ?? "12348", r.Channel ?? HotlineDoor.Phone, r.Type, r.CategoryCode, title.Value, content.Value, name, phone.Value, r.CallerGender ?? CallerGender.Unknown, nationalId, r.AreaCode, address.Value,
            Millionths(r.Lng), Millionths(r.Lat), r.Urgency ?? HotlineUrgency.Normal, r.Confidential ?? false, accepted.Value!.Value, deadline.Value, r.AgentNo, r.CallId, r.DepartmentCode,
            attachments, ext.Value, Convert.ToHexStringLower(SHA256.HashData(body))), new HotlineAge(r.Version, updated.Value));
    }

    /// <summary>A business number of the hotline's: printable ASCII without blanks, so that it fits an address.</summary>
    public static Outcome<string> Number(string? text, string field) =>
        text is { Length: > 0 and <= HotlineContent.MaxTicketNo } && text.All(c => c is > ' ' and < '\u007f' and not ('/' or '?' or '#' or '%' or '\\')) ? text : CommonRefusals.Invalid.At(field, "应为1到64位字母、数字或符号");

    /// <summary>RFC 3339, or a time in China without an offset.</summary>
    public static Outcome<DateTimeOffset?> Instant(string? text, string field)
    {
        if (string.IsNullOrWhiteSpace(text)) return (DateTimeOffset?)null;
        var local = DateTime.TryParseExact(text, ["yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var plain);
        if (!local && !(text.Length > 10 && (text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > 10) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var exact)
            && (plain = exact.UtcDateTime) != default))
            return CommonRefusals.Invalid.At(field, "应为RFC 3339时间或yyyy-MM-dd HH:mm:ss");
        var instant = new DateTimeOffset(DateTime.SpecifyKind(plain, DateTimeKind.Unspecified), local ? ChinaTime.Offset : TimeSpan.Zero);
        return instant.Year is < 2000 or > 2100 ? CommonRefusals.Invalid.At(field, "时间不正确") : DateTimeOffset.FromUnixTimeMilliseconds(instant.ToUnixTimeMilliseconds());
    }

    private static Refusal? Code(string? code, string field) => code is null ? null : Text.Clean(code, field, HotlineContent.MaxCode, min: 0).Refusal;

    private static int? Millionths(double? degrees) => degrees is { } d ? (int)Math.Round(d * 1e6) : null;

    private static Outcome<string?> Kept(TicketRequest r, string? oddName)
    {
        var kept = new Dictionary<string, JsonElement>(r.Ext ?? []);
        foreach (var (name, value) in r.Unknown ?? []) kept[name] = value;
        if (oddName is not null) kept["callerNameAsGiven"] = JsonSerializer.SerializeToElement(oddName);
        if (kept.Count == 0) return (string?)null;
        var json = Text.Clean(JsonSerializer.Serialize(kept, WireJson.Options), "ext", HotlineContent.MaxKept);
        return json.IsRefused ? json.Refusal! : json.Value;
    }
}
