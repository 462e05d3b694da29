using MicroPlatform.Api.Hosting;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Appointments;

/// <summary>Says what is due to be said before an appointment: the evening before, and two hours before; never after the start.</summary>
public sealed class RemindJob(Database database, ReminderRepository reminders, TimeProvider time, ILogger<RemindJob> log) : IJob
{
    private const int AtOnce = 500;

    public async Task<int> RunOnceAsync(CancellationToken cancel)
    {
        var said = 0;
        while (true)
        {
            var due = await reminders.DueAsync(time.GetUtcNow(), AtOnce, cancel);
            said += await JobItems.EachAsync(due, one => database.WriteAlwaysAsync(tx => reminders.TakeAsync(tx, one), cancel), log, cancel);
            if (due.Count < AtOnce) return said;
        }
    }
}
