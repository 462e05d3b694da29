using MicroPlatform.Api.Http.Csv;
using MicroPlatform.Api.Http.Documents;

namespace MicroPlatform.Api.Matters;

/// <summary>Examples of the table of legal matters.</summary>
public sealed class CategoryExamples : OperationExamples
{
    public CategoryExamples()
    {
        var added = new CategoryView("0208", "02", "竞业限制", null, false, true, true, "LD-0208", true, 1);
        For("listCategories", null, new ReadCategories.Response([new CategoryView("02", null, "劳动争议", null, false, true, true, null, true, 1), added]));
        const string File = "代码,名称,法律援助事项,免经济审查,可调解,可司法确认,外部代码\r\n0209,股权激励,,否,是,是,LD-0209\r\n";
        ForCsv("exportCategories", answer: "代码,名称,法律援助事项,免经济审查,可调解,可司法确认,外部代码,状态,版本\r\n02,劳动争议,,否,是,是,,启用,1\r\n");
        ForCsv("importCategories", File, new CsvImported(false, 1, 0, 0));
        For("getCategory", null, added, ("code", "0208"));
        For("addCategory", new WriteCategory.AddRequest("0208", "竞业限制", null, false, true, true, "LD-0208"), added);
        For("editCategory", new WriteCategory.Request("竞业限制与保密", null, false, true, true, "LD-0208"), added with { Name = "竞业限制与保密", Version = 2 }, ("code", "0208"));
        For("deactivateCategory", null, added with { Active = false, Version = 3 }, ("code", "0208"));
        For("activateCategory", null, added with { Version = 4 }, ("code", "0208"));
    }
}
