using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Appointments;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Sql;
using MicroPlatform.Infrastructure.VideoCalls;
using Microsoft.Extensions.DependencyInjection;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.VideoCalls;

/// <summary>Calls that are there already, for tests of what carries them.</summary>
internal static class VideoStage
{
    /// <summary>A call that rings, of nobody in particular.</summary>
    public static async Task<string> NewCallAsync(TestApi api, string provider)
    {
        var id = Id.New(api.Time);
        await api.ExecuteAsync("""
            INSERT INTO video_calls (id, matter_id, citizen_id, organisation_id, provider, state, medium, due_at, rung_at, talked_ms, created_at, version)
            VALUES (@id, @matter, @citizen, @unit, @provider, 'Ringing', 'Video', @due, @now, 0, @now, 1)
            """, new { id, matter = Id.New(api.Time), citizen = Id.New(api.Time), unit = DemoDistrict.AidCentre, provider, due = api.Time.GetUtcNow().AddMinutes(1), now = api.Time.GetUtcNow() });
        return id;
    }

    /// <summary>
    /// A call that was booked over HTTP, going on at this very moment: media servers have clocks of their own, so the booked time is brought to the real one.
    /// </summary>
    /// <returns>The call, and the ids of its people in it.</returns>
    public static async Task<BookedCall> BookNowAsync(TestApi api)
    {
        api.Time.At("2026-11-25T08:00+08:00");
        using var lawyer = await api.NewPersonAsync();
        using var citizen = await api.NewBookerAsync();
        var call = (await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, api.Day(0, 9), mode: MeetingMode.Video)).Gives(Created)).String("videoCallId");
        await api.DeliverAsync();
        api.Time.Real();
        var now = api.Time.GetUtcNow();
        await api.ExecuteAsync("UPDATE video_calls SET created_at = @created, starts_at = @starts, ends_at = @ends, due_at = @due WHERE id = @call",
            new { call, created = now.AddHours(-1), starts = now.AddMinutes(-1), ends = now.AddMinutes(29), due = now.AddMinutes(14) });
        return new BookedCall(call, lawyer.Id, (await ParticipantAsync(api, call, "Citizen"))!, (await ParticipantAsync(api, call, "Staff"))!);
    }

    /// <summary>What stands behind the <c>#</c> of a link to the call page.</summary>
    public static Task<string> TicketAsync(TestApi api, string call, string participant) => api.Services.GetRequiredService<Database>().WriteAlwaysAsync(
        tx => CallTickets.IssueAsync(tx, call, participant, tx.Now.AddMinutes(5), tx.Now.AddHours(1)));

    private static Task<string?> ParticipantAsync(TestApi api, string call, string side) =>
        api.ScalarAsync<string>("SELECT id FROM video_call_participants WHERE call_id = @call AND side = @side", new { call, side });
}

internal sealed record BookedCall(string Id, string LawyerId, string Citizen, string Staff);
