using System.Text;
using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Queues;
using MicroPlatform.Infrastructure.Live;
using MicroPlatform.Infrastructure.Queues;

namespace MicroPlatform.Api.Queues;

/// <summary>Whoever holds a printed number looks where it stands, without signing in: from the bench, or from the shop next door.</summary>
public static class ReadSlip
{
    public static async Task<IResult> Handle(
        string code, int? waitSeconds, HttpContext http, SlipCodes codes, QueueQueries queries, QueueRepository queues, HallQueries hall, LiveHub live, TimeProvider time)
    {
        var wait = LongPoll.Wait(waitSeconds);
        if (wait.IsRefused) return wait.Refusal!.ToResult();
        var cancel = http.RequestAborted;
        if (codes.TicketOf(code) is not { } id || await queries.TicketAsync(id, cancel) is not { } first) return CommonRefusals.NotFound.ToResult();
        var seen = http.Request.Headers.IfNoneMatch.ToString();
        async Task<(TicketDetail Ticket, WaitEstimate? Wait)> ReadAsync()
        {
            var ticket = await queries.TicketAsync(id, cancel) ?? first;
            var queue = ticket.State == TicketState.Waiting ? await queues.FindAsync(ticket.QueueId, cancel) : null;
            return (ticket, queue is null ? null : await hall.EstimateAsync(queue, id, time.GetUtcNow(), cancel));
        }
        var reading = await live.PollAsync([LiveTopics.Ticket(id), LiveTopics.Queue(first.QueueId)], seen.Length == 0 ? TimeSpan.Zero : wait.Value, ReadAsync, r => $"\"{VersionOf(r)}\"" != seen, cancel);
        return Etags.Conditional(http, VersionOf(reading), SlipView.Of(reading.Ticket, reading.Wait));
    }

    /// <summary>The QR code to print: it opens the page on which the slip can be followed.</summary>
    public static IResult DrawQr(string code, HttpContext http, SlipCodes codes)
    {
        if (codes.TicketOf(code) is null) return CommonRefusals.NotFound.ToResult();
        http.Response.Headers.CacheControl = "private, max-age=3600";
        return Results.Text(QrCode.Svg($"{http.Request.Scheme}://{http.Request.Host}/slip#{code}", 6), QrCode.SvgType, Encoding.UTF8);
    }

    private static string VersionOf((TicketDetail Ticket, WaitEstimate? Wait) r) => $"{r.Ticket.Id}-{r.Ticket.Version}-{r.Wait?.Before}-{r.Wait?.High50 / 60}";
}
