using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Consultations;
using MicroPlatform.Infrastructure.Live;
using MicroPlatform.Infrastructure.Registry;

namespace MicroPlatform.Api.Consultations;

/// <summary>
/// A consultation and its thread as the office reads them: matters of one's units and below, those one is responsible for, and those whose
/// transfer to one's units waits for an answer.
/// </summary>
public static class StaffReading
{
    /// <summary>Answers 304 to a matching <c>If-None-Match</c>.</summary>
    public static async Task<IResult> GetAsync(
        string id, CurrentUser user, HttpContext http, ConsultationQueries queries, TransferQueries transfers, RegistryQueries registry, TimeProvider time)
    {
        if (!Id.IsWellFormed(id) || await queries.HeadAsync(id, http.RequestAborted) is not { } head) return CommonRefusals.NotFound.ToResult();
        if (!await MayReadAsync(head, user, transfers, registry, http.RequestAborted)) return CommonRefusals.NotFound.ToResult();
        var open = await transfers.OpenOfAsync(head.MatterId, http.RequestAborted);
        var view = StaffConsultationView.Of(head, open?.Id, user.Id, time.GetUtcNow());
        return Etags.Conditional(http, $"{id}-{head.Version}-{(view.Overdue ? "o" : "")}{open?.Id}{(head.Rated ? "r" : "")}", view);
    }

    /// <summary>Messages with notes; see <see cref="ReadThread"/>.</summary>
    public static Task<IResult> ThreadAsync(
        string id, int? after, int? before, int? limit, int? waitSeconds, CurrentUser user, HttpContext http, ConsultationQueries queries,
        TransferQueries transfers, RegistryQueries registry, LiveHub live) =>
        ReadThread.ReadAsync(id, after, before, limit, waitSeconds, user, http, queries, live, withNotes: true,
            head => MayReadAsync(head, user, transfers, registry, http.RequestAborted));

    /// <summary>Also asked for each message sent over a WebSocket.</summary>
    internal static async Task<bool> MayReadAsync(ConsultationHead head, CurrentUser user, TransferQueries transfers, RegistryQueries registry, CancellationToken cancel)
    {
        if (head.HandlerId == user.Id) return true;
        var scope = await registry.ScopeAsync(user.Id, cancel);
        return scope.Covers(head.OrganisationPath) || (await transfers.OpenOfAsync(head.MatterId, cancel) is { } open && scope.Covers(open.ToPath));
    }
}
