'use strict';
// The console around Swagger UI: sign in with user name, password and code (or as a demo person), keep the token fresh,
// give every POST its Idempotency-Key, say it in Chinese. Talks to this server only.
(() => {
  const settings = JSON.parse(document.getElementById('settings').textContent);
  const $ = (selector, root = document) => root.querySelector(selector);
  const dialog = $('#sign-in');
  const Kept = 'microplatform.session';
  const Scheme = 'Bearer';
  let session = null;
  let refreshing = null;
  let timer = 0;
  let stepToken = null;
  let loaded = false;

  // Swagger UI

  const key = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), b => b.toString(16).padStart(2, '0')).join('');
  const url = name => `/openapi/${name}.json`;
  const chosen = () => settings.documents.some(d => d.name === document.body.dataset.document) ? document.body.dataset.document : settings.documents[0].name;

  async function intercept(request) {
    if (request.loadSpec) return request;
    const names = Object.keys(request.headers || {}).map(n => n.toLowerCase());
    if ((request.method || 'GET').toUpperCase() === 'POST' && !names.includes('idempotency-key')) request.headers['Idempotency-Key'] = key();
    if (!names.includes('x-client')) request.headers['X-Client'] = 'console/1.0';
    if (session && Date.parse(session.tokens.accessTokenExpiresAt) - Date.now() < 20000) {
      await refresh();
      if (session && names.includes('authorization')) request.headers.Authorization = `Bearer ${session.tokens.accessToken}`;
    }
    return request;
  }

  const fromAddress = new URLSearchParams(location.search).get('document');
  document.body.dataset.document = settings.documents.some(d => d.name === fromAddress) ? fromAddress : settings.documents[0].name;
  const ui = SwaggerUIBundle({
    url: url(chosen()), dom_id: '#console', presets: [SwaggerUIBundle.presets.apis], layout: 'BaseLayout', validatorUrl: null, deepLinking: true,
    persistAuthorization: true, tryItOutEnabled: true, displayRequestDuration: true, displayOperationId: true, docExpansion: 'list', filter: true,
    defaultModelsExpandDepth: 0, defaultModelExpandDepth: 3, requestInterceptor: intercept, onComplete: () => { loaded = true; authorise(); translate(document.body); },
  });
  window.ui = ui;

  const nav = $('.documents');
  for (const { name, title } of settings.documents) {
    const link = document.createElement('a');
    link.href = `?document=${name}`;
    link.textContent = title;
    link.dataset.name = name;
    link.addEventListener('click', event => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      history.replaceState(null, '', link.href);
      show(name);
    });
    nav.append(link);
  }
  const mark = () => nav.querySelectorAll('a').forEach(a => a.dataset.name === chosen() ? a.setAttribute('aria-current', 'page') : a.removeAttribute('aria-current'));
  function show(name) {
    document.body.dataset.document = name;
    ui.specActions.updateUrl(url(name));
    ui.specActions.download(url(name));
    mark();
  }
  mark();

  // Session

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

  function authorise() {
    // Before the document is there, Swagger UI knows no scheme to authorise.
    if (session && loaded) ui.authActions.authorize({ [Scheme]: { name: Scheme, schema: { type: 'http', scheme: 'bearer' }, value: session.tokens.accessToken } });
  }

  function keep(tokens, user) {
    session = { tokens, user: user || session?.user };
    sessionStorage.setItem(Kept, JSON.stringify(session));
    authorise();
    tell();
    clearTimeout(timer);
    timer = setTimeout(refresh, Math.max(5000, Date.parse(tokens.accessTokenExpiresAt) - Date.now() - 60000));
  }

  function forget() {
    session = null;
    clearTimeout(timer);
    sessionStorage.removeItem(Kept);
    ui.authActions.logoutWithPersistOption([Scheme]);
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
    $('.demo').hidden = !settings.demo || name !== 'credentials';
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

  for (const [as, label] of settings.demo ? [['citizen', '群众'], ['lawyer', '律师'], ['clerk', '窗口'], ['administrator', '管理员']] : []) {
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

  // Swagger UI speaks English only.
  const Words = {
    'Try it out': '试一试', 'Try it out ': '试一试', 'Execute': '发送请求', 'Clear': '清除', 'Cancel': '取消', 'Reset': '恢复示例', 'Authorize': '授权', 'Logout': '取消授权', 'Close': '关闭', 'Done': '完成',
    'Parameters': '参数', 'No parameters': '无参数', 'Name': '名称', 'Description': '说明', 'Request body': '请求正文', 'Responses': '应答', 'Code': '状态', 'Details': '详情', 'Links': '链接', 'No links': '无',
    'Example Value': '示例', 'Schema': '结构', 'Media type': '内容类型', 'Controls ': '对应 ', 'Controls': '对应', ' header.': ' 请求头。', 'Schemas': '数据结构', 'Server response': '实际应答', 'Response body': '应答正文',
    'Response headers': '应答头', 'Request URL': '请求地址', 'Request duration': '用时', 'Download': '下载', 'Curl': '命令行', 'Available authorizations': '授权', 'Value:': '令牌：', 'Expand all': '全部展开', 'Collapse all': '全部收起',
    'required': '必填', 'Loading...': '正在加载…', 'LOADING': '正在加载', 'Undocumented': '未列出', 'Authorized': '已授权', 'Authorization': '授权', 'Value': '值', 'Send empty value': '发送空值', 'Edit Value': '编辑', 'Error': '错误',
  };
  const Left = '.microlight, pre, code, textarea, .renderedMarkdown, .opblock-summary-path, .parameter__name > span:not([class]), .model';
  function translate(root) {
    if (root.nodeType === Node.TEXT_NODE) return word(root);
    if (root.nodeType !== Node.ELEMENT_NODE) return;
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) word(walker.currentNode);
    for (const input of root.querySelectorAll('input[placeholder^="Filter by"]')) input.placeholder = '按分类或路径筛选';
  }
  function word(node) {
    const said = Words[node.nodeValue] || Words[node.nodeValue.trim()];
    if (said && node.nodeValue !== said && !node.parentElement?.closest(Left)) node.nodeValue = said;
  }
  new MutationObserver(changes => {
    for (const change of changes) {
      if (change.type === 'characterData') word(change.target);
      for (const node of change.addedNodes) translate(node);
    }
  }).observe($('#console'), { childList: true, subtree: true, characterData: true });

  const kept = sessionStorage.getItem(Kept);
  if (kept) {
    const { tokens, user } = JSON.parse(kept);
    session = { tokens, user };
    if (Date.parse(tokens.accessTokenExpiresAt) - Date.now() > 60000) keep(tokens, user);
    else refresh();
  }
  tell();
})();
