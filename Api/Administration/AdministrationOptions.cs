namespace MicroPlatform.Api.Administration;

/// <summary>Section <c>Administration</c>.</summary>
public sealed class AdministrationOptions
{
    /// <summary>
    /// Whether destructive acts need a second administrator as soon as there are two who can sign in. With a single one (a new installation, a small bureau) they act alone and are audited.
    /// </summary>
    public bool SecondAdministrator { get; set; } = true;
}
