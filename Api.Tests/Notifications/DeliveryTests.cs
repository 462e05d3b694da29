using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Notifications;
using MicroPlatform.Infrastructure.Notifications;
using MicroPlatform.Infrastructure.WeChat;
using Microsoft.Extensions.Configuration;

namespace MicroPlatform.Api.Tests.Notifications;

/// <summary>What needs no database: the states, the words, the settings.</summary>
[TestFixture]
public sealed class DeliveryTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);
    private static readonly MatterFacts Facts = new("m", "264830295719", "家庭暴力", "东河镇公共法律服务工作站");

    public static IEnumerable<TestCaseData> Pairs =>
        from state in Enum.GetValues<DeliveryState>() from action in Enum.GetValues<DeliveryAction>() select new TestCaseData(state, action);

    [TestCaseSource(nameof(Pairs))]
    public void Act_InEveryState_MovesAsTheTableSaysOrNotAtAll(DeliveryState state, DeliveryAction action)
    {
        var delivery = In(state);
        var moved = Act(delivery, action);

        var expected = DeliveryTransitions.Table.TryGetValue((state, action), out var to);
        Assert.That(moved, Is.EqualTo(expected));
        Assert.That(delivery.State, Is.EqualTo(expected ? to : state));
        Assert.That(delivery.UpdatedAt, Is.EqualTo(expected ? Now.AddMinutes(5) : Now));
    }

    [Test]
    public void Table_OnceItMayHaveGoneOut_NeverLeadsBackButByWeChatsWord() =>
        Assert.That(DeliveryTransitions.Table.Where(t => t.Value == DeliveryState.Pending).Select(t => t.Key), Is.EqualTo(new[] { (DeliveryState.Sending, DeliveryAction.Postpone) }));

    [Test]
    public void IsAbandoned_OnlyWhenSendingForLongerThanAnybodyTakes()
    {
        Assert.That(In(DeliveryState.Sending).IsAbandoned(Now + Delivery.Lease), Is.True);
        Assert.That(In(DeliveryState.Sending).IsAbandoned(Now + Delivery.Lease - TimeSpan.FromMilliseconds(1)), Is.False);
        Assert.That(In(DeliveryState.Pending).IsAbandoned(Now + Delivery.Lease), Is.False);
    }

    [Test]
    public void Wording_NotVisible_NamesNothing([Values] NotificationKind kind, [Values(ContactPreference.Neutral, ContactPreference.Hidden)] ContactPreference preference) =>
        Assert.That(Wording.Of(kind, preference, Facts), Is.EqualTo(Wording.Neutral));

    [Test]
    public void Wording_Visible_FitsEveryFieldWithoutBeingCut([Values] NotificationKind kind)
    {
        var wording = Wording.Of(kind, ContactPreference.Visible, Facts);

        Assert.That(SubscribeMessageFields.Normalise("thing1", wording.Title), Is.EqualTo(wording.Title));
        Assert.That(SubscribeMessageFields.Normalise("phrase1", wording.Status), Is.EqualTo(wording.Status));
        Assert.That(SubscribeMessageFields.Normalise("character_string1", wording.Number), Is.EqualTo("2648-3029-5719"));
    }

    [Test]
    public void Wording_OfAnAppointment_SaysWhenAndWhere()
    {
        var start = new DateTimeOffset(2026, 12, 3, 14, 30, 0, TimeSpan.FromHours(8));
        MatterFacts Of(MeetingMode mode) => Facts with { Appointment = new AppointmentFacts("a", start, mode, "东河镇工作站", "人民调解", AppointmentState.Booked) };
        var wording = Wording.Of(NotificationKind.AppointmentReminder, ContactPreference.Visible, Of(MeetingMode.InPerson));
        Assert.That(wording.Text, Is.EqualTo("12月3日（周四）14:30，东河镇工作站，到场（编号2648-3029-5719）"));
        Assert.That(Wording.Of(NotificationKind.AppointmentMoved, ContactPreference.Visible, Of(MeetingMode.HomeVisit)).Text, Does.Contain("东河镇工作站上门"));
        Assert.That(Wording.Of(NotificationKind.AppointmentReminder, ContactPreference.Neutral, Of(MeetingMode.InPerson)), Is.EqualTo(Wording.Neutral));
        var template = new MessageTemplate { Fields = { ["time1"] = "when", ["time2"] = "at" } };
        Assert.That(template.Fill(wording, Now)["time1"], Is.EqualTo(SubscribeMessageFields.Time(start)));
        Assert.That(template.Fill(Wording.Neutral, Now)["time1"], Is.EqualTo(SubscribeMessageFields.Time(Now)));
    }

    [Test]
    public void Wording_Neutral_FitsEveryField() =>
        Assert.That(SubscribeMessageFields.Normalise("phrase1", Wording.Neutral.Status), Is.EqualTo("有新消息"));

    [TestCase(ContactPreference.Visible, ContactPreference.Hidden, ContactPreference.Hidden)]
    [TestCase(ContactPreference.Neutral, ContactPreference.Visible, ContactPreference.Neutral)]
    [TestCase(ContactPreference.Hidden, ContactPreference.Neutral, ContactPreference.Hidden)]
    public void Stricter_OfTwo_IsTheMoreCareful(ContactPreference one, ContactPreference other, ContactPreference expected) =>
        Assert.That(Wording.Stricter(one, other), Is.EqualTo(expected));

    [TestCase("Templates:0:Id=a;Templates:0:Kinds:0=ConsultationAnswered;Templates:0:Fields:thing1=title", null)]
    [TestCase("Templates:0:Id=a;Templates:0:Kinds:0=ConsultationAnswered;Templates:0:Fields:things1=title", "no such kind of field")]
    [TestCase("Templates:0:Id=a;Templates:0:Kinds:0=ConsultationAnswered;Templates:0:Fields:thing1=titel", "'titel' is neither")]
    [TestCase("Templates:0:Id=a;Templates:0:Kinds:0=ConsultationAnswered;Templates:0:Fields:time1=title", "'title' does not fit")]
    [TestCase("Templates:0:Id=a;Templates:0:Kinds:0=ConsultationAnswered", "has no Fields")]
    [TestCase("Templates:0:Id=a;Templates:0:Fields:thing1=title", "is for nothing")]
    [TestCase("Templates:0:Kinds:0=ConsultationAnswered;Templates:0:Fields:thing1=title", "no proper Id")]
    [TestCase("Templates:0:Id=a;Templates:0:Kinds:0=ConsultationAnswered;Templates:0:Fields:thing1=title;Templates:1:Id=b;Templates:1:Kinds:0=ConsultationAnswered;Templates:1:Fields:thing1=title", "two templates for ConsultationAnswered")]
    [TestCase("Templates:0:Id=a;Templates:0:Kinds:0=ConsultationAnswered;Templates:0:Fields:thing1=title;Templates:1:Id=a;Templates:1:Kinds:0=ConsultationMoved;Templates:1:Fields:thing1=title", "twice")]
    public void Options_Mistake_IsFoundAtStart(string settings, string? fault)
    {
        var options = new ConfigurationBuilder().AddInMemoryCollection(settings.Split(';').Select(pair => KeyValuePair.Create<string, string?>(pair.Split('=')[0], pair.Split('=')[1]))).Build()
            .Get<NotificationsOptions>()!;

        var result = new NotificationsOptionsValidation().Validate(null, options);

        Assert.That(result.Succeeded, Is.EqualTo(fault is null), result.FailureMessage);
        if (fault is not null) Assert.That(result.FailureMessage, Does.Contain(fault));
    }

    private static Delivery In(DeliveryState state) => Delivery.Restore(
        new Delivery { Id = "d", NotificationId = "n", CitizenId = "c", TemplateId = "t", UsefulUntil = Now.AddDays(1) }, state, null, 0, null, null, Now);

    private static bool Act(Delivery delivery, DeliveryAction action)
    {
        var later = Now.AddMinutes(5);
        return action switch
        {
            DeliveryAction.Begin => delivery.Begin("s", later),
            DeliveryAction.Accept => delivery.Accept("1", later),
            DeliveryAction.Refuse => delivery.Refuse(43101, later),
            DeliveryAction.Fail => delivery.Fail(47003, later),
            DeliveryAction.Postpone => delivery.Postpone(-1, later),
            DeliveryAction.LoseTrack => delivery.LoseTrack(later),
            DeliveryAction.Expire => delivery.Expire(later),
            DeliveryAction.Withhold => delivery.Withhold(later),
            DeliveryAction.Confirm => delivery.Confirm(later),
            _ => throw new ArgumentOutOfRangeException(nameof(action)),
        };
    }
}
