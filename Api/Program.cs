using MicroPlatform.Api.Hosting;

return await Commands.RunAsync(args);
