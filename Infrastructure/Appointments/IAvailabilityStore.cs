using MicroPlatform.Domain.Appointments;

namespace MicroPlatform.Infrastructure.Appointments;

/// <summary>
/// A copy of availability to read from fast, and the holds of people who are filling in a form. Never the truth: the database is, and the
/// copy can be thrown away at any time. Redis for several nodes, memory for one; both pass one contract fixture.
/// </summary>
public interface IAvailabilityStore
{
    /// <summary>Rises whenever the store may have lost writes or gone back to an older state, such as when its connection broke.</summary>
    long Doubts { get; }

    /// <summary>Days of many resources and every hold that is alive, in one round trip.</summary>
    /// <returns>By resource and day; days that are not in the copy are missing.</returns>
    /// <exception cref="AvailabilityStoreException">The store cannot be reached.</exception>
    Task<AvailabilityReading> ReadAsync(IReadOnlyList<string> resourceIds, DateOnly from, int days, DateTimeOffset now, CancellationToken cancel);

    /// <summary>Every hold that is alive.</summary>
    /// <exception cref="AvailabilityStoreException">The store cannot be reached.</exception>
    Task<IReadOnlyList<Hold>> HoldsAsync(DateTimeOffset now, CancellationToken cancel);

    /// <summary>Puts days into the copy; where the copy has a later version of a day, that stays.</summary>
    /// <exception cref="AvailabilityStoreException">The store cannot be reached.</exception>
    Task PutAsync(IReadOnlyList<ResourceDay> days, DateTimeOffset now, CancellationToken cancel);

    /// <summary>Throws the copy away; holds stay.</summary>
    /// <exception cref="AvailabilityStoreException">The store cannot be reached.</exception>
    Task ForgetAsync(CancellationToken cancel);

    /// <summary>Holds the first of the wish's seats that nobody else holds, atomically.</summary>
    /// <exception cref="AvailabilityStoreException">The store cannot be reached.</exception>
    Task<HoldOutcome> TryHoldAsync(HoldWish wish, DateTimeOffset now, CancellationToken cancel);

    /// <summary>A hold that is alive, or null.</summary>
    /// <exception cref="AvailabilityStoreException">The store cannot be reached.</exception>
    Task<Hold?> FindHoldAsync(string holdId, DateTimeOffset now, CancellationToken cancel);

    /// <summary>Lets go of a hold; one that is not there is nothing.</summary>
    /// <exception cref="AvailabilityStoreException">The store cannot be reached.</exception>
    Task ReleaseHoldAsync(string holdId, CancellationToken cancel);
}

/// <summary>What the copy has.</summary>
public sealed record AvailabilityReading(IReadOnlyDictionary<(string ResourceId, DateOnly Day), ResourceDay> Days, IReadOnlyList<Hold> Holds);

/// <summary>What somebody wants to hold.</summary>
/// <param name="HoldId">A secret: who has it has the hold.</param>
/// <param name="Seats">To be tried in this order.</param>
/// <param name="Holder">Who holds, for the limit: a citizen, or the address of somebody not signed in.</param>
/// <param name="MostPerHolder">Holds that one holder may have at a time.</param>
public sealed record HoldWish(
    string HoldId, string ResourceId, DateOnly Day, RasterSpan Span, IReadOnlyList<int> Seats, DateTimeOffset ExpiresAt, string Holder, int MostPerHolder);

/// <summary>What came of it: the hold, or why there is none.</summary>
public sealed record HoldOutcome(Hold? Hold, bool TooMany = false);

/// <summary>The store cannot be reached now. Readers go on from the database.</summary>
public sealed class AvailabilityStoreException(string message, Exception inner) : Exception(message, inner);
