'use strict';
// The bureau's page: every number opens the list it was counted from. Reads this server only; what is shown is what the signed-in person's units have.
(() => {
  const settings = JSON.parse(document.getElementById('settings').textContent);
  const $ = (selector, root = document) => root.querySelector(selector);
  const note = $('.note');
  const list = $('#list');
  const charts = {};
  let board = null;
  let town = null;
  let reading = 0;

  const session = window.signIn({
    demo: settings.demo,
    people: [['clerk', '窗口'], ['centreHead', '中心主任'], ['administrator', '管理员']],
    onTokens: () => board || queueMicrotask(read),
    onLeave: () => { board = null; town = null; show(); say('请登录后查看。'); },
  });

  const number = value => value === null ? '—' : value.toLocaleString('zh-CN');
  const instant = text => new Date(text).toLocaleString('zh-CN', { timeZone: 'Asia/Shanghai', hour12: false, month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', year: 'numeric' });

  function say(text) {
    note.textContent = text;
    note.hidden = !text;
  }

  async function ask(path) {
    const token = await session.fresh();
    if (!token) throw new Error('请登录后查看。');
    const response = await fetch(path, { credentials: 'omit', headers: { Authorization: `Bearer ${token}`, 'X-Client': 'dashboard/1.0' } }).catch(() => null);
    if (!response) throw new Error('没有连上服务器，请稍后再试。');
    const answer = await response.json().catch(() => null);
    if (response.ok) return answer;
    throw new Error(response.status === 403 ? '您的岗位不能查看工作看板，请用窗口人员、中心主任或管理员账号登录。' : answer?.title || '暂时不可用，请稍后再试。');
  }

  async function read() {
    if (!session.token) return;
    const mine = ++reading;
    const days = $('select[name=days]').value;
    try {
      const answer = await ask(`/v1/staff/dashboard?days=${days}${town ? `&townCode=${town.code}` : ''}`);
      if (mine !== reading) return;
      board = answer;
      say('');
    } catch (fault) {
      if (mine !== reading) return;
      say(fault.message);
    }
    show();
  }

  function show() {
    $('.tools').hidden = $('.charts').hidden = !board;
    const groups = $('.groups');
    groups.replaceChildren();
    if (!board) return;
    $('.as-of').textContent = `${board.from} 至 ${board.until}，统计于 ${instant(board.at)}`;
    const chosen = $('.tools .town');
    chosen.hidden = !town;
    chosen.textContent = town ? `${town.name} ×` : '';
    for (const group of board.groups) {
      const section = document.createElement('section');
      section.className = 'group';
      const title = document.createElement('h2');
      title.textContent = group.title;
      const cards = document.createElement('div');
      cards.className = 'cards';
      for (const figure of group.figures) cards.append(card(figure));
      section.append(title, cards);
      groups.append(section);
    }
    draw();
  }

  function card(figure) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'card';
    button.dataset.figure = figure.name;
    if (['overdue', 'waitingOver48', 'hotlineAlarms', 'hotlineOverdue'].includes(figure.name) && figure.value > 0) button.classList.add('alarm');
    const [title, value, unit] = ['span', 'b', 'small'].map(tag => document.createElement(tag));
    title.textContent = figure.title;
    value.textContent = number(figure.value);
    unit.textContent = figure.value === null ? '' : figure.unit;
    button.append(title, value, unit);
    button.addEventListener('click', () => open(figure.title, figure.itemsPath, figure.count));
    return button;
  }

  // Charts

  const find = name => board.groups.flatMap(g => g.figures).find(f => f.name === name);

  function chart(id, option, click) {
    const box = document.getElementById(id);
    const made = charts[id] ??= window.echarts.init(box, null, { renderer: 'svg' });
    made.setOption({ aria: { enabled: true }, animation: false, textStyle: { fontFamily: 'inherit' }, color: ['#1c4f8f', '#e08a1e'], tooltip: { trigger: 'axis' }, ...option }, true);
    made.off('click');
    if (click) made.on('click', click);
    made.resize();
  }

  function draw() {
    const grid = { left: 8, right: 16, top: 34, bottom: 8, containLabel: true };
    chart('trend', {
      legend: { top: 0 }, grid, xAxis: { type: 'category', data: board.days.map(d => d.day.slice(5)) }, yAxis: { type: 'value', minInterval: 1 },
      series: [{ name: '新收', type: 'bar', data: board.days.map(d => d.opened) }, { name: '其中已答复', type: 'line', data: board.days.map(d => d.answered) }],
    });
    const ages = ['waitingUnder4', 'waiting4To24', 'waiting24To48', 'waitingOver48'].map(find).filter(Boolean);
    chart('ages', {
      grid: { ...grid, top: 12 }, xAxis: { type: 'category', data: ages.map(f => f.title) }, yAxis: { type: 'value', minInterval: 1 },
      series: [{ name: '件', type: 'bar', barMaxWidth: 60, data: ages.map((f, n) => ({ value: f.value, itemStyle: { color: ['#5b8fd0', '#1c4f8f', '#e08a1e', '#a61b1b'][n] } })) }],
    }, at => open(`等待答复：${ages[at.dataIndex].title}`, ages[at.dataIndex].itemsPath, ages[at.dataIndex].count));
    const towns = [...board.towns].slice(0, 12).reverse();
    chart('towns', {
      legend: { top: 0 }, grid, xAxis: { type: 'value', minInterval: 1 }, yAxis: { type: 'category', data: towns.map(t => t.name || t.code) },
      series: [{ name: '新收', type: 'bar', data: towns.map(t => t.opened) }, { name: '已办结', type: 'bar', data: towns.map(t => t.closed) }],
    }, at => {
      town = { code: towns[at.dataIndex].code, name: towns[at.dataIndex].name || towns[at.dataIndex].code };
      read();
    });
  }

  // The list behind a number

  let next = null;

  async function open(title, path, count) {
    $('#list-title').textContent = title;
    $('.count', list).textContent = `共 ${number(count)} 条`;
    $('tbody', list).replaceChildren();
    next = path;
    if (!list.open) list.showModal();
    await more();
  }

  async function more() {
    const path = next;
    const button = $('.more', list);
    button.disabled = true;
    try {
      const page = await ask(path);
      for (const item of page.items) {
        const row = document.createElement('tr');
        for (const text of [item.label, item.stateText || '', item.unitName, instant(item.at)]) {
          const cell = document.createElement('td');
          cell.textContent = text;
          row.append(cell);
        }
        $('tbody', list).append(row);
      }
      const address = new URL(path, location.href);
      if (page.hasMore) address.searchParams.set('cursor', page.nextCursor);
      next = address.pathname + address.search;
      button.hidden = !page.hasMore;
    } catch (fault) {
      $('.count', list).textContent = fault.message;
      button.hidden = true;
    } finally {
      button.disabled = false;
    }
  }

  $('.more', list).addEventListener('click', more);
  $('.close', list).addEventListener('click', () => list.close());
  list.addEventListener('click', event => { if (event.target === list) list.close(); });
  $('select[name=days]').addEventListener('change', read);
  $('.again').addEventListener('click', read);
  $('.tools .town').addEventListener('click', () => { town = null; read(); });
  addEventListener('resize', () => { for (const made of Object.values(charts)) made.resize(); });
  setInterval(() => { if (board && !document.hidden && !list.open) read(); }, 60000);
})();
