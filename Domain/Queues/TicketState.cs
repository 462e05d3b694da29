namespace MicroPlatform.Domain.Queues;

/// <summary>What a queue is for.</summary>
public enum QueueKind
{
    /// <summary>视频: see a lawyer now, through the phone.</summary>
    Video,
    /// <summary>窗口: people who have come to a service point.</summary>
    Window,
}

/// <summary>Where a place in a queue stands.</summary>
public enum TicketState
{
    /// <summary>排队中: the turn will come. People of the office may be rung for it meanwhile (<see cref="Ticket.Ring"/>).</summary>
    Waiting,
    /// <summary>已叫号: somebody of the office has taken it and waits for the citizen to answer or to come.</summary>
    Called,
    /// <summary>服务中</summary>
    InService,
    /// <summary>暂留: the turn came and nobody answered, or the office has set it aside. The place in the order is kept, and nobody calls it.</summary>
    Parked,
    /// <summary>待填小结: the citizen has been served; whoever served still owes the summary and takes nobody else.</summary>
    Finishing,
    /// <summary>已完成</summary>
    Done,
    /// <summary>已离开 by themselves.</summary>
    Left,
    /// <summary>已过号: did not answer, and did not come back in time.</summary>
    Missed,
    /// <summary>已关闭 by the platform, which has told why and what else there is.</summary>
    Closed,
}

/// <summary>What can happen to a place. Each is a verb of <see cref="Ticket"/> and a line of its history.</summary>
public enum TicketAction
{
    /// <summary>取号</summary>
    Join,
    /// <summary>通知接待: people of the office are rung, the best-matched first.</summary>
    Ring,
    /// <summary>婉拒: one of those rung does not take it.</summary>
    Decline,
    /// <summary>叫号: somebody of the office takes it.</summary>
    Call,
    /// <summary>叫指定的号: out of the order, by somebody of the office who answers for it.</summary>
    Pick,
    /// <summary>再次叫号</summary>
    Recall,
    /// <summary>开始服务: the citizen has answered, or has come.</summary>
    Start,
    /// <summary>过号: nobody answered; the place is kept for a while.</summary>
    PassOver,
    /// <summary>挂起: set aside by the office.</summary>
    Park,
    /// <summary>回到队列: the citizen is back, or the office takes it up again.</summary>
    Return,
    /// <summary>退回队首: broken off by the platform or by whoever served; comes back where it was.</summary>
    Requeue,
    /// <summary>改为回电: the place stays, the office will ring the telephone.</summary>
    SwapForCallback,
    /// <summary>调整优先级</summary>
    Prioritise,
    /// <summary>转到其他队列</summary>
    Transfer,
    /// <summary>服务结束，待小结</summary>
    Finish,
    /// <summary>完成</summary>
    Complete,
    /// <summary>离开</summary>
    Leave,
    /// <summary>过号失效: the time in which the place was kept is over.</summary>
    Lapse,
    /// <summary>关闭</summary>
    Close,
    /// <summary>告知停办: the queue has closed for now; the place stays, and the citizen hears what else there is.</summary>
    TellClosed,
}

/// <summary>Who goes before others. A head start in time, so that nobody who waits can be overtaken for ever (docs/adr/0017).</summary>
public enum PriorityClass
{
    /// <summary>普通</summary>
    Ordinary,
    /// <summary>老年人 (老年人权益保障法 art. 56).</summary>
    Elderly,
    /// <summary>残疾人 (残疾人保障法 art. 50).</summary>
    Disabled,
    /// <summary>军人军属 (军人地位和权益保障法 art. 61).</summary>
    Soldier,
    /// <summary>紧急: danger to life or a limit that runs out today. Given by the office only.</summary>
    Emergency,
}

/// <summary>How the citizen wants to be served when the turn comes.</summary>
public enum TicketWish
{
    /// <summary>视频</summary>
    Video,
    /// <summary>回电: the office rings the telephone; the citizen may do something else meanwhile.</summary>
    Callback,
    /// <summary>到窗口</summary>
    AtTheWindow,
}

/// <summary>What somebody of the office has said of themselves. Busy is not said: it shows from the tickets.</summary>
public enum PresenceState
{
    /// <summary>在线: may be rung.</summary>
    On,
    /// <summary>离开一会</summary>
    Away,
    /// <summary>离线</summary>
    Off,
    /// <summary>接待中: has a citizen, whatever was said.</summary>
    Busy,
}
