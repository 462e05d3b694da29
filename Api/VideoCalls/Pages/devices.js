// Camera, microphone, loudspeaker and the way to the media server, tried before a call. Each gives a word that stands in the platform's own list, and words for people.

const RELAY_MS = 6_000;

/// What getUserMedia throws, as a state of the device and what to do about it.
export function faultOf(error, what) {
  switch (error?.name) {
    case 'NotAllowedError':
    case 'SecurityError': return { state: 'denied', text: `没有获得${what}权限：请在浏览器或微信的设置里允许后重试` };
    case 'NotFoundError':
    case 'OverconstrainedError': return { state: 'missing', text: `没有找到${what}` };
    case 'NotReadableError':
    case 'AbortError': return { state: 'faulty', text: `${what}被其他程序占用：请关闭其他正在使用它的程序后重试` };
    default: return { state: 'missing', text: `此环境不能使用${what}：请在手机浏览器中打开本页，或改用电话` };
  }
}

export async function openMicrophone() {
  return open({ audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true } });
}

export async function openCamera() {
  return open({ video: { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 20, max: 30 }, facingMode: 'user' } });
}

async function open(wanted) {
  // Absent in pages that are not secure, and in old web-views.
  if (!navigator.mediaDevices?.getUserMedia) throw new DOMException('', 'NotSupportedError');
  return (await navigator.mediaDevices.getUserMedia(wanted)).getTracks()[0];
}

/// Calls back with the loudness from 0 to 1 until it is stopped. Answers the way to stop.
export function meterOf(track, show) {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 512;
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    show(Math.min(1, Math.sqrt(samples.reduce((sum, s) => sum + s * s, 0) / samples.length) * 6));
  }, 100);
  return () => { clearInterval(timer); context.close(); };
}

/// Two tones that nobody takes for an error.
export async function playTone() {
  const context = new AudioContext();
  await context.resume();
  const [gain, at] = [context.createGain(), context.currentTime];
  gain.gain.value = 0.2;
  gain.connect(context.destination);
  for (const [n, frequency] of [523, 659].entries()) {
    const tone = context.createOscillator();
    tone.frequency.value = frequency;
    tone.connect(gain);
    tone.start(at + n * 0.35);
    tone.stop(at + n * 0.35 + 0.3);
    if (n === 1) await new Promise(resolve => { tone.onended = resolve; });
  }
  await context.close();
}

/// Sends to itself through the relay: whether it lets us in, how far it is, how much is lost on the way.
export async function tryNetwork(iceServers) {
  if (!iceServers.length) return { grade: 'good', text: '直接连接', roundTripMs: null, lossPermille: null };
  const config = { iceServers, iceTransportPolicy: 'relay' };
  const [here, there] = [new RTCPeerConnection(config), new RTCPeerConnection(config)];
  let refused = '';
  here.onicecandidateerror = event => { if (event.errorCode !== 701) refused = `${event.errorCode} ${event.errorText}`; };
  const cross = (from, to) => { from.onicecandidate = event => event.candidate && to.addIceCandidate(event.candidate).catch(() => {}); };
  cross(here, there);
  cross(there, here);
  try {
    const channel = here.createDataChannel('probe', { ordered: false, maxRetransmits: 0 });
    there.ondatachannel = event => { event.channel.onmessage = message => event.channel.send(message.data); };
    await here.setLocalDescription(await here.createOffer());
    await there.setRemoteDescription(here.localDescription);
    await there.setLocalDescription(await there.createAnswer());
    await here.setRemoteDescription(there.localDescription);
    await within(RELAY_MS, new Promise(resolve => { channel.onopen = resolve; }));
    const times = await ping(channel);
    const lossPermille = Math.round(1000 * (1 - times.length / 20));
    const roundTripMs = times.length ? Math.round(times.sort((a, b) => a - b)[times.length >> 1]) : null;
    // Both ways lead through the relay, so it is about twice as far as in the call.
    const grade = !times.length ? 'none' : lossPermille > 150 ? 'poor' : lossPermille > 50 || roundTripMs > 800 ? 'weak' : 'good';
    const text = { good: `良好（往返 ${roundTripMs} 毫秒）`, weak: `较弱（往返 ${roundTripMs} 毫秒），建议只用语音`, poor: '很差，建议改用电话', none: '不通，建议改用电话' }[grade];
    return { grade, text, roundTripMs, lossPermille };
  } catch {
    return { grade: 'none', text: refused ? `中继服务器拒绝（${refused}）` : '连不上中继服务器，可能被防火墙拦截，建议改用电话', roundTripMs: null, lossPermille: null };
  } finally {
    here.close();
    there.close();
  }
}

async function ping(channel) {
  const times = [];
  channel.onmessage = message => times.push(performance.now() - Number(message.data));
  for (let n = 0; n < 20; n++) {
    channel.send(String(performance.now()));
    await new Promise(resolve => setTimeout(resolve, 25));
  }
  await new Promise(resolve => setTimeout(resolve, 500));
  return times;
}

function within(ms, promise) {
  return Promise.race([promise, new Promise((_, reject) => setTimeout(() => reject(new Error('late')), ms))]);
}
