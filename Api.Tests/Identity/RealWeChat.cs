using System.Collections.Concurrent;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.WeChat;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MicroPlatform.Api.Tests.Identity;

/// <summary>The real client, put together as the platform does it, against the stub server; keeps what it logs.</summary>
internal sealed class RealWeChat : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly KeptLog _log = new();

    public RealWeChat(WeChatStubServer server, TimeProvider? time = null, params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["WeChat:Mode"] = "real",
            ["WeChat:AppId"] = WeChatStubServer.AppId,
            ["WeChat:Secret"] = WeChatStubServer.Secret,
            ["WeChat:BaseUrl"] = server.Address.ToString(),
        }.Concat(settings.Select(pair => KeyValuePair.Create<string, string?>(pair.Key, pair.Value))).GroupBy(pair => pair.Key).Select(group => group.Last())).Build();
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(_log));
        if (time is not null) services.AddSingleton(time);
        services.AddWeChat(configuration, new NamedEnvironment("Production"));
        _services = services.BuildServiceProvider();
    }

    public IWeChat WeChat => _services.GetRequiredService<IWeChat>();

    public string Log => string.Join('\n', _log.Lines);

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private sealed class KeptLog : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}

internal sealed class NamedEnvironment(string name) : IHostEnvironment
{
    public string EnvironmentName { get; set; } = name;
    public string ApplicationName { get; set; } = "tests";
    public string ContentRootPath { get; set; } = AppContext.BaseDirectory;
    public Microsoft.Extensions.FileProviders.IFileProvider ContentRootFileProvider { get; set; } = new Microsoft.Extensions.FileProviders.NullFileProvider();
}
