using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Identity;

/// <summary>What an operator does with accounts and keys on the command line.</summary>
public static class IdentityCommands
{
    /// <summary><c>seal rotate</c>: seals everything with the first of the master keys. May be stopped and begun again; the platform may run meanwhile.</summary>
    public static async Task<int> RotateSealsAsync(IServiceProvider services)
    {
        var total = await services.GetRequiredService<SealRotation>().RotateAsync((column, done) => Console.Error.Write($"\r{column.Table}.{column.Column}: {done}"));
        Console.Error.WriteLine();
        Console.WriteLine($"{total} values sealed anew with the key '{services.GetRequiredService<KeyRing>().CurrentId}'.");
        return await CheckSealsAsync(services);
    }

    /// <summary><c>seal check</c>: which older keys may be taken out of the configuration. Exit code 1 while any is still needed.</summary>
    public static async Task<int> CheckSealsAsync(IServiceProvider services)
    {
        var outstanding = await services.GetRequiredService<SealRotation>().OutstandingAsync();
        var keys = services.GetRequiredService<KeyRing>();
        foreach (var status in outstanding)
            Console.WriteLine($"{status.Column.Table}.{status.Column.Column}: {status.Count} sealed with '{status.KeyId}'{(keys.Find(status.KeyId) is null ? ", WHICH IS NOT CONFIGURED" : "")}");
        foreach (var id in keys.Ids.Where(id => id != keys.CurrentId && outstanding.All(o => o.KeyId != id))) Console.WriteLine($"The key '{id}' is not needed any more.");
        if (outstanding.Count == 0) Console.WriteLine($"Everything is sealed with '{keys.CurrentId}'.");
        return outstanding.Count == 0 ? 0 : 1;
    }

    /// <summary><c>admin create USERNAME NAME</c>: the first administrator of a new installation, with a first password that is shown once.</summary>
    public static async Task<int> CreateAdministratorAsync(IServiceProvider services, string userNameText, string nameText)
    {
        if (!UserName.TryParse(userNameText, out var userName) || !PersonName.TryParse(nameText, out var name))
        {
            await Console.Error.WriteLineAsync("USERNAME: 3 to 32 small letters, digits, '.', '-', '_', beginning with a letter. NAME: a person's name.");
            return 64;
        }
        var accounts = services.GetRequiredService<StaffAccountRepository>();
        var password = StaffAccountRepository.NewTemporaryPassword();
        var hash = services.GetRequiredService<PasswordHasher>().Hash(password);
        var created = await services.GetRequiredService<Database>().WriteAsync<Done>(async tx =>
        {
            // A new installation has no unit yet; its tree begins with one to hang the administrator on.
            var root = await tx.ScalarAsync<string>("SELECT id FROM organisations WHERE parent_id IS NULL AND active = 1 ORDER BY id LIMIT 1");
            if (root is null)
            {
                root = tx.NewId();
                await tx.ExecuteAsync("""
                    INSERT INTO organisations (id, parent_id, path, kind, name, region_code, takes_consultations, active, version)
                    VALUES (@root, NULL, @path, 'bureau', '司法局', '', 0, 1, 1)
                    """, new { root, path = $"/{root}/" });
            }
            var id = tx.NewId();
            if (!await accounts.TryAddAsync(tx, id, userName, name.Reveal(), null, hash)) return IdentityRefusals.UserNameTaken;
            await accounts.TryAddPostAsync(tx, id, root, Role.Administrator);
            await tx.AuditAsync(Actor.System, "identity.create_account", "staff", id, nameof(Role.Administrator));
            return Done.It;
        });
        if (created.IsRefused)
        {
            await Console.Error.WriteLineAsync(created.Refusal!.Title);
            return 1;
        }
        Console.WriteLine($"User name: {userName}\nFirst password, shown only now and to be changed at the first sign-in: {password}");
        return 0;
    }
}
