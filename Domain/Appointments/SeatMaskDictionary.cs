using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace MicroPlatform.Domain.Appointments;

/// <summary>
/// What is taken on a day, by raster unit: two bytes a unit instead of a hash table, as a search reads over a thousand of these. Units in which
/// nothing is taken are not there, as the dictionary it stands for has it.
/// </summary>
public sealed class SeatMaskDictionary : IReadOnlyDictionary<int, ushort>
{
    public static readonly SeatMaskDictionary Nothing = new([]);

    private readonly ushort[] _byUnit;

    /// <param name="byUnit">From unit 0 on, as far as anything is taken; not copied.</param>
    public SeatMaskDictionary(ushort[] byUnit)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(byUnit.Length, Raster.PerDay);
        _byUnit = byUnit;
        foreach (var seats in byUnit)
            if (seats != 0) Count++;
    }

    public int Count { get; }

    public IEnumerable<int> Keys => this.Select(p => p.Key);

    public IEnumerable<ushort> Values => this.Select(p => p.Value);

    public ushort this[int key] => TryGetValue(key, out var seats) ? seats : throw new KeyNotFoundException();

    public bool ContainsKey(int key) => TryGetValue(key, out _);

    public bool TryGetValue(int key, [MaybeNullWhen(false)] out ushort value)
    {
        value = (uint)key < (uint)_byUnit.Length ? _byUnit[key] : (ushort)0;
        return value != 0;
    }

    public IEnumerator<KeyValuePair<int, ushort>> GetEnumerator()
    {
        for (var unit = 0; unit < _byUnit.Length; unit++)
            if (_byUnit[unit] != 0) yield return new KeyValuePair<int, ushort>(unit, _byUnit[unit]);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Writes the masks of a day into a table of <see cref="Raster.PerDay"/> zeros.</summary>
    internal static void Fill(Span<ushort> to, IReadOnlyDictionary<int, ushort> taken)
    {
        if (taken is SeatMaskDictionary masks)
        {
            masks._byUnit.CopyTo(to);
            return;
        }
        if (taken.Count == 0) return;
        foreach (var (unit, seats) in taken) to[unit] = seats;
    }
}
