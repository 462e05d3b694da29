// A printed number, to be followed from the bench. The code stands behind the # of the address.
const code = location.hash.slice(1);
const at = id => document.getElementById(id);
let etag = null;

function show(slip) {
  at('unit').textContent = slip.organisationName;
  at('queue').textContent = slip.queueName;
  at('number').textContent = slip.number;
  const turn = slip.state === 'called';
  at('state').className = turn ? 'turn' : '';
  at('state').textContent = turn ? `请到${slip.desk ?? '服务台'}办理` : slip.stateText;
  at('wait').textContent = slip.before === null ? ''
    : slip.before === 0 ? '下一位就是您，请在附近等候'
    : `前面还有 ${slip.before} 人，约需 ${slip.lowMinutes}–${slip.highMinutes} 分钟`;
  at('joined').textContent = `取号时间 ${new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', dateStyle: 'medium', timeStyle: 'short' }).format(new Date(slip.joinedAt))}`;
  document.title = `${slip.number} ${at('state').textContent}`;
}

async function follow() {
  for (;;) {
    try {
      const answer = await fetch(`/v1/ticket-slips/${code}${etag ? '?waitSeconds=25' : ''}`, { cache: 'no-store', headers: etag ? { 'If-None-Match': etag } : {} });
      if (answer.status === 404) {
        at('number').textContent = '—';
        at('state').textContent = '没有这个号，请到服务台询问';
        return;
      }
      if (answer.status !== 304) {
        if (!answer.ok) throw new Error(String(answer.status));
        etag = answer.headers.get('ETag');
        const slip = await answer.json();
        show(slip);
        if (slip.endedAt) return;
      }
    } catch {
      at('wait').textContent = '网络中断，正在重新连接…';
      etag = null;
      await new Promise(later => setTimeout(later, 3000));
    }
  }
}

at('print').addEventListener('click', () => window.print());
at('qr').src = `/v1/ticket-slips/${code}/qr`;
at('qr').hidden = false;
follow();
