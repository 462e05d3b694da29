using System.ComponentModel.DataAnnotations;
using MicroPlatform.Domain.Registry;

namespace MicroPlatform.Infrastructure.Registry;

/// <summary>How far is near: the model behind 城市半小时、农村一小时服务圈. Section <c>Registry</c>.</summary>
public sealed class RegistryOptions
{
    /// <summary>Kilometres an hour in town: by bus, electric bicycle or on foot and by bus.</summary>
    [Range(1, 200)]
    public double CityKmPerHour { get; set; } = 20;

    [Range(1, 200)]
    public double VillageKmPerHour { get; set; } = 30;

    /// <summary>How much longer the way is than the straight line.</summary>
    [Range(1, 5)]
    public double Detour { get; set; } = 1.3;

    [Range(1, 240)]
    public int CityMinutes { get; set; } = 30;

    [Range(1, 240)]
    public int VillageMinutes { get; set; } = 60;

    /// <summary>Nothing farther away is found by distance.</summary>
    [Range(1, 1000)]
    public double FarthestKm { get; set; } = 100;

    /// <summary>Days that the coverage report looks ahead.</summary>
    [Range(1, 31)]
    public int CoverageDays { get; set; } = 14;

    public ServiceCircle Circle => new(CityKmPerHour, VillageKmPerHour, Detour, CityMinutes, VillageMinutes);
}
