using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Consultations;

namespace MicroPlatform.Api.Consultations;

/// <summary>The person responsible answers the citizen. A text that pastes the question back or says nothing is refused.</summary>
public static class AnswerConsultation
{
    /// <param name="Text">1 to 5,000 characters.</param>
    /// <param name="ClientMessageId">Chosen by the client, unique in the thread: the same one twice is one answer.</param>
    public sealed record Request(
        [property: Required, MaxLength(Consultation.MaxText)] string? Text,
        [property: RegularExpression(NewMessage.ClientIdPattern)] string? ClientMessageId);

    public static Task<IResult> Handle(string id, Request request, CurrentUser user, HttpContext http, Idempotency idempotency, ConsultationRepository consultations) =>
        idempotency.RunAsync<MessageView>(http, StatusCodes.Status201Created, async tx =>
        {
            var text = Text.Clean(request.Text, "text", Consultation.MaxText);
            if (text.IsRefused) return text.Refusal!;
            if (await consultations.FindForStaffAsync(tx, id, user.Id) is not { } held) return CommonRefusals.NotFound;
            if (await consultations.FindMessageAsync(tx, id, user.Id, request.ClientMessageId) is { } said) return MessageView.Of(said, user.Id);

            var message = held.Consultation.Answer(new NewMessage(tx.NewId(), text.Value, request.ClientMessageId), user.Actor, tx.Now);
            if (message.IsRefused) return message.Refusal!;
            if (AnswerQuality.Judge(text.Value, await consultations.CitizensTextsAsync(tx, id)) is { } poor) return poor;
            await consultations.SaveAsync(tx, held.Consultation, user.Actor);
            await tx.AuditAsync(user.Actor, "consultations.answer", "matter", held.Matter.Id, $"seq {message.Value.Seq}");
            return MessageView.Of((await consultations.FindMessageAsync(tx, id, message.Value.Seq))!, user.Id);
        });
}
