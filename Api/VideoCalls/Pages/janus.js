// One person in one Janus videoroom: a WebSocket, one connection that sends, one for each of the others that is received.
// Comes back by itself after a broken network: with fresh credentials, as a new feed; the old one is the server's to forget.

const REQUEST_MS = 10_000;
const KEEPALIVE_MS = 20_000;
const BREAK_MS = 6_000;        // so long a connection may be "disconnected" before it is given up
const COME_BACK_MS = 90_000;   // as long as the platform waits for somebody to come back

export class CallFault extends Error {
  constructor(code, message) { super(message); this.code = code; }
}

export const participantOf = feed => String(feed).split('.')[0];

export class JanusCall {
  /// grant: () => a fresh answer of join. events: state(word), remote(participant, name, stream), gone(participant), out(), fault(CallFault).
  constructor({ grant, stream, events }) {
    Object.assign(this, { getGrant: grant, stream, events, closed: false, feeds: new Map(), receivesVideo: true });
  }

  async start(first) {
    await this.connect(first ?? await this.getGrant());
    this.events.state('connected');
  }

  async connect(grant) {
    this.grant = grant;
    const { url, apiToken, room, feedId, roomToken, display, canPublish, relayOnly } = grant.params;
    this.config = { iceServers: grant.iceServers, iceTransportPolicy: relayOnly ? 'relay' : 'all' };
    this.token = apiToken;
    this.pending = new Map();
    this.handlers = new Map();
    this.connections = new Map();
    this.early = new Map();
    await this.open(url);
    this.session = (await this.send({ janus: 'create' })).data.id;
    const socket = this.socket;
    this.keepalive = setInterval(() => this.send({ janus: 'keepalive', session_id: this.session }).catch(() => this.broken(socket)), KEEPALIVE_MS);
    this.handle = await this.attach(event => this.onRoom(event));
    const joined = await this.ask(this.handle, { request: 'join', ptype: 'publisher', room, id: feedId, token: roomToken, display });
    const me = new RTCPeerConnection(this.config);
    this.publisher = me;
    this.watch(me, this.handle);
    if (canPublish) {
      for (const track of this.stream.getTracks()) me.addTrack(track, this.stream);
      // A place for the picture even when it is off: it can be switched on without asking the others anew.
      if (!this.stream.getVideoTracks().length) me.addTransceiver('video', { direction: 'sendonly' });
      await me.setLocalDescription(await me.createOffer());
      const answer = await this.ask(this.handle, { request: 'configure', audio: true, video: true }, me.localDescription);
      await this.describe(me, this.handle, answer.jsep);
    }
    await Promise.all((joined.data.publishers ?? []).map(p => this.subscribe(p)));
  }

  open(url) {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(url, 'janus-protocol');
      this.socket = socket;
      const timer = setTimeout(() => { socket.close(); reject(new CallFault('media_unreachable', '连接视频服务器超时')); }, REQUEST_MS);
      socket.onopen = () => { clearTimeout(timer); resolve(); };
      socket.onerror = () => { clearTimeout(timer); reject(new CallFault('media_unreachable', '无法连接视频服务器')); };
      socket.onclose = () => this.broken(socket);
      socket.onmessage = message => this.onMessage(JSON.parse(message.data));
    });
  }

  onMessage(message) {
    const waiting = this.pending.get(message.transaction);
    // An acknowledgement is the whole answer to a keepalive or a candidate; for the rest the answer follows.
    if (waiting && (waiting.quick || message.janus !== 'ack')) {
      this.pending.delete(message.transaction);
      clearTimeout(waiting.timer);
      const failed = message.error ?? (message.plugindata?.data?.error_code && { code: message.plugindata.data.error_code, reason: message.plugindata.data.error });
      if (failed) waiting.reject(new CallFault(`janus_${failed.code}`, failed.reason));
      else waiting.resolve(message);
    } else if (message.janus === 'timeout') {
      this.broken(this.socket);
    } else if (message.janus === 'trickle') {
      this.addCandidate(message.sender, message.candidate);
    } else {
      this.handlers.get(message.sender)?.(message);
    }
  }

  send(message) {
    return new Promise((resolve, reject) => {
      const socket = this.socket;
      if (socket?.readyState !== WebSocket.OPEN) { reject(new CallFault('media_unreachable', '视频服务器连接已断开')); return; }
      message.transaction = crypto.getRandomValues(new Uint32Array(2)).join('-');
      message.token = this.token;
      const timer = setTimeout(() => { this.pending.delete(message.transaction); reject(new CallFault('media_silent', '视频服务器没有回应')); }, REQUEST_MS);
      this.pending.set(message.transaction, { resolve, reject, timer, quick: message.janus === 'keepalive' || message.janus === 'trickle' });
      socket.send(JSON.stringify(message));
    });
  }

  async attach(handler) {
    const id = (await this.send({ janus: 'attach', session_id: this.session, plugin: 'janus.plugin.videoroom' })).data.id;
    this.handlers.set(id, handler);
    return id;
  }

  async ask(handle, body, jsep) {
    const answer = await this.send({ janus: 'message', session_id: this.session, handle_id: handle, body, ...(jsep ? { jsep } : {}) });
    return { data: answer.plugindata?.data ?? {}, jsep: answer.jsep };
  }

  /// Where the server can be reached. It may tell before its description has been taken in.
  addCandidate(handle, candidate) {
    if (!candidate || candidate.completed) return;
    const connection = this.connections.get(handle);
    if (connection?.remoteDescription) connection.addIceCandidate(candidate).catch(() => {});
    else this.early.set(handle, [...(this.early.get(handle) ?? []), candidate]);
  }

  async describe(connection, handle, description) {
    await connection.setRemoteDescription(description);
    for (const candidate of this.early.get(handle) ?? []) await connection.addIceCandidate(candidate).catch(() => {});
    this.early.delete(handle);
  }

  watch(connection, handle) {
    const socket = this.socket;
    this.connections.set(handle, connection);
    connection.onicecandidate = event => this.send({ janus: 'trickle', session_id: this.session, handle_id: handle, candidate: event.candidate ?? { completed: true } }).catch(() => {});
    connection.onconnectionstatechange = () => {
      clearTimeout(connection.breakTimer);
      if (connection.connectionState === 'failed') this.broken(socket);
      if (connection.connectionState === 'disconnected') connection.breakTimer = setTimeout(() => this.broken(socket), BREAK_MS);
    };
  }

  onRoom(message) {
    const data = message.plugindata?.data;
    for (const publisher of data?.publishers ?? []) this.subscribe(publisher).catch(fault => console.warn('subscribe', fault.code));
    const left = data?.unpublished ?? data?.leaving;
    if (left && left !== 'ok') this.drop(left);
    // Put out, or the room was closed: only the platform knows why.
    if (data?.leaving === 'ok' || data?.videoroom === 'destroyed') this.events.out();
  }

  async subscribe({ id, display }) {
    // Somebody who has come back is a new feed: the picture that stands still goes.
    for (const other of this.feeds.keys()) if (participantOf(other) === participantOf(id) && other !== id) this.drop(other);
    if (this.feeds.has(id)) return;
    // The room's key lets in for minutes only, and every join asks for it: with a new one we are somebody new ourselves.
    if (Date.parse(this.grant.expiresAt) - Date.now() < 10_000) { this.broken(this.socket); return; }
    const feed = { display };
    this.feeds.set(id, feed);
    feed.handle = await this.attach(() => {});
    const offer = await this.ask(feed.handle, { request: 'join', ptype: 'subscriber', room: this.grant.params.room, token: this.grant.params.roomToken, streams: [{ feed: id }] });
    const connection = new RTCPeerConnection(this.config);
    feed.connection = connection;
    feed.stream = new MediaStream();
    this.watch(connection, feed.handle);
    connection.ontrack = event => { feed.stream.addTrack(event.track); this.events.remote(participantOf(id), display, feed.stream); };
    await this.describe(connection, feed.handle, offer.jsep);
    await connection.setLocalDescription(await connection.createAnswer());
    await this.ask(feed.handle, { request: 'start' }, connection.localDescription);
    if (!this.receivesVideo) await this.receiveVideo(false);
  }

  drop(id) {
    const feed = this.feeds.get(id);
    if (!feed) return;
    this.feeds.delete(id);
    feed.connection?.close();
    if (![...this.feeds.keys()].some(other => participantOf(other) === participantOf(id))) this.events.gone(participantOf(id));
  }

  async replaceVideo(track) {
    const sender = this.publisher?.getTransceivers().find(t => t.sender.track?.kind === 'video' || t.receiver.track?.kind === 'video')?.sender;
    await sender?.replaceTrack(track);
  }

  async receiveVideo(on) {
    this.receivesVideo = on;
    await Promise.all([...this.feeds.values()].filter(f => f.connection).map(feed => {
      const streams = feed.connection.getTransceivers().filter(t => t.receiver.track.kind === 'video' && t.mid !== null).map(t => ({ mid: t.mid, send: on }));
      return streams.length ? this.ask(feed.handle, { request: 'configure', streams }) : null;
    }));
  }

  /// The network is gone, or the server. Tried again until the platform has given up waiting.
  async broken(socket) {
    if (this.closed || this.returning || socket !== this.socket || !this.publisher) return;
    this.returning = true;
    this.events.state('reconnecting');
    this.teardown();
    const until = Date.now() + COME_BACK_MS;
    for (let pause = 500; !this.closed; pause = Math.min(pause * 2, 8_000)) {
      try {
        await this.connect(await this.getGrant());
        this.returning = false;
        this.events.state('connected');
        return;
      } catch (fault) {
        this.teardown();
        if (fault.final || Date.now() > until) { this.finish(fault); return; }
        await new Promise(resolve => setTimeout(resolve, pause));
      }
    }
  }

  finish(fault) {
    if (this.closed) return;
    this.close();
    this.events.fault(fault);
  }

  teardown() {
    clearInterval(this.keepalive);
    for (const id of [...this.feeds.keys()]) this.drop(id);
    this.publisher?.close();
    for (const { reject, timer } of this.pending?.values() ?? []) { clearTimeout(timer); reject(new CallFault('media_unreachable', '视频服务器连接已断开')); }
    this.pending?.clear();
    if (this.socket) { this.socket.onclose = this.socket.onmessage = null; this.socket.close(); }
  }

  close() {
    if (this.closed) return;
    this.closed = true;
    this.send({ janus: 'destroy', session_id: this.session }).catch(() => {});
    setTimeout(() => this.teardown(), 50);
  }
}
