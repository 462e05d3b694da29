'use strict';
// Who is signed in on this page: user name, password and code (or a demo person), the token kept fresh. Shared by the console and the bureau's page, which both stay
// signed in while the tab is open. Talks to this server only.
window.signIn = ({ demo, people, onTokens, onLeave }) => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const dialog = $('#sign-in');
  const Kept = 'microplatform.session';
  let session = null;
  let refreshing = null;
  let timer = 0;
  let stepToken = null;

  const call = async (path, body, token) => {
    const response = await fetch(path, {
      method: 'POST', credentials: 'omit',
      headers: { 'Content-Type': 'application/json', 'X-Client': 'console/1.0', ...(token ? { Authorization: `Bearer ${token}` } : {}) },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const answer = await response.json().catch(() => null);
    return { ok: response.ok, status: response.status, answer };
  };

  const nameOf = user => user?.staff?.name || user?.citizen?.name || (user?.kind === 'citizen' ? '群众' : '已登录');
  const rolesOf = user => (user?.roles || []).map(r => r.text || r.label || r.roleText || r).filter(r => typeof r === 'string').join('、');

  function keep(tokens, user) {
    session = { tokens, user: user || session?.user };
    sessionStorage.setItem(Kept, JSON.stringify(session));
    onTokens(session.tokens.accessToken);
    tell();
    clearTimeout(timer);
    timer = setTimeout(refresh, Math.max(5000, Date.parse(tokens.accessTokenExpiresAt) - Date.now() - 60000));
  }

  function forget() {
    session = null;
    clearTimeout(timer);
    sessionStorage.removeItem(Kept);
    onLeave();
    tell();
  }

  function refresh() {
    if (!session) return Promise.resolve();
    return refreshing ??= call('/v1/auth/refresh', { refreshToken: session.tokens.refreshToken })
      .then(({ ok, status, answer }) => {
        if (ok) keep(answer.tokens || answer);
        else if (status === 401) forget();
      })
      .catch(() => { timer = setTimeout(refresh, 5000); })
      .finally(() => { refreshing = null; });
  }

  async function signOut() {
    const token = session?.tokens.accessToken;
    forget();
    $('#open-sign-in').focus();
    if (token) await call('/v1/auth/sign-out', undefined, token).catch(() => null);
  }

  function tell() {
    const who = $('.who');
    const [name, roles] = [nameOf(session?.user), rolesOf(session?.user)];
    who.replaceChildren();
    if (session) {
      const bold = document.createElement('b');
      bold.textContent = name;
      who.append(bold, roles && roles !== name ? `（${roles}）` : '');
    } else who.textContent = '未登录';
    $('#sign-out').hidden = !session;
    $('#open-sign-in').textContent = session ? '切换身份' : '登录';
  }

  // Signing in

  function step(name) {
    for (const form of dialog.querySelectorAll('form')) form.hidden = form.dataset.step !== name;
    $('.demo').hidden = !demo || name !== 'credentials';
    $('#sign-in-title').textContent = { credentials: '登录', password: '修改初始密码', enrolment: '绑定动态验证码' }[name];
    complain('');
    $(`form[data-step="${name}"] input`).focus();
  }

  function complain(text) {
    const problem = $('.problem', dialog);
    problem.textContent = text;
    problem.hidden = !text;
  }

  const words = answer => answer ? [answer.title, ...Object.values(answer.errors || {}).flat()].filter(Boolean).join('：') : '没有连上服务器，请稍后再试';

  async function done(answer) {
    keep(answer.tokens, answer.user);
    dialog.querySelectorAll('form').forEach(f => f.reset());
    stepToken = null;
    dialog.close();
  }

  async function enrol() {
    const { ok, answer } = await call('/v1/auth/staff/totp', { stepToken });
    step('enrolment');
    if (!ok) return complain(words(answer));
    $('.qr', dialog).src = `data:image/svg+xml;base64,${btoa(unescape(encodeURIComponent(answer.qrSvg)))}`;
    $('.secret code', dialog).textContent = answer.secret;
  }

  const steps = {
    async credentials(values) {
      const { ok, answer } = await call('/v1/auth/staff/login', { userName: values.userName, password: values.password, code: values.code || null });
      if (ok) return done(answer);
      stepToken = answer?.stepToken || null;
      if (answer?.code === 'password_change_required' && stepToken) return step('password');
      if (answer?.code === 'totp_enrolment_required' && stepToken) return enrol();
      complain(words(answer));
      if (answer?.code === 'totp_required' || answer?.code === 'totp_invalid') $('form[data-step="credentials"] [name=code]').focus();
    },
    async password(values) {
      if (values.newPassword !== values.again) return complain('两次输入的密码不一致');
      const { ok, answer } = await call('/v1/auth/staff/password', { stepToken, newPassword: values.newPassword });
      if (!ok) return complain(words(answer));
      if (answer.tokens) return done(answer);
      stepToken = answer.stepToken;
      return enrol();
    },
    async enrolment(values) {
      const { ok, answer } = await call('/v1/auth/staff/totp/confirmation', { stepToken, code: values.code });
      return ok ? done(answer) : complain(words(answer));
    },
  };

  for (const form of dialog.querySelectorAll('form'))
    form.addEventListener('submit', async event => {
      event.preventDefault();
      const button = $('button', form);
      button.disabled = true;
      complain('');
      try {
        await steps[form.dataset.step](Object.fromEntries(new FormData(form)));
      } catch {
        complain('没有连上服务器，请稍后再试');
      } finally {
        button.disabled = false;
      }
    });

  for (const [as, label] of demo ? people : []) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = `以演示${label}身份登录`;
    button.addEventListener('click', async () => {
      const { ok, answer } = await call('/v1/dev/login', { as }).catch(() => ({ ok: false }));
      return ok ? done(answer) : complain(words(answer));
    });
    $('.people').append(button);
  }

  $('#open-sign-in').addEventListener('click', () => { dialog.showModal(); step('credentials'); });
  $('#sign-out').addEventListener('click', signOut);
  $('.close', dialog).addEventListener('click', () => dialog.close());
  dialog.addEventListener('click', event => { if (event.target === dialog) dialog.close(); });

  const kept = sessionStorage.getItem(Kept);
  if (kept) {
    const { tokens, user } = JSON.parse(kept);
    session = { tokens, user };
    if (Date.parse(tokens.accessTokenExpiresAt) - Date.now() > 60000) keep(tokens, user);
    else refresh();
  }
  tell();

  return {
    get token() { return session?.tokens.accessToken; },
    /** A token that is good for a little while yet, or none. */
    async fresh() {
      if (session && Date.parse(session.tokens.accessTokenExpiresAt) - Date.now() < 20000) await refresh();
      return session?.tokens.accessToken;
    },
    forget,
  };
};
