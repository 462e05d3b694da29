using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Consultations;
using MicroPlatform.Infrastructure.Sql;
using MicroPlatform.Infrastructure.VideoCalls;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.VideoCalls;

/// <summary>
/// The last rung of the ladder: the matter goes on as messages, under the same number and with the same person. A call that still goes on ends with it; after one that was
/// missed or broke off, the thread is all that is added.
/// </summary>
public sealed class GoToMessages(Idempotency idempotency, VideoCallRepository calls, ConsultationRepository consultations, CallScope scope, IOptions<ConsultationsOptions> options)
{
    /// <param name="Text">The first message, 1 to 5,000 characters: the citizen's question, or what the office has to say.</param>
    public sealed record Request([property: Required, MaxLength(Consultation.MaxText)] string? Text);

    /// <param name="ConsultationId">The thread, at <c>/v1/consultations</c>.</param>
    public sealed record Response(string CallId, CallState State, string StateText, string MatterId, string ConsultationId);

    public static Task<IResult> Handle(string id, Request request, CurrentUser user, HttpContext http, GoToMessages messages, CallScope scope) =>
        messages.RunAsync(request, http, tx => scope.CitizenAsync(tx, id, user.Actor));

    public static Task<IResult> ByOfficeAsync(string id, Request request, CurrentUser user, HttpContext http, GoToMessages messages) =>
        messages.RunAsync(request, http, tx => messages.OfficeAsync(tx, id, user.Actor));

    private Task<Outcome<Entrant>> OfficeAsync(UnitOfWork tx, string id, Actor actor) => scope.DecidingAsync(tx, id, actor);

    private Task<IResult> RunAsync(Request request, HttpContext http, Func<UnitOfWork, Task<Outcome<Entrant>>> find) =>
        idempotency.RunAsync<Response>(http, StatusCodes.Status201Created, async tx =>
        {
            var text = Text.Clean(request.Text, "text", Consultation.MaxText);
            if (text.IsRefused) return text.Refusal!;
            var found = await find(tx);
            if (found.IsRefused) return found.Refusal!;
            var (call, _, actor) = found.Value;
            if (!call.State.IsOver())
            {
                var ended = call.End(CallEnd.WentToMessages, tx.Now);
                if (ended.IsRefused) return ended.Refusal!;
                var saved = await calls.SaveAsync(tx, call, actor);
                if (saved.IsRefused) return saved.Refusal!;
                // The matter has been written: read anew, the thread finds it as it stands.
                call = (await calls.FindAsync(tx, call.Id))!;
            }
            if (call.Matter.Status.IsOver()) return ConsultationRefusals.Over;
            var thread = await WriteAsync(tx, call, new NewMessage(tx.NewId(), text.Value, null), actor);
            if (thread.IsRefused) return thread.Refusal!;
            await tx.AuditAsync(actor, "video-calls.to-messages", "video_call", call.Id);
            return new Response(call.Id, call.State, call.State.Label(), call.Matter.Id, thread.Value);
        });

    private async Task<Outcome<string>> WriteAsync(UnitOfWork tx, VideoCall call, NewMessage words, Actor actor)
    {
        if (await consultations.FindByMatterAsync(tx, call.Matter.Id) is { } thread)
        {
            var said = actor.Kind == ActorKind.Citizen ? thread.Ask(words, tx.Now) : thread.Answer(words, actor, tx.Now);
            if (said.IsRefused) return said.Refusal!;
            await consultations.SaveAsync(tx, thread, actor);
            return thread.Id;
        }
        var handler = actor.Kind == ActorKind.Staff ? actor.Id : call.StaffId ?? call.Matter.HandlerId;
        var begun = Consultation.ContinueOn(tx.NewId(), call.Matter, words, actor, handler, options.Value.AnswerPromise, tx.Now);
        await consultations.InsertAsync(tx, begun, actor);
        return begun.Id;
    }
}
