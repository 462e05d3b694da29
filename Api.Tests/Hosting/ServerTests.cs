using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MicroPlatform.Api.Tests.Hosting;

/// <summary>What the web server underneath brings, and what it leaves out.</summary>
public sealed class ServerTests
{
    [Test]
    public async Task Https_OfSectionKestrel_IsServedWithHttp2()
    {
        var (folder, time) = (Directory.CreateTempSubdirectory("tls"), TimeProvider.System.GetUtcNow());
        try
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(time.AddDays(-1), time.AddDays(1));
            var (certificateFile, keyFile) = (Path.Combine(folder.FullName, "c.pem"), Path.Combine(folder.FullName, "k.pem"));
            await File.WriteAllTextAsync(certificateFile, certificate.ExportCertificatePem());
            await File.WriteAllTextAsync(keyFile, key.ExportPkcs8PrivateKeyPem());
            await using var api = await TestApi.StartAsync(Engine.Embedded,
                ["Kestrel:Endpoints:Own:Url=https://127.0.0.1:0", $"Kestrel:Endpoints:Own:Certificate:Path={certificateFile}", $"Kestrel:Endpoints:Own:Certificate:KeyPath={keyFile}"]);
            using var handler = new SocketsHttpHandler { UseProxy = false };
            handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == certificate.GetCertHashString();
            using var http = new HttpClient(handler) { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
            using var answer = await http.GetAsync(new Uri(api.Address, "/health/ready"));
            Assert.That((api.Address.Scheme, answer.StatusCode, answer.Version), Is.EqualTo(("https", HttpStatusCode.OK, HttpVersion.Version20)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Test]
    public async Task DataProtection_OfAspNet_IsNotThere()
    {
        await using var api = await TestApi.StartAsync(Engine.Embedded);
        Assert.That(api.Services.GetService(typeof(Microsoft.AspNetCore.DataProtection.IDataProtectionProvider)), Is.Null, "it would keep keys in the home folder");
    }
}
