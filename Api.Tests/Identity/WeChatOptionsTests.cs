using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.WeChat;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Tests.Identity;

[TestFixture]
public sealed class WeChatOptionsTests
{
    private const string GoodSecret = "0123456789abcdef0123456789abcdef";

    [TestCase("Development", "", typeof(FakeWeChat))]
    [TestCase("Staging", "fake", typeof(FakeWeChat))]
    [TestCase("Development", "real", typeof(WeChatClient))]
    [TestCase("Production", "", typeof(WeChatClient))]
    public void Mode_EachEnvironment_ChoosesTheImplementation(string environment, string mode, Type expected)
    {
        using var services = Services(environment, ("Mode", mode), ("AppId", "wxba5fad812f8e6fb9"), ("Secret", GoodSecret));

        Assert.That(services.GetRequiredService<IWeChat>(), Is.InstanceOf(expected));
        Assert.That(() => services.GetRequiredService<IOptions<WeChatOptions>>().Value, Throws.Nothing);
    }

    [TestCase("Production", "WeChat:Mode", "Mode=fake")]
    [TestCase("Production", "WeChat:AppId", "Secret=" + GoodSecret)]
    [TestCase("Production", "WeChat:Secret", "AppId=wxba5fad812f8e6fb9")]
    [TestCase("Production", "WeChat:Secret", "AppId=wxba5fad812f8e6fb9;Secret=your-app-secret-goes-here")]
    [TestCase("Production", "WeChat:BaseUrl", "AppId=wxba5fad812f8e6fb9;Secret=" + GoodSecret + ";BaseUrl=http://api.weixin.qq.com")]
    [TestCase("Development", "WeChat:Mode", "Mode=pretend")]
    [TestCase("Development", "WeChat:PushToken", "PushToken=abcdef")]
    [TestCase("Development", "WeChat:EncodingAesKey", "PushToken=abcdef;EncodingAesKey=short")]
    [TestCase("Development", "WeChat:MiniProgramState", "MiniProgramState=beta")]
    [TestCase("Development", "WeChat:Timeout", "Timeout=00:01:00")]
    public void Start_BadSetting_IsRefusedByNameWithoutItsValue(string environment, string named, string settings)
    {
        using var services = Services(environment, [.. settings.Split(';').Select(pair => (pair.Split('=')[0], pair.Split('=')[1]))]);

        var refused = Assert.Throws<OptionsValidationException>(() => _ = services.GetRequiredService<IOptions<WeChatOptions>>().Value);

        Assert.That(refused!.Message, Does.Contain(named).And.Not.Contain(GoodSecret).And.Not.Contain("your-app-secret"));
    }

    private static ServiceProvider Services(string environment, params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create<string, string?>($"WeChat:{pair.Key}", pair.Value))).Build();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddWeChat(configuration, new NamedEnvironment(environment));
        return services.BuildServiceProvider();
    }
}
