using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Http.Csv;
using MicroPlatform.Api.Http.Documents;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Identity;

namespace MicroPlatform.Api.Identity;

/// <summary>Examples of signing in and of one's own data. Tokens are shortened; the people are invented.</summary>
public sealed class IdentityExamples : OperationExamples
{
    private const string Step = "eyJhbGciOiJFUzI1NiIsInR5cCI6InN0ZXArand0In0.eyJzdGVwIjoiY2hhbmdlLXBhc3N3b3JkIn0.c2lnbmF0dXJl";
    private const string StaffId = "01KAN7V2B8Q4M6N0P2R4T6V8X0";
    private const string SessionId = "01KAN7V2C1D3F5G7H9J1K3M5N7";
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 9, 10, 0, ChinaTime.Offset);

    private static readonly TokensView Tokens = new(
        "Bearer", "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIwMUtBTi4uLiJ9.c2lnbmF0dXJl", Now.AddMinutes(15), "rt_4mWq0tS8vB2nXcYzKp7LhA", Now.AddDays(30));

    private static readonly MeView Citizen = new("01KAN7TZK3M5P7R9T1V3X5Z7B9", ActorKind.Citizen, [RoleView.Of(Role.Citizen)],
        new CitizenView("王小梅", "138****0001", null, "东河镇柳树村12号", "341602101201", ContactPreference.Visible, ContactPreference.Visible.Label(), false, false, Now.AddDays(-3)), null);

    private static readonly MeView Staff = new(StaffId, ActorKind.Staff, [RoleView.Of(Role.Lawyer)], null, new StaffView("zhang.min", "张敏", true));

    private static readonly StaffAccountView Account = new(
        StaffId, "he.lin", "何琳", true, true, false, null, [RoleView.Of(Role.Clerk)], [new PostView(DemoDistrict.TownA, "东河镇公共法律服务工作站", Role.Clerk, Role.Clerk.Label())]);

    public IdentityExamples()
    {
        AddSignIn();
        AddMe();
        AddAccounts();
    }

    private void AddSignIn()
    {
        For("signInWithWeChat", new SignInWithWeChat.Request("test:wang-xiaomei", null), new SignInWithWeChat.Response(Tokens, Citizen, IsNewUser: false, NeedPhone: false, NeedConsent: false, PhoneProblem: null));
        For("refreshTokens", new RefreshTokens.Request("rt_4mWq0tS8vB2nXcYzKp7LhA"), Tokens);
        For("signOut", null, new SignedOut(1));
        For("signOutEverywhere", null, new SignedOut(3));
        For("getSigningKeys", null, new JsonWebKeysDocument([new("EC", "P-256", "sig", "ES256", "Jq0mWv3yX9d2", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")]));
        For("signInStaff", new SignInStaff.Request("zhang.min", DemoDistrict.FirstPassword, null), new SignInStaff.Response(Tokens, Staff));
        For("changeFirstPassword", new ChangeFirstPassword.Request(Step, "Dong-He-2026-Falv"), new ChangeFirstPassword.Response(null, null, Step, Now.AddMinutes(10)));
        For("enrolTotp", new EnrolTotp.Request(Step), new EnrolTotp.Response("otpauth://totp/%E5%85%AC%E5%85%B1%E6%B3%95%E5%BE%8B:zhang.min?secret=JBSWY3DPEHPK3PXP", "JBSW Y3DP EHPK 3PXP", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"));
        For("confirmTotp", new ConfirmTotp.Request(Step, "492039"), new SignInStaff.Response(Tokens, Staff));
        For("signInAsDemo", new SignInAsDemo.Request(SignInAsDemo.DemoPerson.Citizen), new SignInAsDemo.Response(Tokens, Citizen));
        For("getPrivacyNotice", null, new PrivacyNotice { Version = 1, Title = "隐私政策", Text = "我们只为办理您的法律服务事项收集必要的信息……", PublishedAt = Now.AddMonths(-1) });
    }

    private void AddMe()
    {
        For("getMe", null, Citizen);
        For("listMySessions", null, new ListMySessions.Response([new(SessionId, "微信小程序 iOS", true, Now.AddDays(-3), Now, Now.AddDays(27))]));
        For("endMySession", null, new SignedOut(1), ("id", SessionId));
        For("changePassword", new ChangePassword.Request(DemoDistrict.FirstPassword, "Dong-He-2026-Falv"), new SignedOut(2));
        For("getMySummary", null, new GetMySummary.Response(NeedPhone: false, NeedConsent: false, OpenMatters: 1, AnsweredMatters: 1, EndedMatters: 4));
        For("putProfile", new PutProfile.Request("王小梅", null, "东河镇柳树村12号", "341602101201"), Citizen);
        For("bindPhone", new BindPhone.Request("test:13800000001"), Citizen);
        For("setMyContactPreference", new SetMyContactPreference.Request(ContactPreference.Neutral), Citizen);
        var consents = new ConsentsView(1, false, [new ConsentRow { NoticeVersion = 1, Accepted = true, At = Now.AddDays(-3) }]);
        For("getMyConsents", null, consents);
        For("recordConsent", new RecordConsent.Request(1, true), consents);
        For("exportMyData", null, new ExportMyData.Response(Now,
            new ExportMyData.Person("01KAN7TZK3M5P7R9T1V3X5Z7B9", "王小梅", "13800000001", null, "东河镇柳树村12号", "341602101201", ContactPreference.Visible, true, Now.AddDays(-3)),
            consents.Items, [], [], [], [], new Page<HeldMatter>([], null, false)));
        For("deleteMe", null, new DeleteMe.Response(true, Now));
    }

    private void AddAccounts()
    {
        For("releasePhone", new ReleasePhone.Request("13800000001", "群众本人到窗口，凭身份证说明手机号已换机主"), new ReleasePhone.Response(true));
        For("listStaffAccounts", null, new Page<StaffAccountView>([Account], null, false), ("limit", "20"));
        IReadOnlyList<CreateStaffAccount.Post> posts = [new(DemoDistrict.TownA, Role.Clerk)];
        var created = new CreateStaffAccount.Response(Account, "Kuai-9427-Sheng-Mu");
        ForCsv("exportStaffAccounts", answer: "用户名,姓名,职务,岗位,状态\r\nzhang.min,张敏,执业律师,东河镇公共法律服务工作站:律师；示范区法律援助中心:律师,启用\r\n");
        ForCsv("importStaffAccounts", "用户名,姓名,职务,岗位\r\nhe.xiu,何秀,窗口人员,东河镇公共法律服务工作站:窗口人员\r\nma.chao,马超,执业律师,西山镇公共法律服务工作站:律师；明理律师事务所:律师\r\n",
            new StaffCsv.Response(new CsvImported(false, 2, 0, 0), [new("he.xiu", "何秀", "kRm7vBqX2tYpN9sd"), new("ma.chao", "马超", "Wq4ZfHu8cJxE6agT")]));
        For("createStaffAccount", new CreateStaffAccount.Request("he.lin", "何琳", "窗口人员", posts), created);
        For("setStaffPosts", new SetStaffPosts.Request(posts), Account, ("id", StaffId));
        For("resetStaffPassword", null, created, ("id", StaffId));
        For("resetStaffTotp", null, Account, ("id", StaffId));
        For("disableStaffAccount", null, Account with { Active = false }, ("id", StaffId));
        For("enableStaffAccount", null, Account, ("id", StaffId));
        For("unlockStaffAccount", null, Account, ("id", StaffId));
        For("publishPrivacyNotice", new PublishPrivacyNotice.Request("隐私政策（2026年修订）", "我们只为办理您的法律服务事项收集必要的信息，不向无关的单位和个人提供。", 1),
            new PrivacyNotice { Version = 2, Title = "隐私政策（2026年修订）", Text = "我们只为办理您的法律服务事项收集必要的信息，不向无关的单位和个人提供。", PublishedAt = Now });
    }
}
