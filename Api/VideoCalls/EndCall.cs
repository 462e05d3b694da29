using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.VideoCalls;

namespace MicroPlatform.Api.VideoCalls;

/// <summary>
/// Hanging up, and what the office writes afterwards. Either side may end a call; before the two were connected a call from a queue is declined or taken back, and at a
/// booked time one only leaves. Twice is once.
/// </summary>
public static class EndCall
{
    /// <param name="Text">What was asked and answered, 5 to 5,000 characters; the citizen reads it. Written once.</param>
    public sealed record SummaryRequest([property: Required, MaxLength(VideoCall.MaxSummary)] string? Text);

    /// <param name="Text">1 to 2,000 characters; the citizen never sees it.</param>
    public sealed record NoteRequest([property: Required, MaxLength(MaxNote)] string? Text);

    public sealed record NoteView(string Id, string Text, string StaffId, string? StaffName, DateTimeOffset At);

    public sealed record NotesResponse(IReadOnlyList<NoteView> Items);

    private const int MaxNote = 2000;

    public static Task<IResult> Handle(string id, CurrentUser user, HttpContext http, CallMove move) =>
        move.ByCitizenAsync(id, user, http, "video-calls.end", (tx, e) => Task.FromResult(e.Call.HangUp(CallSide.Citizen, tx.Now)));

    public static Task<IResult> ByOfficeAsync(string id, CurrentUser user, HttpContext http, CallMove move) =>
        move.ByOfficeAsync(id, user, http, "video-calls.end", (tx, e) => Task.FromResult(e.Call.HangUp(CallSide.Staff, tx.Now)));

    /// <summary>Obligatory after each call in which the two have talked: until then the next is not taken from the queue. A matter that began with the call is closed by it and can be rated.</summary>
    public static Task<IResult> SummariseAsync(string id, SummaryRequest request, CurrentUser user, HttpContext http, CallMove move) =>
        move.ByOfficeAsync(id, user, http, "video-calls.summarise", (tx, e) =>
        {
            var text = Text.Clean(request.Text, "text", VideoCall.MaxSummary, min: 5);
            return Task.FromResult(text.IsRefused ? text.Refusal! : e.Call.Summarise(text.Value, tx.Now));
        });

    /// <summary>For the office itself, during the call and after it. Whoever is in it or in its unit.</summary>
    public static Task<IResult> NoteAsync(string id, NoteRequest request, CurrentUser user, HttpContext http, Idempotency idempotency, VideoCallRepository calls) =>
        idempotency.RunAsync<NoteView>(http, StatusCodes.Status201Created, async tx =>
        {
            var text = Text.Clean(request.Text, "text", MaxNote);
            if (text.IsRefused) return text.Refusal!;
            if (await calls.FindForStaffAsync(tx, id, user.Id) is null) return CommonRefusals.NotFound;
            var noteId = tx.NewId();
            await tx.ExecuteAsync("INSERT INTO video_call_notes (id, call_id, staff_id, text, at) VALUES (@noteId, @id, @staffId, @text, @Now)",
                new { noteId, id, staffId = user.Id, text = text.Value, tx.Now });
            await tx.AuditAsync(user.Actor, "video-calls.note", "video_call", id);
            return new NoteView(noteId, text.Value, user.Id, await tx.ScalarAsync<string>("SELECT name FROM staff_members WHERE id = @Id", new { user.Id }), tx.Now);
        });

    public static async Task<IResult> NotesAsync(string id, CurrentUser user, HttpContext http, VideoCallReading reading, Infrastructure.Registry.RegistryQueries registry)
    {
        if (!Id.IsWellFormed(id) || await reading.FindAsync(id, http.RequestAborted) is not { } call || !await GetCall.MayReadAsync(call, user, registry, http.RequestAborted))
            return CommonRefusals.NotFound.ToResult();
        return Results.Json(new NotesResponse([.. (await reading.NotesAsync(id, http.RequestAborted)).Select(n => new NoteView(n.Id, n.Text, n.StaffId, n.StaffName, n.At))]), WireJson.Options);
    }
}
