using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Hotline;
using MicroPlatform.HotlineSample;
using MicroPlatform.Infrastructure.Hotline;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.DependencyInjection;

namespace MicroPlatform.Api.Tests.Hotline;

/// <summary>Partners of tests, and what they send with: the sample client that vendors copy.</summary>
internal static class Partners
{
    private static int _count;

    public static readonly PartnerScope[] AllScopes = Enum.GetValues<PartnerScope>();

    /// <summary>A new partner that calls from this machine.</summary>
    public static async Task<ApiClient> NewPartnerAsync(this TestApi api, Func<HotlinePartner, HotlinePartner>? change = null)
    {
        var partner = new HotlinePartner
        {
            AppId = $"hl_t{Interlocked.Increment(ref _count)}_{api.GetHashCode() & 0xffff:x}", Name = "测试热线", OrganisationId = DemoDistrict.AidCentre, Scopes = AllScopes, Networks = ["127.0.0.0/8"],
            RecordingHosts = [], WindowSeconds = 300, PerMinute = 60_000, Sandbox = true, Active = true, Secrets = PartnerSecrets.New(), CreatedAt = api.Time.GetUtcNow(), Version = 1,
        };
        if (change is not null) partner = change(partner);
        await api.AddAsync(partner);
        return api.As(partner);
    }

    public static Task<bool> AddAsync(this TestApi api, HotlinePartner partner) =>
        api.Services.GetRequiredService<Database>().WriteAlwaysAsync(tx => api.Services.GetRequiredService<PartnerRepository>().TryInsertAsync(tx, partner));

    public static ApiClient As(this TestApi api, HotlinePartner partner) => api.As(partner.AppId, partner.Secrets.Current);

    public static ApiClient As(this TestApi api, string appId, string secret)
    {
        var client = new HotlineClient(new HttpClient(), appId, secret, api.Time.GetUtcNow);
        return new ApiClient(api.Address, null, appId) { Sign = client.Sign };
    }
}
