using System.Text.Json;
using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Appointments;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Statistics;

/// <summary>The bureau's figures are those of the data, each opens exactly what it was counted from, and nobody sees more than their units.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class DashboardTests(Engine engine)
{
    private TestApi _api = null!;
    private ApiClient _admin = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _api = await TestApi.StartAsync(engine);
        _api.Time.At("2026-11-25T10:00+08:00");
        _admin = await _api.NewStaffAsync(Role.Administrator, DemoDistrict.Bureau);
        using var lawyer = await _api.NewPersonAsync();
        await _api.ExecuteAsync("INSERT INTO duty_shifts (id, staff_id, organisation_id, starts_at, ends_at) VALUES (@id, @staff, @TownA, @from, @to)",
            new { id = Id.New(_api.Time), staff = lawyer.Id, DemoDistrict.TownA, from = _api.Day(0, 9), to = _api.Day(0, 12) });

        // Four that wait, of four ages; the two oldest are past their promise.
        using var citizen = await _api.NewBookerAsync();
        foreach (var hours in new[] { 1, 10, 30, 60 })
        {
            var asked = await AskAsync(citizen, hours == 10 ? "341602102" : "341602101");
            await _api.ExecuteAsync("UPDATE matters SET waiting_since = @since WHERE id = @id", new { since = _api.Time.GetUtcNow().AddHours(-hours), id = asked.String("matter.id") });
            await _api.ExecuteAsync("UPDATE consultations SET answer_due_at = @due WHERE id = @id", new { due = _api.Time.GetUtcNow().AddHours(24 - hours), id = asked.String("id") });
        }
        // Three that were answered after half an hour, one of them too late, and rated.
        using var other = await _api.NewBookerAsync();
        foreach (var (score, late) in new[] { (5, false), (4, false), (2, true) })
        {
            var asked = await AskAsync(other, "341602101");
            var id = asked.String("id");
            await lawyer.PostAsync($"/v1/staff/consultations/{id}/assignment", new { }).Gives(OK);
            await lawyer.PostAsync($"/v1/staff/consultations/{id}/answers", new { text = "可以先向劳动监察大队投诉，也可以直接向法院起诉，并申请法律援助。" }).Gives(Created);
            await other.PostAsync($"/v1/consultations/{id}/closure").Gives(OK);
            await other.PostAsync($"/v1/matters/{asked.String("matter.id")}/rating", new { score }).Gives(Created);
            await _api.ExecuteAsync("UPDATE consultations SET first_answered_at = (SELECT opened_at + 1800000 FROM matters WHERE id = matter_id), answer_due_at = (SELECT opened_at + @promise FROM matters WHERE id = matter_id) WHERE id = @id",
                new { id, promise = late ? 600_000 : 86_400_000 });
        }
        // One appointment today, one ahead, two completed and one absence before.
        var booked = new List<string>();
        foreach (var (day, hour) in new[] { (0, 11), (2, 9), (3, 9), (3, 10), (3, 11) })
            booked.Add((await (day == 0 ? citizen : other).PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(day, hour))).Gives(Created)).String("id"));
        foreach (var (id, state, n) in new[] { (booked[2], "Completed", 2), (booked[3], "Completed", 3), (booked[4], "NoShow", 4) })
            await _api.ExecuteAsync("UPDATE appointments SET state = @state, starts_at = @at, ends_at = @at + 1800000 WHERE id = @id", new { id, state, at = _api.Day(-n, 10).ToUnixTimeMilliseconds() });
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        _admin?.Dispose();
        if (_api is not null) await _api.DisposeAsync();
    }

    [Test]
    public async Task Figures_AreThoseOfTheData()
    {
        var figures = await FiguresAsync(_admin, "");
        var expected = new Dictionary<string, decimal?>
        {
            ["onDuty"] = 1, ["dutyToday"] = 1, ["openedToday"] = 12, ["appointmentsToday"] = 1,
            ["waiting"] = 4, ["untaken"] = 4, ["overdue"] = 2, ["waitingUnder4"] = 1, ["waiting4To24"] = 1, ["waiting24To48"] = 1, ["waitingOver48"] = 1,
            ["opened"] = 12, ["closed"] = 3, ["firstAnswer"] = 30m, ["answeredInTime"] = 66.67m, ["satisfied"] = 66.67m,
            ["appointmentsAhead"] = 2, ["appointmentsDone"] = 2, ["noShows"] = 1, ["noShowRate"] = 33.33m,
            ["queueWaiting"] = 0, ["queueServedToday"] = 0, ["calls"] = 0, ["callsMissed"] = 0,
            ["hotlineAlarms"] = 0, ["hotlineWaiting"] = 0, ["hotlineOverdue"] = 0, ["hotlineTickets"] = 0, ["hotlineSatisfied"] = null, ["hotlineAnswered"] = null, ["hotlineCallBacks"] = 0, ["hotlineVisited"] = null,
        };
        Assert.That(figures.ToDictionary(f => f.Name, f => f.Value), Is.EquivalentTo(expected));
    }

    [Test]
    public async Task EveryFigure_OpensWhatItWasCountedFrom()
    {
        foreach (var figure in await FiguresAsync(_admin, ""))
        {
            var seen = new List<string>();
            for (string? cursor = null; ;)
            {
                var page = await _admin.GetAsync($"{figure.Path}&limit=2{(cursor is null ? "" : $"&cursor={cursor}")}").Gives(OK);
                seen.AddRange(page["items"].EnumerateArray().Select(i => i.GetProperty("id").GetString()!));
                if (!page["hasMore"].GetBoolean()) break;
                cursor = page.String("nextCursor");
            }
            Assert.That(seen, Is.Unique.And.Count.EqualTo((int)figure.Count), figure.Name);
        }
    }

    [Test]
    public async Task Towns_AndDays_AddUp()
    {
        var board = await _admin.GetAsync("/v1/staff/dashboard?days=7").Gives(OK);
        Assert.That(board["days"].EnumerateArray().Select(d => d.GetProperty("opened").GetInt32()), Is.EqualTo(new[] { 0, 0, 0, 0, 0, 0, 12 }));
        Assert.That(board["days"][6].GetProperty("answered").GetInt32(), Is.EqualTo(3));
        Assert.That(board["towns"].EnumerateArray().Sum(t => t.GetProperty("opened").GetInt32()), Is.EqualTo(12));
        Assert.That(board["towns"].EnumerateArray().Select(t => t.GetProperty("name").GetString()), Does.Contain("西山镇"));
        var town = (await FiguresAsync(_admin, "?townCode=341602102")).ToDictionary(f => f.Name, f => f.Value);
        Assert.That((town["waiting"], town["waiting4To24"], town["onDuty"], town["satisfied"]), Is.EqualTo(((decimal?)1, (decimal?)1, (decimal?)0, (decimal?)null)));
    }

    [Test]
    public async Task Heads_SeeTheirUnits_AndOthersNothing()
    {
        using var head = await _api.NewStaffAsync(Role.CentreHead, DemoDistrict.TownB);
        Assert.That((await FiguresAsync(head, "")).Single(f => f.Name == "waiting").Value, Is.EqualTo(1));
        using var lawyer = await _api.NewStaffAsync(Role.Lawyer);
        await lawyer.GetAsync("/v1/staff/dashboard").Refuses(Forbidden, "forbidden");
        await _admin.GetAsync("/v1/staff/dashboard?days=0").Refuses(BadRequest, "validation_failed");
        await _admin.GetAsync("/v1/staff/dashboard?townCode=x").Refuses(BadRequest, "validation_failed");
        await _admin.GetAsync("/v1/staff/dashboard/nothing/items").Refuses(NotFound, "not_found");
        var waiting = await _admin.GetAsync("/v1/staff/dashboard/waiting/items?limit=1").Gives(OK);
        await _admin.GetAsync($"/v1/staff/dashboard/overdue/items?cursor={waiting.String("nextCursor")}").Refuses(BadRequest, "cursor_invalid");
    }

    private static Task<Answer> AskAsync(ApiClient citizen, string regionCode) =>
        citizen.PostAsync("/v1/consultations", new { categoryCode = "0201", regionCode, text = "厂里拖欠我七个月工资，只有一张欠条，怎么要回来？" }).Gives(Created);

    private static async Task<List<(string Name, decimal? Value, long Count, string Path)>> FiguresAsync(ApiClient who, string query)
    {
        var board = await who.GetAsync($"/v1/staff/dashboard{query}").Gives(OK);
        return [.. board["groups"].EnumerateArray().SelectMany(g => g.GetProperty("figures").EnumerateArray()).Select(f => (
            f.GetProperty("name").GetString()!, f.GetProperty("value").ValueKind == JsonValueKind.Null ? null : (decimal?)f.GetProperty("value").GetDecimal(), f.GetProperty("count").GetInt64(),
            f.GetProperty("itemsPath").GetString()!))];
    }
}
