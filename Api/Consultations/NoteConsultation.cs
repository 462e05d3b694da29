using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Consultations;

namespace MicroPlatform.Api.Consultations;

/// <summary>The office notes something for itself; the citizen never sees it. Anybody in scope may.</summary>
public static class NoteConsultation
{
    /// <param name="Text">1 to 5,000 characters.</param>
    /// <param name="ClientMessageId">Chosen by the client, unique in the thread: the same one twice is one note.</param>
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

            var note = held.Consultation.Note(new NewMessage(tx.NewId(), text.Value, request.ClientMessageId), user.Actor, tx.Now);
            if (note.IsRefused) return note.Refusal!;
            await consultations.SaveAsync(tx, held.Consultation, user.Actor);
            await tx.AuditAsync(user.Actor, "consultations.note", "matter", held.Matter.Id, $"seq {note.Value.Seq}");
            return MessageView.Of((await consultations.FindMessageAsync(tx, id, note.Value.Seq))!, user.Id);
        });
}
