using System.Net;
using System.Net.Http.Headers;
using MicroPlatform.Api.Tests.Hosting;

namespace MicroPlatform.Api.Tests.Materials;

/// <summary>Where materials are kept. Every fixture over HTTP runs on each engine with each.</summary>
public enum StoreKind
{
    Local,
    S3,
}

/// <summary>The program with one of the stores, and what a phone does with files.</summary>
internal sealed class MaterialsHarness : IAsyncDisposable
{
    /// <summary>Both engines with both stores.</summary>
    public static readonly object[] All = [.. from engine in Engines.All from store in Enum.GetValues<StoreKind>() select new object[] { engine, store }];

    private MaterialsHarness(TestApi api, S3Stub? s3) => (Api, S3) = (api, s3);

    public TestApi Api { get; }

    public S3Stub? S3 { get; }

    public static async Task<MaterialsHarness> StartAsync(Engine engine, StoreKind store, params string[] settings)
    {
        Engines.Require(engine);
        var s3 = store == StoreKind.S3 ? await S3Stub.StartAsync() : null;
        var api = await TestApi.StartAsync(engine, [.. s3?.Settings ?? [], .. settings]);
        if (s3 is not null) s3.Time = api.Time;
        return new MaterialsHarness(api, s3);
    }

    public async ValueTask DisposeAsync()
    {
        await Api.DisposeAsync();
        if (S3 is not null) await S3.DisposeAsync();
    }

    public static Task<Answer> SendAsync(ApiClient person, byte[] file, string name = "照片.jpg", string path = "/v1/materials", string? key = null, params (string Name, string Value)[] fields) =>
        person.PostAsync(path, Form(file, name, fields), key);

    /// <summary>As <c>wx.uploadFile</c> sends it.</summary>
    public static MultipartFormDataContent Form(byte[] file, string name, params (string Name, string Value)[] fields)
    {
        var form = new MultipartFormDataContent();
        foreach (var (field, value) in fields) form.Add(new StringContent(value), field);
        var content = new ByteArrayContent(file);
        // Whatever the client says it is.
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-whatever");
        form.Add(content, "file", name);
        return form;
    }

    /// <summary>Uploads, and gives back the id.</summary>
    public static async Task<string> UploadAsync(ApiClient person, byte[] file, string name = "照片.png", params (string Name, string Value)[] fields) =>
        (await SendAsync(person, file, name, fields: fields)).Gives(HttpStatusCode.Created).String("id");

    /// <summary>The bytes behind a new link.</summary>
    public async Task<byte[]> DownloadAsync(ApiClient person, string id, string variant = "original")
    {
        var link = await person.PostAsync($"/v1/materials/{id}/links", new { variant }).Gives(HttpStatusCode.Created);
        using var http = new HttpClient();
        return await http.GetByteArrayAsync(new Uri(Api.Address, link.String("path")));
    }

    /// <summary>What stands in the store under an address, as somebody with its disk would see it.</summary>
    public async Task<byte[]> RawAsync(string address) => S3 is { } s3 ? s3[s3.Keys.Single(k => k.EndsWith(address, StringComparison.Ordinal))] : await File.ReadAllBytesAsync(FileOf(address));

    /// <summary>A bit of it turns over.</summary>
    public async Task CorruptAsync(string address)
    {
        if (S3 is { } s3)
        {
            s3.Corrupt(s3.Keys.Single(k => k.EndsWith(address, StringComparison.Ordinal)));
            return;
        }
        var bytes = await RawAsync(address);
        bytes[100] ^= 1;
        await File.WriteAllBytesAsync(FileOf(address), bytes);
    }

    /// <summary>Everything the store holds.</summary>
    public async Task<List<string>> StoredAsync()
    {
        var store = Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<Infrastructure.Materials.IObjectStore>(Api.Services);
        var all = new List<string>();
        await foreach (var found in store.ListAsync(CancellationToken.None)) all.Add(found.Address);
        return all;
    }

    private string FileOf(string address) => Directory.EnumerateFiles(
        Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<Microsoft.Extensions.Options.IOptions<Infrastructure.Materials.MaterialsOptions>>(Api.Services).Value.Folder,
        address, SearchOption.AllDirectories).Single();
}
