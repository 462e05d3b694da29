using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Infrastructure.Hotline;

/// <summary>An address leads where we do not call: the message says what of it, and never a secret part.</summary>
public sealed class AddressRefusedException(string message) : Exception(message);

/// <summary>
/// Keeps calls that others ask us to make out of our own networks (server-side request forgery). A name is resolved once, every address is judged, and the
/// connection goes to an address that was judged, so that a name cannot be another between look and leap. Https only; http, like private addresses, only into
/// networks that an administrator has named for this partner (政务外网). No redirects, no proxy, no connection is used again.
/// </summary>
public sealed class OutboundGuard(IOptions<HotlineOptions> options) : IDisposable
{
    private static readonly HttpRequestOptionsKey<IReadOnlyList<string>> Networks = new("hotline-networks");

    /// <summary>Not the public internet: RFC 6890 and its successors, and what IPv6 wraps them in.</summary>
    private static readonly IPNetwork[] Inside =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
            "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "::/96", "::1/128", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fc00::/7", "fe80::/10", "ff00::/8",
        }.Select(n => IPNetwork.Parse(n)),
    ];

    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseCookies = false, UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero, ConnectTimeout = TimeSpan.FromSeconds(5),
        ConnectCallback = (context, cancel) => ConnectAsync(context, options.Value.AllowLoopback, cancel),
    });

    /// <param name="networks">Private networks that this partner may have us call.</param>
    /// <exception cref="AddressRefusedException">The address leads where we do not call.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, IReadOnlyList<string> networks, CancellationToken cancel)
    {
        if (WhyNot(request.RequestUri) is { } why) throw new AddressRefusedException(why);
        request.Options.Set(Networks, networks);
        try
        {
            return await _client.SendAsync(request, cancel);
        }
        catch (HttpRequestException e) when (Refusal(e) is { } refused)
        {
            throw refused;
        }
    }

    /// <summary>What can be said of an address before it is called; null when nothing is wrong with its form.</summary>
    public static string? WhyNot(Uri? address) => address switch
    {
        null or { IsAbsoluteUri: false } => "不是完整的地址",
        { Scheme: not ("https" or "http") } => "应为https地址",
        { UserInfo.Length: > 0 } => "地址中不能带用户名和密码",
        { HostNameType: UriHostNameType.Unknown or UriHostNameType.Basic } => "主机名不正确",
        _ => null,
    };

    /// <summary>Whether an address of ours is called: a public one over TLS, or one of the networks named.</summary>
    internal static bool Allows(IPAddress address, bool tls, IReadOnlyList<string> networks, bool loopback)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (loopback && IPAddress.IsLoopback(plain)) return true;
        if (IPAddress.IsLoopback(plain)) return false;
        if (networks.Any(n => IPNetwork.TryParse(n, out var network) && network.Contains(plain))) return true;
        return tls && !Inside.Any(n => n.Contains(plain));
    }

    public void Dispose() => _client.Dispose();

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, bool loopback, CancellationToken cancel)
    {
        var request = context.InitialRequestMessage;
        _ = request.Options.TryGetValue(Networks, out var networks);
        var tls = request.RequestUri!.Scheme == Uri.UriSchemeHttps;
        var all = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancel);
        // All of them: a name that leads inside as well as outside is not to be trusted with either.
        if (all.Length == 0 || !all.All(a => Allows(a, tls, networks ?? [], loopback))) throw new AddressRefusedException("地址指向不允许访问的网络");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(all, context.DnsEndPoint.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static AddressRefusedException? Refusal(Exception? e)
    {
        for (; e is not null; e = e.InnerException)
            if (e is AddressRefusedException refused) return refused;
        return null;
    }
}
