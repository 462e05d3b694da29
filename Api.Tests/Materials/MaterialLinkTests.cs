using System.Net.Http.Headers;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Identity;
using static System.Net.HttpStatusCode;
using static MicroPlatform.Api.Tests.Materials.MaterialsHarness;

namespace MicroPlatform.Api.Tests.Materials;

/// <summary>Who may read what, by which link, and who sees that they did.</summary>
[TestFixtureSource(typeof(MaterialsHarness), nameof(All))]
internal sealed class MaterialLinkTests(Engine engine, StoreKind store)
{
    private MaterialsHarness _harness = null!;
    private ApiClient _citizen = null!;
    private ApiClient _lawyer = null!;
    private readonly HttpClient _http = new();

    private TestApi Api => _harness.Api;

    [OneTimeSetUp]
    public async Task Start() => _harness = await MaterialsHarness.StartAsync(engine, store);

    [SetUp]
    public async Task People() => (_citizen, _lawyer) = (await Api.NewCitizenAsync(), await Api.NewStaffAsync(Role.Lawyer, MicroPlatform.Api.Hosting.DemoDistrict.TownA));

    [TearDown]
    public void Gone()
    {
        _citizen?.Dispose();
        _lawyer?.Dispose();
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        _http.Dispose();
        if (_harness is not null) await _harness.DisposeAsync();
    }

    [Test]
    public async Task Read_ByLink_HasTypeDispositionAndRanges()
    {
        var file = TestFiles.Wav(seconds: 20);
        var id = await UploadAsync(_citizen, file, "厂长录音.wav");
        var path = await LinkAsync(_citizen, $"/v1/materials/{id}/links");
        using var whole = await _http.GetAsync(new Uri(Api.Address, path));
        var bytes = await whole.Content.ReadAsByteArrayAsync();
        Assert.Multiple(() =>
        {
            Assert.That(whole.StatusCode, Is.EqualTo(OK));
            Assert.That(whole.Content.Headers.ContentType!.MediaType, Is.EqualTo("audio/wav"));
            Assert.That(whole.Content.Headers.ContentDisposition!.FileNameStar, Is.EqualTo("厂长录音.wav"));
            Assert.That(whole.Headers.GetValues("X-Content-Type-Options"), Is.EqualTo((string[])["nosniff"]));
            Assert.That(whole.Headers.GetValues("Content-Security-Policy").Single(), Does.Contain("sandbox"));
            Assert.That(whole.Headers.CacheControl!.NoStore, Is.True);
        });
        foreach (var (from, to) in new[] { (0, 0), (5, 99), (65_530, 65_545), (131_072, 200_000), (bytes.Length - 10, bytes.Length - 1) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Api.Address, path));
            request.Headers.Range = new RangeHeaderValue(from, to);
            using var part = await _http.SendAsync(request);
            Assert.That(part.StatusCode, Is.EqualTo(PartialContent));
            Assert.That(await part.Content.ReadAsByteArrayAsync(), Is.EqualTo(bytes[from..(to + 1)]), $"{from}-{to}");
        }
        using var beyond = new HttpRequestMessage(HttpMethod.Get, new Uri(Api.Address, path));
        beyond.Headers.Range = new RangeHeaderValue(bytes.Length, bytes.Length + 5);
        using var no = await _http.SendAsync(beyond);
        Assert.That(no.StatusCode, Is.EqualTo(RequestedRangeNotSatisfiable));
    }

    [Test]
    public async Task Link_ForgedOfAnotherRevokedOrOver_IsNotThere()
    {
        var id = await UploadAsync(_citizen, TestFiles.Png());
        var made = await _citizen.PostAsync($"/v1/materials/{id}/links", new { }).Gives(Created);
        var path = made.String("path");
        using var other = await Api.NewCitizenAsync();
        await other.PostAsync($"/v1/materials/{id}/links", new { }).Refuses(NotFound, "not_found");
        await other.GetAsync(path).Refuses(NotFound, "not_found");
        using var nobody = Api.Anonymous();
        await nobody.GetAsync(path[..^1] + (path[^1] == 'A' ? 'B' : 'A')).Refuses(NotFound, "not_found");
        await nobody.GetAsync("/v1/material-files/x").Refuses(NotFound, "not_found");
        await nobody.GetAsync("/v1/material-files/" + path.Split('/')[^1].Split('.')[0]).Refuses(NotFound, "not_found");
        await nobody.GetAsync(path).Gives(OK);
        await other.DeleteAsync($"/v1/material-links/{made.String("id")}").Refuses(NotFound, "not_found");
        await _citizen.DeleteAsync($"/v1/material-links/{made.String("id")}").Gives(OK);
        await nobody.GetAsync(path).Refuses(NotFound, "not_found");

        var second = await LinkAsync(_citizen, $"/v1/materials/{id}/links");
        Api.Time.Advance(TimeSpan.FromHours(2) + TimeSpan.FromSeconds(1));
        await nobody.GetAsync(second).Refuses(NotFound, "not_found");
    }

    [Test]
    public async Task Link_AfterSigningOut_IsOver()
    {
        var id = await UploadAsync(_citizen, TestFiles.Png());
        var path = await LinkAsync(_citizen, $"/v1/materials/{id}/links");
        using var nobody = Api.Anonymous();
        await nobody.GetAsync(path).Gives(OK);
        await _citizen.PostAsync("/v1/auth/sign-out").Gives(OK);
        await nobody.GetAsync(path).Refuses(NotFound, "not_found");
    }

    [Test]
    public async Task Staff_ReadWhatIsOnTheirMatters_AndTheCitizenSeesIt()
    {
        var id = await UploadAsync(_citizen, TestFiles.Png(), "结算清单.png");
        await _lawyer.PostAsync($"/v1/staff/materials/{id}/links", new { }).Refuses(NotFound, "not_found");
        var asked = await _citizen.PostAsync("/v1/consultations", new { categoryCode = "0201", regionCode = "341602101", text = "请看我的结算清单，能要回工资吗？", attachmentIds = new[] { id } }).Gives(Created);
        var thread = await _lawyer.GetAsync($"/v1/staff/consultations/{asked.String("id")}/messages").Gives(OK);
        Assert.That(thread["items"][0].GetProperty("attachments")[0].GetProperty("materialId").GetString(), Is.EqualTo(id));
        var path = await LinkAsync(_lawyer, $"/v1/staff/materials/{id}/links", "核对数额");
        Assert.That((await _citizen.GetAsync($"/v1/materials/{id}/readings")).Gives(OK)["items"].GetArrayLength(), Is.Zero, "a link that nobody used");
        using (var nobody = Api.Anonymous())
        {
            await nobody.GetAsync(path).Gives(OK);
            await nobody.GetAsync(path).Gives(OK);
        }
        var readings = await _citizen.GetAsync($"/v1/materials/{id}/readings").Gives(OK);
        Assert.That(readings["items"].GetArrayLength(), Is.EqualTo(1), "one look, however many requests");
        Assert.That(readings["items"][0].GetProperty("purpose").GetString(), Is.EqualTo("核对数额"));
        Assert.That(readings["items"][0].GetProperty("staffName").GetString(), Does.StartWith("测试员"));
        Assert.That(await Api.ScalarAsync<long>("SELECT COUNT(*) FROM audit_entries WHERE action = 'materials.read' AND subject_id = @id", new { id }), Is.EqualTo(1));

        using var elsewhere = await Api.NewStaffAsync(Role.Lawyer, organisationId: MicroPlatform.Api.Hosting.DemoDistrict.TownB);
        await elsewhere.PostAsync($"/v1/staff/materials/{id}/links", new { }).Refuses(NotFound, "not_found");
        // A post that ends takes the link with it.
        await Api.ExecuteAsync("DELETE FROM posts WHERE staff_id = @Id", new { _lawyer.Id });
        using var later = Api.Anonymous();
        await later.GetAsync(path).Refuses(NotFound, "not_found");
    }

    [Test]
    public async Task Staff_ReadingOfAMinorsMaterial_NeedAPurpose()
    {
        var marked = await UploadAsync(_citizen, TestFiles.Png(seed: 3), "伤情照片.png", ("concernsMinor", "true"));
        var plain = await UploadAsync(_citizen, TestFiles.Png(seed: 4), "病历.png");
        await _citizen.PostAsync("/v1/consultations", new { categoryCode = "0702", regionCode = "341602101", text = "孩子在游乐场受伤，怎么赔偿？", attachmentIds = new[] { marked, plain } }).Gives(Created);
        foreach (var id in new[] { marked, plain })
        {
            await _lawyer.PostAsync($"/v1/staff/materials/{id}/links", new { }).Refuses(UnprocessableEntity, "material_purpose_required");
            await _lawyer.PostAsync($"/v1/staff/materials/{id}/links", new { purpose = "核对伤情" }).Gives(Created);
        }
    }

    [Test]
    public async Task Read_OfChangedBytes_NeverAnswersThem()
    {
        var before = (await _harness.StoredAsync()).ToHashSet();
        var id = await UploadAsync(_citizen, TestFiles.Wav(), "a.wav");
        foreach (var address in (await _harness.StoredAsync()).Where(a => !before.Contains(a))) await _harness.CorruptAsync(address);
        var path = await LinkAsync(_citizen, $"/v1/materials/{id}/links");
        using var nobody = Api.Anonymous();
        await nobody.GetAsync(path).Refuses(ServiceUnavailable, "material_store_unavailable");
    }

    internal static async Task<string> LinkAsync(ApiClient person, string path, string? purpose = null) => (await person.PostAsync(path, new { purpose })).Gives(Created).String("path");
}

/// <summary>A store behind the network goes away, comes back and is full; a folder's full disk is <see cref="DiskFullTests"/>.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
internal sealed class MaterialStoreAwayTests(Engine engine)
{
    [Test]
    public async Task Read_WithTheStoreGoneAndBack_RecoversAndSaysSo()
    {
        await using var harness = await MaterialsHarness.StartAsync(engine, StoreKind.S3);
        var s3 = harness.S3!;
        using var citizen = await harness.Api.NewCitizenAsync();
        using var nobody = harness.Api.Anonymous();
        var id = await UploadAsync(citizen, TestFiles.Png());
        var path = await MaterialLinkTests.LinkAsync(citizen, $"/v1/materials/{id}/links");
        s3.IsAway = true;
        await nobody.GetAsync(path).Refuses(ServiceUnavailable, "material_store_unavailable");
        await SendAsync(citizen, TestFiles.Png(seed: 9)).Refuses(ServiceUnavailable, "material_store_unavailable");
        Assert.That((await nobody.GetAsync("/health/ready")).Gives(OK).String("status"), Is.EqualTo("degraded"));
        s3.IsAway = false;
        await nobody.GetAsync(path).Gives(OK);
        s3.IsFull = true;
        await SendAsync(citizen, TestFiles.Png(seed: 9)).Refuses(ServiceUnavailable, "material_store_full");
        s3.IsFull = false;
        await SendAsync(citizen, TestFiles.Png(seed: 9)).Gives(Created);
    }
}
