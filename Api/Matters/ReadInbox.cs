using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Live;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Registry;

namespace MicroPlatform.Api.Matters;

/// <summary>
/// What waits for the office, longest waiting first. With <c>waitSeconds</c> and the <c>If-None-Match</c> of the last answer it waits until the
/// page is another one; without that header, until there is anything.
/// </summary>
public static class ReadInbox
{
    /// <summary>Whose inbox.</summary>
    public enum Box
    {
        /// <summary>我负责的: I am responsible and it is the office's turn.</summary>
        Mine,
        /// <summary>待受理: nobody is responsible yet, in my units and below.</summary>
        Unit,
        /// <summary>全部: everything my units and those below owe, whoever is responsible.</summary>
        All,
    }

    /// <summary>Whose turn it is.</summary>
    public enum Turn
    {
        /// <summary>待答复: the office's.</summary>
        Waiting,
        /// <summary>已答复: the citizen's; only with <c>box=mine</c>.</summary>
        Answered,
    }

    /// <param name="WaitingSince">Since when the office has owed something; null where it is the citizen's turn.</param>
    /// <param name="Overdue">The promised time is over without an answer.</param>
    /// <param name="Mine">The caller is responsible.</param>
    /// <param name="AppointmentId">The appointment booked last on it; one that waits here wants to be confirmed.</param>
    /// <param name="HotlineTicketId">The hotline ticket that it came as.</param>
    /// <param name="OpenTransferId">A transfer of it waits for its answer.</param>
    public sealed record Item(
        string MatterId, string Number, string NumberText, MatterKind Kind, string KindText, string Title, MatterStatus Status, string StatusText,
        string? ConsultationId, string? AppointmentId, string? HotlineTicketId, ConsultationState? State, string? StateText, string CategoryCode, string? CategoryName, string RegionCode, string? RegionName,
        Channel Channel, string ChannelText, string OrganisationId, string UnitName, string? HandlerId, string? HandlerName, bool Mine,
        DateTimeOffset? WaitingSince, DateTimeOffset? AnswerDueAt, bool Overdue, string? OpenTransferId, DateTimeOffset OpenedAt, DateTimeOffset UpdatedAt)
    {
        [JsonIgnore]
        internal int Version { get; init; }

        internal static Item Of(InboxRow r, string callerId, DateTimeOffset now) => new(
            r.MatterId, r.Number, MatterNumber.Display(r.Number), r.Kind, r.Kind.Label(), r.Title, r.Status, r.Status.Label(),
            r.ConsultationId, r.AppointmentId, r.HotlineTicketId, r.State, r.State?.Label(), r.CategoryCode, r.CategoryName, r.RegionCode, r.RegionName, r.Channel, r.Channel.Label(),
            r.OrganisationId, r.OrganisationName, r.HandlerId, r.HandlerName, r.HandlerId == callerId,
            r.WaitingSince, r.AnswerDueAt, r.IsOverdue(now), r.OpenTransferId, r.OpenedAt, r.UpdatedAt) { Version = r.Version };
    }

    public static async Task<IResult> Handle(
        string? box, string? state, string? cursor, int? limit, int? waitSeconds, CurrentUser user, HttpContext http,
        InboxQueries inbox, RegistryQueries registry, Cursors cursors, LiveHub live, TimeProvider time)
    {
        var boxRead = QueryWords.Read(box, "box", Box.Mine);
        if (boxRead.IsRefused) return boxRead.Refusal!.ToResult();
        var turnRead = QueryWords.Read(state, "state", Turn.Waiting);
        if (turnRead.IsRefused) return turnRead.Refusal!.ToResult();
        var (whose, turn) = (boxRead.Value, turnRead.Value);
        if (turn == Turn.Answered && whose != Box.Mine) return CommonRefusals.Invalid.At("state", "仅box=mine时可查看已答复事项").ToResult();
        var count = Paging.Limit(limit);
        if (count.IsRefused) return count.Refusal!.ToResult();
        var wait = LongPoll.Wait(waitSeconds);
        if (wait.IsRefused) return wait.Refusal!.ToResult();
        var list = $"inbox-{whose}-{turn}";
        var position = cursors.Read(list, cursor);
        if (position.IsRefused) return position.Refusal!.ToResult();
        var edge = position.Value is { } at ? Parse(at) : InboxEdge.Start;

        var units = await registry.UnitsAsync(await registry.ScopeAsync(user.Id, http.RequestAborted), http.RequestAborted);
        Task<List<InboxRow>> RowsAsync() => (whose, turn) switch
        {
            (Box.Mine, Turn.Waiting) => inbox.MineAsync(user.Id, edge, count.Value + 1, http.RequestAborted),
            (Box.Mine, _) => inbox.AnsweredByAsync(user.Id, edge, count.Value + 1, http.RequestAborted),
            (Box.Unit, _) => inbox.UntakenAsync(units, edge, count.Value + 1, http.RequestAborted),
            _ => inbox.OwedAsync(units, edge, count.Value + 1, http.RequestAborted),
        };
        // A proxy that compresses makes the tag weak.
        var known = http.Request.Headers.IfNoneMatch.ToString().Replace("W/", "", StringComparison.Ordinal);
        var page = await live.PollAsync(
            [LiveTopics.Staff(user.Id), .. units.Select(LiveTopics.Unit)], wait.Value,
            async () => Paging.Of(await RowsAsync(), count.Value, r => Item.Of(r, user.Id, time.GetUtcNow()), r => cursors.Write(list, $"{r.Sort} {r.MatterId}")),
            p => known.Length > 0 ? $"\"{Tag(p.Items)}\"" != known : p.Items.Count > 0, http.RequestAborted);
        return Etags.Conditional(http, Tag(page.Items), page);
    }

    private static InboxEdge Parse(string position)
    {
        var space = position.IndexOf(' ', StringComparison.Ordinal);
        return new InboxEdge(long.Parse(position.AsSpan(0, space), CultureInfo.InvariantCulture), position[(space + 1)..]);
    }

    /// <summary>Says whether a page is another: which matters, in which version, overdue or not.</summary>
    private static string Tag(IEnumerable<Item> items)
    {
        var text = new StringBuilder();
        foreach (var item in items) text.Append(item.MatterId).Append(item.Version).Append(item.Overdue ? '!' : ' ').Append(item.OpenTransferId);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text.ToString())).AsSpan(0, 8));
    }
}
