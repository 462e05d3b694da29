using System.Globalization;
using System.Text.Json.Serialization;
using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Hotline;

namespace MicroPlatform.Api.Hotline;

/// <summary>What a partner hears when it went well: the shape that hotline programs expect, with a number in <c>code</c>.</summary>
/// <param name="Code">0.</param>
/// <param name="TraceId">What to tell the operator.</param>
public sealed record PartnerAnswer<T>(int Code, string Msg, T Data, string TraceId)
{
    public static PartnerAnswer<T> Ok(HttpContext http, T data) => new(0, "OK", data, Problems.TraceIdOf(http));
}

/// <summary>
/// What a partner hears when not: RFC 9457 problem details with a number in <c>code</c>, whose first three digits are the status, and our stable
/// word in <c>reason</c>.
/// </summary>
/// <param name="Code">E.g. 40101; the table stands in <c>docs/hotline.md</c>.</param>
/// <param name="Reason">One of the closed catalogue (<c>ProblemCode</c>).</param>
/// <param name="Msg">The title again.</param>
/// <param name="Allowed">What would be possible instead; empty when there is nothing to tell.</param>
public sealed record PartnerProblem(
    string Type, string Title, int Status, string Detail, int Code, string Reason, string Msg, string TraceId, IReadOnlyDictionary<string, string[]> Errors, IReadOnlyList<string> Allowed)
{
    /// <summary>Members of single reasons, such as <c>serverTime</c> of <c>timestamp_out_of_range</c>.</summary>
    [JsonExtensionData]
    public Dictionary<string, object>? Members { get; init; }

    /// <summary>Whether a request is a partner's: also where there is no such route.</summary>
    public static bool IsFor(HttpContext http) => http.Request.Path.StartsWithSegments(Hl1.PathStart.TrimEnd('/'), StringComparison.Ordinal);

    public static PartnerProblem Of(Refusal refusal, int status, string traceId) => new(
        Problems.TypeOf(refusal), refusal.Title, status, refusal.Errors.Count == 0 ? refusal.Title : string.Join("；", refusal.Errors.Select(e => $"{e.Key}：{string.Join("、", e.Value)}")),
        PartnerCodes.Of(refusal.Code, status), refusal.Code, refusal.Title, traceId, refusal.Errors, refusal.Allowed)
    {
        Members = refusal.Members.Count == 0 ? null : refusal.Members.ToDictionary(m => m.Key, m => (object)m.Value),
    };
}

/// <summary>The number of each reason that a partner may hear. Printed in <c>docs/hotline.md</c>; numbers never change.</summary>
public static class PartnerCodes
{
    public static readonly IReadOnlyDictionary<string, int> Table = new Dictionary<string, int>
    {
        ["validation_failed"] = 40001, ["json_malformed"] = 40002, ["nonce_invalid"] = 40003, ["algorithm_unknown"] = 40004, ["idempotency_key_invalid"] = 40005,
        ["cursor_invalid"] = 40006, ["text_has_bad_characters"] = 40007,
        ["bad_signature"] = 40101, ["unknown_app"] = 40102, ["timestamp_out_of_range"] = 40103,
        ["ip_not_allowed"] = 40301, ["forbidden"] = 40302, ["tls_required"] = 40303, ["sandbox_only"] = 40304,
        ["not_found"] = 40401, ["route_not_found"] = 40402, ["reconciliation_not_ready"] = 40403,
        ["method_not_allowed"] = 40501,
        ["replayed"] = 40901, ["stale_update"] = 40902, ["illegal_transition"] = 40903, ["already_rated"] = 40904, ["not_ratable"] = 40905, ["idempotency_in_flight"] = 40906,
        ["event_id_reused"] = 40907,
        ["body_too_large"] = 41301,
        ["unsupported_media_type"] = 41501, ["charset_unsupported"] = 41502,
        ["idempotency_key_reused"] = 42201, ["address_not_allowed"] = 42202, ["no_responsible_unit"] = 42203,
        ["client_too_old"] = 42601,
        ["rate_limited"] = 42901,
        ["internal_error"] = 50001,
        ["service_unavailable"] = 50301, ["busy_try_again"] = 50302, ["storage_full"] = 50303, ["calendar_missing"] = 50304,
    };

    /// <summary>Of a reason that has no number of its own: that of the status.</summary>
    public static int Of(string reason, int status) => Table.TryGetValue(reason, out var code) ? code : int.Parse($"{status}00", CultureInfo.InvariantCulture);
}
