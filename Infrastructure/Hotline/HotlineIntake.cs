using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Hotline;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Hotline;

/// <summary>
/// Makes a matter of what the hotline has written down: whose it is, which unit's, of which category. Nothing is refused for a code that is not
/// known: the caller has called, and the centre sorts it.
/// </summary>
public sealed class HotlineIntake(WindowRecords records, CitizenRepository citizens, HotlineTicketRepository tickets)
{
    /// <summary>Category of what fits no other.</summary>
    private const string OtherCategory = "99";

    /// <param name="warnings">Told to the hotline: which of its codes mean nothing here.</param>
    public async Task<HotlineTicket> OpenAsync(UnitOfWork tx, HotlinePartner partner, string ticketNo, HotlineContent content, HotlineAge age, List<string> warnings)
    {
        var actor = new Actor(ActorKind.Partner, partner.AppId);
        var citizenId = await CallerAsync(tx, content, actor);
        var (unitId, region) = await PlaceAsync(tx, partner, content, warnings);
        var matter = new Matter
        {
            Id = tx.NewId(), Number = MatterNumber.New(tx.Now), Kind = MatterKind.HotlineTicket, CategoryCode = await CategoryAsync(tx, partner.AppId, content.CategoryCode, warnings), RegionCode = region,
            Channel = content.Source == "12345" ? Channel.Hotline12345 : Channel.Hotline12348, CitizenId = citizenId, Title = Matter.TitleOf(content.Title ?? content.Content), OpenedAt = tx.Now, OrganisationId = unitId,
        };
        matter.Open(content.Confidential ? ContactPreference.Hidden : ContactPreference.Visible, tx.Now);
        var ticket = HotlineTicket.Open(
            new HotlineTicket { Id = tx.NewId(), AppId = partner.AppId, TicketNo = ticketNo, Matter = matter, CentreId = partner.OrganisationId, CreatedAt = tx.Now }, content, age, actor, tx.Now);
        await tickets.InsertAsync(tx, ticket, actor);
        return ticket;
    }

    /// <summary>
    /// Whose it is: the account that holds the caller's mobile, or a record that waits until somebody binds it (<see cref="WindowRecords"/>). A number kept
    /// under another name, a landline or none leads to nobody's account: a family's or an office's phone must not show one what another has asked.
    /// </summary>
    private async Task<string> CallerAsync(UnitOfWork tx, HotlineContent content, Actor actor)
    {
        if (content.Phone is { IsMobile: true } phone && await records.FindOrAddAsync(tx, phone, content.CallerName, actor) is { } known)
        {
            // Deleted a moment ago, or handed over: run again and find who it is now.
            if (!await CitizenRepository.EngageAsync(tx, known.Id)) throw new ConcurrencyConflictException();
            return known.Id;
        }
        var id = tx.NewId();
        await tx.ExecuteAsync("INSERT INTO citizens (id, contact_preference, created_at, version) VALUES (@id, @preference, @Now, 1)", new { id, preference = ContactPreference.Visible.ToString(), tx.Now });
        if (content.CallerName is null) return id;
        var stranger = (await citizens.FindAsync(tx, id))!;
        stranger.Introduce(content.CallerName, null, null, null);
        await citizens.SaveAsync(tx, stranger);
        return id;
    }

    /// <summary>The unit named, else the one that serves the area, else the centre; and the region.</summary>
    private static async Task<(string UnitId, string RegionCode)> PlaceAsync(UnitOfWork tx, HotlinePartner partner, HotlineContent content, List<string> warnings)
    {
        var region = await MappingRepository.ResolveAsync(tx, partner.AppId, MappingRepository.Areas, content.AreaCode) is { } area ? (await MatterCodes.RegionAsync(tx, area))?.Code : null;
        if (content.AreaCode is not null && region is null) warnings.Add($"areaCode {content.AreaCode} 未对照");
        var named = await MappingRepository.ResolveAsync(tx, partner.AppId, MappingRepository.Departments, content.DepartmentCode) is { } department
            ? await RegistryQueries.TakingUnitAsync(tx, department) : null;
        if (content.DepartmentCode is not null && named is null) warnings.Add($"departmentCode {content.DepartmentCode} 未对照");
        var unit = named?.Id ?? (region is null ? null : await RegistryQueries.ResponsibleUnitAsync(tx, region)) ?? partner.OrganisationId;
        return (unit, region ?? (await tx.ScalarAsync<string>("SELECT region_code FROM organisations WHERE id = @unit", new { unit }))!);
    }

    private static async Task<string> CategoryAsync(UnitOfWork tx, string appId, string? code, List<string> warnings)
    {
        if (code is null) return OtherCategory;
        if (await MappingRepository.ResolveAsync(tx, appId, MappingRepository.Categories, code) is { } mapped && await MatterCodes.CategoryAsync(tx, mapped) is { } category) return category.Code;
        warnings.Add($"categoryCode {code} 未对照，已归入其他");
        return OtherCategory;
    }
}
