using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Consultations;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Sql;
using MicroPlatform.Infrastructure.WeChat;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Notifications;

/// <summary>The platform with templates and a push token, WeChat under the test's hand, and an office that acts at a word.</summary>
internal sealed class NotificationsHarness : IAsyncDisposable
{
    public const string AnswerTemplate = "tpl-answer";
    public const string NeutralTemplate = "tpl-neutral";
    public const string LongTermTemplate = "tpl-long";

    private const string PushToken = "AAAAA";
    private const string AppId = "wxba5fad812f8e6fb9";

    private static readonly string AesKey = new('A', 43);
    private static readonly string[] Settings =
    [
        $"WeChat:AppId={AppId}", $"WeChat:PushToken={PushToken}", $"WeChat:EncodingAesKey={AesKey}",
        $"Notifications:Templates:0:Id={AnswerTemplate}", "Notifications:Templates:0:Kinds:0=ConsultationAnswered", "Notifications:Templates:0:Kinds:1=ConsultationRejected",
        "Notifications:Templates:0:Fields:thing1=title", "Notifications:Templates:0:Fields:thing2=category", "Notifications:Templates:0:Fields:time3=at",
        "Notifications:Templates:0:Fields:phrase4=status", "Notifications:Templates:0:Fields:character_string5=number", "Notifications:Templates:0:Fields:thing6==点击查看详情",
        $"Notifications:Templates:1:Id={NeutralTemplate}", "Notifications:Templates:1:Kinds:0=ConsultationAnswered", "Notifications:Templates:1:Neutral=true",
        "Notifications:Templates:1:Fields:thing1=title", "Notifications:Templates:1:Fields:thing2=category", "Notifications:Templates:1:Fields:character_string3=number", "Notifications:Templates:1:Fields:thing4=unit",
        $"Notifications:Templates:2:Id={LongTermTemplate}", "Notifications:Templates:2:Kinds:0=ConsultationMoved", "Notifications:Templates:2:LongTerm=true",
        "Notifications:Templates:2:Fields:thing1=title",
    ];

    private NotificationsHarness(TestApi api, ScriptedWeChat weChat) => (Api, WeChat) = (api, weChat);

    public TestApi Api { get; }

    public ScriptedWeChat WeChat { get; }

    public static async Task<NotificationsHarness> StartAsync(Engine engine)
    {
        ScriptedWeChat? weChat = null;
        var api = await TestApi.StartAsync(engine, Settings, services =>
        {
            services.RemoveAll<IWeChat>();
            services.AddSingleton<IWeChat>(provider => weChat ??= new ScriptedWeChat(provider.GetRequiredService<FakeWeChat>()));
        });
        _ = api.Services.GetRequiredService<IWeChat>();
        return new NotificationsHarness(api, weChat!);
    }

    public ValueTask DisposeAsync() => Api.DisposeAsync();

    /// <summary>A citizen whom WeChat knows as <c>o-{id}</c>.</summary>
    public async Task<ApiClient> NewCitizenAsync(ContactPreference own = ContactPreference.Visible)
    {
        var citizen = await Api.NewCitizenAsync();
        var database = Api.Services.GetRequiredService<Database>();
        var sealer = Api.Services.GetRequiredService<Sealer>();
        await database.WriteAlwaysAsync(async tx =>
        {
            await tx.ExecuteAsync($"{tx.Dialect.InsertIgnore} citizens (id, contact_preference, created_at, version) VALUES (@Id, 'Visible', @Now, 1)", new { citizen.Id, tx.Now });
            await tx.ExecuteAsync("UPDATE citizens SET contact_preference = @own WHERE id = @Id", new { own = own.ToString(), citizen.Id });
            await tx.ExecuteAsync("DELETE FROM wechat_identities WHERE citizen_id = @Id", new { citizen.Id });
            var id = tx.NewId();
            return await tx.ExecuteAsync("""
                INSERT INTO wechat_identities (id, citizen_id, app_id, openid_hash, openid_sealed, unionid_hash, session_key_sealed, created_at, last_login_at)
                VALUES (@id, @citizenId, @AppId, @hash, @openid, NULL, '', @Now, @Now)
                """, new { id, citizenId = citizen.Id, AppId, hash = sealer.LookupHash(LookupKind.WeChatOpenId, OpenId(citizen)), openid = sealer.Seal(OpenId(citizen), CitizenRepository.OpenId.Of(id)), tx.Now });
        });
        return citizen;
    }

    public static string OpenId(ApiClient citizen) => $"o-{citizen.Id}";

    public static async Task<string> AskAsync(ApiClient citizen, string? preference = null) => (await citizen.PostAsync("/v1/consultations",
        new { categoryCode = "0201", regionCode = "341602101", text = "工资拖欠三个月，怎么办？", contactPreference = preference }).Gives(Created)).String("id");

    public static Task AllowAsync(ApiClient citizen, string template = AnswerTemplate, string outcome = "accept") =>
        citizen.PostAsync("/v1/me/subscriptions", new { results = new[] { new { templateId = template, outcome } } }).Gives(OK);

    /// <summary>Somebody of the office does something to a consultation.</summary>
    public async Task ActAsync(string consultationId, Action<Consultation, DateTimeOffset> act)
    {
        var repository = Api.Services.GetRequiredService<ConsultationRepository>();
        var done = await Api.Services.GetRequiredService<Database>().WriteAsync<Done>(async tx =>
        {
            var consultation = (await repository.FindAsync(tx, consultationId))!;
            act(consultation, tx.Now);
            await repository.SaveAsync(tx, consultation, Actor.System);
            return Done.It;
        });
        Assert.That(done.IsRefused, Is.False);
    }

    public async Task AnswerAsync(string consultationId)
    {
        var lawyer = Id.New(Api.Time);
        await ActAsync(consultationId, (c, now) =>
        {
            c.AssignTo(lawyer, "王律师", onlyIfFree: false, now);
            c.Answer(new NewMessage(Id.New(Api.Time), "可以向劳动监察大队投诉，也可以申请劳动仲裁。", null), Actor.Staff(lawyer), now);
        });
    }

    public IReadOnlyList<FakeSent> SentTo(ApiClient citizen) => [.. WeChat.Fake.Sent.Where(sent => sent.Message.OpenId == OpenId(citizen))];

    public Task<string?> StateOfOnlyDeliveryAsync(ApiClient citizen) =>
        Api.ScalarAsync<string>("SELECT state FROM deliveries WHERE citizen_id = @Id", new { citizen.Id });

    public Task<long> CountAsync(string table, ApiClient citizen) => Api.ScalarAsync<long>($"SELECT COUNT(*) FROM {table} WHERE citizen_id = @Id", new { citizen.Id })!;

    public async Task<int> BalanceAsync(ApiClient citizen, string template = AnswerTemplate) => await Api.ScalarAsync<int>(
        "SELECT balance FROM subscription_grants WHERE citizen_id = @Id AND template_id = @template", new { citizen.Id, template });

    /// <summary>As WeChat pushes it in 安全模式.</summary>
    public async Task<Answer> PushAsync(string message, string? signature = null)
    {
        var envelope = JsonNode.Parse(new MessagePush(PushToken, AesKey, AppId).Seal(message, 1714112445, "415670741"))!;
        using var wechat = Api.Anonymous();
        return await wechat.PostAsync(
            $"/v1/wechat/push?signature=x&timestamp=1714112445&nonce=415670741&openid=o&encrypt_type=aes&msg_signature={signature ?? (string?)envelope["MsgSignature"]}",
            new StringContent(new JsonObject { ["ToUserName"] = "gh_1", ["Encrypt"] = (string?)envelope["Encrypt"] }.ToJsonString(), Encoding.UTF8, "application/json"), key: "");
    }

    public Task<Answer> PushEventAsync(ApiClient citizen, string name, string list, string openid = "") => PushAsync(
        $$"""{"ToUserName":"gh_1","FromUserName":"{{(openid.Length > 0 ? openid : OpenId(citizen))}}","CreateTime":"{{RandomNumberGenerator.GetInt32(int.MaxValue)}}","MsgType":"event","Event":"{{name}}","List":{{list}}}""");
}

/// <summary>The fake, with a say for the test in what a send does.</summary>
internal sealed class ScriptedWeChat(FakeWeChat fake) : IWeChat
{
    public FakeWeChat Fake { get; } = fake;

    /// <summary>Called instead of the fake for the person whose openid it is given under.</summary>
    public System.Collections.Concurrent.ConcurrentDictionary<string, Func<SubscribeMessage, Task<SendVerdict>>> Sends { get; } = new();

    public Task<WeChatLogin> CodeToSessionAsync(string code, CancellationToken cancel = default) => Fake.CodeToSessionAsync(code, cancel);

    public Task<WeChatPhone> GetPhoneNumberAsync(string code, string openid, CancellationToken cancel = default) => Fake.GetPhoneNumberAsync(code, openid, cancel);

    public Task<TextVerdict> CheckTextAsync(string openid, TextScene scene, string text, CancellationToken cancel = default) => Fake.CheckTextAsync(openid, scene, text, cancel);

    public Task<SendVerdict> SendSubscribeMessageAsync(SubscribeMessage message, CancellationToken cancel = default) =>
        Sends.TryGetValue(message.OpenId, out var send) ? send(message) : Fake.SendSubscribeMessageAsync(message, cancel);
}
