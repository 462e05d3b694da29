namespace MicroPlatform.Api.Http.Documents;

/// <summary>What stands at the head of every document: the rules that all operations keep, so that none repeats them.</summary>
internal static class DocumentText
{
    public const string Rules = """
        所有接口共同遵守的约定：

        - **方法**：只有 GET、POST、PUT、DELETE；GET 和 DELETE 不带正文。正文一律为 `application/json`（UTF-8），最大 128 KB。
        - **身份**：`Authorization: Bearer <accessToken>`。401 表示未登录或登录失效（`token_expired` `token_invalid` `session_revoked`），重新登录一次后重试即可；没有权限是 403；不存在与不属于您的内容同为 404。
        - **编号**：所有 id 都是字符串，不要解析其内容。
        - **时间**：RFC 3339，带时区，如 `2026-11-22T15:00:00.000+08:00`。服务器时间见 `Date` 应答头或 `GET /v1/time`。
        - **错误**：真实的 HTTP 状态加 `application/problem+json`；`title` 是可以直接提示的中文，`code` 是固定的代码（见 `ProblemCode`），`errors` 按字段给出说明，`traceId` 供报障时提供。
        - **只办一次**：每个新建类的 POST 都应带 `Idempotency-Key`；网络不好时用同一编号重试，不会重复办理。
        - **分页**：`?limit=20&cursor=`，应答 `{items, nextCursor, hasMore}`；`cursor` 原样传回，不能自行构造。
        - **等待新内容**：`?after=&waitSeconds=25` 长轮询，或 WebSocket `/v1/live`（连接后首条消息发送令牌）；`ETag` 与 `If-None-Match` 节省流量。
        - **空值**：应答中声明过的字段一定存在，没有内容时为 `null` 或 `[]`。
        - **枚举**：字符串，中文名见 `x-enum-labels`；可能增加新值，请忽略不认识的值。
        - **文字长度**：按 UTF-16 计（与 JavaScript 的 `length` 相同），上限见 `maxLength` 和 `GET /v1/meta`。
        """;
}
