using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Live;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.VideoCalls;

namespace MicroPlatform.Api.VideoCalls;

/// <summary>
/// A call and who is in it. <c>after=7&amp;waitSeconds=25</c> waits until its version is newer than 7, or the time is up; without, it answers 304 to a matching
/// <c>If-None-Match</c>.
/// </summary>
public static class GetCall
{
    public static async Task<IResult> Handle(string id, int? after, int? waitSeconds, CurrentUser user, HttpContext http, VideoCallReading reading, LiveHub live, TimeProvider time)
    {
        var read = await ReadAsync(id, after, waitSeconds, http, reading, live, c => Task.FromResult(c.CitizenId == user.Id));
        return read.IsRefused ? read.Refusal!.ToResult() : Etags.Conditional(http, CallView.TagOf(read.Value, time.GetUtcNow()), CallView.Of(read.Value, user.Id, time.GetUtcNow()));
    }

    public static async Task<IResult> ByStaffAsync(
        string id, int? after, int? waitSeconds, CurrentUser user, HttpContext http, VideoCallReading reading, RegistryQueries registry, LiveHub live, TimeProvider time)
    {
        var read = await ReadAsync(id, after, waitSeconds, http, reading, live, c => MayReadAsync(c, user, registry, http.RequestAborted));
        return read.IsRefused ? read.Refusal!.ToResult() : Etags.Conditional(http, CallView.TagOf(read.Value, time.GetUtcNow()), StaffCallView.Of(read.Value, user.Id, time.GetUtcNow()));
    }

    /// <summary>Those in it, and those whose units it belongs to.</summary>
    internal static async Task<bool> MayReadAsync(CallRow call, CurrentUser user, RegistryQueries registry, CancellationToken cancel) =>
        call.Participants.Any(p => p.PersonId == user.Id) || (await registry.ScopeAsync(user.Id, cancel)).Covers(call.OrganisationPath);

    /// <summary>Rights are looked at each time: they may end while somebody waits.</summary>
    private static async Task<Outcome<CallRow>> ReadAsync(
        string id, int? after, int? waitSeconds, HttpContext http, VideoCallReading reading, LiveHub live, Func<CallRow, Task<bool>> mayRead)
    {
        var wait = LongPoll.Wait(waitSeconds);
        if (wait.IsRefused) return wait.Refusal!;
        if (after is < 0) return CommonRefusals.Invalid.At("after", "应为非负整数");
        if (!Id.IsWellFormed(id)) return CommonRefusals.NotFound;
        var row = await live.PollAsync([LiveTopics.Call(id)], after is null ? TimeSpan.Zero : wait.Value,
            async () => await reading.FindAsync(id, http.RequestAborted) is { } c && await mayRead(c) ? c : null, c => c is null || c.Version > after, http.RequestAborted);
        return row is null ? CommonRefusals.NotFound : row;
    }
}
