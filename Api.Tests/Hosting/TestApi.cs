using System.Collections.Concurrent;
using System.Net;
using Dapper;
using MicroPlatform.Api.Hosting;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Outbox;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace MicroPlatform.Api.Tests.Hosting;

/// <summary>The real program on a loopback port, with a database of its own that has the demo district's units and nobody in them. Jobs do not run by themselves; tests run them.</summary>
public sealed class TestApi : IAsyncDisposable
{
    private readonly string _folder;
    private readonly TestLog _log = new();
    private string? _mySql;
    private Cable? _through;
    private bool _isSecond;
    private WebApplication _app = null!;
    private int _people;

    /// <param name="folder">Another node's: all nodes of an installation share their keys.</param>
    private TestApi(string? folder = null) => _folder = folder ?? Directory.CreateTempSubdirectory("microplatform-test-").FullName;

    /// <summary>Hash of a password nobody knows: staff of tests do not sign in with one.</summary>
    private static readonly Lazy<string> AnyPassword = new(() => new PasswordHasher(Microsoft.Extensions.Options.Options.Create(new PasswordOptions())).Hash(Guid.CreateVersion7().ToString()));

    public TestTime Time { get; } = new();

    public Uri Address { get; private set; } = null!;

    public IServiceProvider Services => _app.Services;

    /// <summary>The port on an address that <c>urls</c> asked for besides loopback.</summary>
    public int PortOn(string address) => _app.Urls.Select(u => new Uri(u)).First(u => u.Host == address).Port;

    /// <summary>Everything logged, for "nothing personal in logs".</summary>
    public IReadOnlyCollection<string> Logged => _log.Lines;

    /// <param name="settings">Configuration on top of the test's own, as <c>Section:Key=value</c>.</param>
    /// <param name="adjust">Replaces services.</param>
    /// <param name="through">A cable to the database server, to be pulled out.</param>
    public static async Task<TestApi> StartAsync(Engine engine, string[]? settings = null, Action<IServiceCollection>? adjust = null, Cable? through = null)
    {
        Engines.Require(engine);
        var api = new TestApi();
        if (engine == Engine.Served) api._mySql = await Engines.CreateMySqlAsync();
        api._through = through;
        await api.StartHostAsync(settings ?? [], adjust);
        return api;
    }

    /// <summary>The program in this process on the data that another one has left, such as one that was killed. Both stay when it ends.</summary>
    public static async Task<TestApi> OpenAsync(string folder, string? mySql, string[] settings)
    {
        var api = new TestApi(folder) { _mySql = mySql, _isSecond = true };
        await api.StartHostAsync(settings, null);
        return api;
    }

    private async Task StartHostAsync(string[] settings, Action<IServiceCollection>? adjust)
    {
        string[] engine = _mySql is null ? [] : ["--Database:Provider=mysql", $"--Database:ConnectionString={(_through is null ? _mySql : _mySql.Replace($"Port={Engines.MySqlPort}", $"Port={_through.Port}", StringComparison.OrdinalIgnoreCase))}", $"--Redis:ConnectionString={Engines.Redis}", $"--Redis:Prefix={_mySql[(_mySql.LastIndexOf('=') + 1)..]}:"];
        _app = Server.Build(
            ["--environment=Development", "--urls=http://127.0.0.1:0", $"--Data:Folder={_folder}", "--Jobs:Enabled=false", "--RateLimits:Enabled=false", "--Demo:People=false", .. engine, .. settings.Select(s => $"--{s}")],
            builder =>
            {
                builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Time));
                builder.Logging.ClearProviders().AddProvider(_log).SetMinimumLevel(LogLevel.Debug);
                adjust?.Invoke(builder.Services);
            });
        await _app.PrepareAsync();
        await _app.StartAsync();
        Address = new Uri(_app.Urls.First());
    }

    /// <summary>Nobody in particular.</summary>
    public ApiClient Anonymous() => new(Address, null, "");

    /// <summary>A new citizen who has just signed in.</summary>
    /// <param name="consents">Whether the privacy notice has been accepted already.</param>
    public async Task<ApiClient> NewCitizenAsync(bool consents = true)
    {
        using var nobody = Anonymous();
        var signedIn = await nobody.PostAsync("/v1/auth/wechat/login", new { code = $"test:citizen{Interlocked.Increment(ref _people)}" }).Gives(HttpStatusCode.OK);
        var citizen = new ApiClient(Address, signedIn.String("tokens.accessToken"), signedIn.String("user.id"));
        if (!consents) return citizen;
        var version = (await nobody.GetAsync("/v1/privacy-notice").Gives(HttpStatusCode.OK))["version"].GetInt32();
        await citizen.PostAsync("/v1/me/consents", new { version, accepted = true }).Gives(HttpStatusCode.OK);
        return citizen;
    }

    /// <summary>A new staff member with a post in a unit.</summary>
    /// <param name="organisationId">The demo district's legal aid centre when absent.</param>
    public async Task<ApiClient> NewStaffAsync(Role role, string? organisationId = null, string name = "测试员", string specialities = "")
    {
        var id = Id.New(Time);
        var number = Interlocked.Increment(ref _people);
        await ExecuteAsync("""
            INSERT INTO staff_members (id, username, name, title, specialities, active, password_hash, password_temporary, totp_sealed, totp_last_step,
                                       last_assigned_at, created_at, version)
            VALUES (@id, @username, @name, NULL, @specialities, 1, @password, 0, NULL, 0, 0, @now, 1)
            """, new { id, username = $"test{number}", name = $"{name}{number}", specialities, password = AnyPassword.Value, now = Time.GetUtcNow() });
        await ExecuteAsync("INSERT INTO posts (id, staff_id, organisation_id, role) VALUES (@post, @id, @unit, @role)",
            new { post = Id.New(Time), id, unit = organisationId ?? DemoDistrict.AidCentre, role = role.ToString() });
        return await SignedInAsync(id, role);
    }

    /// <summary>Delivers the outbox until nothing is due.</summary>
    public Task<int> DeliverAsync() => Services.GetRequiredService<OutboxDispatcher>().RunOnceAsync();

    /// <summary>Runs a job once.</summary>
    public async Task<int> RunAsync<TJob>()
        where TJob : IJob
    {
        await using var scope = Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<TJob>().RunOnceAsync(CancellationToken.None);
    }

    public Task<int> ExecuteAsync(string sql, object? args = null) =>
        Services.GetRequiredService<Database>().WriteAlwaysAsync(tx => tx.ExecuteAsync(sql, args));

    public Task<T?> ScalarAsync<T>(string sql, object? args = null) =>
        Services.GetRequiredService<Database>().ReadAsync(c => c.ExecuteScalarAsync<T>(sql, args));

    /// <summary>Lets the embedded database grow no further.</summary>
    public async Task LimitSqliteAsync()
    {
        // The limit belongs to a connection: the writer's is the one that a write gets.
        await Services.GetRequiredService<Database>().WriteAlwaysAsync(async tx =>
            await tx.ExecuteAsync($"PRAGMA max_page_count = {await tx.ScalarAsync<long>("PRAGMA page_count") + 8}"));
    }

    /// <summary>One more node on the same database, with a log of its own. Not for SQLite, which has one. Ends before this one.</summary>
    public async Task<TestApi> StartSecondNodeAsync(params string[] settings)
    {
        var node = new TestApi(_folder) { _mySql = _mySql ?? throw new InvalidOperationException("An embedded database has one node."), _isSecond = true };
        await node.StartHostAsync(settings, null);
        return node;
    }

    /// <summary>The same person calling another node.</summary>
    public ApiClient Through(ApiClient person) => new(Address, person.Token, person.Id);

    /// <summary>Stops the program and starts it again on the same data.</summary>
    public async Task RestartAsync(string[]? settings = null)
    {
        await StopAsync();
        await StartHostAsync(settings ?? [], null);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        // The framework holds on to ended programs (a timer of the rate limiter's middleware); what they logged need not stay with them.
        _log.Forget();
        if (_mySql is not null && !_isSecond) await Engines.DropMySqlAsync(_mySql);
        if (!_isSecond) Directory.Delete(_folder, recursive: true);
    }

    private async Task StopAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
    }

    /// <summary>A staff member who is there already, with a session from now on.</summary>
    public async Task<ApiClient> SignedInAsync(string staffId, params Role[] roles)
    {
        var sessions = Services.GetRequiredService<SessionRepository>();
        var pair = await Services.GetRequiredService<Database>().WriteAlwaysAsync(tx => sessions.OpenAsync(tx, ActorKind.Staff, staffId, roles, "test"));
        return new ApiClient(Address, pair.AccessToken, staffId);
    }

    private sealed class TestLog : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public IReadOnlyCollection<string> Lines => _lines;

        public void Forget() => _lines.Clear();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
