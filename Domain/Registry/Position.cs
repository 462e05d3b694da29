using System.Globalization;
using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Registry;

/// <summary>A place on the map: GCJ-02, as the mini-program's map gives and takes it, in millionths of a degree (a tenth of a metre).</summary>
public readonly record struct Position(int Latitude, int Longitude)
{
    /// <summary>Mean radius of the earth in metres (IUGG).</summary>
    private const double EarthRadius = 6_371_008.8;

    /// <summary>A position from degrees; refused when one of them lacks or the place is not in China.</summary>
    /// <returns>Null where neither is given.</returns>
    public static Outcome<Position?> Read(double? latitude, double? longitude)
    {
        if (latitude is null && longitude is null) return (Position?)null;
        if (latitude is null) return CommonRefusals.Invalid.At("latitude", "纬度和经度须同时填写");
        if (longitude is null) return CommonRefusals.Invalid.At("longitude", "纬度和经度须同时填写");
        // From the southernmost reef to the northernmost bend of the river, from the Pamirs to the Ussuri. NaN is in no range.
        if (latitude is not (>= 3.4 and <= 53.6)) return CommonRefusals.Invalid.At("latitude", "纬度不在中国境内");
        if (longitude is not (>= 73.4 and <= 135.1)) return CommonRefusals.Invalid.At("longitude", "经度不在中国境内");
        return new Position((int)Math.Round(latitude.Value * 1e6), (int)Math.Round(longitude.Value * 1e6));
    }

    /// <summary><c>latitude,longitude</c> in degrees, as in a query.</summary>
    public static Outcome<Position?> Read(string? text, string field)
    {
        if (string.IsNullOrEmpty(text)) return (Position?)null;
        return text.Split(',') is [var first, var second] && Number(first) is { } latitude && Number(second) is { } longitude && Read(latitude, longitude) is { IsRefused: false } read
            ? read
            : CommonRefusals.Invalid.At(field, "应为中国境内的“纬度,经度”，如33.87,115.78");
    }

    /// <summary>Metres as the crow flies (haversine).</summary>
    public double MetresTo(Position other)
    {
        var (a, b) = (Radians(Latitude), Radians(other.Latitude));
        var (dLatitude, dLongitude) = (b - a, Radians(other.Longitude) - Radians(Longitude));
        var h = Square(Math.Sin(dLatitude / 2)) + (Math.Cos(a) * Math.Cos(b) * Square(Math.Sin(dLongitude / 2)));
        return 2 * EarthRadius * Math.Asin(Math.Min(1, Math.Sqrt(h)));
    }

    /// <summary>Corners of a box that holds everything within so many metres, for a first sieve in SQL.</summary>
    public (Position SouthWest, Position NorthEast) Box(double metres)
    {
        var latitudes = metres / EarthRadius * 180 / Math.PI;
        var longitudes = latitudes / Math.Cos(Math.Min(Radians(Latitude) + (latitudes * Math.PI / 180), 1.5));
        var (dLatitude, dLongitude) = ((int)Math.Ceiling(latitudes * 1e6), (int)Math.Ceiling(longitudes * 1e6));
        return (new Position(Latitude - dLatitude, Longitude - dLongitude), new Position(Latitude + dLatitude, Longitude + dLongitude));
    }

    private static double? Number(string text) => double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static double Radians(int millionths) => millionths / 1e6 * Math.PI / 180;

    private static double Square(double x) => x * x;
}

/// <summary>城市半小时、农村一小时服务圈: whether a service point can be reached in the time the circle promises. A model: straight line times detour, at an even speed.</summary>
/// <param name="Detour">How much longer the way is than the straight line.</param>
public sealed record ServiceCircle(double CityKmPerHour, double VillageKmPerHour, double Detour, int CityMinutes, int VillageMinutes)
{
    /// <summary>Minutes on the way, rounded up. A point of no known area counts as one in the city, which promises more.</summary>
    public int Minutes(double metres, AreaKind? area) =>
        (int)Math.Ceiling(metres * Detour / 1000 / (area == AreaKind.Village ? VillageKmPerHour : CityKmPerHour) * 60);

    public bool Holds(double metres, AreaKind? area) => Minutes(metres, area) <= (area == AreaKind.Village ? VillageMinutes : CityMinutes);
}
