'use strict';
// The console around Swagger UI: hands it the token of whoever is signed in, gives every POST its Idempotency-Key, says it in Chinese. Talks to this server only.
(() => {
  const settings = JSON.parse(document.getElementById('settings').textContent);
  const $ = (selector, root = document) => root.querySelector(selector);
  const Scheme = 'Bearer';
  let loaded = false;

  const session = window.signIn({
    demo: settings.demo,
    people: [['citizen', '群众'], ['lawyer', '律师'], ['clerk', '窗口'], ['administrator', '管理员']],
    onTokens: () => window.ui && authorise(),
    onLeave: () => window.ui?.authActions.logoutWithPersistOption([Scheme]),
  });

  // Swagger UI

  const key = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), b => b.toString(16).padStart(2, '0')).join('');
  const url = name => `/openapi/${name}.json`;
  const chosen = () => settings.documents.some(d => d.name === document.body.dataset.document) ? document.body.dataset.document : settings.documents[0].name;

  async function intercept(request) {
    if (request.loadSpec) return request;
    const names = Object.keys(request.headers || {}).map(n => n.toLowerCase());
    if ((request.method || 'GET').toUpperCase() === 'POST' && !names.includes('idempotency-key')) request.headers['Idempotency-Key'] = key();
    if (!names.includes('x-client')) request.headers['X-Client'] = 'console/1.0';
    const before = session.token;
    const token = await session.fresh();
    if (token && token !== before && names.includes('authorization')) request.headers.Authorization = `Bearer ${token}`;
    return window.hl1.sign(request);
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
  function mark() {
    nav.querySelectorAll('a').forEach(a => a.dataset.name === chosen() ? a.setAttribute('aria-current', 'page') : a.removeAttribute('aria-current'));
    window.hl1.show(chosen() === 'partner');
  }
  function show(name) {
    document.body.dataset.document = name;
    ui.specActions.updateUrl(url(name));
    ui.specActions.download(url(name));
    mark();
  }
  mark();

  function authorise() {
    // Before the document is there, Swagger UI knows no scheme to authorise.
    if (session.token && loaded) ui.authActions.authorize({ [Scheme]: { name: Scheme, schema: { type: 'http', scheme: 'bearer' }, value: session.token } });
  }

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
})();
