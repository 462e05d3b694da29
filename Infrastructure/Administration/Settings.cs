using System.Globalization;
using Dapper;
using MicroPlatform.Domain.Administration;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Consultations;
using MicroPlatform.Infrastructure.Materials;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Infrastructure.Administration;

/// <summary>
/// What administrators have set, laid over what is configured. Whoever uses an option reads it when it is needed, so writing the option is all there is to do. This node follows at its
/// own commit, the others within the time of their keeper.
/// </summary>
public sealed partial class Settings
{
    private readonly Database _database;
    private readonly Dictionary<string, (Setting Setting, string Configured, Func<string> Get, Action<string> Set)> _all = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _applying = new(1);
    private long _seen = -1;

    public Settings(Database database, IOptions<ConsultationsOptions> consultations, IOptions<AppointmentsOptions> appointments, IOptions<RegistryOptions> registry, IOptions<MaterialsOptions> materials)
    {
        _database = database;
        Define(consultations.Value, appointments.Value, registry.Value, materials.Value);
    }

    /// <summary>In the order of the list.</summary>
    public IEnumerable<Setting> All => _all.Values.Select(s => s.Setting);

    public Setting? Find(string name) => _all.TryGetValue(name, out var found) ? found.Setting : null;

    /// <summary>What is configured, and what counts where nobody has set anything.</summary>
    public string Configured(string name) => _all[name].Configured;

    /// <summary>What this node goes by now.</summary>
    public string Current(string name) => _all[name].Get();

    /// <summary>Takes over what has been set since the last look.</summary>
    /// <returns>Whether anything had.</returns>
    public async Task<bool> FollowAsync(CancellationToken cancel)
    {
        await _applying.WaitAsync(cancel);
        try
        {
            var rows = await _database.ReadAsync(async c => (await c.QueryAsync<Row>("SELECT name, value, version FROM settings")).AsList(), cancel);
            // Versions only rise, so their sum says whether there is anything new.
            var sum = rows.Sum(r => (long)r.Version);
            if (sum == _seen) return false;
            foreach (var (name, setting) in _all)
            {
                var value = rows.Find(r => r.Name == name)?.Value ?? setting.Configured;
                // A value that was good for an older list is not for this one: what is configured counts.
                setting.Set(setting.Setting.Read(value) is { IsRefused: false } good ? good.Value : setting.Configured);
            }
            _seen = sum;
            return true;
        }
        finally
        {
            _applying.Release();
        }
    }

    private void Whole(string name, string title, int least, int most, Func<int> get, Action<int> set) =>
        Add(new Setting(name, title, SettingKind.Whole, least, most, null), () => Text(get()), value => set(Number(value)));

    private void Hours(string name, string title, int least, int most, Func<TimeSpan> get, Action<TimeSpan> set) =>
        Add(new Setting(name, title, SettingKind.Whole, least, most, null), () => Text((int)get().TotalHours), value => set(TimeSpan.FromHours(Number(value))));

    private void Days(string name, string title, int least, int most, Func<TimeSpan> get, Action<TimeSpan> set) =>
        Add(new Setting(name, title, SettingKind.Whole, least, most, null), () => Text((int)get().TotalDays), value => set(TimeSpan.FromDays(Number(value))));

    private void Megabytes(string name, string title, int least, int most, Func<long> get, Action<long> set) =>
        Add(new Setting(name, title, SettingKind.Whole, least, most, null), () => Text((int)(get() >> 20)), value => set((long)Number(value) << 20));

    private void Add(Setting setting, Func<string> get, Action<string> set) => _all.Add(setting.Name, (setting, get(), get, set));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int Number(string value) => int.Parse(value, CultureInfo.InvariantCulture);

    private sealed record Row
    {
        public required string Name { get; init; }
        public string? Value { get; init; }
        public int Version { get; init; }
    }
}
