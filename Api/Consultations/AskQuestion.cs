using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Materials;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Consultations;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Materials;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Registry;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Consultations;

/// <summary>A citizen asks. Opens a matter with its number, and the thread on it.</summary>
public static class AskQuestion
{
    /// <param name="CategoryCode">From <c>GET /v1/meta</c>.</param>
    /// <param name="RegionCode">Town or village, from <c>GET /v1/meta</c>.</param>
    /// <param name="Text">The question, 1 to 5,000 characters.</param>
    /// <param name="ContactPreference">How messages about this matter may be worded; the person's own setting when absent.</param>
    /// <param name="ClientMessageId">Chosen by the client, to recognise the message later.</param>
    /// <param name="AttachmentIds">Materials of one's own, up to 9, from <c>POST /v1/materials</c>.</param>
    public sealed record Request(
        [property: Required, MaxLength(96)] string? CategoryCode,
        [property: Required, MaxLength(96)] string? RegionCode,
        [property: Required, MaxLength(Consultation.MaxText)] string? Text,
        ContactPreference? ContactPreference,
        [property: RegularExpression(NewMessage.ClientIdPattern)] string? ClientMessageId,
        [property: MaxLength(Material.MaxAttachments)] IReadOnlyList<string>? AttachmentIds = null);

    public static Task<IResult> Handle(
        Request request, CurrentUser user, HttpContext http, Idempotency idempotency, ConsultationRepository consultations, MatterRepository matters,
        Attaching attaching, IOptions<ConsultationsOptions> options) =>
        idempotency.RunAsync<ConsultationView>(http, StatusCodes.Status201Created, async tx =>
        {
            var text = Text.Clean(request.Text, "text", Consultation.MaxText);
            if (text.IsRefused) return text.Refusal!;
            if (await CitizenRepository.EngageWhollyAsync(tx, user.Id) is not { } citizen) return IdentityRefusals.SessionRevoked;
            if (!citizen.HasConsented) return IdentityRefusals.ConsentRequired;
            if (await MatterCodes.CategoryAsync(tx, request.CategoryCode) is not { } category) return MatterRefusals.UnknownCategory;
            if (await MatterCodes.RegionAsync(tx, request.RegionCode) is not { } region) return MatterRefusals.UnknownRegion;
            if (await RegistryQueries.ResponsibleUnitAsync(tx, region.Code) is not { } unitId) return MatterRefusals.NoUnit;
            if (await matters.CountOpenAsync(tx, user.Id) >= Consultation.MaxOpenPerCitizen) return ConsultationRefusals.TooManyOpen;

            var matter = new Matter
            {
                Id = tx.NewId(), Number = MatterNumber.New(tx.Now), Kind = MatterKind.Consultation, CategoryCode = category.Code, RegionCode = region.Code,
                Channel = Channel.MiniProgram, CitizenId = user.Id, Title = Matter.TitleOf(text.Value), OpenedAt = tx.Now, OrganisationId = unitId,
            };
            matter.Open(request.ContactPreference ?? citizen.Preference, tx.Now);
            var consultation = Consultation.Submit(tx.NewId(), matter, new NewMessage(tx.NewId(), text.Value, request.ClientMessageId), options.Value.AnswerPromise, tx.Now);
            var attached = await attaching.AttachAsync(tx, matter, request.AttachmentIds);
            if (attached.IsRefused) return attached.Refusal!;
            await consultations.InsertAsync(tx, consultation, user.Actor);
            await UseRepository.AttachToMessageAsync(tx, consultation.NewMessages[0].Id, consultation.Id, attached.Value);
            await tx.AuditAsync(user.Actor, "consultations.ask", "matter", matter.Id);
            return await ConsultationReply.ReadAsync(tx, consultation.Id);
        });
}
