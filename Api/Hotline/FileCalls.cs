using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Hotline;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Hotline;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Hotline;

/// <summary>
/// 话单: one call, or up to two hundred in an array. A call id is one call; told again it is replaced. Who wanted a person and got none is called
/// back. An emergency opens a ticket at once and rings the duty phones.
/// </summary>
public static class FileCalls
{
    public const int MostAtOnce = 200;

    /// <param name="Direction"><c>inbound</c> when absent.</param>
    /// <param name="AskedForPerson">Got beyond the menu; true when absent.</param>
    /// <param name="WaitSeconds">Until somebody answered, or until the end; worked out from the times when absent.</param>
    /// <param name="Emergency">Somebody is in danger: a ticket is opened (or <paramref name="TicketNo"/> is raised) and the duty phones ring.</param>
    /// <param name="CategoryCode">Of an emergency.</param>
    /// <param name="Content">What the agent has heard, of an emergency.</param>
    public sealed record Request(
        [property: Required, MaxLength(HotlineContent.MaxTicketNo)] string? CallId, [property: RegularExpression("^(inbound|outbound)$")] string? Direction,
        [property: MaxLength(40)] string? CallerPhone, [property: MaxLength(HotlineContent.MaxCode)] string? AgentNo, bool? AskedForPerson, [property: Required] CallResult? Result,
        [property: Required, MaxLength(40)] string? StartedAt, [property: MaxLength(40)] string? AnsweredAt, [property: MaxLength(40)] string? EndedAt,
        [property: Range(0, 86400)] int? WaitSeconds, [property: Range(0, 86400)] int? TalkSeconds, [property: MaxLength(HotlineContent.MaxTicketNo)] string? TicketNo, bool? Emergency,
        [property: MaxLength(HotlineContent.MaxCode)] string? CategoryCode, [property: MaxLength(HotlineContent.MaxCode)] string? AreaCode, [property: MaxLength(HotlineContent.MaxContent)] string? Content);

    /// <param name="Outcome"><c>created</c>, <c>updated</c>, <c>unchanged</c>, or <c>refused</c> (in an array only, with <paramref name="Reason"/>).</param>
    /// <param name="TicketNo">Of an emergency.</param>
    public sealed record Item(string? CallId, string Outcome, string? TicketNo, string? MatterNumber, string? Reason, string? Msg);

    /// <param name="Refused">How many of an array were not kept; the others were.</param>
    public sealed record Response(IReadOnlyList<Item> Items, int Refused);

    public static async Task<IResult> Handle(
        CurrentPartner caller, HttpContext http, Idempotency idempotency, HotlineCallRepository calls, HotlineTicketRepository tickets, HotlineIntake intake, IOptions<HotlineOptions> options)
    {
        var (single, requests, malformed) = Read(Hl1Verification.BodyOf(http));
        if (malformed is not null) return malformed.ToResult();
        return await idempotency.RunAsync<PartnerAnswer<Response>>(http, StatusCodes.Status200OK, async tx =>
        {
            var items = new List<Item>();
            foreach (var (request, hash, fault) in requests!)
            {
                var kept = fault is not null ? fault : await KeepAsync(tx, request!, hash, caller, calls, tickets, intake, options.Value);
                // One alone is refused as anything is; of many the others are kept.
                if (kept.IsRefused && single) return kept.Refusal!;
                items.Add(kept.IsRefused ? new Item(request?.CallId, "refused", null, null, kept.Refusal!.Code, PartnerProblem.Of(kept.Refusal, 400, "").Detail) : kept.Value);
            }
            return PartnerAnswer<Response>.Ok(http, new Response(items, items.Count(i => i.Outcome == "refused")));
        });
    }

    private static async Task<Outcome<Item>> KeepAsync(
        UnitOfWork tx, Request r, string hash, CurrentPartner caller, HotlineCallRepository calls, HotlineTicketRepository tickets, HotlineIntake intake, HotlineOptions options)
    {
        var read = Clean(r, hash, tx.Now);
        if (read.IsRefused) return read.Refusal!;
        var call = read.Value;
        HotlineTicket? ticket = null;
        if (call.Emergency)
        {
            var opened = await RaiseAsync(tx, r, call, caller, tickets, intake);
            if (opened.IsRefused) return opened.Refusal!;
            ticket = opened.Value;
            call = call with { TicketNo = ticket.TicketNo };
        }
        return new Item(call.CallId, await calls.KeepAsync(tx, caller.Partner, call), call.TicketNo, ticket?.Matter.Number, null, null);
    }

    /// <summary>The ticket of an emergency: the one named, raised, or a new one under a number made of the call's.</summary>
    private static async Task<Outcome<HotlineTicket>> RaiseAsync(UnitOfWork tx, Request r, HotlineCall call, CurrentPartner caller, HotlineTicketRepository tickets, HotlineIntake intake)
    {
        var number = TicketForm.Number(call.TicketNo ?? $"E-{call.CallId}"[..Math.Min(HotlineContent.MaxTicketNo, call.CallId.Length + 2)], "ticketNo");
        if (number.IsRefused) return number.Refusal!;
        var text = Text.CleanOptional(r.Content, "content", HotlineContent.MaxContent);
        if (text.IsRefused) return text.Refusal!;
        var content = new HotlineContent(
            "12348", HotlineDoor.Phone, HotlineDemand.Help, r.CategoryCode, "紧急来电", text.Value ?? "紧急来电，涉及人身安全", null, call.CallerPhone, CallerGender.Unknown, null, r.AreaCode, null, null, null,
            HotlineUrgency.Critical, false, call.StartedAt, null, call.AgentNo, call.CallId, null, null, null, call.Hash);
        if (await tickets.FindByNoAsync(tx, caller.AppId, number.Value) is not { } known)
        {
            var opened = await intake.OpenAsync(tx, caller.Partner, number.Value, content, new HotlineAge(null, null), []);
            await tx.AuditAsync(caller.Actor, "hotline.open-ticket", "matter", opened.Matter.Id, number.Value);
            return opened;
        }
        if (known.Content.Urgency == HotlineUrgency.Critical) return known;
        var raised = known.Replace(known.Content with { Urgency = HotlineUrgency.Critical, Hash = call.Hash }, new HotlineAge(null, null), tx.Now);
        if (raised.IsRefused) return raised.Refusal!;
        await tickets.SaveAsync(tx, known, caller.Actor);
        return known;
    }

    private static Outcome<HotlineCall> Clean(Request r, string hash, DateTimeOffset now)
    {
        var id = TicketForm.Number(r.CallId, "callId");
        if (id.IsRefused) return id.Refusal!;
        var number = r.TicketNo is null ? default(Outcome<string>?) : TicketForm.Number(r.TicketNo, "ticketNo");
        if (number is { IsRefused: true } bad) return bad.Refusal!;
        var (phone, agent) = (Text.CleanOptional(r.CallerPhone, "callerPhone", 40), Text.CleanOptional(r.AgentNo, "agentNo", HotlineContent.MaxCode));
        var (category, area) = (Text.CleanOptional(r.CategoryCode, "categoryCode", HotlineContent.MaxCode), Text.CleanOptional(r.AreaCode, "areaCode", HotlineContent.MaxCode));
        if ((phone.Refusal ?? agent.Refusal ?? category.Refusal ?? area.Refusal) is { } unclean) return unclean;
        var (started, answered, ended) = (TicketForm.Instant(r.StartedAt, "startedAt"), TicketForm.Instant(r.AnsweredAt, "answeredAt"), TicketForm.Instant(r.EndedAt, "endedAt"));
        if ((started.Refusal ?? answered.Refusal ?? ended.Refusal) is { } when_) return when_;
        if (started.Value is not { } from) return CommonRefusals.Invalid.At("startedAt", "必填");
        if (from > now.AddMinutes(15)) return CommonRefusals.Invalid.At("startedAt", "开始时间在将来");
        if (answered.Value < from || ended.Value < (answered.Value ?? from)) return CommonRefusals.Invalid.At("endedAt", "时间先后不符");
        int Seconds(DateTimeOffset? a, DateTimeOffset? b) => a is { } x && b is { } y ? (int)Math.Min((y - x).TotalSeconds, 86400) : 0;
        return new HotlineCall(
            id.Value, r.Direction == "outbound", phone.Value, agent.Value, r.AskedForPerson ?? true, r.Result!.Value, from, answered.Value, ended.Value,
            r.WaitSeconds ?? Seconds(from, answered.Value ?? ended.Value), r.TalkSeconds ?? Seconds(answered.Value, ended.Value), r.Emergency ?? false, number?.Value, hash);
    }

    /// <summary>One object or an array; each part by itself, so that one that does not fit spoils no others.</summary>
    private static (bool Single, List<(Request?, string Hash, Refusal? Fault)>? Parts, Refusal? Malformed) Read(byte[] body)
    {
        JsonDocument json;
        try
        {
            json = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 32 });
        }
        catch (JsonException)
        {
            return (true, null, HttpRefusals.JsonMalformed);
        }
        using (json)
        {
            if (json.RootElement.ValueKind == JsonValueKind.Object) return (true, [One(json.RootElement)], null);
            if (json.RootElement.ValueKind != JsonValueKind.Array) return (true, null, HttpRefusals.JsonMalformed);
            var count = json.RootElement.GetArrayLength();
            return count is 0 or > MostAtOnce
                ? (false, null, CommonRefusals.Invalid.At("calls", $"一次1到{MostAtOnce}条"))
                : (false, [.. json.RootElement.EnumerateArray().Select(One)], null);
        }
    }

    private static (Request?, string, Refusal?) One(JsonElement part)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(part.GetRawText())));
        try
        {
            var request = part.ValueKind == JsonValueKind.Object ? part.Deserialize<Request>(WireJson.Options) : null;
            if (request is null) return (null, hash, CommonRefusals.Invalid.At("calls", "应为对象"));
            var faults = new List<ValidationResult>();
            return Validator.TryValidateObject(request, new ValidationContext(request), faults, validateAllProperties: true) ? (request, hash, null)
                : (request, hash, faults.Aggregate(CommonRefusals.Invalid, (refusal, fault) => refusal.At(JsonNamingPolicy.CamelCase.ConvertName(fault.MemberNames.First()), "格式不正确")));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            var field = (e as JsonException)?.Path?.TrimStart('$').TrimStart('.');
            return (null, hash, CommonRefusals.Invalid.At(string.IsNullOrEmpty(field) ? "calls" : field, "格式不正确"));
        }
    }
}
