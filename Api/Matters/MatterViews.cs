using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Consultations;
using MicroPlatform.Infrastructure.Matters;

namespace MicroPlatform.Api.Matters;

/// <summary>A matter in few words, as it stands inside the service working on it.</summary>
/// <param name="NumberText">受理编号 as people read it out: <c>2648-3029-5719</c>.</param>
/// <param name="UnitName">The unit responsible.</param>
/// <param name="HandlerName">The person responsible; null while nobody has taken it.</param>
public sealed record MatterHead(
    string Id, string Number, string NumberText, string Title, MatterStatus Status, string StatusText, string CategoryCode, string? CategoryName,
    string RegionCode, string? RegionName, Channel Channel, string UnitName, string? HandlerName, DateTimeOffset OpenedAt, DateTimeOffset UpdatedAt,
    DateTimeOffset? ClosedAt, bool Rated)
{
    public static MatterHead Of(ConsultationHead h) => new(
        h.MatterId, h.Number, MatterNumber.Display(h.Number), h.Title, h.Status, h.Status.Label(), h.CategoryCode, h.CategoryName,
        h.RegionCode, h.RegionName, h.Channel, h.OrganisationName, h.HandlerName, h.OpenedAt, h.UpdatedAt, h.ClosedAt, h.Rated);
}

/// <summary>A matter in a list, and whole.</summary>
/// <param name="KindText">What service it began as, in Chinese.</param>
/// <param name="ConsultationId">The message thread, where it has one.</param>
/// <param name="AppointmentId">The appointment booked last on it, where there is one.</param>
/// <param name="Score">1–5 once rated.</param>
public sealed record MatterView(
    string Id, string Number, string NumberText, MatterKind Kind, string KindText, string Title, MatterStatus Status, string StatusText,
    string CategoryCode, string? CategoryName, string RegionCode, string? RegionName, Channel Channel, string ChannelText, string UnitName, string? HandlerName,
    ContactPreference ContactPreference, string? ConsultationId, string? AppointmentId, int? Score, string? MergedIntoId, DateTimeOffset OpenedAt, DateTimeOffset UpdatedAt, DateTimeOffset? ClosedAt)
{
    public static MatterView Of(MatterRow m) => new(
        m.Id, m.Number, MatterNumber.Display(m.Number), m.Kind, m.Kind.Label(), m.Title, m.Status, m.Status.Label(),
        m.CategoryCode, m.CategoryName, m.RegionCode, m.RegionName, m.Channel, m.Channel.Label(), m.OrganisationName, m.HandlerName,
        m.ContactPreference, m.ConsultationId, m.AppointmentId, m.Score, m.MergedIntoId, m.OpenedAt, m.UpdatedAt, m.ClosedAt);
}
