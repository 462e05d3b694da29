namespace MicroPlatform.Domain.Identity;

/// <summary>What the platform tells people about their data before they give any (PIPL art. 17). A new version asks everybody again.</summary>
public sealed record PrivacyNotice
{
    public required int Version { get; init; }
    public required string Title { get; init; }
    public required string Text { get; init; }
    public required DateTimeOffset PublishedAt { get; init; }

    public const int MaxText = 20_000;

    /// <summary>In force until the bureau publishes its own.</summary>
    public static PrivacyNotice First(DateTimeOffset now) => new()
    {
        Version = 1,
        Title = "公共法律服务平台隐私政策",
        PublishedAt = now,
        Text = """
            一、我们是谁。本平台由当地司法行政机关设立，为您提供法律咨询、预约、法律援助等公共法律服务，均不收费。
            二、我们收集什么、为什么。微信登录标识：识别您的账号；手机号：通知办理进展、与您联系；您填写的咨询内容、所在地区和附件：为您解答和办理；姓名、身份证号、住址：仅在办理法律援助、调解等需要核实身份的事项时填写，咨询时可以不填。
            三、我们怎样保护。手机号、身份证号、住址等加密存储，显示时隐去中间数字；工作人员查看完整信息时，系统会记录查看人和时间。数据存放在境内。
            四、谁能看到。仅承办您事项的机构和人员。未经您单独同意，不向第三方提供；法律另有规定的除外。
            五、怕家人看到怎么办。您可以在“联系方式偏好”中选择“不显示内容”或“不发消息”，我们便不会在消息中提及您的事项。
            六、您的权利。您可以随时查看、更正、导出您的信息，撤回同意，注销账号。事项办结前不能注销；注销后，依法需要保存的案件材料只存储、不再使用，且不再与您的姓名、手机号关联。
            七、未成年人。未满十四周岁的，请由监护人陪同使用并同意本政策。
            八、联系我们。对本政策有疑问，请拨打12348。
            """,
    };
}
