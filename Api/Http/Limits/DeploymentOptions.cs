using System.ComponentModel.DataAnnotations;
using System.Net;

namespace MicroPlatform.Api.Http.Limits;

/// <summary>Where the program stands. Section <c>Deployment</c>.</summary>
public sealed class DeploymentOptions : IValidatableObject
{
    /// <summary>Behind 微信云托管 with public access off: only then are its <c>X-WX-*</c> headers believed; otherwise they are taken off every request.</summary>
    public bool CloudRun { get; set; }

    /// <summary>Addresses or networks (<c>10.0.0.0/8</c>) of the proxies in front, whose <c>X-Forwarded-For</c> and <c>-Proto</c> are believed. None: the peer is the client.</summary>
    public IReadOnlyList<string> TrustedProxies { get; set; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        TrustedProxies.Where(p => Network(p) is null).Select(p => new ValidationResult($"Deployment:TrustedProxies: '{p}' is neither an address nor a network such as 10.0.0.0/8."));

    internal static IPNetwork? Network(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : null;
}
