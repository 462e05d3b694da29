using MicroPlatform.Api.Appointments;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Http.Csv;
using MicroPlatform.Api.Http.Limits;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Identity;

namespace MicroPlatform.Api.Identity;

/// <summary>登录、本人信息、账号管理.</summary>
public static class IdentityEndpoints
{
    private static readonly Audience[] Everybody = [Audience.Citizen, Audience.Staff, Audience.Admin];

    public static void MapIdentity(this IEndpointRouteBuilder routes, IHostEnvironment environment)
    {
        routes.MapSignIn();
        routes.MapMe();
        routes.MapStaffAccounts();
        // Not mapped at all elsewhere: a route that is not there cannot be left open.
        if (environment.IsDevelopment())
            routes.MapGroup("/v1/dev").For(Everybody, "开发").MapPost("/login", SignInAsDemo.Handle).RequireAuthorization(Policies.Anyone)
                .Does("signInAsDemo", "以演示身份登录（仅开发环境）").Answers<SignInAsDemo.Response>().Refuses(404);
    }

    private static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        var citizens = routes.MapGroup("/v1/auth/wechat").For(Audience.Citizen, "登录").RequireAuthorization(Policies.Anyone);
        citizens.MapPost("/login", SignInWithWeChat.Handle).Does("signInWithWeChat", "微信登录").Answers<SignInWithWeChat.Response>().Refuses(400);

        var everybody = routes.MapGroup("/v1/auth").For(Everybody, "登录");
        everybody.MapPost("/refresh", RefreshTokens.Handle).RequireAuthorization(Policies.Anyone).Does("refreshTokens", "刷新令牌").Answers<TokensView>().Refuses(400);
        everybody.MapPost("/sign-out", SignOut.Handle).RequireAuthorization(Policies.SignedIn).Does("signOut", "退出登录").Answers<SignedOut>();
        everybody.MapPost("/sign-out-everywhere", SignOutEverywhere.Handle).RequireAuthorization(Policies.SignedIn).Does("signOutEverywhere", "退出所有设备").Answers<SignedOut>();
        everybody.MapGet("/keys", (SigningKeyStore keys) => Results.Json(keys.Current.ToJwks(), WireJson.Options)).RequireAuthorization(Policies.Anyone)
            .Does("getSigningKeys", "令牌签名公钥（JWKS）").Answers<JsonWebKeysDocument>();

        var staff = routes.MapGroup("/v1/auth/staff").For([Audience.Staff, Audience.Admin], "登录").RequireAuthorization(Policies.Anyone);
        staff.MapPost("/login", SignInStaff.Handle).Does("signInStaff", "工作人员登录").Answers<SignInStaff.Response>().Refuses(400);
        staff.MapPost("/password", ChangeFirstPassword.Handle).Does("changeFirstPassword", "修改初始密码").Answers<ChangeFirstPassword.Response>().Refuses(400, 422);
        staff.MapPost("/totp", EnrolTotp.Handle).Does("enrolTotp", "获取动态验证码绑定信息").Answers<EnrolTotp.Response>().Refuses(400);
        staff.MapPost("/totp/confirmation", ConfirmTotp.Handle).Does("confirmTotp", "确认绑定动态验证码").Answers<SignInStaff.Response>().Refuses(400);

        routes.MapGroup("/v1/privacy-notice").For([Audience.Citizen, Audience.Admin], "隐私政策").RequireAuthorization(Policies.Anyone)
            .MapGet("", GetPrivacyNotice.Handle).Does("getPrivacyNotice", "现行隐私政策").Answers<PrivacyNotice>();
    }

    private static void MapMe(this IEndpointRouteBuilder routes)
    {
        var me = routes.MapGroup("/v1/me").For(Everybody, "本人").RequireAuthorization(Policies.SignedIn);
        me.MapGet("", GetMe.Handle).Does("getMe", "本人信息").Answers<MeView>();
        me.MapGet("/sessions", ListMySessions.Handle).Does("listMySessions", "已登录的设备").Answers<ListMySessions.Response>();
        me.MapDelete("/sessions/{id}", EndMySession.Handle).Does("endMySession", "退出某一设备").Answers<SignedOut>().Refuses(404);

        var staff = routes.MapGroup("/v1/me").For([Audience.Staff, Audience.Admin], "本人").RequireAuthorization(Policies.Staff);
        staff.MapPut("/password", ChangePassword.Handle).Does("changePassword", "修改密码").Answers<SignedOut>().Refuses(400, 422);

        var citizen = routes.MapGroup("/v1/me").For(Audience.Citizen, "本人").RequireAuthorization(Policies.Citizen);
        citizen.MapGet("/summary", GetMySummary.Handle).Does("getMySummary", "首页概况").Answers<GetMySummary.Response>();
        citizen.MapPut("/profile", PutProfile.Handle).Does("putProfile", "填写个人资料").Answers<MeView>().Refuses(400);
        citizen.MapPost("/phone", BindPhone.Handle).Does("bindPhone", "绑定手机号").Answers<MeView>().Refuses(400, 409, 422);
        citizen.MapPut("/contact-preference", SetMyContactPreference.Handle).Does("setMyContactPreference", "联系方式偏好").Answers<MeView>().Refuses(400);
        citizen.MapGet("/consents", GetMyConsents.Handle).Does("getMyConsents", "同意记录").Answers<ConsentsView>();
        citizen.MapPost("/consents", RecordConsent.Handle).Does("recordConsent", "同意或撤回同意隐私政策").Answers<ConsentsView>().Refuses(400, 409);
        citizen.MapGet("/data", ExportMyData.Handle).Does("exportMyData", "导出本人全部信息").Answers<ExportMyData.Response>().Refuses(400);
        citizen.MapDelete("", DeleteMe.Handle).Does("deleteMe", "注销账号").Answers<DeleteMe.Response>().Refuses(409);
    }

    private static void MapStaffAccounts(this IEndpointRouteBuilder routes)
    {
        var desk = routes.MapGroup("/v1/staff/citizens").For(Audience.Staff, "群众账号").RequireAuthorization(Policies.Dispatcher);
        desk.MapPost("/phone-release", ReleasePhone.Handle).Does("releasePhone", "解除手机号与原账号的绑定").Answers<ReleasePhone.Response>().Refuses(400);

        var admin = routes.MapGroup("/v1/admin/staff-accounts").For(Audience.Admin, "工作人员账号").RequireAuthorization(Policies.Administrator).RefreshesDirectory();
        admin.MapGet("", ListStaffAccounts.Handle).Does("listStaffAccounts", "账号列表").Answers<Page<StaffAccountView>>().Refuses(400);
        admin.MapPost("", CreateStaffAccount.Handle).Does("createStaffAccount", "新建账号（初始密码只显示一次）").Creates<CreateStaffAccount.Response>().Refuses(400, 409);
        admin.MapGet("/csv", StaffCsv.ExportAsync).Does("exportStaffAccounts", "导出工作人员（CSV）").AnswersCsv();
        admin.MapPost("/csv", StaffCsv.ImportAsync).TakesCsv().MayTake(TimeSpan.FromMinutes(1)).Does("importStaffAccounts", "导入工作人员（CSV，全部成功或全部不导入）").Answers<StaffCsv.Response>().Refuses(400, 413, 415, 422);
        admin.MapPut("/{id}/posts", SetStaffPosts.Handle).Does("setStaffPosts", "调整岗位").Answers<StaffAccountView>().Refuses(400, 404, 409);
        admin.MapPost("/{id}/password-reset", ResetStaffPassword.Handle).Does("resetStaffPassword", "重置密码（新密码只显示一次）").Answers<CreateStaffAccount.Response>().Refuses(404);
        admin.MapPost("/{id}/totp-reset", ResetStaffTotp.Handle).Does("resetStaffTotp", "重置动态验证码").Answers<StaffAccountView>().Refuses(404, 409);
        admin.MapPost("/{id}/disabling", DisableStaffAccount.Handle).Does("disableStaffAccount", "停用账号").Answers<StaffAccountView>().Refuses(404, 409);
        admin.MapPost("/{id}/enabling", EnableStaffAccount.Handle).Does("enableStaffAccount", "启用账号").Answers<StaffAccountView>().Refuses(404);
        admin.MapPost("/{id}/unlocking", UnlockStaffAccount.Handle).Does("unlockStaffAccount", "解除锁定").Answers<StaffAccountView>().Refuses(404);

        routes.MapGroup("/v1/admin/privacy-notices").For(Audience.Admin, "隐私政策").RequireAuthorization(Policies.Administrator)
            .MapPost("", PublishPrivacyNotice.Handle).Does("publishPrivacyNotice", "发布新版隐私政策").Creates<PrivacyNotice>().Refuses(400, 412);
    }
}
