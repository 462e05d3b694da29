// The call page: check, call, over. What opens the call stands behind the # of the address and is good for this call only.
import { openCamera, openMicrophone, faultOf, meterOf, playTone, tryNetwork } from './devices.js';
import { JanusCall, CallFault } from './janus.js';

const $ = id => document.getElementById(id);
const STATS_MS = 2_000;
const WEAK_PERMILLE = 100;

// Kept for this window, so that it survives a reload and stands in no history and no bookmark.
if (location.hash.length > 1) {
  sessionStorage.setItem('ticket', location.hash.slice(1));
  history.replaceState(null, '', location.pathname + location.search);
}
const ticket = sessionStorage.getItem('ticket');

let microphone = null, camera = null, call = null, joined = null, heartbeat = null, statistics = null, stopMeter = () => {}, wantsVoiceOnly = false;
const self = new MediaStream();

const say = (text, mood = '') => { $('status').textContent = text; $('status').className = mood; };
const show = name => { for (const section of document.querySelectorAll('main')) section.hidden = section.id !== name; };

// --- the platform -----------------------------------------------------------------------------------------------------------------

async function ask(action, body = {}) {
  let response;
  try {
    response = await fetch(`/v1/video-calls/page/${action}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ ticket, ...body }), signal: AbortSignal.timeout(10_000), keepalive: action === 'leave' });
  } catch {
    throw new CallFault('platform_unreachable', '连不上平台，请检查网络');
  }
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  const fault = new CallFault(answer.code ?? `http_${response.status}`, answer.title ?? '平台暂时没有回应');
  // Asking again would be answered the same.
  fault.final = response.status < 500 && response.status !== 429;
  fault.next = answer.next;
  throw fault;
}

async function join() {
  joined = await ask('join');
  beat();
  return joined;
}

function beat() {
  clearInterval(heartbeat);
  heartbeat = setInterval(async () => {
    try {
      const answer = await ask('heartbeat', { seat: joined.seat });
      if (answer.medium === 'phone') end('改为电话', '工作人员会拨打您的电话，请留意来电。');
    } catch (fault) {
      if (fault.final) end(...endOf(fault));
    }
  }, (joined.heartbeatSeconds ?? 10) * 1000);
}

// --- before the call ----------------------------------------------------------------------------------------------------------------

function result(what, mood, text) {
  const item = document.querySelector(`[data-check=${what}]`);
  item.dataset.result = mood;
  item.querySelector('b').textContent = text;
}

async function check() {
  $('start-check').disabled = true;
  say('正在检查，请允许使用摄像头和麦克风…', 'wait');
  await checkMicrophone();
  if ($('voice-only').checked) result('camera', 'weak', '不使用');
  else await checkCamera();
  await checkNetwork();
  $('start-check').disabled = false;
  // The platform has said no: what it said stays.
  if (document.body.dataset.state === 'over') return;
  $('start-check').textContent = '重新检查';
  $('enter').disabled = !microphone || !joined;
  if (!microphone) say('没有麦克风不能通话，可改用电话或留言', 'bad');
  else if (joined) { say(camera ? '可以进入' : '可以用语音进入'); $('enter').focus(); }
}

async function checkMicrophone() {
  stopMeter();
  try {
    microphone?.stop();
    microphone = await openMicrophone();
    stopMeter = meterOf(microphone, level => { $('level').value = level; if (level > 0.05) result('microphone', 'good', '正常'); });
    result('microphone', 'good', '已打开，请说句话看看音量');
  } catch (error) {
    microphone = null;
    result('microphone', 'bad', faultOf(error, '麦克风').text);
  }
}

async function checkCamera() {
  try {
    camera?.stop();
    camera = await openCamera();
    $('preview').srcObject = new MediaStream([camera]);
    result('camera', 'good', '正常');
  } catch (error) {
    camera = null;
    result('camera', 'weak', faultOf(error, '摄像头').text);
  }
}

async function checkNetwork() {
  result('network', '', '正在检查…');
  try {
    const grant = joined ?? await join();
    if (grant.provider === 'phone') { end('改为电话', '工作人员会拨打您的电话，请留意来电。'); return; }
    const network = await tryNetwork(grant.iceServers);
    result('network', { good: 'good', weak: 'weak', poor: 'bad', none: 'bad' }[network.grade], network.text);
  } catch (fault) {
    result('network', 'bad', fault.message);
    say(fault.message, 'bad');
    if (fault.final || fault.next) end(...endOf(fault));
  }
}

$('start-check').onclick = check;
$('voice-only').onchange = () => { if ($('voice-only').checked) { camera?.stop(); camera = null; $('preview').srcObject = null; } };
$('play').onclick = async () => {
  result('speaker', '', '正在播放…');
  await playTone().catch(() => {});
  $('heard').hidden = false;
  result('speaker', 'weak', '听到两声了吗？没听到请调大音量');
};
$('heard').onclick = () => { $('heard').hidden = true; result('speaker', 'good', '正常'); };

// --- the call -----------------------------------------------------------------------------------------------------------------------

async function enter() {
  $('enter').disabled = true;
  say('正在连接…', 'wait');
  stopMeter();
  for (const track of self.getTracks()) self.removeTrack(track);
  for (const track of [microphone, camera]) if (track) self.addTrack(track);
  $('self').srcObject = self;
  $('self').hidden = !camera;
  wantsVoiceOnly = !camera;
  buttons();
  show('call');
  try {
    const grant = joined && Date.parse(joined.expiresAt) - Date.now() > 30_000 ? joined : await join();
    if (grant.provider !== 'janus') throw Object.assign(new CallFault('provider_not_here', '此通话不能在网页中进行，请返回小程序进入'), { final: true });
    call = new JanusCall({ grant: join, stream: self, events: { state: onState, remote: onRemote, gone: onGone, out: onOut, fault: fault => end(...endOf(fault)) } });
    await call.start(grant);
    if (wantsVoiceOnly) await call.receiveVideo(false);
    clearInterval(statistics);
    statistics = setInterval(measure, STATS_MS);
  } catch (fault) {
    end(...endOf(fault));
  }
}

function onState(state) {
  document.body.dataset.state = state;
  if (state === 'reconnecting') say('网络中断，正在重新连接…请不要关闭页面', 'wait');
  else say($('remotes').querySelector('figure') ? '通话中' : '已进入，等待对方');
}

function onRemote(participant, name, stream) {
  $('waiting').hidden = true;
  let figure = document.querySelector(`figure[data-participant="${CSS.escape(participant)}"]`);
  if (!figure) {
    figure = document.createElement('figure');
    figure.dataset.participant = participant;
    const video = Object.assign(document.createElement('video'), { autoplay: true, playsInline: true });
    video.setAttribute('aria-label', `${name || '对方'}的画面`);
    figure.append(video, Object.assign(document.createElement('figcaption'), { textContent: name || '对方' }));
    $('remotes').append(figure);
  }
  const video = figure.querySelector('video');
  if (video.srcObject !== stream) video.srcObject = stream;
  video.play().catch(() => say('点一下屏幕开始播放声音', 'wait'));
  say('通话中');
}

function onGone(participant) {
  document.querySelector(`figure[data-participant="${CSS.escape(participant)}"]`)?.remove();
  if ($('remotes').querySelector('figure')) return;
  $('waiting').hidden = false;
  $('waiting').textContent = '对方暂时离开，正在等待…';
  if (document.body.dataset.state === 'connected') say('对方暂时离开', 'wait');
}

/// The media server has put us out: because the call is over, another device came in, or it has forgotten the room.
async function onOut() {
  try {
    await ask('heartbeat', { seat: joined.seat });
    call?.broken(call.socket);
  } catch (fault) {
    if (fault.final) end(...endOf(fault));
    else call?.broken(call.socket);
  }
}

function buttons() {
  const set = (id, pressed, text) => { $(id).setAttribute('aria-pressed', pressed); $(id).textContent = text; };
  set('mute', !microphone?.enabled, microphone?.enabled ? '静音' : '取消静音');
  set('camera', !camera, camera ? '关闭摄像头' : '打开摄像头');
  set('audio-only', wantsVoiceOnly, wantsVoiceOnly ? '恢复视频' : '改为语音');
}

async function setCamera(on) {
  if (!on && camera) { camera.stop(); self.removeTrack(camera); camera = null; }
  if (on && !camera) {
    try {
      camera = await openCamera();
      self.addTrack(camera);
    } catch (error) {
      say(faultOf(error, '摄像头').text, 'bad');
    }
  }
  await call?.replaceVideo(camera);
  $('self').hidden = !camera;
  buttons();
}

async function setVoiceOnly(on) {
  wantsVoiceOnly = on;
  await setCamera(!on);
  await call?.receiveVideo(!on);
  $('hint').hidden = true;
  say(on ? '已改为语音，画面已停' : '通话中');
}

$('enter').onclick = enter;
$('mute').onclick = () => { microphone.enabled = !microphone.enabled; buttons(); say(microphone.enabled ? '通话中' : '您已静音'); };
$('camera').onclick = () => setCamera(!camera);
$('audio-only').onclick = () => setVoiceOnly(!wantsVoiceOnly);
$('leave').onclick = () => { ask('leave', { seat: joined.seat }).catch(() => {}); end('您已离开通话', '如果还没说完，可以重新进入。'); };
document.addEventListener('click', () => { for (const video of document.querySelectorAll('#remotes video')) video.play().catch(() => {}); });
document.addEventListener('keydown', event => {
  if ($('call').hidden || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === 'm' || event.key === 'M') $('mute').click();
  if (event.key === 'v' || event.key === 'V') $('camera').click();
});
addEventListener('online', () => call?.broken(call.socket));
addEventListener('pagehide', () => call?.close());

// --- how well it goes ---------------------------------------------------------------------------------------------------------------

const measured = { weak: 0, lost: 0, received: 0 };

async function measure() {
  const now = { framesDecoded: 0, packets: 0, lost: 0, energy: 0, width: 0, path: '', rtt: null, framesSent: 0 };
  const connections = [[call.publisher, 'sent'], ...[...call.feeds.values()].map(f => [f.connection, 'received'])];
  for (const [connection, way] of connections) {
    if (!connection) continue;
    const report = await connection.getStats();
    for (const s of report.values()) {
      if (s.type === 'inbound-rtp') { now.packets += s.packetsReceived; now.lost += s.packetsLost ?? 0; now.framesDecoded += s.framesDecoded ?? 0; now.energy += s.totalAudioEnergy ?? 0; now.width ||= s.frameWidth ?? 0; }
      if (s.type === 'outbound-rtp' && way === 'sent') now.framesSent += s.framesSent ?? 0;
      if (s.type === 'candidate-pair' && s.nominated && s.state === 'succeeded') {
        now.rtt = s.currentRoundTripTime;
        now.path = [now.path, report.get(s.localCandidateId)?.candidateType].filter(Boolean).join(' ');
      }
    }
  }
  const [lost, received] = [Math.max(0, now.lost - measured.lost), Math.max(1, now.packets - measured.received)];
  Object.assign(measured, { lost: now.lost, received: now.packets });
  measured.weak = 1000 * lost / (lost + received) > WEAK_PERMILLE ? measured.weak + 1 : 0;
  if (measured.weak >= 3 && !wantsVoiceOnly) { $('hint').hidden = false; $('hint').textContent = '网络较差，建议点“改为语音”，声音会更清楚。'; }
  const rows = {
    path: ['线路', now.path.split(' ').includes('relay') ? '中继' : now.path ? '直连' : '未连接', now.path], rtt: ['往返时间', now.rtt === null ? '—' : `${Math.round(now.rtt * 1000)} 毫秒`, now.rtt],
    framesDecoded: ['收到画面', `${now.framesDecoded} 帧`, now.framesDecoded], framesSent: ['发出画面', `${now.framesSent} 帧`, now.framesSent],
    packets: ['收到数据包', `${now.packets}`, now.packets], lost: ['丢失', `${now.lost}`, now.lost], energy: ['声音能量', now.energy.toFixed(3), now.energy],
  };
  $('stats').replaceChildren(...Object.entries(rows).flatMap(([name, [label, text, value]]) => {
    const term = Object.assign(document.createElement('dt'), { textContent: label });
    const data = Object.assign(document.createElement('dd'), { textContent: text });
    data.dataset.stat = name;
    data.dataset.value = value;
    return [term, data];
  }));
}

// --- afterwards ---------------------------------------------------------------------------------------------------------------------

function endOf(fault) {
  switch (fault.code) {
    case 'call_over': return ['通话已结束', '感谢您的咨询。小结会出现在“我的事项”里，您可以在那里评价。', false];
    case 'call_taken_over': return ['已在另一台设备上进入', '同一时间只能用一台设备通话。', true];
    case 'video_provider_down': return ['视频服务暂时不可用', '您的咨询已保留。可以稍后重试，或改用电话、留言。', true];
    case 'platform_unreachable':
    case 'media_unreachable':
    case 'media_silent': return ['网络中断', '暂时连不上。请检查网络后重新进入，或改用语音、电话。', true];
    default: return [fault.message || '通话中断', fault.final ? '' : '可以重新进入，或改用语音、电话、留言。', !fault.final];
  }
}

function end(title, text, mayReturn = true) {
  clearInterval(heartbeat);
  clearInterval(statistics);
  call?.close();
  call = joined = null;
  stopMeter();
  for (const track of [microphone, camera]) track?.stop();
  microphone = camera = null;
  document.querySelectorAll('#remotes figure').forEach(figure => figure.remove());
  document.body.dataset.state = 'over';
  show('over');
  say(title, mayReturn ? 'wait' : '');
  $('over-title').textContent = title;
  $('over-text').textContent = text;
  for (const id of ['again', 'by-voice']) $(id).hidden = !mayReturn;
  $('over-title').focus();
}

function restart(voiceOnly) {
  $('voice-only').checked = voiceOnly;
  $('enter').disabled = true;
  document.body.dataset.state = 'check';
  show('check');
  check();
}

$('again').onclick = () => restart(false);
$('by-voice').onclick = () => restart(true);

if (!ticket) end('链接不完整', '请从小程序或短信里的链接重新打开本页。', false);
else say('准备好了就点“开始检查”');
