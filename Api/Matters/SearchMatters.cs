using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Matters;

/// <summary>
/// Finds matters, newest first: by number, by the citizen's phone or whole name (which is audited), by words of the question, by status, unit, category and day of opening. A POST, so that no
/// phone stands in an address that others log. Staff find what lies in their units or with themselves; administrators find everything and see no words of citizens.
/// </summary>
public static class SearchMatters
{
    private const string List = "matter-search";

    /// <summary>People of one name whose matters are looked at.</summary>
    private const int MostNamesakes = 50;

    private const int MaxWords = 40;

    /// <param name="Number">受理编号, with or without dashes.</param>
    /// <param name="Phone">The citizen's, whole.</param>
    /// <param name="Name">The citizen's, whole.</param>
    /// <param name="Text">Two characters or more that stand at the beginning of the question; several words: all of them.</param>
    /// <param name="OrganisationId">A unit, with everything below it.</param>
    /// <param name="CategoryCode">A group or a kind.</param>
    /// <param name="From">First day of opening, in China.</param>
    /// <param name="Until">Last day of opening.</param>
    public sealed record Request(
        [property: MaxLength(20)] string? Number, [property: MaxLength(40)] string? Phone, [property: MaxLength(PersonName.MaxLength)] string? Name, [property: MaxLength(MaxWords)] string? Text,
        MatterStatus? Status, [property: MaxLength(Id.Length)] string? OrganisationId, [property: MaxLength(4)] string? CategoryCode, DateOnly? From, DateOnly? Until,
        [property: MaxLength(200)] string? Cursor, int? Limit);

    /// <param name="Title">The citizen's first words; null for an administrator.</param>
    public sealed record Item(
        string MatterId, string Number, string NumberText, MatterKind Kind, string KindText, string? Title, MatterStatus Status, string StatusText, string CategoryCode, string? CategoryName,
        string RegionCode, string? RegionName, Channel Channel, string ChannelText, string OrganisationId, string UnitName, string? HandlerId, string? HandlerName, string? ConsultationId,
        string? AppointmentId, DateTimeOffset? WaitingSince, DateTimeOffset OpenedAt, DateTimeOffset UpdatedAt, DateTimeOffset? ClosedAt)
    {
        internal static Item Of(MatterRow m, bool words) => new(
            m.Id, m.Number, MatterNumber.Display(m.Number), m.Kind, m.Kind.Label(), words ? m.Title : null, m.Status, m.Status.Label(), m.CategoryCode, m.CategoryName, m.RegionCode, m.RegionName,
            m.Channel, m.Channel.Label(), m.OrganisationId, m.OrganisationName, m.HandlerId, m.HandlerName, m.ConsultationId, m.AppointmentId, m.WaitingSince, m.OpenedAt, m.UpdatedAt, m.ClosedAt);
    }

    public static async Task<IResult> Handle(
        Request request, CurrentUser user, HttpContext http, MatterSearch search, RegistryQueries registry, CitizenRepository citizens, Database database, Cursors cursors)
    {
        var count = Paging.Limit(request.Limit);
        if (count.IsRefused) return count.Refusal!.ToResult();
        var before = cursors.Read(List, request.Cursor);
        if (before.IsRefused) return before.Refusal!.ToResult();
        var everywhere = user.Is(Role.Administrator);
        var paths = everywhere ? null : (await registry.ScopeAsync(user.Id, http.RequestAborted)).Paths;
        var read = Read(request);
        if (read.IsRefused) return read.Refusal!.ToResult();
        var filter = read.Value with { Paths = paths, SeekerId = everywhere ? null : user.Id };
        if (!string.IsNullOrEmpty(request.OrganisationId))
        {
            // A unit outside of the seeker's is as if it were not there.
            var path = Id.IsWellFormed(request.OrganisationId) ? await registry.PathAsync(request.OrganisationId, http.RequestAborted) : null;
            if (path is null || paths?.Any(p => path.StartsWith(p, StringComparison.Ordinal)) == false) return CommonRefusals.Invalid.At("organisationId", "没有这个机构").ToResult();
            filter = filter with { Paths = [path], SeekerId = null };
        }
        var people = await PeopleAsync(request, user, citizens, database, http.RequestAborted);
        if (people.IsRefused) return people.Refusal!.ToResult();
        var page = await search.FindAsync(filter with { CitizenIds = people.Value }, before.Value, count.Value, http.RequestAborted);
        http.Response.Headers.CacheControl = "no-store";
        return Results.Json(
            new Page<Item>([.. page.Items.Select(m => Item.Of(m, words: !everywhere))], page.Next is null ? null : cursors.Write(List, page.Next), page.Next is not null), WireJson.Options);
    }

    private static Outcome<MatterFilter> Read(Request request)
    {
        string? number = null;
        if (!string.IsNullOrWhiteSpace(request.Number) && (number = MatterNumber.Parse(request.Number)) is null) return CommonRefusals.Invalid.At("number", "受理编号有误，请核对");
        IReadOnlyList<long>? terms = null;
        if (!string.IsNullOrWhiteSpace(request.Text))
        {
            var words = Text.Clean(request.Text, "text", MaxWords);
            if (words.IsRefused) return words.Refusal!;
            terms = SearchTerms.Of(words.Value);
            if (terms.Count == 0) return CommonRefusals.Invalid.At("text", "请至少输入两个相连的字");
        }
        if (!string.IsNullOrEmpty(request.CategoryCode) && !request.CategoryCode.All(char.IsAsciiDigit)) return CommonRefusals.Invalid.At("categoryCode", "没有这个问题类别");
        if (request.From is { Year: < 2000 or > 2200 }) return CommonRefusals.Invalid.At("from", "日期不正确");
        if (request.Until is { Year: < 2000 or > 2200 }) return CommonRefusals.Invalid.At("until", "日期不正确");
        static DateTimeOffset? Midnight(DateOnly? day) => day is { } d ? new DateTimeOffset(d.ToDateTime(TimeOnly.MinValue), ChinaTime.Offset) : null;
        return new MatterFilter(
            number, null, terms, request.Status, string.IsNullOrEmpty(request.CategoryCode) ? null : request.CategoryCode, Midnight(request.From), Midnight(request.Until?.AddDays(1)), null, null);
    }

    /// <summary>Whether a number is held is personal, too, so the question leaves a trace whatever the answer.</summary>
    private static async Task<Outcome<List<string>?>> PeopleAsync(Request request, CurrentUser user, CitizenRepository citizens, Database database, CancellationToken cancel)
    {
        var (byPhone, byName) = (!string.IsNullOrWhiteSpace(request.Phone), !string.IsNullOrWhiteSpace(request.Name));
        if (!byPhone && !byName) return (List<string>?)null;
        PhoneNumber? phone = null;
        PersonName? name = null;
        if (byPhone && !PhoneNumber.TryParse(request.Phone, out phone)) return CommonRefusals.Invalid.At("phone", "请输入完整的电话号码");
        if (byName && !PersonName.TryParse(request.Name, out name)) return CommonRefusals.Invalid.At("name", "请输入完整的姓名");
        return await database.WriteAlwaysAsync(async tx =>
        {
            var held = phone is null ? null : await citizens.IdByPhoneAsync(await tx.ConnectionAsync(), phone, tx.Transaction);
            var named = name is null ? null : await citizens.IdsByNameAsync(tx, name, MostNamesakes);
            List<string> found = held is null ? phone is null ? [.. named!] : [] : [held];
            if (named is not null) found.RemoveAll(id => !named.Contains(id));
            var action = phone is not null ? "matters.search_phone" : "matters.search_name";
            if (found.Count == 0) await tx.AuditAsync(user.Actor, action, "citizen", "none");
            foreach (var id in found) await tx.AuditAsync(user.Actor, action, "citizen", id);
            return found;
        }, cancel);
    }
}
