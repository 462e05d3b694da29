'use strict';
// Signs the partner document's requests by HL1 (docs/hotline.md), as a vendor's program would: so the console can be used before a line of it is written. The secret stays in
// this page's memory.
(() => {
  const Algorithm = 'HL1-HMAC-SHA256';
  const form = document.getElementById('hl1');
  const text = new TextEncoder();
  const hex = bytes => Array.from(new Uint8Array(bytes), b => b.toString(16).padStart(2, '0')).join('');
  const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

  function canonicalQuery(query) {
    const pairs = query === '' ? [] : query.split('&').map(pair => [pair.split('=', 1)[0], pair.includes('=') ? pair.slice(pair.indexOf('=') + 1) : '', pair]);
    pairs.sort((a, b) => order(a[0], b[0]) || order(a[1], b[1]));
    return pairs.map(p => p[2]).join('&');
  }

  async function sign(request) {
    const [appId, secret] = [form.elements.appId.value.trim(), form.elements.secret.value.trim()];
    const url = new URL(request.url, location.href);
    const from = url.pathname.indexOf('/partner/');
    if (!appId || !secret || from < 0) return request;
    const [timestamp, nonce] = [String(Math.floor(Date.now() / 1000)), hex(crypto.getRandomValues(new Uint8Array(16)))];
    const body = text.encode(request.body ?? '');
    const toSign = [
      Algorithm, appId, timestamp, nonce, (request.method || 'GET').toUpperCase(), url.pathname.slice(from), canonicalQuery(url.search.slice(1)), hex(await crypto.subtle.digest('SHA-256', body)),
    ].join('\n');
    const key = await crypto.subtle.importKey('raw', text.encode(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
    Object.assign(request.headers, {
      'X-Hl-App-Id': appId, 'X-Hl-Timestamp': timestamp, 'X-Hl-Nonce': nonce, 'X-Hl-Algorithm': Algorithm, 'X-Hl-Signature': hex(await crypto.subtle.sign('HMAC', key, text.encode(toSign))),
    });
    delete request.headers.Authorization;
    return request;
  }

  form.addEventListener('submit', event => event.preventDefault());
  // Browsers give this to pages over https, and to those of this machine.
  if (!window.crypto.subtle) form.querySelector('.hint').textContent = '浏览器只在 https 下提供签名功能，请用 https 打开本页，或使用样例程序。';
  window.hl1 = { sign, show: shown => { form.hidden = !shown; } };
})();
