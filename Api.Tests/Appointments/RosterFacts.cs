using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Clocks;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.DependencyInjection;

namespace MicroPlatform.Api.Tests.Appointments;

/// <summary>What must be true of every roster at every time, read from the database.</summary>
internal static class RosterFacts
{
    /// <summary>No booked appointment is outside the hours, and no two openings of a day meet.</summary>
    public static async Task AllFitAsync(TestApi api, string resourceId)
    {
        var calendar = await api.Services.GetRequiredService<CalendarStore>().ReadAsync();
        var today = api.Time.GetUtcNow().DateInChina();
        var (hours, booked, active) = await api.Services.GetRequiredService<Database>().WriteAlwaysAsync(async tx =>
        {
            var resource = (await ResourceRepository.FindAsync(tx, resourceId))!;
            return (await HoursRepository.OfAsync(tx, resource, today), await ChangePlanReading.BookedAsync(tx, resourceId), resource.Active);
        });
        Assert.Multiple(() =>
        {
            if (!active) Assert.That(booked, Is.Empty);
            foreach (var one in booked) Assert.That(ChangePlanner.Fits(hours, one, calendar), Is.True, $"{one.StartsAt} is outside the hours");
            for (var n = 0; n < 90; n++)
            {
                var openings = hours.OpeningsOn(today.AddDays(n), calendar);
                for (var i = 1; i < openings.Count; i++) Assert.That(openings[i].FromMinute, Is.GreaterThanOrEqualTo(openings[i - 1].ToMinute), $"{today.AddDays(n)}");
            }
        });
    }
}
