using System.Globalization;
using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Registry;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Registry;

namespace MicroPlatform.Api.Registry;

/// <summary>
/// Lawyers, mediators, notaries and clerks whom one can book: by name, by distance (<c>near</c>), or by who has time first. By distance and by time
/// the first 200 that match are compared.
/// </summary>
public static class FindPeople
{
    private const string List = "people";

    /// <summary>People compared when the order is not by name.</summary>
    private const int MostCompared = 200;

    private enum Sort
    {
        Name,
        Distance,
        NextFree,
    }

    /// <summary>What a client may ask by.</summary>
    /// <remarks>Properties and no constructor: for a nullable parameter of one the generator of request delegates writes what does not compile.</remarks>
    public sealed record Query
    {
        public string? TownCode { get; init; }
        public string? OrganisationId { get; init; }
        public string? ServiceCode { get; init; }
        public string? Speciality { get; init; }
        public string? Language { get; init; }
        public string? Role { get; init; }
        public string? Text { get; init; }
        public string? Near { get; init; }
        public string? Sort { get; init; }
        public string? Cursor { get; init; }
        public int? Limit { get; init; }
    }

    public static async Task<IResult> Handle(
        [AsParameters] Query query, HttpContext http, PeopleQueries people, NextFree nextFree, ServiceRepository services, CodeQueries codes, Cursors cursors, TimeProvider time)
    {
        var cancel = http.RequestAborted;
        var count = Paging.Limit(query.Limit);
        if (count.IsRefused) return count.Refusal!.ToResult();
        var near = Position.Read(query.Near, "near");
        if (near.IsRefused) return near.Refusal!.ToResult();
        var sort = QueryWords.Read(query.Sort, "sort", Sort.Name);
        if (sort.IsRefused) return sort.Refusal!.ToResult();
        if (sort.Value == Sort.Distance && near.Value is null) return CommonRefusals.Invalid.At("near", "按距离排序须提供所在位置").ToResult();
        var list = $"{List} {sort.Value} {near.Value?.Latitude} {near.Value?.Longitude}";
        var last = cursors.Read(list, query.Cursor);
        if (last.IsRefused) return last.Refusal!.ToResult();
        var offered = (await services.ListAsync(cancel)).Where(s => s.Active && (string.IsNullOrEmpty(query.ServiceCode) || s.Code == query.ServiceCode)).ToList();
        if (offered.Count == 0) return AppointmentRefusals.UnknownService.At("serviceCode", "没有这个预约事项").ToResult();
        var filter = Read(query, offered, time.GetUtcNow().DateInChina());
        if (filter.IsRefused) return filter.Refusal!.ToResult();

        var groups = await PersonView.GroupsAsync(codes, cancel);
        double? Metres(PersonRow p) => near.Value is { } at
            ? p.Places.Where(s => s is { Latitude: not null, Longitude: not null }).Select(s => (double?)at.MetresTo(new Position(s.Latitude!.Value, s.Longitude!.Value))).Min()
            : null;
        var byName = sort.Value == Sort.Name;
        var rows = await people.ListAsync(filter.Value, byName ? last.Value : null, byName ? count.Value + 1 : MostCompared, cancel);
        var free = await nextFree.FindAsync([.. rows.Select(r => r.Id)], offered, cancel);
        PersonView View(PersonRow p) => PersonView.Of(p, groups, Metres(p), free.TryGetValue(p.Id, out var at) ? at : null);
        if (byName) return Results.Json(Paging.Of(rows, count.Value, View, p => cursors.Write(list, p.Id)), WireJson.Options);

        double Key(PersonRow p) => sort.Value == Sort.Distance ? Metres(p) ?? double.MaxValue : free.TryGetValue(p.Id, out var at) ? at.ToUnixTimeMilliseconds() : double.MaxValue;
        IEnumerable<(double Key, PersonRow Row)> ordered = rows.Select(p => (Key: Key(p), Row: p)).OrderBy(p => p.Key).ThenBy(p => p.Row.Id, StringComparer.Ordinal);
        if (last.Value?.Split(' ', 2) is [var text, var id] && double.Parse(text, CultureInfo.InvariantCulture) is var edge)
            ordered = ordered.Where(p => p.Key > edge || (p.Key == edge && string.CompareOrdinal(p.Row.Id, id) > 0));
        return Results.Json(
            Paging.Of([.. ordered.Take(count.Value + 1)], count.Value, p => View(p.Row), p => cursors.Write(list, string.Create(CultureInfo.InvariantCulture, $"{p.Key:R} {p.Row.Id}"))),
            WireJson.Options);
    }

    /// <summary>One of them.</summary>
    public static async Task<IResult> GetAsync(string id, HttpContext http, PeopleQueries people, NextFree nextFree, ServiceRepository services, CodeQueries codes, TimeProvider time)
    {
        if (!Id.IsWellFormed(id) || await people.FindAsync(id, time.GetUtcNow().DateInChina(), http.RequestAborted) is not { } person) return CommonRefusals.NotFound.ToResult();
        var free = await nextFree.FindAsync([id], [.. (await services.ListAsync(http.RequestAborted)).Where(s => s.Active)], http.RequestAborted);
        return Results.Json(PersonView.Of(person, await PersonView.GroupsAsync(codes, http.RequestAborted), null, free.TryGetValue(id, out var at) ? at : null), WireJson.Options);
    }

    private static Outcome<PeopleFilter> Read(Query query, IReadOnlyList<ServiceKind> offered, DateOnly today)
    {
        var town = RegionCodes.Read(query.TownCode, "townCode");
        if (town.IsRefused) return town.Refusal!;
        if (!string.IsNullOrEmpty(query.OrganisationId) && !Id.IsWellFormed(query.OrganisationId)) return CommonRefusals.Invalid.At("organisationId", "没有这个机构");
        var speciality = Word(query.Speciality, "speciality");
        if (speciality.IsRefused) return speciality.Refusal!;
        var language = Word(query.Language, "language");
        if (language.IsRefused) return language.Refusal!;
        var role = QueryWords.Read(query.Role, "role", Role.Lawyer);
        if (role.IsRefused) return role.Refusal!;
        var words = Text.CleanOptional(query.Text, "text", 50);
        if (words.IsRefused) return words.Refusal!;
        ulong? mask = string.IsNullOrEmpty(query.ServiceCode) ? null : offered.Aggregate(0UL, (all, s) => all | s.Mask);
        return new PeopleFilter(
            town.Value, string.IsNullOrEmpty(query.OrganisationId) ? null : query.OrganisationId, mask, speciality.Value, language.Value, string.IsNullOrEmpty(query.Role) ? null : role.Value,
            words.Value, today);
    }

    /// <summary>One word of a list that is kept with commas between.</summary>
    private static Outcome<string?> Word(string? text, string field)
    {
        var word = Text.CleanOptional(text, field, StaffProfile.MaxLanguage);
        return word is { IsRefused: false, Value: { } given } && given.Contains(',', StringComparison.Ordinal) ? CommonRefusals.Invalid.At(field, "每次只能填写一项") : word;
    }
}
