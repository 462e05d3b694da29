using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Domain.Materials;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Consultations;
using MicroPlatform.Infrastructure.Materials;

namespace MicroPlatform.Api.Consultations;

/// <summary>The citizen adds to the question, or asks on after an answer. The same <c>clientMessageId</c> twice is one message.</summary>
public static class PostMessage
{
    /// <param name="Text">1 to 5,000 characters.</param>
    /// <param name="ClientMessageId">Chosen by the client, unique in the thread.</param>
    /// <param name="AttachmentIds">Materials of one's own, up to 9, from <c>POST /v1/materials</c>.</param>
    public sealed record Request(
        [property: Required, MaxLength(Consultation.MaxText)] string? Text,
        [property: RegularExpression(NewMessage.ClientIdPattern)] string? ClientMessageId,
        [property: MaxLength(Material.MaxAttachments)] IReadOnlyList<string>? AttachmentIds = null);

    public static Task<IResult> Handle(string id, Request request, CurrentUser user, HttpContext http, Idempotency idempotency, ConsultationRepository consultations, Attaching attaching) =>
        idempotency.RunAsync<MessageView>(http, StatusCodes.Status201Created, async tx =>
        {
            var text = Text.Clean(request.Text, "text", Consultation.MaxText);
            if (text.IsRefused) return text.Refusal!;
            if (await consultations.FindOwnAsync(tx, id, user.Id) is not { } consultation) return CommonRefusals.NotFound;
            if (await consultations.FindMessageAsync(tx, id, user.Id, request.ClientMessageId) is { } said) return MessageView.Of(said, user.Id);

            var message = consultation.Ask(new NewMessage(tx.NewId(), text.Value, request.ClientMessageId), tx.Now);
            if (message.IsRefused) return message.Refusal!;
            var attached = await attaching.AttachAsync(tx, consultation.Matter, request.AttachmentIds);
            if (attached.IsRefused) return attached.Refusal!;
            await consultations.SaveAsync(tx, consultation, user.Actor);
            await UseRepository.AttachToMessageAsync(tx, message.Value.Id, id, attached.Value);
            await tx.AuditAsync(user.Actor, "consultations.ask-on", "matter", consultation.Matter.Id);
            return MessageView.Of((await consultations.FindMessageAsync(tx, id, message.Value.Seq))!, user.Id);
        });
}
