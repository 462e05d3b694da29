using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Identity;
using MicroPlatform.Api.Matters;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Matters;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Matters;

/// <summary>Matters are found by whatever somebody at the window has of them, by those who may see them, and asking for a person leaves a trace.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class SearchTests(Engine engine)
{
    private TestApi _api = null!;
    private ApiClient _admin = null!;
    private ApiClient _clerk = null!;
    private readonly List<(string Id, string Number)> _matters = [];
    private string _li = "";

    [OneTimeSetUp]
    public async Task Start()
    {
        _api = await TestApi.StartAsync(engine);
        _api.Time.At("2026-11-25T09:00+08:00");
        _admin = await _api.NewStaffAsync(Role.Administrator, DemoDistrict.Bureau);
        _clerk = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownA);
        using var li = await PersonAsync("李来运", "13805550001");
        using var wang = await PersonAsync("王 小梅", "13805550002");
        _li = li.Id;
        await AskAsync(li, "341602101", "0201", "在食品厂干活，厂里打了结算清单，拖欠工资一万八千六百元。");
        await AskAsync(wang, "341602102", "0101", "想离婚，孩子的抚养权和ＡＢＣ小区的房子怎么分？");
        await AskAsync(li, "341602101", "0401", "邻居家的树挡了我家采光，树枝压坏了屋瓦。");
        await _api.RunAsync<IndexMattersJob>();
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        _admin?.Dispose();
        _clerk?.Dispose();
        if (_api is not null) await _api.DisposeAsync();
    }

    [Test]
    public async Task Number_WithDashes_FindsOne() =>
        Assert.That(await FoundAsync(_admin, new { number = MatterNumber.Display(_matters[1].Number) }), Is.EqualTo(new[] { 1 }));

    [Test]
    public async Task Phone_AsPeopleWriteIt_FindsTheirMatters_AndIsAudited()
    {
        var before = await AuditsAsync("matters.search_phone");
        Assert.That(await FoundAsync(_admin, new { phone = "+86 138-0555-0001" }), Is.EqualTo(new[] { 2, 0 }));
        Assert.That(await FoundAsync(_admin, new { phone = "13805559999" }), Is.Empty);
        Assert.That(await AuditsAsync("matters.search_phone"), Is.EqualTo(before + 2));
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM audit_entries WHERE action = 'matters.search_phone' AND subject_id = @_li AND actor_id = @Id", new { _li, _admin.Id }), Is.EqualTo(1));
        Assert.That(_api.Logged.Any(l => l.Contains("0555-0001", StringComparison.Ordinal)), Is.False);
    }

    [Test]
    public async Task Name_Whole_FindsThem_AndPartOfItNobody()
    {
        Assert.That(await FoundAsync(_admin, new { name = "王小梅" }), Is.EqualTo(new[] { 1 }));
        Assert.That(await FoundAsync(_admin, new { name = "王 小梅", phone = "13805550001" }), Is.Empty);
        Assert.That(await FoundAsync(_admin, new { name = "王小" }), Is.Empty);
        Assert.That(await AuditsAsync("matters.search_name"), Is.Positive);
        await _api.ExecuteAsync("UPDATE citizens SET name_hash = NULL");
        Assert.That(await FoundAsync(_admin, new { name = "李来运" }), Is.Empty);
        Assert.That(await _api.RunAsync<HashNamesJob>(), Is.EqualTo(2));
        Assert.That(await FoundAsync(_admin, new { name = "李来运" }), Is.EqualTo(new[] { 2, 0 }));
    }

    [TestCase("拖欠工资", new[] { 0 })]
    [TestCase("工资 食品", new[] { 0 })]
    [TestCase("abc小区", new[] { 1 })]
    [TestCase("采光", new[] { 2 })]
    [TestCase("采光 离婚", new int[0])]
    [TestCase("没有这些字", new int[0])]
    public async Task Text_FindsWhatHoldsAllOfIt(string text, int[] expected) => Assert.That(await FoundAsync(_admin, new { text }), Is.EqualTo(expected));

    [Test]
    public async Task Staff_FindWhatLiesInTheirUnits_WithItsWords_AdministratorsEverythingWithout()
    {
        Assert.That(await FoundAsync(_clerk, new { }), Is.EqualTo(new[] { 2, 0 }));
        Assert.That(await FoundAsync(_clerk, new { number = _matters[1].Number }), Is.Empty);
        Assert.That(await FoundAsync(_clerk, new { phone = "13805550002" }), Is.Empty);
        Assert.That(await FoundAsync(_clerk, new { text = "离婚" }), Is.Empty);
        await _clerk.PostAsync("/v1/staff/matters/search", new { organisationId = DemoDistrict.TownB }).Refuses(BadRequest, "validation_failed");
        Assert.That((await _clerk.PostAsync("/v1/staff/matters/search", new { text = "采光" }).Gives(OK))["items"][0].GetProperty("title").GetString(), Does.Contain("采光"));
        var seen = await _admin.PostAsync("/v1/admin/matters/search", new { text = "采光" }).Gives(OK);
        Assert.That(seen["items"][0].GetProperty("title").ValueKind, Is.EqualTo(System.Text.Json.JsonValueKind.Null));
        Assert.That(await FoundAsync(_admin, new { organisationId = DemoDistrict.TownB }), Is.EqualTo(new[] { 1 }));
        Assert.That(await FoundAsync(_admin, new { organisationId = DemoDistrict.Bureau }), Is.EqualTo(new[] { 2, 1, 0 }));
        await _admin.PostAsync("/v1/staff/matters/search", new { }).Refuses(Forbidden, "forbidden");
    }

    [Test]
    public async Task Status_Category_AndDays_NarrowItDown()
    {
        Assert.That(await FoundAsync(_admin, new { status = "received", categoryCode = "02" }), Is.EqualTo(new[] { 0 }));
        Assert.That(await FoundAsync(_admin, new { status = "closed" }), Is.Empty);
        Assert.That(await FoundAsync(_admin, new { from = "2026-11-25", until = "2026-11-25" }), Is.EqualTo(new[] { 2, 1, 0 }));
        Assert.That(await FoundAsync(_admin, new { from = "2026-11-26" }), Is.Empty);
        Assert.That(await FoundAsync(_admin, new { until = "2026-11-24" }), Is.Empty);
    }

    [Test]
    public async Task Pages_HoldEachOnce()
    {
        var all = new List<string>();
        for (string? cursor = null; ;)
        {
            var page = await _admin.PostAsync("/v1/admin/matters/search", new { limit = 1, cursor }).Gives(OK);
            all.AddRange(page["items"].EnumerateArray().Select(i => i.GetProperty("matterId").GetString()!));
            if (!page["hasMore"].GetBoolean()) break;
            cursor = page.String("nextCursor");
        }
        Assert.That(all, Is.EqualTo(_matters.Select(m => m.Id).Reverse()));
    }

    [Test]
    public async Task Nonsense_IsRefused()
    {
        foreach (var body in new object[] { new { number = "123" }, new { phone = "12" }, new { name = "1" }, new { text = "字" }, new { text = "。，" }, new { categoryCode = "x" }, new { organisationId = "x" }, new { limit = 0 } })
            await _admin.PostAsync("/v1/admin/matters/search", body).Refuses(BadRequest, "validation_failed");
        await _admin.PostAsync("/v1/admin/matters/search", new { cursor = "x" }).Refuses(BadRequest, "cursor_invalid");
    }

    [Test]
    public async Task Deleted_People_AreNotFoundByTheirWords()
    {
        using var gone = await PersonAsync("钱多多", "13805550003");
        var asked = await AskAsync(gone, "341602101", "0201", "玻璃厂欠薪三个月", keep: false);
        await _api.RunAsync<IndexMattersJob>();
        Assert.That((await _admin.PostAsync("/v1/admin/matters/search", new { text = "玻璃厂" }).Gives(OK))["items"].GetArrayLength(), Is.EqualTo(1));
        await gone.PostAsync($"/v1/consultations/{asked.String("id")}/withdrawal").Gives(OK);
        await gone.DeleteAsync("/v1/me").Gives(OK);
        Assert.That((await _admin.PostAsync("/v1/admin/matters/search", new { text = "玻璃厂" }).Gives(OK))["items"].GetArrayLength(), Is.Zero);
        await _api.ExecuteAsync("DELETE FROM matters WHERE id = @id", new { id = asked.String("matter.id") });
    }

    [Test]
    public void Terms_OfAnyText_AreWholeAndStable()
    {
        Assert.That(SearchTerms.Of("ＡＢ工资"), Is.EqualTo(SearchTerms.Of("ab工资")));
        Assert.That(SearchTerms.Of("工资。工资"), Has.Count.EqualTo(1));
        Assert.That(SearchTerms.Of(new string('字', 299) + "😀\uD83D"), Is.Not.Empty);
        Assert.That(SearchTerms.Of("𱁬𪚥"), Has.Count.GreaterThan(1));
        Assert.That(Id.TimeOf(Id.Floor(DateTimeOffset.FromUnixTimeMilliseconds(1_764_000_000_123))).ToUnixTimeMilliseconds(), Is.EqualTo(1_764_000_000_123));
    }

    private async Task<long> AuditsAsync(string action) => await _api.ScalarAsync<long>("SELECT COUNT(*) FROM audit_entries WHERE action = @action", new { action });

    private async Task<List<int>> FoundAsync(ApiClient who, object body)
    {
        var found = await who.PostAsync($"/v1/{(who == _admin ? "admin" : "staff")}/matters/search", body).Gives(OK);
        return [.. found["items"].EnumerateArray().Select(i => _matters.FindIndex(m => m.Id == i.GetProperty("matterId").GetString()))];
    }

    private async Task<ApiClient> PersonAsync(string name, string phone)
    {
        var person = await _api.NewCitizenAsync();
        await person.PostAsync("/v1/me/phone", new { code = $"test-phone:{phone}" }).Gives(OK);
        await person.PutAsync("/v1/me/profile", new { name }).Gives(OK);
        return person;
    }

    private async Task<Answer> AskAsync(ApiClient citizen, string regionCode, string categoryCode, string text, bool keep = true)
    {
        var asked = await citizen.PostAsync("/v1/consultations", new { categoryCode, regionCode, text }).Gives(Created);
        if (keep) _matters.Add((asked.String("matter.id"), asked.String("matter.number")));
        return asked;
    }
}
