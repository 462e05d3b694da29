using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Consultations;

namespace MicroPlatform.Api.Consultations;

/// <summary>The citizen adds to the question, or asks on after an answer. The same <c>clientMessageId</c> twice is one message.</summary>
public static class PostMessage
{
    /// <param name="Text">1 to 5,000 characters.</param>
    /// <param name="ClientMessageId">Chosen by the client, unique in the thread.</param>
    public sealed record Request(
        [property: Required, MaxLength(Consultation.MaxText)] string? Text,
        [property: RegularExpression(NewMessage.ClientIdPattern)] string? ClientMessageId);

    public static Task<IResult> Handle(string id, Request request, CurrentUser user, HttpContext http, Idempotency idempotency, ConsultationRepository consultations) =>
        idempotency.RunAsync<MessageView>(http, StatusCodes.Status201Created, async tx =>
        {
            var text = Text.Clean(request.Text, "text", Consultation.MaxText);
            if (text.IsRefused) return text.Refusal!;
            if (await consultations.FindOwnAsync(tx, id, user.Id) is not { } consultation) return CommonRefusals.NotFound;
            if (await consultations.FindMessageAsync(tx, id, user.Id, request.ClientMessageId) is { } said) return MessageView.Of(said, user.Id);

            var message = consultation.Ask(new NewMessage(tx.NewId(), text.Value, request.ClientMessageId), tx.Now);
            if (message.IsRefused) return message.Refusal!;
            await consultations.SaveAsync(tx, consultation, user.Actor);
            await tx.AuditAsync(user.Actor, "consultations.ask-on", "matter", consultation.Matter.Id);
            return MessageView.Of(message.Value, authorName: null);
        });
}
