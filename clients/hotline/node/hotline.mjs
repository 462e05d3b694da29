#!/usr/bin/env node
// A client of the partner interface for Node 18 or later, without packages.
//   HL_URL=https://host HL_APP_ID=hl_x HL_SECRET=... node hotline.mjs GET /partner/v1/ping
//   ... node hotline.mjs PUT /partner/v1/tickets/A-1 '{"content":"...","acceptedAt":"2026-11-22 10:00:00"}'
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { pathToFileURL } from 'node:url';

const algorithm = 'HL1-HMAC-SHA256';

// Keys and values are compared by bytes of their UTF-16 form, which for percent-encoded text is the same as by bytes.
const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

export function stringToSign(appId, timestamp, nonce, method, target, body) {
  const [path, query = ''] = target.split(/\?(.*)/s);
  const pairs = query === '' ? [] : query.split('&').map((pair) => [pair.split('=', 1)[0], pair.includes('=') ? pair.slice(pair.indexOf('=') + 1) : '', pair]);
  pairs.sort((a, b) => order(a[0], b[0]) || order(a[1], b[1]));
  const hash = createHash('sha256').update(body).digest('hex');
  return [algorithm, appId, timestamp, nonce, method, path, pairs.map((p) => p[2]).join('&'), hash].join('\n');
}

export const sign = (secret, text) => createHmac('sha256', secret).update(text, 'utf8').digest('hex');

export class HotlineClient {
  constructor(url, appId, secret) {
    Object.assign(this, { url: url.replace(/\/$/, ''), appId, secret });
  }

  /** A new nonce and time for every try, also when the same call is tried again. */
  async send(method, target, json) {
    const body = json === undefined ? Buffer.alloc(0) : Buffer.from(json, 'utf8');
    const timestamp = String(Math.floor(Date.now() / 1000));
    const nonce = randomBytes(16).toString('hex');
    const response = await fetch(this.url + target, {
      method,
      redirect: 'error',
      body: json === undefined ? undefined : body,
      headers: {
        ...(json === undefined ? {} : { 'Content-Type': 'application/json; charset=utf-8' }),
        'X-Hl-App-Id': this.appId,
        'X-Hl-Timestamp': timestamp,
        'X-Hl-Nonce': nonce,
        'X-Hl-Signature': sign(this.secret, stringToSign(this.appId, timestamp, nonce, method, target, body)),
      },
    });
    return { status: response.status, body: await response.text() };
  }
}

/** Whether a push came from the platform (Standard Webhooks). `body` is the Buffer as it arrived. */
export function isGenuine(secret, id, timestamp, signatures, body, now = Date.now()) {
  if (!/^\d+$/.test(timestamp) || Math.abs(now / 1000 - Number(timestamp)) > 300) return false;
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
  return signatures.split(' ').some((s) => {
    if (!s.startsWith('v1,')) return false;
    const given = Buffer.from(s.slice(3), 'base64');
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [method, target, json] = process.argv.slice(2);
  const { HL_URL, HL_APP_ID, HL_SECRET } = process.env;
  if (!method || !target || !HL_URL || !HL_APP_ID || !HL_SECRET) {
    console.error('usage: HL_URL= HL_APP_ID= HL_SECRET= hotline.mjs METHOD /partner/v1/… [JSON]');
    process.exit(2);
  }
  const answer = await new HotlineClient(HL_URL, HL_APP_ID, HL_SECRET).send(method, target, json);
  console.log(answer.body);
  process.exit(answer.status < 400 ? 0 : 1);
}
