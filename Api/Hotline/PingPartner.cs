using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Hotline;

namespace MicroPlatform.Api.Hotline;

/// <summary>Whether the signature is right, and how the platform sees the caller. The first call to get through.</summary>
public static class PingPartner
{
    /// <param name="Ip">The address that the call came from, as the allow-list sees it.</param>
    /// <param name="Secret">Which secret is newest: <c>current</c> alone, or <c>current</c> with <c>previous</c> good until <paramref name="PreviousUntil"/>.</param>
    public sealed record Response(
        DateTimeOffset ServerTime, string AppId, string Name, string? Ip, IReadOnlyList<PartnerScope> Scopes, bool Sandbox, int WindowSeconds, int PerMinute, string Secret, DateTimeOffset? PreviousUntil);

    public static IResult Handle(CurrentPartner caller, HttpContext http, TimeProvider time)
    {
        var (partner, now) = (caller.Partner, time.GetUtcNow());
        var address = http.Connection.RemoteIpAddress;
        var overlaps = partner.Secrets.GoodAt(now).Count() > 1;
        return Results.Json(PartnerAnswer<Response>.Ok(http, new Response(
            now.InChina(), partner.AppId, partner.Name, (address?.IsIPv4MappedToIPv6 == true ? address.MapToIPv4() : address)?.ToString(), partner.Scopes, partner.Sandbox,
            partner.WindowSeconds, partner.PerMinute, overlaps ? "current,previous" : "current", overlaps ? partner.Secrets.PreviousUntil : null)), WireJson.Options);
    }
}

/// <summary>
/// In the sandbox: what the platform itself would sign for this very request, so that a vendor sees where the two texts part. Any body will do.
/// The secret and the right signature are never told.
/// </summary>
public static class DebugSignature
{
    /// <param name="StringToSign">What the platform puts together from this request.</param>
    /// <param name="BodyHash">Of the body as it arrived.</param>
    /// <param name="SignatureOk">Whether the signature that was sent is right.</param>
    /// <param name="Reason">What the same call would hear elsewhere; null when it would be let in.</param>
    public sealed record Response(string StringToSign, string BodyHash, int BodyBytes, bool SignatureOk, string? Reason, string? Msg);

    public static IResult Handle(CurrentPartner caller, HttpContext http, Hl1Verification verification)
    {
        var body = Hl1Verification.BodyOf(http);
        var hash = Hl1.BodyHash(Hl1Headers.Of(http.Request).Algorithm, body);
        var refusal = verification.Judge(http, caller.Partner, body);
        return Results.Json(PartnerAnswer<Response>.Ok(http, new Response(Hl1Verification.StringToSign(http, hash), hash, body.Length, refusal is null, refusal?.Code, refusal?.Title)), WireJson.Options);
    }
}
