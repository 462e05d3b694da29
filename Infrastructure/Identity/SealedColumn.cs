namespace MicroPlatform.Infrastructure.Identity;

/// <summary>A column that holds sealed values: where the value stands is part of what is authenticated.</summary>
/// <param name="Key">The column that names the row.</param>
public sealed record SealedColumn(string Table, string Column, string Key)
{
    public SealedPlace Of(string rowId) => new($"{Table}.{Column}", rowId);

    /// <summary>Every sealed column there is. <c>seal rotate</c> walks them, so one that is missing here would lose its values with the old key.</summary>
    public static readonly IReadOnlyList<SealedColumn> All =
    [
        CitizenRepository.Name, CitizenRepository.Phone, CitizenRepository.NationalIdNumber, CitizenRepository.Address,
        CitizenRepository.OpenId, CitizenRepository.SessionKey,
        StaffAccountRepository.TotpSecret, StaffAccountRepository.EnrolmentSecret, SigningKeyStore.PrivateKey, SessionRepository.Successor,
        Notifications.PushInbox.Body, Hotline.PartnerRepository.Secret, Hotline.PartnerRepository.Previous,
        Hotline.HotlineTicketRepository.CallerName, Hotline.HotlineTicketRepository.CallerPhone, Hotline.HotlineTicketRepository.NationalIdNumber, Hotline.HotlineTicketRepository.Address,
        Hotline.HotlineTaskRepository.Phone, Hotline.HotlineCallRepository.CallerPhone, Hotline.AlarmRepository.DutyPhone, Hotline.PopRepository.Phone,
        Hotline.WebhookRepository.Secret, Hotline.WebhookRepository.Previous, Hotline.WebhookRepository.Body, Hotline.HotlineRecordingRepository.Url,
        Appointments.AppointmentRepository.SubjectName, Appointments.AppointmentRepository.SubjectNationalId, Appointments.AppointmentRepository.Address,
        Appointments.AppointmentRepository.PartyName, Materials.MaterialObjects.Key,
    ];
}
