using System.Data.Common;
using Dapper;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Appointments;

/// <summary>Keeps what can be booked (预约事项). Codes and bits never change and nothing is deleted: appointments and hours carry them.</summary>
public sealed class ServiceRepository(Database database)
{
    /// <summary>Said of a service <c>v</c>.</summary>
    internal const string Columns = "v.code, v.bit, v.name, v.description, v.duration_minutes, v.modes, v.roles, v.confirm_working_days, v.active, v.version";
    private const string Select = $"SELECT {Columns} FROM appointment_services v";

    /// <summary>All of them, also those out of choice.</summary>
    public Task<List<ServiceKind>> ListAsync(CancellationToken cancel) => database.ReadAsync(c => ListAsync(c, null), cancel);

    public static async Task<List<ServiceKind>> ListAsync(UnitOfWork tx) => await ListAsync(await tx.ConnectionAsync(), tx.Transaction);

    /// <summary>One that can be booked now.</summary>
    public Task<ServiceKind?> FindAsync(string? code, CancellationToken cancel) => database.ReadAsync(async c =>
        (await c.QueryFirstOrDefaultAsync<Row>($"{Select} WHERE code = @code AND active = 1", new { code }))?.ToService(), cancel);

    public static async Task<ServiceKind?> FindAsync(UnitOfWork tx, string? serviceCode) => (await tx.FirstOrDefaultAsync<Row>($"{Select} WHERE code = @serviceCode", new { serviceCode }))?.ToService();

    /// <returns>False when the code is taken.</returns>
    public static async Task<bool> TryInsertAsync(UnitOfWork tx, ServiceKind service) => await tx.ExecuteAsync($"""
        {tx.Dialect.InsertIgnore} appointment_services (code, bit, name, description, duration_minutes, modes, roles, confirm_working_days, active, version)
        VALUES (@Code, @Bit, @Name, @Description, @DurationMinutes, @Modes, @Roles, @ConfirmWorkingDays, @Active, 1)
        """, Args(service)) == 1;

    /// <returns>False when somebody else saved in between.</returns>
    public static async Task<bool> SaveAsync(UnitOfWork tx, ServiceKind service) => await tx.ExecuteAsync("""
        UPDATE appointment_services SET name = @Name, description = @Description, duration_minutes = @DurationMinutes, modes = @Modes, roles = @Roles,
               confirm_working_days = @ConfirmWorkingDays, active = @Active, version = version + 1
        WHERE code = @Code AND version = @Version
        """, Args(service)) == 1;

    internal static async Task<List<ServiceKind>> ListAsync(DbConnection connection, DbTransaction? transaction) =>
        [.. (await connection.QueryAsync<Row>($"{Select} ORDER BY bit", transaction: transaction)).Select(r => r.ToService())];

    private static object Args(ServiceKind s) => new
    {
        s.Code, s.Bit, s.Name, s.Description, s.DurationMinutes, Modes = (int)s.Modes, Roles = string.Join(',', s.Roles), ConfirmWorkingDays = s.ConfirmWithinWorkingDays, s.Active, s.Version,
    };

    internal record Row
    {
        public required string Code { get; init; }
        public int Bit { get; init; }
        public required string Name { get; init; }
        public string? Description { get; init; }
        public int DurationMinutes { get; init; }
        public int Modes { get; init; }
        public required string Roles { get; init; }
        public int? ConfirmWorkingDays { get; init; }
        public bool Active { get; init; }
        public int Version { get; init; }

        public ServiceKind ToService() => new(
            Code, Bit, Name, Description, DurationMinutes, (MeetingModes)Modes, [.. Roles.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Enum.Parse<Role>)],
            ConfirmWorkingDays, Active, Version);
    }
}
