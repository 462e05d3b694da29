using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Appointments;

namespace MicroPlatform.Api.Appointments;

/// <summary>What a search asks for, as it stands in the address.</summary>
public sealed record SlotQuestion(string? ResourceId, string? OrganisationId, string? TownCode, string? ServiceCode, string? Mode, string? Speciality, string? Language);

/// <summary>The same, understood.</summary>
/// <param name="ResourceIds">Those who come into question, in order of id.</param>
public sealed record SlotScope(SlotQuestion Question, SlotWish Wish, IReadOnlyList<string> ResourceIds, BookableSnapshot Directory)
{
    /// <summary>Whether an opening lies where it was asked for: one person may sit in several units.</summary>
    public bool Includes(Opening opening, DirectoryEntry? who)
    {
        if (Question.OrganisationId is { } unit) return opening.OrganisationId == unit;
        if (Question.TownCode is not { } town || who is null) return true;
        foreach (var place in who.Places)
            if (place.OrganisationId == opening.OrganisationId) return place.Regions.Contains(town);
        return false;
    }
}

/// <summary>A free start found.</summary>
public readonly record struct FoundStart(ResourceDay Day, FreeStart Start);

/// <summary>From a question to the days of everybody who comes into question: the directory says who, one round trip to the store says when.</summary>
public sealed class SlotSearch(AvailabilityProjection availability, BookableDirectory directory, ServiceRepository services, TimeProvider time)
{
    public async Task<Outcome<SlotScope>> ReadAsync(SlotQuestion asked, CancellationToken cancel)
    {
        if (asked.ResourceId is not null && !Id.IsWellFormed(asked.ResourceId)) return CommonRefusals.Invalid.At("resourceId", "请选择服务人员或窗口");
        if (asked.OrganisationId is not null && !Id.IsWellFormed(asked.OrganisationId)) return CommonRefusals.Invalid.At("organisationId", "请选择单位");
        if (asked.ResourceId is not null && (asked.OrganisationId ?? asked.TownCode ?? asked.Speciality ?? asked.Language) is not null)
            return CommonRefusals.Invalid.At("resourceId", "指定人员或窗口时不能再按单位、地区、专长或语言筛选");
        foreach (var (field, word) in new[] { ("townCode", asked.TownCode), ("speciality", asked.Speciality), ("language", asked.Language) })
            if (word is { Length: 0 or > 40 }) return CommonRefusals.Invalid.At(field, "长度应为1到40");
        var mode = QueryWords.Read(asked.Mode, "mode", MeetingMode.InPerson);
        if (mode.IsRefused) return mode.Refusal!;
        var known = await directory.ReadAsync(cancel);
        // One that was added a moment ago on another node is in the database already.
        var service = known.Service(asked.ServiceCode) ?? (asked.ServiceCode is { Length: > 0 and <= 96 } code ? await services.FindAsync(code, cancel) : null);
        if (service is null) return AppointmentRefusals.UnknownService.At("serviceCode", "没有这个预约事项");
        var wish = new SlotWish(service, mode.Value, BookingSide.Citizen);
        return new SlotScope(asked, wish, asked.ResourceId is { } one ? [one] : [.. known.All.Where(b => Fits(b, asked, wish)).Select(b => b.Id)], known);
    }

    /// <summary>Free starts from a day on. Days outside of what can be booked are not looked at.</summary>
    /// <returns>By day, in order; each day's starts in order of resource, then of time.</returns>
    public async Task<SlotSearchResult> FindAsync(SlotScope scope, DateOnly from, int days, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var today = now.DateInChina();
        var (first, until) = (from < today ? today : from, from.AddDays(days));
        if (until > today.AddDays(AvailabilityProjection.Days)) until = today.AddDays(AvailabilityProjection.Days);
        var starts = new List<FoundStart>[days];
        for (var d = 0; d < days; d++) starts[d] = [];
        var missing = new bool[days];
        if (first >= until || scope.ResourceIds.Count == 0) return new SlotSearchResult(starts, missing);

        var reading = await availability.ReadAsync(scope.ResourceIds, first, until.DayNumber - first.DayNumber, cancel);
        var holds = reading.Holds.ToLookup(h => (h.ResourceId, h.Day));
        var buffer = new List<FreeStart>();
        foreach (var id in scope.ResourceIds)
        {
            var who = scope.Directory.Find(id);
            for (var day = first; day < until; day = day.AddDays(1))
            {
                if (!reading.Days.TryGetValue((id, day), out var facts)) continue;
                var at = day.DayNumber - from.DayNumber;
                missing[at] |= facts.CalendarMissing;
                buffer.Clear();
                Availability.AddFreeStarts(facts, scope.Wish, holds.Count == 0 ? [] : [.. holds[(id, day)]], now, buffer);
                foreach (var start in buffer)
                    if (scope.Includes(start.Opening, who)) starts[at].Add(new FoundStart(facts, start));
            }
        }
        return new SlotSearchResult(starts, missing);
    }

    private static bool Fits(DirectoryEntry who, SlotQuestion asked, SlotWish wish)
    {
        if (asked.Speciality is { } speciality && !who.Specialities.Any(s => speciality.StartsWith(s, StringComparison.Ordinal))) return false;
        if (asked.Language is { } language && !who.Languages.Contains(language, StringComparer.OrdinalIgnoreCase)) return false;
        foreach (var place in who.Places)
            if ((asked.OrganisationId is null || place.OrganisationId == asked.OrganisationId) && (asked.TownCode is null || place.Regions.Contains(asked.TownCode))
                && (place.Services & wish.Service.Mask) != 0 && place.Modes.Includes(wish.Mode)) return true;
        return false;
    }
}

/// <summary>What was found, by day.</summary>
/// <param name="CalendarMissing">Days on which somebody's hours depend on a holiday calendar that is not loaded.</param>
public sealed record SlotSearchResult(IReadOnlyList<IReadOnlyList<FoundStart>> Starts, IReadOnlyList<bool> CalendarMissing);
