using System.Diagnostics;
using Dapper;
using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.DependencyInjection;
using static System.Net.HttpStatusCode;
using static MicroPlatform.Api.Tests.Consultations.StaffConsultationTests;

namespace MicroPlatform.Api.Tests.Matters;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class InboxTests(Engine engine)
{
    private TestApi _api = null!;
    private ApiClient _citizen = null!;

    [SetUp]
    public async Task Start()
    {
        _api = await TestApi.StartAsync(engine);
        _citizen = await _api.NewCitizenAsync();
    }

    [TearDown]
    public async Task Stop()
    {
        _citizen?.Dispose();
        if (_api is not null) await _api.DisposeAsync();
    }

    [Test]
    public async Task Unit_OfDistrict_ListsAllTownsLongestWaitingFirstAcrossPages()
    {
        using var district = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.Bureau);
        var asked = new List<string>();
        for (var n = 0; n < 7; n++) asked.Add(await AskAsync(n % 2 == 0 ? "341602101" : "341602102"));
        var seen = new List<string?>();
        var cursor = "";
        do
        {
            var page = await district.GetAsync($"/v1/staff/inbox?box=unit&limit=3{cursor}").Gives(OK);
            seen.AddRange(Ids(page));
            cursor = page["hasMore"].GetBoolean() ? $"&cursor={page.String("nextCursor")}" : "";
        }
        while (cursor.Length > 0);
        Assert.That(seen, Is.EqualTo(asked));
    }

    [Test]
    public async Task All_ShowsTakenOnesToo_UnitDoesNot()
    {
        using var lawyer = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        using var clerk = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownA);
        var taken = await AskAsync();
        var free = await AskAsync();
        await lawyer.PostAsync($"/v1/staff/consultations/{taken}/assignment").Gives(OK);
        Assert.That(Ids(await clerk.GetAsync("/v1/staff/inbox?box=unit").Gives(OK)), Is.EqualTo(new[] { free }));
        Assert.That(Ids(await clerk.GetAsync("/v1/staff/inbox?box=all").Gives(OK)), Is.EqualTo(new[] { taken, free }));
        Assert.That(Ids(await lawyer.GetAsync("/v1/staff/inbox").Gives(OK)), Is.EqualTo(new[] { taken }));
    }

    [Test]
    public async Task Unit_PastThePromise_IsMarkedOverdue()
    {
        using var clerk = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownA);
        await AskAsync();
        Assert.That((await clerk.GetAsync("/v1/staff/inbox?box=unit").Gives(OK))["items"][0].GetProperty("overdue").GetBoolean(), Is.False);
        _api.Time.Advance(TimeSpan.FromHours(25));
        using var again = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownA);
        Assert.That((await again.GetAsync("/v1/staff/inbox?box=unit").Gives(OK))["items"][0].GetProperty("overdue").GetBoolean(), Is.True);
    }

    [Test]
    public async Task Unit_WithLongPoll_ReturnsWhenAQuestionComes()
    {
        using var clerk = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.Bureau);
        var empty = await clerk.GetAsync("/v1/staff/inbox?box=unit").Gives(OK);
        var etag = empty.Headers.ETag!.Tag;
        await clerk.GetAsync("/v1/staff/inbox?box=unit", ("If-None-Match", etag)).Gives(NotModified);
        var waiting = clerk.GetAsync("/v1/staff/inbox?box=unit&waitSeconds=20", ("If-None-Match", etag));
        await Task.Delay(300);
        Assert.That(waiting.IsCompleted, Is.False);
        var id = await AskAsync();
        Assert.That(Ids(await waiting.WaitAsync(TimeSpan.FromSeconds(5))), Is.EqualTo(new[] { id }));
    }

    [TestCase("box=everything")]
    [TestCase("box=Unit")]
    [TestCase("box=unit&state=answered")]
    [TestCase("limit=0")]
    [TestCase("limit=101")]
    [TestCase("waitSeconds=31")]
    public async Task Read_WithBadQuery_IsRefused(string query)
    {
        using var clerk = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownA);
        await clerk.GetAsync($"/v1/staff/inbox?{query}").Refuses(BadRequest, "validation_failed");
    }

    [Test]
    public async Task Read_WithCursorOfAnotherBox_IsRefused()
    {
        using var clerk = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownA);
        for (var n = 0; n < 2; n++) await AskAsync();
        var cursor = (await clerk.GetAsync("/v1/staff/inbox?box=unit&limit=1").Gives(OK)).String("nextCursor");
        await clerk.GetAsync($"/v1/staff/inbox?box=all&cursor={cursor}").Refuses(BadRequest, "cursor_invalid");
    }

    /// <summary>The plan, not the clock: each box reads a range of its index, and sorts nothing but the page.</summary>
    [Test]
    public async Task Plans_OfEveryBox_ReadARangeOfTheirIndex()
    {
        using var clerk = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownA);
        await SeedAsync(20_000, clerk.Id);
        foreach (var box in new[] { InboxQueries.Mine, InboxQueries.Answered, InboxQueries.Untaken, InboxQueries.Owed })
        {
            var plan = await PlanAsync(box, clerk.Id);
            TestContext.Out.WriteLine($"{engine} {box.Index}: {plan}");
            Assert.That(plan, Does.Contain(box.Index).And.Not.Contain("filesort").And.Not.Contain("temporary").And.Not.Contain("TEMP B-TREE"), box.Condition);
            Assert.That(plan, engine == Engine.Served ? Does.Contain(" range ") : Does.Contain($"{box.Sort}>?"), box.Condition);
        }
    }

    /// <summary>Rows read, not time: a page deep in a big inbox touches no more of it than the first.</summary>
    [Test]
    public async Task Unit_DeepPage_ReadsNoMoreThanTheFirst()
    {
        using var clerk = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownA);
        await SeedAsync(20_000, clerk.Id);
        var first = await TimedAsync(() => clerk.GetAsync("/v1/staff/inbox?box=all"));
        var edge = await _api.ScalarAsync<long>("SELECT waiting_since FROM matters WHERE waiting_since IS NOT NULL ORDER BY waiting_since DESC LIMIT 1 OFFSET 50");
        var cursor = _api.Services.GetRequiredService<Api.Http.Cursors>().Write("inbox-All-Waiting", $"{edge} ");
        var deep = await TimedAsync(() => clerk.GetAsync($"/v1/staff/inbox?box=all&cursor={cursor}"));
        TestContext.Out.WriteLine($"{engine}: first {first.TotalMilliseconds:0.0} ms, deep {deep.TotalMilliseconds:0.0} ms");
        Assert.That(deep, Is.LessThan(TimeSpan.FromSeconds(1)));
    }

    private async Task<TimeSpan> TimedAsync(Func<Task<Answer>> call)
    {
        (await call()).Gives(OK);
        var began = Stopwatch.GetTimestamp();
        (await call()).Gives(OK);
        return Stopwatch.GetElapsedTime(began);
    }

    private async Task<string> PlanAsync(InboxQueries.Box box, string staffId)
    {
        var sql = _api.Services.GetRequiredService<InboxQueries>().Range(box);
        var args = new { unit = DemoDistrict.TownA, staffId, at = 19_000L, id = "", limit = 21 };
        var rows = await _api.Services.GetRequiredService<Database>().ReadAsync(async c =>
            (await c.QueryAsync($"{(engine == Engine.Served ? "EXPLAIN" : "EXPLAIN QUERY PLAN")} {sql}", args)).Select(r => (IDictionary<string, object?>)r).ToList());
        return string.Join('\n', rows.Select(r => string.Join(' ', r.Where(p => p.Key != "possible_keys").Select(p => p.Value))));
    }

    /// <summary>Many matters: half of them over, a quarter untaken, an eighth waiting for this person, an eighth answered by them.</summary>
    private Task SeedAsync(int count, string staffId) => _api.Services.GetRequiredService<Database>().WriteAlwaysAsync(async tx =>
    {
        for (var from = 0; from < count; from += 500)
        {
            var values = Enumerable.Range(from, 500).Select(n =>
            {
                var (status, handler, waiting) = (n % 8) switch
                {
                    < 4 => ("Closed", "NULL", "NULL"), < 6 => ("Received", "NULL", $"{1_000 + n}"),
                    6 => ("InProgress", $"'{staffId}'", $"{1_000 + n}"), _ => ("AwaitingCitizen", $"'{staffId}'", "NULL"),
                };
                var unit = n % 3 == 0 ? DemoDistrict.TownB : DemoDistrict.TownA;
                return $"('01SEED{n:00000000000000000000}', '{n:000000000000}', 'Consultation', '0201', '341602101', 'MiniProgram', '01SEED00000000000000000001', 'Visible', '{unit}', {handler}, '{status}', '题', {waiting}, {n}, NULL, NULL, {n}, 1)";
            });
            await tx.ExecuteAsync($"""
                INSERT INTO matters (id, number, kind, category_code, region_code, channel, citizen_id, contact_preference, organisation_id, handler_id,
                                     status, title, waiting_since, opened_at, closed_at, merged_into_id, updated_at, version) VALUES {string.Join(',', values)}
                """);
        }
        if (engine == Engine.Served) await tx.QueryAsync<object>("ANALYZE TABLE matters");
        return count;
    });

    private async Task<string> AskAsync(string region = "341602101") => (await _citizen.PostAsync("/v1/consultations",
        new { categoryCode = "0201", regionCode = region, text = "我在一家食品厂干过活，一万八千六百元工资一直拖欠，怎么办？" }).Gives(Created)).String("id");
}
