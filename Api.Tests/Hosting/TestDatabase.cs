using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Tests.Hosting;

/// <summary>A database without the program around it.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("microplatform-test-").FullName;
    private readonly DatabaseOptions _options;
    private readonly List<Database> _opened = [];
    private readonly string? _mySql;

    private TestDatabase(DatabaseOptions options, string? mySql) => (_options, _mySql) = (options, mySql);

    public TestTime Time { get; } = new();

    public static async Task<TestDatabase> CreateAsync(Engine engine, Action<DatabaseOptions>? configure = null)
    {
        Engines.Require(engine);
        var options = new DatabaseOptions();
        var mySql = engine == Engine.Served ? await Engines.CreateMySqlAsync() : null;
        if (mySql is not null) (options.Provider, options.ConnectionString) = ("mysql", mySql);
        configure?.Invoke(options);
        return new TestDatabase(options, mySql);
    }

    /// <summary>As another node would open it.</summary>
    public Database Open()
    {
        var database = new Database(Options.Create(_options), Options.Create(new DataOptions { Folder = _folder }), Time, NullLogger<Database>.Instance);
        _opened.Add(database);
        return database;
    }

    /// <summary>Opened, with the schema of this build.</summary>
    public async Task<Database> OpenMigratedAsync()
    {
        var database = Open();
        await new Migrator(database, Time, NullLogger<Migrator>.Instance).MigrateAsync();
        return database;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var database in _opened) await database.DisposeAsync();
        if (_mySql is not null) await Engines.DropMySqlAsync(_mySql);
        Directory.Delete(_folder, recursive: true);
    }
}
