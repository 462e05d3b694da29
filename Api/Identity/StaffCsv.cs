using MicroPlatform.Api.Http;
using MicroPlatform.Api.Http.Csv;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Identity;

/// <summary>
/// Staff accounts as a file: export, mend, import. Who is not there yet is added, with a first password that is told once; whose posts or title differ is changed. Rows that are
/// left out stay as they are; accounts are switched off by their own route.
/// </summary>
public static class StaffCsv
{
    private const string UserNameColumn = "用户名";
    private const string NameColumn = "姓名";
    private const string TitleColumn = "职务";
    private const string PostsColumn = "岗位";
    private const string StateColumn = "状态";

    /// <summary>Hashing a password takes a tenth of a second.</summary>
    private const int MostNew = 100;

    private static readonly CsvColumns Columns = new([UserNameColumn, NameColumn, TitleColumn, PostsColumn], [StateColumn]);

    private static readonly Dictionary<string, string> Fields = new()
    {
        ["userName"] = UserNameColumn, ["name"] = NameColumn, ["title"] = TitleColumn, ["posts"] = PostsColumn, ["organisationId"] = PostsColumn, ["role"] = PostsColumn,
    };

    /// <param name="Accounts">New ones. Passwords are told here and never again; null with <c>validateOnly=true</c>.</param>
    public sealed record Response(CsvImported Result, IReadOnlyList<NewAccount> Accounts);

    public sealed record NewAccount(string UserName, string Name, string? TemporaryPassword);

    public static async Task<IResult> ExportAsync(HttpContext http, StaffAccountQueries queries, Database database)
    {
        var units = await UnitNames.ReadAsync(database, http.RequestAborted);
        var rows = new List<StaffAccountRow>();
        while (true)
        {
            var page = await queries.ListAsync(rows.Count == 0 ? null : rows[^1].Username, Paging.MaxLimit, http.RequestAborted);
            rows.AddRange(page);
            if (page.Count < Paging.MaxLimit) break;
        }
        return CsvFile.Write(http, "staff.csv", Columns.All, rows.Select(r => (IReadOnlyList<string?>)[r.Username, r.Name, r.Title, Posts(r.Posts, units), r.Active ? "启用" : "停用"]));
    }

    public static async Task<IResult> ImportAsync(
        bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs, StaffAccountRepository accounts, StaffAccountQueries queries, SessionRepository sessions, PasswordGate gate,
        AvailabilityProjection availability)
    {
        var sheet = await CsvSheet.ReadAsync(http, Columns);
        if (sheet.IsRefused) return sheet.Refusal!.ToResult();
        var passwords = await PasswordsAsync(sheet.Value, validateOnly, queries, gate, http.RequestAborted);
        if (passwords.IsRefused) return passwords.Refusal!.ToResult();
        return await runs.OnceAsync<Response>(http, StatusCodes.Status200OK, validateOnly, async tx =>
        {
            // First in the transaction, before anything is read: see there.
            await StaffAccountRepository.AnotherAdministratorAsync(tx, "");
            var units = await UnitNames.ReadAsync(tx);
            var (errors, tally, added, seen) = (new CsvErrors(Fields), new CsvTally(), new List<NewAccount>(), new HashSet<string>());
            foreach (var row in sheet.Value.Rows)
            {
                if (Read(row, units, errors) is not { } wanted) continue;
                if (!seen.Add(wanted.UserName)) errors.Add(row, UserNameColumn, "用户名在文件中重复");
                else if (await accounts.FindByUserNameAsync(tx, wanted.UserName) is not { } account)
                {
                    var password = passwords.Value.GetValueOrDefault(wanted.UserName, (Plain: null, Hash: ""));
                    var made = await CreateStaffAccount.AddAsync(tx, user.Actor, accounts, wanted.UserName, wanted.Name, wanted.Title, wanted.Posts, password.Hash);
                    if (made.IsRefused) errors.Add(row, made.Refusal!);
                    else added.Add(new NewAccount(wanted.UserName, wanted.Name.Reveal(), password.Plain));
                }
                else if (account.Name != wanted.Name.Reveal()) errors.Add(row, NameColumn, "与账号的姓名不一致，导入不修改姓名");
                else
                {
                    var now = (await queries.FindAsync(tx, account.Id))!;
                    if (row[StateColumn].Length > 0 && row[StateColumn] != (now.Active ? "启用" : "停用")) errors.Add(row, StateColumn, "导入不启用或停用账号，请使用账号管理中的操作");
                    var changed = await ChangeAsync(tx, user, now, wanted, accounts, sessions, availability);
                    if (changed.IsRefused) errors.Add(row, changed.Refusal!);
                    else if (changed.Value) tally.Changed++;
                    else tally.Unchanged++;
                }
            }
            if (errors.Any) return errors.Refusal;
            tally.Added = added.Count;
            await tx.AuditAsync(user.Actor, "identity.import_accounts", "staff", "csv", $"{tally.Added} added, {tally.Changed} changed");
            return new Response(tally.Told(validateOnly), added);
        });
    }

    private static async Task<Outcome<bool>> ChangeAsync(
        UnitOfWork tx, CurrentUser user, StaffAccountRow now, Wanted wanted, StaffAccountRepository accounts, SessionRepository sessions, AvailabilityProjection availability)
    {
        var (title, posts) = (now.Title != wanted.Title, !now.Posts.Select(p => (p.OrganisationId, p.Role)).ToHashSet().SetEquals(wanted.Posts.Select(p => (p.OrganisationId!, p.Role!.Value))));
        if (title)
        {
            var profile = (await ProfileRepository.FindAsync(tx, now.Id))!;
            if (!await ProfileRepository.SaveAsync(tx, profile with { Title = wanted.Title })) throw new ConcurrencyConflictException();
            await tx.AuditAsync(user.Actor, "registry.profile", "staff", now.Id);
        }
        if (posts && await SetStaffPosts.CarryOutAsync(tx, user.Actor, now.Id, wanted.Posts, accounts, sessions, availability) is { IsRefused: true } set) return set.Refusal!;
        return title || posts;
    }

    private sealed record Wanted(string UserName, PersonName Name, string? Title, IReadOnlyList<CreateStaffAccount.Post> Posts);

    private static Wanted? Read(CsvRow row, UnitNames units, CsvErrors errors)
    {
        var faults = 0;
        void Wrong(string column, string message)
        {
            errors.Add(row, column, message);
            faults++;
        }

        if (!UserName.TryParse(row[UserNameColumn], out var userName)) Wrong(UserNameColumn, "3到32位小写字母、数字或.-_，以字母开头");
        if (!PersonName.TryParse(row[NameColumn], out var name)) Wrong(NameColumn, "请填写姓名");
        var title = Text.CleanOptional(row[TitleColumn], "title", 50);
        if (title.IsRefused) Wrong(TitleColumn, title.Refusal!.Errors.Values.First()[0]);
        var posts = new List<CreateStaffAccount.Post>();
        foreach (var word in row[PostsColumn].Split([';', '；'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var colon = word.LastIndexOfAny([':', '：']);
            var unit = units.Find(colon < 0 ? word : word[..colon].Trim(), message => Wrong(PostsColumn, message));
            if (!CsvCells.Read<Role>(colon < 0 ? "" : word[(colon + 1)..].Trim(), Roles.Label, out var role) || role is null || !Roles.OfStaff.Contains(role.Value))
                Wrong(PostsColumn, $"“{word}”应写作 机构:角色，角色为{string.Join('、', Roles.OfStaff.Select(Roles.Label))}之一");
            posts.Add(new CreateStaffAccount.Post(unit, role));
        }
        if (posts.Count is 0 or > 20) Wrong(PostsColumn, "请填写1到20个岗位");
        return faults > 0 ? null : new Wanted(userName!, name!, title.Value, posts);
    }

    private static string Posts(IReadOnlyList<StaffPostRow> posts, UnitNames units) => string.Join('；', posts.Select(p => $"{units.Word(p.OrganisationId)}:{p.Role.Label()}"));

    /// <summary>Passwords of those who are not there yet, hashed before the transaction.</summary>
    private static async Task<Outcome<Dictionary<string, (string? Plain, string Hash)>>> PasswordsAsync(
        CsvSheet sheet, bool? validateOnly, StaffAccountQueries queries, PasswordGate gate, CancellationToken cancel)
    {
        var known = await queries.UserNamesAsync(cancel);
        var fresh = sheet.Rows.Select(r => UserName.Normalise(r[UserNameColumn])).Where(n => UserName.TryParse(n, out _) && !known.Contains(n)).Distinct().ToList();
        if (fresh.Count > MostNew) return CsvRefusals.TooManyRows.At("lines", $"一次最多新建{MostNew}个账号");
        var passwords = new Dictionary<string, (string?, string)>();
        if (validateOnly == true) return passwords;
        foreach (var name in fresh)
        {
            var password = StaffAccountRepository.NewTemporaryPassword();
            passwords[name] = (password, await gate.HashAsync(password, cancel));
        }
        return passwords;
    }
}
