// A call display: asks for news by long poll, shows it, and reads each call aloud once. The secret stands behind the # of the address and is never sent elsewhere.
const secret = location.hash.slice(1);
const at = id => document.getElementById(id);
const said = new Set();
let version = null;
let speaks = false;

function fill(list, items, line, none) {
  list.replaceChildren(...(items.length ? items.map(line) : [Object.assign(document.createElement('li'), { className: 'none', textContent: none })]));
}

function row(...texts) {
  const li = document.createElement('li');
  li.append(...texts.map(text => Object.assign(document.createElement('span'), { textContent: text })));
  return li;
}

function show(news) {
  at('unit').textContent = news.organisationName;
  const [latest, ...others] = news.called;
  at('latest-label').hidden = !latest;
  at('latest-number').textContent = latest ? latest.text : '—';
  at('latest-desk').textContent = latest ? `到 ${latest.desk ?? '服务台'}` : '暂无叫号';
  fill(at('called'), others.slice(0, 8), n => row(n.text, n.desk ?? ''), '暂无');
  fill(at('next'), news.next.slice(0, 9), n => row(n.text), '暂无等候');
  const waiting = news.queues.reduce((sum, q) => sum + q.waiting, 0);
  at('waiting').textContent = waiting ? `共 ${waiting} 人` : '';
}

// The first answer after opening the page tells of calls that were said long ago.
function announce(news, first) {
  const fresh = news.announcements.filter(a => !said.has(a.key));
  fresh.forEach(a => said.add(a.key));
  if (first || fresh.length === 0) return;
  at('latest').classList.remove('fresh');
  requestAnimationFrame(() => at('latest').classList.add('fresh'));
  if (speaks) fresh.forEach(a => [a.speech, a.speech].forEach(say));
}

function say(text) {
  const words = new SpeechSynthesisUtterance(text);
  words.lang = 'zh-CN';
  words.rate = 0.9;
  const voice = speechSynthesis.getVoices().find(v => v.lang.replace('_', '-').startsWith('zh'));
  if (voice) words.voice = voice;
  speechSynthesis.speak(words);
}

async function follow() {
  for (;;) {
    try {
      const query = version === null ? '' : `?after=${encodeURIComponent(version)}&waitSeconds=25`;
      const answer = await fetch(`/v1/call-displays/${secret}${query}`, { cache: 'no-store' });
      if (answer.status === 404) {
        at('notice').textContent = '此屏已停用，请联系管理人员重新登记';
        return;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      const news = await answer.json();
      at('notice').textContent = '';
      show(news);
      announce(news, version === null);
      version = news.version;
    } catch {
      at('notice').textContent = '网络中断，正在重新连接…';
      await new Promise(later => setTimeout(later, 3000));
    }
  }
}

function tick() {
  at('clock').textContent = new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', month: 'long', day: 'numeric', weekday: 'short', hour: '2-digit', minute: '2-digit', hour12: false }).format(new Date());
}

// Browsers speak only after somebody has touched the page; programs for signage may allow it at once.
at('sound').addEventListener('click', () => {
  speaks = 'speechSynthesis' in window;
  at('sound').hidden = speaks;
  if (!speaks) at('notice').textContent = '此设备不支持语音播报';
  else say('语音播报已开启');
});
if (new URLSearchParams(location.search).has('speak')) {
  speaks = 'speechSynthesis' in window;
  at('sound').hidden = speaks;
}
tick();
setInterval(tick, 5000);
if (/^[0-9a-f]{40}$/.test(secret)) follow();
else at('notice').textContent = '地址不完整，请使用登记时给出的地址';
