using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Appointments;

namespace MicroPlatform.Api.Registry;

/// <summary>The first start that a citizen can book with each of some people, in whatever way it is held. One round trip for all of them.</summary>
public sealed class NextFree(AvailabilityProjection availability, TimeProvider time)
{
    /// <summary>Days from today on that are looked at.</summary>
    public const int Days = 31;

    /// <param name="services">One of these.</param>
    /// <returns>By person; those with nothing free are missing.</returns>
    public async Task<IReadOnlyDictionary<string, DateTimeOffset>> FindAsync(IReadOnlyList<string> people, IReadOnlyList<ServiceKind> services, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var today = now.DateInChina();
        var reading = await availability.ReadAsync(people, today, Days, cancel);
        var wishes = services.SelectMany(s => s.Modes.Split().Select(m => new SlotWish(s, m, BookingSide.Citizen))).ToList();
        var holds = reading.Holds.ToLookup(h => h.ResourceId);
        var found = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        foreach (var person in people)
        {
            for (var day = today; day < today.AddDays(Days); day = day.AddDays(1))
            {
                if (!reading.Days.TryGetValue((person, day), out var facts) || facts.Openings.Count == 0) continue;
                var first = wishes.Select(w => Availability.FreeSlots(facts, w, [.. holds[person]], now).FirstOrDefault()?.StartsAt).Min();
                if (first is null) continue;
                found[person] = first.Value;
                break;
            }
        }
        return found;
    }
}
