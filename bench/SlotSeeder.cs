using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using Dapper;
using MicroPlatform.Domain.Common;

namespace MicroPlatform.Bench;

/// <summary>
/// Forty people with the same hours every day, and so many appointments: up to 10,000 of them ahead, in every third slot, the rest in the years
/// behind. What can be searched is the same everywhere where anything is stored; only what lies behind it differs.
/// </summary>
internal sealed class SlotSeeder(Store store, int appointments)
{
    public const int People = 40;
    public const int DaysAhead = 62;
    public const int StartsPerDay = 12;

    /// <summary>People of whom only another service is had, so that no search finds them: bookings by the second need more half hours than forty people have.</summary>
    public const int BookedPeople = 80;
    public const int BookedStartsPerDay = 24;
    public const int BookedFromMinute = 480;

    /// <summary>Beginning of each start, minutes of the day: nine to twelve and two to five, every half hour.</summary>
    public static readonly int[] Starts = [.. Enumerable.Range(0, 6).Select(n => 540 + (30 * n)), .. Enumerable.Range(0, 6).Select(n => 840 + (30 * n))];

    private const int MostAhead = 10_000;
    private const int RowsPerStatement = 500;

    private readonly Seeder.Table _appointments = new("appointments", "id, matter_id, citizen_id, resource_id, seat, organisation_id, staff_id, service_code, mode, side, state, starts_at, ends_at, " +
        "raster_first, raster_until, check_in_code, guardian_consent, moves, booked_at, version");
    private readonly Seeder.Table _rasters = new("appointment_rasters", "resource_id, raster_start, seat, owner_id, held_until");

    public static string PersonId(int n) => $"01BENCHPERS0000000000000{n:00}";

    public static string BookedPersonId(int n) => $"01BENCHMANY0000000000000{n:00}";

    public static DateTimeOffset At(DateTimeOffset today, int day, int minute) => new(today.InChina().Date.AddDays(day).AddMinutes(minute), ChinaTime.Offset);

    public async Task RunAsync(DateTimeOffset now)
    {
        await using var source = store.Open();
        await using var connection = await source.OpenConnectionAsync();
        await connection.ExecuteAsync(store.Server is null ? "PRAGMA synchronous=OFF" : "SET SESSION unique_checks=0");
        var unit = await connection.ExecuteScalarAsync<string>("SELECT MIN(organisation_id) FROM office_hours") ?? throw new InvalidOperationException("The API has not loaded its demo district.");
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await PeopleAsync(connection, transaction, unit, now);
            await transaction.CommitAsync();
        }
        var ahead = Math.Min(MostAhead, appointments / 2);
        for (var done = 0; done < appointments;)
        {
            await using var transaction = await connection.BeginTransactionAsync();
            for (var last = Math.Min(appointments, done + 20_000); done < last; done++)
            {
                // Ahead: every second slot in a row of days; behind: every slot, going back day by day.
                var slot = done < ahead ? done * 2 % (People * StartsPerDay * DaysAhead) : done - ahead;
                var (person, start, day) = (slot % People, slot / People % StartsPerDay, slot / People / StartsPerDay);
                Add(PersonId(person), unit, At(now, done < ahead ? day + 1 : -1 - day, Starts[start]), done < ahead, now);
                foreach (var table in (Seeder.Table[])[_appointments, _rasters])
                    if (table.Rows >= RowsPerStatement) await connection.ExecuteAsync(table.Take(), transaction: transaction);
            }
            foreach (var table in (Seeder.Table[])[_appointments, _rasters])
                if (table.Rows > 0) await connection.ExecuteAsync(table.Take(), transaction: transaction);
            await transaction.CommitAsync();
        }
        if (store.Server is null) await connection.ExecuteAsync("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA synchronous=FULL");
        else await connection.ExecuteAsync("SET SESSION unique_checks=1; ANALYZE TABLE appointments, appointment_rasters");
    }

    private static async Task PeopleAsync(DbConnection connection, DbTransaction transaction, string unit, DateTimeOffset now)
    {
        await connection.ExecuteAsync("UPDATE booking_resources SET active = 0", transaction: transaction);
        var all = Enumerable.Range(0, People).Select(n => (Id: PersonId(n), Services: long.MaxValue, Hours: ((int From, int To)[])[(540, 720), (840, 1020)]));
        // Bit 1 is that of legal aid.
        var booked = Enumerable.Range(0, BookedPeople).Select(n => (Id: BookedPersonId(n), Services: 2L, Hours: ((int From, int To)[])[(BookedFromMinute, BookedFromMinute + (30 * BookedStartsPerDay))]));
        foreach (var (n, (id, services, hours)) in all.Concat(booked).Index())
        {
            await connection.ExecuteAsync("""
                INSERT INTO staff_members (id, username, name, title, specialities, active, password_hash, password_temporary, totp_sealed, totp_last_step, last_assigned_at, created_at, version)
                VALUES (@id, @id, @name, '执业律师', '02', 1, '', 0, NULL, 0, 0, @now, 1)
                """, new { id, name = $"律师{n.ToString(CultureInfo.InvariantCulture)}", now }, transaction);
            await connection.ExecuteAsync("INSERT INTO booking_resources (id, kind, staff_id, organisation_id, name, active, hours_version, version) VALUES (@id, 'Person', @id, @unit, '律师', 1, 1, 1)",
                new { id, unit }, transaction);
            await connection.ExecuteAsync("INSERT INTO posts (id, staff_id, organisation_id, role) VALUES (@post, @id, @unit, 'Lawyer')", new { post = Id.New(now), id, unit }, transaction);
            for (var weekday = 0; weekday < 7; weekday++)
                foreach (var (from, to) in hours)
                    await connection.ExecuteAsync("""
                        INSERT INTO office_hours (id, resource_id, organisation_id, weekday, from_minute, to_minute, every_weeks, valid_from, valid_until, on_holidays, services, modes,
                               seats_citizen, seats_hotline, seats_staff, step_minutes, buffer_before, buffer_after, min_notice_minutes, horizon_days)
                        VALUES (@hoursId, @id, @unit, @weekday, @from, @to, 1, '2020-01-01', NULL, 1, @services, 15, 1, 1, 1, 30, 0, 0, 0, 62)
                        """, new { hoursId = Id.New(now), id, unit, weekday, from, to, services }, transaction);
        }
    }

    private void Add(string person, string unit, DateTimeOffset at, bool ahead, DateTimeOffset now)
    {
        var id = Id.New(now);
        var first = ((at.Hour * 60) + at.Minute) / 15;
        _appointments.Add(id, id, id, person, 0, unit, person, "lawyer", "InPerson", "Citizen", ahead ? "Booked" : "Completed", at, at.AddMinutes(30), first, first + 2,
            RandomNumberGenerator.GetString("23456789ABCDEFGHJKLMNPQRSTUVWXYZ", 12), false, 0, at.AddDays(-3), 1);
        _rasters.Add(person, at, 0, id, null);
        _rasters.Add(person, at.AddMinutes(15), 0, id, null);
    }
}
