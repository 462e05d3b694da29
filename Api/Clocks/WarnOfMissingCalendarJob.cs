using MicroPlatform.Api.Hosting;
using MicroPlatform.Infrastructure.Clocks;

namespace MicroPlatform.Api.Clocks;

/// <summary>From 1 December on, says every day that next year's holidays are not loaded. What needs them is refused from January on.</summary>
public sealed class WarnOfMissingCalendarJob(CalendarQueries calendar, ILogger<WarnOfMissingCalendarJob> log) : IJob
{
    public async Task<int> RunOnceAsync(CancellationToken cancel)
    {
        if (await calendar.MissingYearAsync(cancel) is not { } year) return 0;
        log.LogWarning("The holiday calendar of {Year} is not loaded: import it with PUT /v1/admin/calendar/{Year}", year, year);
        return 1;
    }
}
