using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Domain.Hotline;

namespace MicroPlatform.Api.Hotline;

/// <summary>办结: the answer to the caller, who reads it in the mini-program; the hotline gets it with what came of it. Held to the same quality as any answer.</summary>
public static class AnswerTicket
{
    /// <param name="Reply">1 to 2,000 characters, for the caller.</param>
    public sealed record Request([property: Required] HotlineResult? Result, [property: Required, MaxLength(2000)] string? Reply);

    public static Task<IResult> Handle(string id, Request request, CurrentUser user, HttpContext http, TicketMove move) => move.RunAsync(id, user, http, "hotline.answer", (tx, found, eventId) =>
    {
        var reply = Text.Clean(request.Reply, "reply", 2000);
        return Task.FromResult<Outcome<Done>>(
            reply.IsRefused ? reply.Refusal!
            : !found.MayDecide ? CommonRefusals.Forbidden
            : AnswerQuality.Judge(reply.Value, [found.Ticket.Content.Content]) is { } poor ? poor
            : found.Ticket.Answer(request.Result!.Value, reply.Value, user.Actor, eventId, tx.Now));
    });
}

/// <summary>The smaller steps: begun, put off, taken up again, waiting for the caller, opened anew, closed.</summary>
public static class StepTicket
{
    /// <summary>What may be done so.</summary>
    public static readonly IReadOnlyList<HotlineEventType> Steps =
    [
        HotlineEventType.Started, HotlineEventType.Suspended, HotlineEventType.Resumed, HotlineEventType.InfoRequested, HotlineEventType.ExtensionRequested, HotlineEventType.FollowedUp,
        HotlineEventType.Reopened, HotlineEventType.Closed,
    ];

    /// <param name="Type">One of <c>started</c>, <c>suspended</c>, <c>resumed</c>, <c>infoRequested</c>, <c>extensionRequested</c>, <c>followedUp</c>, <c>reopened</c>, <c>closed</c>.</param>
    /// <param name="Remark">Why; the hotline reads it.</param>
    public sealed record Request([property: Required] HotlineEventType? Type, [property: MaxLength(HotlineEvent.MaxRemark)] string? Remark);

    public static Task<IResult> Handle(string id, Request request, CurrentUser user, HttpContext http, TicketMove move) => move.RunAsync(id, user, http, "hotline.step", (tx, found, eventId) =>
    {
        var remark = Text.CleanOptional(request.Remark, "remark", HotlineEvent.MaxRemark);
        return Task.FromResult<Outcome<Done>>(
            remark.IsRefused ? remark.Refusal!
            : !Steps.Contains(request.Type!.Value) ? CommonRefusals.Invalid.At("type", "请用相应的接口办理")
            : !found.MayDecide ? CommonRefusals.Forbidden
            : found.Ticket.Step(request.Type.Value, remark.Value, user.Actor, eventId, tx.Now));
    });
}
