using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Identity;

/// <summary>A person with a problem, as far as the platform knows them. All that names them is optional: WeChat tells nothing but an opaque id.</summary>
public sealed class Citizen
{
    public required string Id { get; init; }
    public PersonName? Name { get; private set; }
    public PhoneNumber? Phone { get; private set; }
    public NationalId? NationalId { get; private set; }
    public string? Address { get; private set; }
    public string? RegionCode { get; private set; }
    public ContactPreference ContactPreference { get; private set; } = ContactPreference.Visible;
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>
    /// Set when the person has deleted the account: what they told the office stays stored as long as the law asks, and is not processed
    /// any further (PIPL art. 47). Nothing here names them any more.
    /// </summary>
    public DateTimeOffset? RestrictedAt { get; private set; }

    /// <summary>Number of the stored version this was read from.</summary>
    public int Version { get; init; }

    public static Citizen New(string id, DateTimeOffset now) => new() { Id = id, CreatedAt = now };

    public static Citizen Restore(Citizen bare, PersonName? name, PhoneNumber? phone, NationalId? nationalId, string? address, string? regionCode, ContactPreference preference, DateTimeOffset? restrictedAt)
    {
        (bare.Name, bare.Phone, bare.NationalId, bare.Address) = (name, phone, nationalId, address);
        (bare.RegionCode, bare.ContactPreference, bare.RestrictedAt) = (regionCode, preference, restrictedAt);
        return bare;
    }

    public void Introduce(PersonName? name, NationalId? nationalId, string? address, string? regionCode) =>
        (Name, NationalId, Address, RegionCode) = (name, nationalId, address, regionCode);

    /// <summary>Binds the phone that WeChat has vouched for.</summary>
    public void BindPhone(PhoneNumber phone) => Phone = phone;

    /// <summary>A clerk has seen that the number now belongs to somebody else.</summary>
    public void ReleasePhone() => Phone = null;

    public void Prefer(ContactPreference preference) => ContactPreference = preference;

    /// <summary>Leaves a pseudonym. Refused while the office still works for the person.</summary>
    public Outcome<Done> Restrict(bool hasOpenMatter, DateTimeOffset now)
    {
        if (hasOpenMatter) return IdentityRefusals.MatterOpen;
        (Name, Phone, NationalId, Address) = (null, null, null, null);
        RestrictedAt = now;
        return Done.It;
    }
}
