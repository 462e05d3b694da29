namespace MicroPlatform.Api.Http.Csv;

/// <summary>The words of route tables for CSV.</summary>
public static class CsvRoutes
{
    /// <summary>Answers a file.</summary>
    public static RouteHandlerBuilder AnswersCsv(this RouteHandlerBuilder route) => route.Produces<string>(StatusCodes.Status200OK, CsvFile.ContentType);

    /// <summary>The body is a file.</summary>
    public static RouteHandlerBuilder TakesCsv(this RouteHandlerBuilder route) => route.Accepts<string>(CsvFile.ContentType).WithMetadata(new BodyLimit(CsvSheet.MaxBytes));
}
