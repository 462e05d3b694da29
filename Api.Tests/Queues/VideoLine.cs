using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Queues;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.Queues;
using MicroPlatform.Infrastructure.Sql;
using MicroPlatform.Infrastructure.VideoCalls;
using Microsoft.Extensions.DependencyInjection;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Queues;

/// <summary>A unit with a video queue of its own, in a region of its own, so that tests do not meet.</summary>
public sealed record VideoLine(TestApi Api, string Unit, string Region, string Queue)
{
    private static int _units = 500;

    public static async Task<VideoLine> NewAsync(TestApi api, int[]? rings = null, int ringSeconds = 20, int maxWaiting = 1000)
    {
        var (unit, region, queue) = (Id.New(api.Time), $"341602{Interlocked.Increment(ref _units)}", Id.New(api.Time));
        await api.ExecuteAsync("INSERT INTO regions (code, parent_code, name, active) VALUES (@region, NULL, '测试镇', 1)", new { region });
        await api.ExecuteAsync("""
            INSERT INTO organisations (id, parent_id, path, kind, name, region_code, phone, takes_consultations, active, version)
            VALUES (@unit, @bureau, @path, 'town_station', '测试工作站', @region, NULL, 1, 1, 1)
            """, new { unit, bureau = DemoDistrict.Bureau, path = $"/{DemoDistrict.Bureau}/{unit}/", region });
        await api.Services.GetRequiredService<Database>().WriteAlwaysAsync(tx => api.Services.GetRequiredService<QueueRepository>().InsertAsync(tx, new QueueSettings(
            queue, unit, QueueKind.Video, "测试视频咨询", "V", rings ?? [1, 3], TimeSpan.FromSeconds(ringSeconds), TimeSpan.FromMinutes(10), HeadStarts.Usual, maxWaiting, TimeSpan.FromMinutes(10), true, 1)));
        return new VideoLine(api, unit, region, queue);
    }

    /// <summary>A lawyer of the unit who is there.</summary>
    public async Task<ApiClient> NewLawyerAsync(string specialities = "", bool isOn = true)
    {
        var lawyer = await Api.NewStaffAsync(Role.Lawyer, Unit, specialities: specialities);
        if (isOn) await SayAsync(lawyer, "on");
        return lawyer;
    }

    public static Task<Answer> BeatAsync(ApiClient staff) => staff.PostAsync("/v1/staff/me/presence/heartbeat").Gives(OK);

    public static Task<Answer> SayAsync(ApiClient staff, string state) => staff.PutAsync("/v1/staff/me/presence", new { state }).Gives(OK);

    public Task<Answer> TryJoinAsync(ApiClient citizen, object? more = null, string category = "0201") =>
        citizen.PostAsync("/v1/queue-tickets", more ?? new { categoryCode = category, regionCode = Region, text = "工资拖欠" });

    public Task<Answer> JoinAsync(ApiClient citizen, object? more = null, string category = "0201") => TryJoinAsync(citizen, more, category).Gives(Created);

    public async Task<(ApiClient Citizen, string Ticket)> NewWaiterAsync(object? more = null, string category = "0201")
    {
        var citizen = await Api.NewCitizenAsync();
        return (citizen, (await JoinAsync(citizen, more, category)).String("id"));
    }

    /// <summary>What happens by itself each second.</summary>
    public async Task TickAsync()
    {
        await Api.RunAsync<MicroPlatform.Api.Queues.RunQueuesJob>();
        await Api.DeliverAsync();
    }

    public static Task<Answer> NextAsync(ApiClient staff) => staff.PostAsync("/v1/staff/queue/next", new { });

    public static Task<Answer> AcceptAsync(ApiClient staff, string ticket) => staff.PostAsync($"/v1/staff/queue-tickets/{ticket}/acceptance");

    public static Task<Answer> DeclineAsync(ApiClient staff, string ticket) => staff.PostAsync($"/v1/staff/queue-tickets/{ticket}/refusal").Gives(OK);

    public static async Task<List<string>> RingingAsync(ApiClient staff) =>
        [.. (await staff.GetAsync("/v1/staff/queue").Gives(OK))["ringing"].EnumerateArray().Select(t => t.GetProperty("id").GetString()!)];

    public static Task<Answer> LookAsync(ApiClient citizen, string ticket) => citizen.GetAsync($"/v1/queue-tickets/{ticket}").Gives(OK);

    /// <summary>The call goes on, as its own use cases would make it.</summary>
    public async Task CallAsync(string callId, Action<VideoCall, DateTimeOffset> act)
    {
        var calls = Api.Services.GetRequiredService<VideoCallRepository>();
        await Api.Services.GetRequiredService<Database>().WriteAlwaysAsync(async tx =>
        {
            var call = (await calls.FindAsync(tx, callId))!;
            act(call, tx.Now);
            return await calls.SaveAsync(tx, call, Actor.System);
        });
        await Api.DeliverAsync();
    }

    public Task ConnectAsync(string callId) => CallAsync(callId, (call, now) => { foreach (var p in call.Participants.ToList()) call.Notice(p.Id, present: true, now); });

    public Task EndAsync(string callId, CallEnd how = CallEnd.Finished) => CallAsync(callId, (call, now) => Assert.That(call.End(how, now).Refusal, Is.Null));

    public Task SummariseAsync(string callId) => CallAsync(callId, (call, now) => Assert.That(call.Summarise("已解答", now).Refusal, Is.Null));

    /// <summary>From taken to the summary.</summary>
    public async Task ServeAsync(Answer taken)
    {
        await ConnectAsync(taken.String("callId"));
        await EndAsync(taken.String("callId"));
        await SummariseAsync(taken.String("callId"));
    }

    /// <summary>The proof, from what has happened and not from what guards it.</summary>
    public async Task ExpectNobodyLostAsync()
    {
        var found = await Api.Services.GetRequiredService<QueueInvariants>().CheckAsync();
        Assert.That(found with { Milliseconds = 0, Lines = 0 }, Is.EqualTo(new QueueInvariantsFound(0, 0, 0, 0, 0, 0, 0, 0, 0)));
    }
}
