using FsCheck;
using FsCheck.Fluent;
using MicroPlatform.Infrastructure.WeChat;

namespace MicroPlatform.Api.Tests.Identity;

[TestFixture]
public sealed class WeChatFieldsTests
{
    private const string Family = "👨‍👩‍👧";

    [TestCase("thing1", "劳动争议咨询", "劳动争议咨询")]
    [TestCase("thing1", "", "无")]
    [TestCase("thing1", " \u200b\n ", "无")]
    [TestCase("thing1", "\n第一行\r\n第二行", "第一行 第二行")]
    [TestCase("thing1", "一二三四五六七八九十一二三四五六七八九十", "一二三四五六七八九十一二三四五六七八九十")]
    [TestCase("thing1", "一二三四五六七八九十一二三四五六七八九十多", "一二三四五六七八九十一二三四五六七八九…")]
    [TestCase("thing1", "一二三四五六七八九十一二三" + Family + "后", "一二三四五六七八九十一二三…")]
    [TestCase("thing1", "一二三四五六七八九十一二三四五六七八😀尾", "一二三四五六七八九十一二三四五六七八…")]
    [TestCase("thing1", "半个\ud83d字", "半个字")]
    [TestCase("thing1", "a\u202eb", "ab")]
    [TestCase("number2", "12", "12")]
    [TestCase("number2", "１２３", "123")]
    [TestCase("number2", "-3.50", "-3.50")]
    [TestCase("number2", ".5", "0.5")]
    [TestCase("number2", "第3号", "3")]
    [TestCase("number2", "没有", "0")]
    [TestCase("letter1", "ab12c", "abc")]
    [TestCase("letter1", "", "NA")]
    [TestCase("symbol1", "!a?b#c$%^&", "!?#$%")]
    [TestCase("symbol1", "中", "-")]
    [TestCase("character_string4", "2648-3029-5719", "2648-3029-5719")]
    [TestCase("character_string4", "编号Ａ１２", "A12")]
    [TestCase("character_string4", "编号", "-")]
    [TestCase("time5", "2026-11-22T15:00:00+08:00", "2026年11月22日 15:00")]
    [TestCase("time5", "2026-01-02T23:30:00Z", "2026年1月3日 07:30")]
    [TestCase("time5", "15:01", "15:01")]
    [TestCase("time5", "2019年10月1日 15:01", "2019年10月1日 15:01")]
    [TestCase("time5", "15:01~16:00", "15:01~16:00")]
    [TestCase("time5", "2026-11-22T15:00:00+08:00~2026-11-22T16:00:00+08:00", "2026年11月22日 15:00~2026年11月22日 16:00")]
    [TestCase("date6", "2019年10月1日", "2019年10月1日")]
    [TestCase("date6", "2019年10月1日~2019年10月7日", "2019年10月1日~2019年10月7日")]
    [TestCase("date6", "2019-12-25 09:42", "2019-12-25 09:42")]
    [TestCase("amount7", "￥1,234.50", "¥1234.50")]
    [TestCase("amount7", "100元", "100元")]
    [TestCase("phone_number8", "138****8000", "138****8000")]
    [TestCase("phone_number8", "电话：+86 138 0013 8000", "+8613800138000")]
    [TestCase("phone_number8", "", "-")]
    [TestCase("car_number9", "粤A·d12345", "粤AD12345")]
    [TestCase("car_number9", "粤AD1234警", "粤AD1234警")]
    [TestCase("name10", "王小明", "王小明")]
    [TestCase("name10", "阿卜杜拉·买买提江·托合提", "阿卜杜拉·买买提江·")]
    [TestCase("name10", "Alexander Hamilton Jr Esquire", "Alexander Hamilton J")]
    [TestCase("name10", "王律师2", "王律师")]
    [TestCase("name10", "", "无")]
    [TestCase("phrase11", "已答复", "已答复")]
    [TestCase("phrase11", "已答复！(2)", "已答复")]
    [TestCase("phrase11", "已经转交其他单位", "已经转交其")]
    [TestCase("phrase11", "ok", "其他")]
    public void Normalise_Values_AreBroughtWithinTheLimit(string key, string value, string expected) =>
        Assert.That(SubscribeMessageFields.Normalise(key, value), Is.EqualTo(expected));

    [TestCase("time1", "明天")]
    [TestCase("time1", "25:00")]
    [TestCase("time1", "")]
    [TestCase("date1", "22/11/2026")]
    [TestCase("date1", "a~b~c")]
    [TestCase("amount1", "12345678901")]
    [TestCase("amount1", "免费")]
    [TestCase("unknown1", "x")]
    public void Normalise_WhatCannotBeMadeRight_Throws(string key, string value) =>
        Assert.That(() => SubscribeMessageFields.Normalise(key, value), Throws.TypeOf<FormatException>());

    [TestCase("thing1", true)]
    [TestCase("character_string12", true)]
    [TestCase("thing", false)]
    [TestCase("things1", false)]
    [TestCase("", false)]
    public void IsKnown_Key_IsAKindWithANumber(string key, bool known) => Assert.That(SubscribeMessageFields.IsKnown(key), Is.EqualTo(known));

    [TestCase(0, "¥0.00")]
    [TestCase(5, "¥0.05")]
    [TestCase(123456, "¥1234.56")]
    public void Amount_Fen_IsYuan(long fen, string expected) => Assert.That(SubscribeMessageFields.Amount(fen), Is.EqualTo(expected));

    [TestCase("argument invalid! data.thing1.value invalid rid: 1-2-3", "thing1")]
    [TestCase("argument invalid! data.character_string12.value is emtpy", "character_string12")]
    [TestCase("something else", "")]
    [TestCase(null, "")]
    public void FieldNamedIn_Message_IsTheKeyAlone(string? errmsg, string expected) => Assert.That(SubscribeMessageFields.FieldNamedIn(errmsg), Is.EqualTo(expected));

    /// <summary>Whatever a person wrote: within the limit, whole characters, never empty, and the same when done twice.</summary>
    [Test]
    public void Normalise_AnyText_StaysWithinTheLimit()
    {
        var limits = new Dictionary<string, int>
        {
            ["thing1"] = 20, ["number1"] = 34, ["letter1"] = 32, ["symbol1"] = 5, ["character_string1"] = 32,
            ["phone_number1"] = 17, ["car_number1"] = 8, ["name1"] = 20, ["phrase1"] = 5,
        };
        var text = from pieces in Gen.ListOf(Gen.Elements(Family, "😀", "e\u0301", "中", "文", "a", "1", ".", "-", " ", "\n", "\0", "\ud800", "\udc00", "１", "𠮷", "\u200d", "·", "🇨🇳", "ﷺ", "١"))
                   select string.Concat(pieces);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(text.ToArbitrary(), value =>
        {
            foreach (var (key, max) in limits)
            {
                var normal = SubscribeMessageFields.Normalise(key, value);
                Assert.That(normal, Has.Length.InRange(1, max), key);
                Assert.That(normal.EnumerateRunes().Any(rune => rune.Value == 0xFFFD), Is.False, key);
                Assert.That(normal.Any(char.IsControl), Is.False, key);
                Assert.That(SubscribeMessageFields.Normalise(key, normal), Is.EqualTo(normal), key);
                if (key is "thing1" or "name1") Assert.That(normal.Replace(Family, "", StringComparison.Ordinal), Does.Not.Contain("👨"), "families stay together");
                if (key == "name1" && !normal.All(char.IsAscii)) Assert.That(normal, Has.Length.LessThanOrEqualTo(10));
            }
        }));
    }
}
