using System.Net.Http.Headers;
using System.Security.Cryptography;
using MicroPlatform.Api.Materials;
using MicroPlatform.Api.Tests.Hosting;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Materials;

[TestFixtureSource(typeof(MaterialsHarness), nameof(MaterialsHarness.All))]
internal sealed class ResumableUploadTests(Engine engine, StoreKind store)
{
    private const int Part = 1 << 20;

    private MaterialsHarness _harness = null!;
    private ApiClient _citizen = null!;

    [OneTimeSetUp]
    public async Task Start() => _harness = await MaterialsHarness.StartAsync(engine, store);

    [SetUp]
    public async Task Person() => _citizen = await _harness.Api.NewCitizenAsync();

    [TearDown]
    public void Gone() => _citizen?.Dispose();

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_harness is not null) await _harness.DisposeAsync();
    }

    [Test]
    public async Task Parts_InAnyOrderAndTwice_BecomeOneMaterial()
    {
        var file = TestFiles.Wav(seconds: 160); // 2.4 MiB: three parts
        var id = await BeginAsync(file);
        await PutAsync(id, file, 3);
        await PutAsync(id, new byte[file.Length], 1); // garbage, sent again below
        var progress = await _citizen.GetAsync($"/v1/material-uploads/{id}").Gives(OK);
        Assert.That(progress["received"].EnumerateArray().Select(n => n.GetInt32()), Is.EqualTo((int[])[1, 3]));
        var early = await _citizen.PostAsync($"/v1/material-uploads/{id}/completion").Refuses(Conflict, "upload_incomplete");
        Assert.That(early["errors"].GetProperty("parts")[0].GetString(), Does.Contain("第2片"));
        await PutAsync(id, file, 2);
        await _citizen.PostAsync($"/v1/material-uploads/{id}/completion").Refuses(UnprocessableEntity, "material_hash_mismatch");
        await PutAsync(id, file, 1);
        var made = await _citizen.PostAsync($"/v1/material-uploads/{id}/completion").Gives(Created);
        Assert.That(made.String("type"), Is.EqualTo("wav"));
        var back = await _harness.DownloadAsync(_citizen, made.String("id"));
        Assert.That(back.AsSpan().IndexOf(file.AsSpan(^100_000..)), Is.Positive);
        Assert.That((await _citizen.GetAsync($"/v1/material-uploads/{id}")).String("materialId"), Is.EqualTo(made.String("id")));
        Assert.That(await _harness.Api.ScalarAsync<long>("SELECT COUNT(*) FROM material_objects WHERE owner_id = @Id AND purpose = 'Part'", new { _citizen.Id }), Is.Zero);
        await SendPartAsync(id, file, 1).Refuses(Conflict, "upload_over");
    }

    [Test]
    public async Task Complete_ByManyAtOnce_IsOneResult()
    {
        var file = TestFiles.Wav(seconds: 70);
        var id = await BeginAsync(file);
        await PutAsync(id, file, 1);
        await PutAsync(id, file, 2);
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Consultations.ConsultationTests.PatientlyAsync(() => _citizen.PostAsync($"/v1/material-uploads/{id}/completion"))));
        Assert.That(answers.Select(a => a.Gives(Created).String("id")).Distinct().Count(), Is.EqualTo(1));
        Assert.That(await _harness.Api.ScalarAsync<long>("SELECT COUNT(*) FROM materials WHERE owner_id = @Id", new { _citizen.Id }), Is.EqualTo(1));
        var known = await _harness.Api.ScalarAsync<long>("SELECT COUNT(*) FROM material_objects");
        Assert.That(await _harness.StoredAsync(), Has.Count.EqualTo(known), "the losers took their bytes back");
    }

    [TestCase(0)]
    [TestCase(4)]
    [TestCase(-1)]
    public async Task Put_OfAPartThatIsNone_IsRefused(int number)
    {
        var file = TestFiles.Wav(seconds: 160);
        var id = await BeginAsync(file);
        await SendPartAsync(id, file, 1, number).Refuses(BadRequest, "validation_failed");
    }

    [Test]
    public async Task Put_OfAnotherLengthOrByAnother_IsRefused()
    {
        var file = TestFiles.Wav(seconds: 160);
        var id = await BeginAsync(file);
        await SendPartAsync(id, file, 3, 1).Refuses(BadRequest, "upload_part_length");
        using var other = await _harness.Api.NewCitizenAsync();
        await other.SendAsync(HttpMethod.Put, $"/v1/material-uploads/{id}/parts/1", Bytes(file[..Part])).Refuses(NotFound, "not_found");
        await other.PostAsync($"/v1/material-uploads/{id}/completion").Refuses(NotFound, "not_found");
    }

    [Test]
    public async Task Cancel_AndExpire_GiveThePartsBack()
    {
        var file = TestFiles.Wav(seconds: 160);
        var (one, two) = (await BeginAsync(file), await BeginAsync(file));
        await PutAsync(one, file, 1);
        await PutAsync(two, file, 1);
        Assert.That((await _citizen.DeleteAsync($"/v1/material-uploads/{one}")).Gives(OK).String("state"), Is.EqualTo("cancelled"));
        _harness.Api.Time.Advance(TimeSpan.FromHours(25));
        Assert.That(await _harness.Api.RunAsync<ExpireUploadsJob>(), Is.GreaterThanOrEqualTo(1));
        Assert.That(await _harness.Api.ScalarAsync<long>("SELECT COUNT(*) FROM material_objects WHERE owner_id = @Id", new { _citizen.Id }), Is.Zero);
    }

    private async Task<string> BeginAsync(byte[] file) => (await _citizen.PostAsync("/v1/material-uploads", new
    {
        fileName = "录音.wav", bytes = file.Length, sha256 = Convert.ToHexString(SHA256.HashData(file)),
    })).Gives(Created).String("id");

    private async Task PutAsync(string id, byte[] file, int number) => (await SendPartAsync(id, file, number)).Gives(OK);

    private Task<Answer> SendPartAsync(string id, byte[] file, int number, int? asNumber = null) =>
        _citizen.SendAsync(HttpMethod.Put, $"/v1/material-uploads/{id}/parts/{asNumber ?? number}", Bytes(file[((number - 1) * Part)..Math.Min(file.Length, number * Part)]));

    private static ByteArrayContent Bytes(byte[] bytes)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return content;
    }
}
