using System.Text;
using MicroPlatform.Api.Http.Documents;
using MicroPlatform.Api.Identity;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Hosting;

/// <summary>What the program can do besides serving: <c>dotnet MicroPlatform.Api.dll health URL | migrate | audit verify [--noted SEQ:HASH] | openapi | seal rotate | seal check | admin create USERNAME NAME</c>. No verb: serve.</summary>
public static class Commands
{
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            return args switch
            {
                ["health", var url] => await HealthAsync(url),
                ["openapi", .. var file] => await WriteOpenApiAsync(file is [var name, ..] ? name : null),
                ["migrate", ..] => await WithServicesAsync(args[1..], MigrateAsync),
                ["audit", "verify", ..] => await WithServicesAsync(args[2..], VerifyAuditAsync),
                ["seal", "rotate", ..] => await WithServicesAsync(args[2..], IdentityCommands.RotateSealsAsync),
                ["seal", "check", ..] => await WithServicesAsync(args[2..], IdentityCommands.CheckSealsAsync),
                ["admin", "create", var userName, var name, ..] => await WithServicesAsync(args[4..], services => IdentityCommands.CreateAdministratorAsync(services, userName, name)),
                _ => await ServeAsync(args),
            };
        }
        catch (Exception e) when (e is StartRefusedException or Microsoft.Extensions.Options.OptionsValidationException or InvalidOperationException { Source: "MicroPlatform.Infrastructure" })
        {
            await Console.Error.WriteLineAsync($"MicroPlatform cannot start: {e.Message}");
            return 78;
        }
    }

    private static async Task<int> ServeAsync(string[] args)
    {
        await using var app = Server.Build(args);
        await app.PrepareAsync();
        await app.StartAsync();
        // Hundreds of routes leave much behind that nobody needs again, and an idle program would keep it: nothing else makes the collector look.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        await app.WaitForShutdownAsync();
        return 0;
    }

    /// <summary>For containers, which have no curl.</summary>
    private static async Task<int> HealthAsync(string url)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(3) };
        try
        {
            using var response = await http.GetAsync(new Uri(url));
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    /// <summary>Prints <c>openapi.yaml</c>, or writes it to a file where it is another. Needs no database.</summary>
    private static async Task<int> WriteOpenApiAsync(string? file)
    {
        await using var app = Server.Build(["--environment=Development"], builder => builder.Logging.ClearProviders());
        var text = app.Services.GetRequiredService<DocumentTexts>().Find(DocumentSetup.All, yaml: true)!;
        if (file is not null)
        {
            if (!File.Exists(file) || await File.ReadAllTextAsync(file) != text) await File.WriteAllTextAsync(file, text);
            return 0;
        }
        await using var output = Console.OpenStandardOutput();
        await output.WriteAsync(Encoding.UTF8.GetBytes(text));
        return 0;
    }

    private static async Task<int> WithServicesAsync(string[] args, Func<IServiceProvider, Task<int>> verb)
    {
        await using var app = Server.Build(args);
        return await verb(app.Services);
    }

    private static async Task<int> MigrateAsync(IServiceProvider services)
    {
        var applied = await services.GetRequiredService<Migrator>().MigrateAsync();
        Console.WriteLine($"{applied} migrations applied.");
        return 0;
    }

    private static async Task<int> VerifyAuditAsync(IServiceProvider services)
    {
        var noted = services.GetRequiredService<IConfiguration>()["noted"];
        var result = await services.GetRequiredService<AuditChain>().VerifyAsync(noted, n => Console.Error.Write($"\r{n} rows checked"));
        Console.Error.WriteLine();
        Console.WriteLine(result.Intact ? $"Intact: {result.Checked} rows linked, {result.Waiting} waiting. Head to note: {result.Head}" : $"BROKEN after row {result.Checked}: {result.Fault}.");
        return result.Intact ? 0 : 1;
    }
}
