namespace MicroPlatform.Domain.Common;

/// <summary>What kind of "no" a refusal is. The HTTP status of each kind stands in one place: <c>Api/Http/Problems.cs</c>.</summary>
public enum RefusalKind
{
    /// <summary>The request is not well-formed: a missing field, a text over its limit, an unknown code.</summary>
    Invalid,
    /// <summary>Who is asking is not known, or no longer: token missing, expired or revoked. Never used for a business rule.</summary>
    Unauthenticated,
    /// <summary>Known, but without the right.</summary>
    Forbidden,
    /// <summary>Not there, or not theirs to see: the two are never told apart.</summary>
    NotFound,
    /// <summary>The state of the thing does not allow it now.</summary>
    Conflict,
    /// <summary>The caller edited an older version than the one stored.</summary>
    VersionMismatch,
    /// <summary>Well-formed but not acceptable: a rule of the office says no.</summary>
    Unprocessable,
    /// <summary>The body is not of a kind that can be read.</summary>
    UnsupportedMedia,
    /// <summary>Too many requests.</summary>
    TooMany,
    /// <summary>The body is larger than the platform takes.</summary>
    TooLarge,
    /// <summary>The client program is older than the oldest one served.</summary>
    ClientTooOld,
    /// <summary>A thing the platform needs is away; trying again later may help.</summary>
    Unavailable,
}

/// <summary>An expected "no": a stable code for programs and a Chinese title fit to show to the person.</summary>
/// <param name="Code">Stable snake_case code, one of the closed catalogue in <c>openapi.yaml</c>.</param>
/// <param name="Title">Chinese, ends without a full stop, fit for a toast.</param>
/// <param name="Kind">Decides the HTTP status.</param>
public sealed record Refusal(string Code, string Title, RefusalKind Kind)
{
    /// <summary>Messages by field (JSON name), for forms.</summary>
    public IReadOnlyDictionary<string, string[]> Errors { get; init; } = new Dictionary<string, string[]>();

    /// <summary>How long the caller should wait before trying again; becomes <c>Retry-After</c>.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Further members of the problem (RFC 9457 §3.2), such as a token for mending what is missing; most refusals have none.</summary>
    public IReadOnlyDictionary<string, string> Members { get; init; } = new Dictionary<string, string>();

    /// <summary>What would be possible instead, where a partner's program can make use of it.</summary>
    public IReadOnlyList<string> Allowed { get; init; } = [];

    /// <summary>The same refusal with a message at a field.</summary>
    public Refusal At(string field, string message) =>
        this with { Errors = new Dictionary<string, string[]>(Errors) { [field] = [message] } };
}

/// <summary>Either a value or the refusal that stands in its place.</summary>
public readonly struct Outcome<T>
{
    private readonly T? _value;

    private Outcome(T? value, Refusal? refusal) => (_value, Refusal) = (value, refusal);

    /// <summary>The refusal, or null where there is a value.</summary>
    public Refusal? Refusal { get; }

    public bool IsRefused => Refusal is not null;

    /// <summary>The value. Reading it from a refusal is a bug and throws.</summary>
    public T Value => Refusal is null ? _value! : throw new InvalidOperationException($"Refused: {Refusal.Code}");

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Refusal refusal) => new(default, refusal);
}

/// <summary>The value of an act that has nothing to tell but that it was done.</summary>
public readonly record struct Done
{
    public static readonly Done It;
}
