using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.VideoCalls;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Infrastructure.VideoCalls;

/// <summary>Every provider that this installation has keys for. A call keeps the one it began with, by name.</summary>
public sealed class VideoProviders
{
    private readonly Dictionary<string, IVideoProvider> _byName;

    public VideoProviders(IEnumerable<IVideoProvider> providers, IOptions<VideoOptions> options, IHostEnvironment environment)
    {
        _byName = providers.ToDictionary(p => p.Name, StringComparer.Ordinal);
        Current = _byName[options.Value.ProviderIn(environment)];
    }

    /// <summary>For new calls.</summary>
    public IVideoProvider Current { get; }

    public IEnumerable<IVideoProvider> All => _byName.Values;

    /// <summary>The provider of a call that may have begun under other settings.</summary>
    public Outcome<VideoProvider> Find(string name) => _byName.TryGetValue(name, out var provider) ? new VideoProvider(provider) : VideoRefusals.ProviderGone;
}

/// <summary>A provider that was found. <see cref="Outcome{T}"/> cannot hold an interface.</summary>
public sealed record VideoProvider(IVideoProvider Port);
