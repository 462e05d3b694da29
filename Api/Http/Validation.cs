using System.Text.Json;
using MicroPlatform.Domain.Common;

namespace MicroPlatform.Api.Http;

/// <summary>What the built-in validation says, in the words of the catalogue: code <c>validation_failed</c>, JSON names, Chinese messages.</summary>
public static class Validation
{
    public static void AddProblemShape(this IServiceCollection services) =>
        services.AddSingleton<IProblemDetailsService, CatalogueProblems>();

    /// <summary>Everything in the framework that would write problem details of its own asks this instead.</summary>
    private sealed class CatalogueProblems : IProblemDetailsService
    {
        public async ValueTask WriteAsync(ProblemDetailsContext context) => await TryWriteAsync(context);

        public async ValueTask<bool> TryWriteAsync(ProblemDetailsContext context)
        {
            if (context.ProblemDetails is not HttpValidationProblemDetails validation) return false;
            var errors = validation.Errors.ToDictionary(e => JsonName(e.Key), e => e.Value.Select(Translate).Distinct().ToArray());
            await Problems.WriteAsync(context.HttpContext, CommonRefusals.Invalid with { Errors = errors });
            return true;
        }
    }

    private static string JsonName(string path) =>
        string.Join('.', path.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName));

    internal static string Translate(string message) => message switch
    {
        _ when message.Contains("required", StringComparison.OrdinalIgnoreCase) => "不能为空",
        _ when message.Contains("maximum length", StringComparison.OrdinalIgnoreCase) => "内容过长或过多",
        _ when message.Contains("minimum length", StringComparison.OrdinalIgnoreCase) => "内容过短",
        _ when message.Contains("between", StringComparison.OrdinalIgnoreCase) => "超出允许范围",
        _ => "格式不正确",
    };
}
