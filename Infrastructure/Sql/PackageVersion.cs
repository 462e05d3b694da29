using System.Reflection;

namespace MicroPlatform.Infrastructure.Sql;

/// <summary>The version of a library as its package names it; assembly versions often stand still for years.</summary>
internal static class PackageVersion
{
    public static string Of<T>() => typeof(T).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";
}
