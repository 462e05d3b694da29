using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Identity;

public static class IdentityRefusals
{
    /// <summary>No token, or one that is not ours, changed or for something else. The client signs in again.</summary>
    public static readonly Refusal TokenInvalid = new("token_invalid", "登录信息无效，请重新登录", RefusalKind.Unauthenticated);

    /// <summary>The client refreshes, or signs in again, and repeats the call.</summary>
    public static readonly Refusal TokenExpired = new("token_expired", "登录已过期，请重新登录", RefusalKind.Unauthenticated);

    /// <summary>Signed out here or elsewhere, account disabled, or a refresh token used twice.</summary>
    public static readonly Refusal SessionRevoked = new("session_revoked", "登录已失效，请重新登录", RefusalKind.Unauthenticated);

    /// <summary>WeChat does not know the login code (wrong, used or older than five minutes). The client runs <c>wx.login</c> again, once.</summary>
    public static readonly Refusal WeChatCodeInvalid = new("wechat_code_invalid", "微信登录失败，请重试", RefusalKind.Unauthenticated);

    /// <summary>WeChat calls this person a risk (40226). Trying again does not help.</summary>
    public static readonly Refusal WeChatUserBlocked = new("wechat_user_blocked", "该微信账号暂时无法登录，请拨打12348", RefusalKind.Forbidden);

    /// <summary>WeChat is away or busy. The login code may be consumed: the client runs <c>wx.login</c> again.</summary>
    public static readonly Refusal WeChatUnavailable = new("wechat_unavailable", "微信服务繁忙，请稍后再试", RefusalKind.Unavailable) { RetryAfter = TimeSpan.FromSeconds(2) };

    /// <summary>WeChat's own limit per person and minute.</summary>
    public static readonly Refusal WeChatTooMany = new("wechat_too_many", "操作过于频繁，请一分钟后再试", RefusalKind.TooMany) { RetryAfter = TimeSpan.FromMinutes(1) };

    /// <summary>The code of the phone button is wrong, used or too old. The person taps the button again.</summary>
    public static readonly Refusal PhoneCodeInvalid = new("phone_code_invalid", "手机号授权已失效，请重新授权", RefusalKind.Unprocessable);

    /// <summary>A number of another country or one that cannot be read.</summary>
    public static readonly Refusal PhoneNotSupported = new("phone_not_supported", "暂只支持中国大陆手机号", RefusalKind.Unprocessable);

    /// <summary>
    /// Another account holds this number. Never merged by itself: numbers are given out anew, and the former owner's matters would be
    /// opened to a stranger. A clerk who has seen an identity card releases it.
    /// </summary>
    public static readonly Refusal PhoneInUse = new("phone_in_use", "该手机号已绑定其他账号，请携带身份证到服务窗口办理或拨打12348", RefusalKind.Conflict);

    /// <summary>User name or password wrong; which one is never said, nor whether the user name exists.</summary>
    public static readonly Refusal CredentialsInvalid = new("credentials_invalid", "用户名或密码错误", RefusalKind.Unauthenticated);

    /// <summary>Too many failed tries for this user name or from this address. Said whether or not the user name exists.</summary>
    public static readonly Refusal LoginLocked = new("login_locked", "登录失败次数过多，请稍后再试", RefusalKind.TooMany);

    /// <summary>User name and password are right; the six-digit code is missing.</summary>
    public static readonly Refusal TotpRequired = new("totp_required", "请输入动态验证码", RefusalKind.Forbidden);

    /// <summary>The six-digit code is wrong, out of time or already used.</summary>
    public static readonly Refusal TotpInvalid = new("totp_invalid", "动态验证码错误或已使用", RefusalKind.Forbidden);

    /// <summary>The password is a first one, given by an administrator: change it with the <c>stepToken</c> that comes with this refusal.</summary>
    public static readonly Refusal PasswordChangeRequired = new("password_change_required", "首次登录请先修改密码", RefusalKind.Forbidden);

    /// <summary>No authenticator app is bound yet: bind one with the <c>stepToken</c> that comes with this refusal.</summary>
    public static readonly Refusal TotpEnrolmentRequired = new("totp_enrolment_required", "请先绑定动态验证码", RefusalKind.Forbidden);

    /// <summary>The account serves nowhere: an administrator has to give it a post first.</summary>
    public static readonly Refusal NoPost = new("staff_without_post", "账号未分配岗位，请联系管理员", RefusalKind.Forbidden);

    /// <summary>The step token is used, too old or for another step: sign in again.</summary>
    public static readonly Refusal StepTokenInvalid = new("step_token_invalid", "操作已过期，请重新登录", RefusalKind.Forbidden);

    /// <summary>The new password breaks a rule; <c>errors</c> says which.</summary>
    public static readonly Refusal PasswordWeak = new("password_weak", "密码不符合要求", RefusalKind.Unprocessable);

    /// <summary>The present password given with a change is wrong.</summary>
    public static readonly Refusal PasswordWrong = new("password_wrong", "原密码错误", RefusalKind.Unprocessable);

    /// <summary>The current privacy notice has not been accepted, so nothing may be registered yet.</summary>
    public static readonly Refusal ConsentRequired = new("consent_required", "请先阅读并同意隐私政策", RefusalKind.Forbidden);

    /// <summary>The accepted version is not the current one: read the new notice first.</summary>
    public static readonly Refusal NoticeOutdated = new("privacy_notice_outdated", "隐私政策已更新，请重新阅读", RefusalKind.Conflict);

    /// <summary>An account cannot be deleted while the office still works on a matter of its owner.</summary>
    public static readonly Refusal MatterOpen = new("matter_open", "您还有未办结的事项，办结后才能注销", RefusalKind.Conflict);

    public static readonly Refusal UserNameTaken = new("username_taken", "用户名已存在", RefusalKind.Conflict);

    /// <summary>Nobody would be left to let others in.</summary>
    public static readonly Refusal LastAdministrator = new("last_administrator", "不能停用或降级最后一名系统管理员", RefusalKind.Conflict);
}
