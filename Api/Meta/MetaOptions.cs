using System.ComponentModel.DataAnnotations;

namespace MicroPlatform.Api.Meta;

/// <summary>Section <c>Meta</c>: what the bureau tells its clients.</summary>
public sealed class MetaOptions
{
    [Required]
    public string HotlineNumber { get; set; } = "12348";

    /// <summary>Switches that the client programs understand, by name.</summary>
    public IDictionary<string, bool> Features { get; init; } = new Dictionary<string, bool>(StringComparer.Ordinal);
}
