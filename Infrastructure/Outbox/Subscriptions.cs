using System.Text.Json;
using MicroPlatform.Domain.Common;
using Microsoft.Extensions.DependencyInjection;

namespace MicroPlatform.Infrastructure.Outbox;

/// <summary>When X happens, also Y: the whole list, one line each.</summary>
public sealed partial class Subscriptions
{
    private readonly Dictionary<string, List<Subscription>> _byEvent = [];
    private readonly Dictionary<(string Subscriber, string Event), Subscription> _byName = [];

    public Subscriptions() => Define();

    /// <summary>Another list, for tests of the dispatcher itself.</summary>
    internal Subscriptions(Action<Subscriptions> define) => define(this);

    /// <summary>Everything that wants to know of an event.</summary>
    internal IReadOnlyList<Subscription> For(IDomainEvent happened) => [.. (_byEvent.GetValueOrDefault(happened.GetType().Name) ?? []).Where(s => s.Wants(happened))];

    internal Subscription? Find(string subscriber, string eventType) => _byName.GetValueOrDefault((subscriber, eventType));

    /// <summary>Everybody who wants to know of something.</summary>
    public IReadOnlyList<string> Names => [.. _byName.Keys.Select(k => k.Subscriber).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The classes that handle events, for registration.</summary>
    public IEnumerable<Type> Handlers => _byName.Values.Select(s => s.HandlerType).Distinct();

    /// <param name="when">Which of these events; the others cost no row and no delivery. Null: all.</param>
    internal void On<TEvent, THandler>(string subscriber, Func<TEvent, bool>? when = null)
        where TEvent : IDomainEvent
        where THandler : IHandle<TEvent>
    {
        var name = typeof(TEvent).Name;
        var subscription = new Subscription(subscriber, name, typeof(THandler), (services, payload, delivery, cancel) =>
            services.GetRequiredService<THandler>().HandleAsync(JsonSerializer.Deserialize<TEvent>(payload)!, delivery, cancel))
        {
            Wants = happened => when is null || when((TEvent)happened),
        };
        _byName.Add((subscriber, name), subscription);
        if (!_byEvent.TryGetValue(name, out var list)) _byEvent[name] = list = [];
        list.Add(subscription);
    }
}

/// <summary>One line of the list.</summary>
/// <param name="Subscriber">Stable name, kept in outbox rows: renaming it orphans what is pending.</param>
internal sealed record Subscription(string Subscriber, string EventType, Type HandlerType, Func<IServiceProvider, string, Delivery, CancellationToken, Task> Call)
{
    public required Func<IDomainEvent, bool> Wants { get; init; }
}
