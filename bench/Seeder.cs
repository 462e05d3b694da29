using System.Globalization;
using System.Text;
using Dapper;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Matters;

namespace MicroPlatform.Bench;

/// <summary>
/// Fills a database that the API has made: <c>matters</c> in all, spread over a year and over the units that take consultations. Most belong to
/// people nobody asks about; the given citizens have the same few in every database, so that what they ask for is the same everywhere and
/// only what lies around it differs.
/// </summary>
internal sealed class Seeder(Store store, int matters)
{
    public const int PerCitizen = 30;
    public const int OpenPerCitizen = 4;
    public const int MessagesPerThread = 12;

    private const int RowsPerStatement = 500;
    private const int MattersPerTransaction = 20_000;

    /// <summary>Of a hundred matters so many wait for the office, the newest ones; one in ten of them lies with nobody yet.</summary>
    private const int WaitingPercent = 3;

    private static readonly string Question = string.Concat(Enumerable.Repeat("我在工地干活三个月没有拿到工资，老板说工程款没有结清，请问我应该怎么办？", 3));
    private static readonly string Answer = string.Concat(Enumerable.Repeat("您好，根据劳动法的规定，用人单位应当按月足额支付工资，您可以先向劳动监察大队投诉，也可以申请仲裁。", 3));

    private readonly Table _matters = new("matters", "id, number, kind, category_code, region_code, channel, citizen_id, contact_preference, organisation_id, handler_id, " +
        "status, title, waiting_since, opened_at, closed_at, merged_into_id, updated_at, version");
    private readonly Table _consultations = new("consultations", "id, matter_id, state, answer_due_at, first_answered_at, last_seq, last_public_seq");
    private readonly Table _messages = new("messages", "id, consultation_id, seq, public_seq, kind, author_kind, author_id, text, client_message_id, at");
    private readonly Table _timeline = new("matter_timeline", "id, matter_id, kind, text, is_public, actor_kind, actor_id, at");
    private readonly Random _random = new(42);
    private DateTimeOffset _now;
    private readonly HashSet<string> _numbers = [];

    public async Task RunAsync(IReadOnlyList<string> citizens, DateTimeOffset now)
    {
        _now = now;
        await using var source = store.Open();
        await using var connection = await source.OpenConnectionAsync();
        var units = (await connection.QueryAsync<string>("SELECT id FROM organisations WHERE takes_consultations = 1 ORDER BY id")).ToArray();
        var staff = (await connection.QueryAsync<(string Unit, string Id)>("SELECT organisation_id, MIN(staff_id) FROM posts GROUP BY organisation_id")).ToDictionary(p => p.Unit, p => p.Id);
        var regions = (await connection.QueryAsync<string>("SELECT code FROM regions ORDER BY code")).ToArray();
        var categories = (await connection.QueryAsync<string>("SELECT code FROM categories WHERE parent_code IS NOT NULL ORDER BY code")).ToArray();
        if (units.Length == 0 || categories.Length == 0) throw new InvalidOperationException("The API has not loaded its demo district and categories.");
        // A crash while seeding means seeding again; the syncs of the run itself stay as they are.
        await connection.ExecuteAsync(store.Server is null ? "PRAGMA synchronous=OFF" : "SET SESSION unique_checks=0");

        var ours = Math.Max(1, matters / (citizens.Count * PerCitizen));
        var strangers = Enumerable.Range(0, Math.Max(1, matters / 5)).Select(_ => Id.New(now)).ToArray();
        var (begin, step) = (now.AddDays(-365), TimeSpan.FromDays(365) / matters);
        for (var done = 0; done < matters;)
        {
            await using var transaction = await connection.BeginTransactionAsync();
            for (var last = Math.Min(matters, done + MattersPerTransaction); done < last; done++)
            {
                var at = begin + (done * step);
                var rank = done / ours;
                var citizen = done % ours == 0 && rank < citizens.Count * PerCitizen ? citizens[rank % citizens.Count] : null;
                var open = citizen is not null && rank / citizens.Count >= PerCitizen - OpenPerCitizen;
                var waiting = citizen is null && done >= matters - (matters / 100 * WaitingPercent);
                var unit = units[done % units.Length];
                AddMatter(at, citizen ?? strangers[_random.Next(strangers.Length)], citizen is not null, open, waiting, unit, staff.GetValueOrDefault(unit),
                    regions[_random.Next(regions.Length)], categories[_random.Next(categories.Length)]);
                foreach (var table in (Table[])[_matters, _consultations, _messages, _timeline])
                    if (table.Rows >= RowsPerStatement) await connection.ExecuteAsync(table.Take(), transaction: transaction);
            }
            foreach (var table in (Table[])[_matters, _consultations, _messages, _timeline])
                if (table.Rows > 0) await connection.ExecuteAsync(table.Take(), transaction: transaction);
            await transaction.CommitAsync();
        }
        if (store.Server is null) await connection.ExecuteAsync("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA synchronous=FULL");
        else await connection.ExecuteAsync("SET SESSION unique_checks=1");
    }

    private void AddMatter(DateTimeOffset at, string citizen, bool ours, bool open, bool waiting, string unit, string? handler, string region, string category)
    {
        var (matter, consultation) = (Id.New(at), Id.New(at));
        var taken = !waiting || _random.Next(10) > 0 ? handler : null;
        var answered = at.AddHours(5);
        var messages = ours ? MessagesPerThread : waiting ? 1 : 2;
        var number = MatterNumber.New(at);
        while (!_numbers.Add(number)) number = MatterNumber.New(at);
        var (status, state) = waiting ? (taken is null ? ("Received", "Submitted") : ("InProgress", "Assigned")) : open ? ("AwaitingCitizen", "Answered") : ("Closed", "Closed");
        var closed = waiting || open ? null : (DateTimeOffset?)at.AddDays(2);

        _matters.Add(matter, number, "Consultation", category, region, "MiniProgram", citizen, "Visible", unit, taken, status, Question[..30],
            waiting ? at : null, at, closed, null, closed ?? answered, 3);
        // Due tomorrow where it waits: thousands of reports of what is overdue are not what is measured.
        _consultations.Add(consultation, matter, state, waiting ? _now.AddHours(24) : at.AddHours(24), waiting ? null : answered, messages, messages);
        for (var seq = 1; seq <= messages; seq++)
        {
            var asks = seq % 2 == 1;
            _messages.Add(Id.New(at.AddHours(seq)), consultation, seq, seq, seq == 1 ? "Question" : asks ? "FollowUp" : "Answer", asks ? "Citizen" : "Staff",
                asks ? citizen : taken ?? citizen, asks ? Question : Answer, null, at.AddHours(seq));
        }
        _timeline.Add(Id.New(at), matter, "opened", "已提交，等待受理", true, "Citizen", citizen, at);
        if (!waiting) _timeline.Add(Id.New(answered), matter, "answered", "已答复，请查看", true, "Staff", taken ?? citizen, answered);
    }

    /// <summary>Collects rows of one multi-row INSERT. Every value is made above, so writing it into the text is safe, and it is what both engines take fastest.</summary>
    internal sealed class Table(string name, string columns)
    {
        private readonly StringBuilder _sql = new();

        public int Rows { get; private set; }

        public void Add(params object?[] values)
        {
            _sql.Append(Rows++ == 0 ? $"INSERT INTO {name} ({columns}) VALUES (" : ",(");
            for (var i = 0; i < values.Length; i++)
            {
                if (i > 0) _sql.Append(',');
                _ = values[i] switch
                {
                    null => _sql.Append("NULL"),
                    string text => _sql.Append('\'').Append(text).Append('\''),
                    bool flag => _sql.Append(flag ? '1' : '0'),
                    DateTimeOffset at => _sql.Append(at.ToUnixTimeMilliseconds()),
                    int number => _sql.Append(CultureInfo.InvariantCulture, $"{number}"),
                    var other => throw new ArgumentException($"No literal for {other.GetType()}"),
                };
            }
            _sql.Append(')');
        }

        public string Take()
        {
            var sql = _sql.ToString();
            _sql.Clear();
            Rows = 0;
            return sql;
        }
    }
}
