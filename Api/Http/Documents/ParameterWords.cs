using Microsoft.OpenApi;

namespace MicroPlatform.Api.Http.Documents;

/// <summary>What the query parameters mean that many operations share, and their limits.</summary>
internal static class ParameterWords
{
    public static void Apply(OpenApiParameter parameter)
    {
        if (parameter.Schema is not OpenApiSchema schema) return;
        switch (parameter.Name)
        {
            case "id":
                Say(parameter, schema, "编号", 26);
                break;
            case "limit":
                Say(parameter, schema, $"每页条数，1到{Paging.MaxLimit}");
                (schema.Minimum, schema.Maximum) = ("1", $"{Paging.MaxLimit}");
                break;
            case "cursor":
                Say(parameter, schema, "上一页的 nextCursor；第一页不填", 200);
                break;
            case "after":
                Say(parameter, schema, "只要此序号之后的内容");
                schema.Minimum = "0";
                break;
            case "before":
                Say(parameter, schema, "只要此序号之前的内容，用于向前翻看");
                schema.Minimum = "1";
                break;
            case "validateOnly":
                Say(parameter, schema, "true：只校验并说明结果，不作任何改动");
                break;
            case "near":
                Say(parameter, schema, "所在位置“纬度,经度”（GCJ-02），如33.87,115.78");
                break;
            case "circle":
                Say(parameter, schema, "true：只要城市半小时、农村一小时服务圈内的");
                break;
            case "waitSeconds":
                Say(parameter, schema, $"没有新内容时最多等待几秒，0到{LongPoll.MaxSeconds}");
                (schema.Minimum, schema.Maximum) = ("0", $"{LongPoll.MaxSeconds}");
                break;
        }
    }

    private static void Say(OpenApiParameter parameter, OpenApiSchema schema, string description, int? maxLength = null)
    {
        parameter.Description ??= description;
        schema.MaxLength ??= maxLength;
    }
}
