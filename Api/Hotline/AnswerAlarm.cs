using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Hotline;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Hotline;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Hotline;

/// <summary>警情 that nobody has answered for yet.</summary>
public static class ListAlarms
{
    private const string List = "hotline-alarms";

    /// <param name="Advice">What to tell the caller first.</param>
    public sealed record Item(string Id, string TicketId, string TicketNo, string Title, string UnitName, int Rings, DateTimeOffset RaisedAt, DateTimeOffset? NextRingAt, string Advice);

    public static async Task<IResult> Handle(string? cursor, int? limit, CurrentUser user, HttpContext http, AlarmRepository alarms, RegistryQueries registry, Cursors cursors)
    {
        var count = Paging.Limit(limit);
        if (count.IsRefused) return count.Refusal!.ToResult();
        var after = cursors.Read(List, cursor);
        if (after.IsRefused) return after.Refusal!.ToResult();
        var scope = await registry.ScopeAsync(user.Id, http.RequestAborted);
        var listed = (await alarms.ListAsync(http.RequestAborted)).Any(p => p.StaffId == user.Id);
        var rows = await alarms.OpenAsync(after.Value, count.Value + 1, http.RequestAborted);
        var page = Paging.Of(rows, count.Value, r => r, r => cursors.Write(List, r.Id));
        // Few are ever open: what is not theirs to see is left out of the page.
        var mine = page.Items.Where(r => listed || scope.Covers(r.Path!) || scope.Covers(r.Centre!))
            .Select(r => new Item(r.Id, r.TicketId, r.TicketNo!, r.Title!, r.UnitName!, r.Rings, r.RaisedAt, r.NextAt, EmergencyAlarm.Advice));
        return Results.Json(new Page<Item>([.. mine], page.NextCursor, page.HasMore), WireJson.Options);
    }
}

/// <summary>Somebody answers for the alarm: nobody else is rung.</summary>
public static class AnswerAlarm
{
    public sealed record Response(string Id, string TicketId, DateTimeOffset AcknowledgedAt, string Advice);

    public static Task<IResult> Handle(string id, CurrentUser user, HttpContext http, Idempotency idempotency, AlarmRepository alarms) =>
        idempotency.RunAsync<Response>(http, StatusCodes.Status200OK, async tx =>
        {
            if (await alarms.FindAsync(tx, id) is not { } alarm || !await AlarmRepository.MayAnswerAsync(tx, alarm, user.Id)) return CommonRefusals.NotFound;
            var answered = alarm.Acknowledge(user.Id, tx.Now);
            if (answered.IsRefused) return answered.Refusal!;
            await alarms.SaveAsync(tx, alarm);
            await tx.AuditAsync(user.Actor, "hotline.acknowledge", "alarm", id, alarm.TicketId);
            return new Response(id, alarm.TicketId, alarm.AcknowledgedAt!.Value, EmergencyAlarm.Advice);
        });
}

/// <summary>Rings the next number where nobody has answered for an alarm in time.</summary>
public sealed class RingAlarmsJob(Database database, AlarmRepository alarms, TimeProvider time, ILogger<RingAlarmsJob> log) : IJob
{
    public async Task<int> RunOnceAsync(CancellationToken cancel) => await JobItems.EachAsync(
        await alarms.DueAsync(time.GetUtcNow(), cancel), id => database.WriteAlwaysAsync(tx => alarms.RingNextAsync(tx, id), cancel), log, cancel);
}

/// <summary>The emergency list: who is rung, in this order.</summary>
public static class WriteDutyPhones
{
    public sealed record Entry([property: Required, MaxLength(Id.Length)] string? StaffId, [property: Required, MaxLength(40)] string? Phone);

    public sealed record Request([property: Required, MaxLength(20)] IReadOnlyList<Entry>? Items);

    /// <param name="Phone">Masked.</param>
    public sealed record Item(string StaffId, string Name, string Phone);

    public sealed record Response(IReadOnlyList<Item> Items);

    public static async Task<IResult> GetAsync(HttpContext http, AlarmRepository alarms) => Results.Json(Of(await alarms.ListAsync(http.RequestAborted)), WireJson.Options);

    public static Task<IResult> PutAsync(Request request, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs, AlarmRepository alarms) =>
        runs.RunAsync<Response>(http, StatusCodes.Status200OK, validateOnly, async tx =>
        {
            var people = new List<(string, PhoneNumber)>();
            foreach (var (i, entry) in request.Items!.Index())
            {
                // A list may hold null: its elements are not looked at by the framework.
                if (entry is null) return CommonRefusals.Invalid.At($"items[{i}]", "不能为空");
                if (!PhoneNumber.TryParse(entry.Phone, out var phone)) return CommonRefusals.Invalid.At($"items[{i}].phone", "电话号码不正确");
                if (await tx.ScalarAsync<long>("SELECT COUNT(*) FROM staff_members WHERE id = @StaffId AND active = 1", new { entry.StaffId }) == 0) return CommonRefusals.Invalid.At($"items[{i}].staffId", "没有这位工作人员");
                people.Add((entry.StaffId!, phone));
            }
            await alarms.ReplaceListAsync(tx, people);
            await tx.AuditAsync(user.Actor, "hotline.duty-phones", "platform", "hotline", $"{people.Count}");
            return Of(await alarms.ListAsync(tx));
        });

    private static Response Of(List<DutyPhoneRow> rows) => new([.. rows.Select(r => new Item(r.StaffId, r.Name, Masking.Phone(r.Phone)!))]);
}
