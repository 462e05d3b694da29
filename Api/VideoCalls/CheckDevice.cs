using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Live;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;
using MicroPlatform.Infrastructure.VideoCalls;

namespace MicroPlatform.Api.VideoCalls;

/// <summary>What a client found of camera, microphone and network before the call. The last one counts; the lawyer sees it and knows what to expect. The answer advises a rung of the ladder.</summary>
public static class CheckDevice
{
    /// <param name="RoundTripMs">To the media server and back, as measured; null when not.</param>
    /// <param name="LossPermille">Packets lost of a thousand.</param>
    /// <param name="Chosen">What the person wants with this.</param>
    public sealed record Request(
        [property: Required] DeviceState? Camera, [property: Required] DeviceState? Microphone, [property: Required] NetworkGrade? Network, [property: Range(0, 60_000)] int? RoundTripMs,
        [property: Range(0, 1000)] int? LossPermille, [property: Range(0, 10_000_000)] int? DownKbps, [property: Range(0, 10_000_000)] int? UpKbps, [property: Required] CallMedium? Chosen);

    public sealed record Response(CallMedium Advised, string AdvisedText, CallMedium Chosen, string ChosenText, DateTimeOffset CheckedAt);

    public sealed record Item(
        string ParticipantId, CallSide Side, string SideText, string DisplayName, DeviceState Camera, string CameraText, DeviceState Microphone, string MicrophoneText, NetworkGrade Network,
        string NetworkText, int? RoundTripMs, int? LossPermille, int? DownKbps, int? UpKbps, CallMedium Chosen, string ChosenText, CallMedium Advised, string AdvisedText, DateTimeOffset CheckedAt);

    public sealed record ListResponse(IReadOnlyList<Item> Items);

    public static Task<IResult> Handle(string id, Request request, CurrentUser user, HttpContext http, Idempotency idempotency, CallScope scope, LiveHub live) =>
        RunAsync(request, http, idempotency, live, tx => scope.CitizenAsync(tx, id, user.Actor));

    public static Task<IResult> ByStaffAsync(string id, Request request, CurrentUser user, HttpContext http, Idempotency idempotency, CallScope scope, LiveHub live) =>
        RunAsync(request, http, idempotency, live, tx => scope.StaffAsync(tx, id, user.Actor));

    public static async Task<IResult> ListAsync(string id, CurrentUser user, HttpContext http, VideoCallReading reading, RegistryQueries registry)
    {
        if (!Id.IsWellFormed(id) || await reading.FindAsync(id, http.RequestAborted) is not { } call || !await GetCall.MayReadAsync(call, user, registry, http.RequestAborted))
            return CommonRefusals.NotFound.ToResult();
        return Results.Json(new ListResponse([.. (await reading.DeviceChecksAsync(id, http.RequestAborted)).Select(ItemOf)]), WireJson.Options);
    }

    private static Task<IResult> RunAsync(Request r, HttpContext http, Idempotency idempotency, LiveHub live, Func<UnitOfWork, Task<Outcome<Entrant>>> find) =>
        idempotency.RunAsync<Response>(http, StatusCodes.Status200OK, async tx =>
        {
            var found = await find(tx);
            if (found.IsRefused) return found.Refusal!;
            var (call, who, actor) = found.Value;
            if (call.State.IsOver()) return CallRefusals.Over;
            var check = new DeviceCheck(r.Camera!.Value, r.Microphone!.Value, r.Network!.Value, r.RoundTripMs, r.LossPermille, r.DownKbps, r.UpKbps, r.Chosen!.Value);
            await VideoCallReading.PutCheckAsync(tx, call.Id, who.Id, check);
            await tx.AuditAsync(actor, "video-calls.device-check", "video_call", call.Id, $"{check.Network} {check.Chosen}");
            tx.AfterCommit(() => live.PublishAsync(LiveTopics.Call(call.Id)));
            return new Response(check.Advised, check.Advised.Label(), check.Chosen, check.Chosen.Label(), tx.Now);
        });

    private static Item ItemOf(DeviceCheckRow d)
    {
        var advised = new DeviceCheck(d.Camera, d.Microphone, d.Network, d.RoundTripMs, d.LossPermille, d.DownKbps, d.UpKbps, d.Chosen).Advised;
        return new Item(d.ParticipantId, d.Side, d.Side.Label(), d.DisplayName, d.Camera, d.Camera.Label(), d.Microphone, d.Microphone.Label(), d.Network, d.Network.Label(), d.RoundTripMs, d.LossPermille,
            d.DownKbps, d.UpKbps, d.Chosen, d.Chosen.Label(), advised, advised.Label(), d.CheckedAt);
    }
}
