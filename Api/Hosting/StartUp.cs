using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Clocks;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Materials;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Hosting;

/// <summary>What must be true before the first request: secrets, lock, schema, signing keys, reference data, demo district.</summary>
public static class StartUp
{
    public static async Task PrepareAsync(this WebApplication app, CancellationToken cancel = default)
    {
        app.CheckSecrets();
        var services = app.Services;
        if (services.GetRequiredService<IOptions<DatabaseOptions>>().Value.Provider == "sqlite")
        {
            var folder = services.GetRequiredService<IOptions<DataOptions>>().Value.Folder;
            var instance = InstanceLock.Take(folder);
            app.Lifetime.ApplicationStopped.Register(instance.Dispose);
        }
        await services.GetRequiredService<Migrator>().MigrateAsync(cancel);
        await services.GetRequiredService<SigningKeyStore>().RotateAsync();
        await services.GetRequiredService<Database>().WriteAlwaysAsync(async tx => { await ConsentRepository.EnsureFirstAsync(tx); return true; }, cancel);
        await CategorySeed.ApplyAsync(services.GetRequiredService<Database>(), cancel);
        await CalendarSeed.ApplyAsync(services.GetRequiredService<Database>(), cancel);
        await ServiceSeed.ApplyAsync(services.GetRequiredService<Database>(), cancel);
        await ChecklistSeed.ApplyAsync(services.GetRequiredService<Database>(), cancel);
        if (app.Configuration.GetValue("Demo:Enabled", app.Environment.IsDevelopment()))
            await DemoDistrict.ApplyAsync(services, withPeople: app.Configuration.GetValue("Demo:People", true), cancel);
    }
}
