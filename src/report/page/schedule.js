// The schedule: a lane a worker, a bar an execution, lines to what a re-execution or a wait is due to.

class SchedulePicture {
  constructor(block, number, onPick) {
    Object.assign(this, {block, onPick});
    this.path = `${block.path}.schedules.${number}`;
    this.data = block.data.schedules[number];
    this.bars = this.data.bars;
    this.count = this.bars.txn.length;
    this.indexLanes();
    this.span = Math.max(this.data.ms * 1e6, ...this.lanes.map(lane => this.bars.end[lane.end - 1] || 0), 1);
    this.laneHeight = Math.max(12, Math.min(46, Math.round(320 / this.data.workers)));
    this.gutter = 20;
    const height = this.gutter + this.data.workers * (this.laneHeight + 4) + 4;
    this.canvas = h('canvas', {'aria-label': 'schedule', role: 'img'});
    this.small = h('canvas', {class: 'overview', 'aria-hidden': 'true'});
    this.overviewHeight = Math.min(44, 8 + 10 * this.data.workers);
    this.links = true;
    this.readColours();
    this.element = h('div', {class: 'figure'}, this.legend(), this.canvas, this.small, this.notes());
    this.viewport = new Viewport(this.canvas, this.span, height, {
      draw: (context, view) => this.draw(context, view),
      hit: (x, y, view) => this.hit(x, y, view),
      show: (bar, event) => showTip(bar === null ? null : this.tipOf(bar), event),
      pick: bar => this.pick(bar),
      moved: () => this.drawOverview(),
    });
    new ResizeObserver(() => this.drawOverview()).observe(this.small);
    this.small.addEventListener('pointerdown', event => this.jump(event));
    this.small.addEventListener('pointermove', event => event.buttons && this.jump(event));
  }

  // Bars come by worker; where each worker's begin, and for each transaction the bar that counts.
  indexLanes() {
    this.lanes = Array.from({length: this.data.workers}, () => ({begin: 0, end: 0}));
    this.final = new Map();
    const {worker, kind, txn, last, count} = this.bars;
    for (let i = 0; i < this.count; ++i) {
      const lane = this.lanes[worker[i]];
      if (lane.end === 0) lane.begin = i;
      lane.end = i + 1;
      const name = KINDS[kind[i]];
      if (count[i] === 1 && txn[i] === last[i] && (name === 'firstTime' || name === 'reexecution' || name === 'inTurn'))
        this.final.set(txn[i], i);
    }
  }

  readColours() {
    this.colours = KINDS.map(kind => css(KIND_COLOURS[kind]));
    this.ink = css('--ink');
    this.soft = css('--soft');
    this.line = css('--line');
    this.paper = css('--paper');
  }

  top(worker) {
    return this.gutter + worker * (this.laneHeight + 4);
  }

  // First bar of the lane that ends after `time`.
  search(lane, time) {
    let low = lane.begin,
      high = lane.end;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.bars.end[middle] < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  drawTimes(context, view) {
    const {marks, step} = steps(view.from, view.to, Math.max(view.width / 110, 2));
    const digits = Math.max(0, -Math.floor(Math.log10(step / 1e6) + 1e-9));
    context.fillStyle = this.soft;
    context.font = '11px system-ui, sans-serif';
    context.textBaseline = 'top';
    context.strokeStyle = this.line;
    context.lineWidth = 1;
    context.beginPath();
    for (const mark of marks) {
      const x = Math.round(view.x(mark)) + 0.5;
      context.moveTo(x, this.gutter - 4);
      context.lineTo(x, view.height);
      const name = (mark / 1e6).toFixed(Math.min(digits, 6)) + ' ms';
      context.fillText(name, Math.min(x + 3, view.width - context.measureText(name).width - 2), 2);
    }
    context.stroke();
  }

  // Returns how many rectangles it took: no more than there are bars or pixels.
  draw(context, view) {
    const {begin, end, kind} = this.bars;
    let drawn = 0;
    this.drawTimes(context, view);
    this.lanes.forEach((lane, worker) => {
      const y = this.top(worker);
      context.fillStyle = this.line;
      context.globalAlpha = 0.35;
      context.fillRect(0, y, view.width, this.laneHeight);
      context.globalAlpha = 1;
      let pixel = -1,
        rank = -1;
      for (let i = this.search(lane, view.from); i < lane.end && begin[i] <= view.to; ++i) {
        const x = view.x(begin[i]);
        const width = view.x(end[i]) - x;
        const isBooks = kind[i] === 6;
        if (width < 1) {
          // Many in one pixel: the rarest colour wins.
          const here = Math.floor(x);
          const order = isBooks ? 0 : kind[i] === 0 ? 1 : 2;
          if (here === pixel && order <= rank) continue;
          pixel = here;
          rank = order;
        }
        ++drawn;
        context.fillStyle = this.colours[kind[i]];
        const inset = isBooks ? this.laneHeight * 0.32 : 0;
        context.fillRect(x, y + inset, Math.max(width - (width > 4 ? 0.7 : 0), 0.8), this.laneHeight - 2 * inset);
        if (width > 34 && !isBooks && this.laneHeight >= 12) this.drawName(context, i, x, y, width, view);
      }
    });
    if (this.links) drawn += this.drawLinks(context, view);
    for (const [bar, colour] of [
      [view.hovered, this.ink],
      [this.picked, this.ink],
    ]) {
      if (bar === null || bar === undefined) continue;
      const x = view.x(begin[bar]);
      context.strokeStyle = colour;
      context.lineWidth = 2;
      context.strokeRect(x, this.top(this.bars.worker[bar]), Math.max(view.x(end[bar]) - x, 2), this.laneHeight);
      this.drawLink(context, view, bar, 1);
    }
    return drawn;
  }

  drawName(context, bar, x, y, width, view) {
    const {txn, last, count, kind} = this.bars;
    const shownX = Math.max(x, 0),
      shownWidth = Math.min(x + width, view.width) - shownX;
    const name = count[bar] > 1 ? `${txn[bar]} … ${last[bar]}` : txn[bar] === last[bar] ? `${txn[bar]}` : 'all';
    context.font = '600 11px system-ui, sans-serif';
    if (context.measureText(name).width > shownWidth - 6) return;
    context.fillStyle = KINDS[kind[bar]] === 'waiting' ? '#000' : '#fff';
    context.textBaseline = 'middle';
    context.fillText(name, shownX + 4, y + this.laneHeight / 2);
  }

  drawLinks(context, view) {
    const {begin, kind} = this.bars;
    const bars = [];
    for (const lane of this.lanes) {
      for (let i = this.search(lane, view.from); i < lane.end && begin[i] <= view.to; ++i)
        if ((kind[i] === 2 || kind[i] === 3) && this.bars.by[i] >= 0) bars.push(i);
      if (bars.length > 400) return 0; // nobody could follow them
    }
    for (const bar of bars) this.drawLink(context, view, bar, bars.length > 60 ? 0.35 : 0.75);
    return bars.length;
  }

  // From the transaction that it is due to.
  drawLink(context, view, bar, alpha) {
    const cause = this.bars.by[bar] >= 0 ? this.final.get(this.bars.by[bar]) : undefined;
    if (cause === undefined) return;
    const {end, worker, kind} = this.bars;
    const x1 = view.x(end[cause]),
      x2 = view.x(end[bar]);
    const y1 = this.top(worker[cause]) + this.laneHeight / 2,
      y2 = this.top(worker[bar]) + this.laneHeight / 2;
    context.globalAlpha = alpha;
    context.strokeStyle = this.colours[kind[bar]];
    context.fillStyle = this.colours[kind[bar]];
    context.lineWidth = 1.5;
    context.setLineDash(KINDS[kind[bar]] === 'waiting' ? [4, 3] : []);
    const lift = y1 === y2 ? -this.laneHeight * 0.9 : 0;
    context.beginPath();
    context.moveTo(x1, y1);
    context.bezierCurveTo(x1 + (x2 - x1) / 3, y1 + lift, x1 + ((x2 - x1) * 2) / 3, y2 + lift, x2, y2);
    context.stroke();
    context.setLineDash([]);
    context.beginPath();
    context.arc(x2, y2, 3, 0, 7);
    context.fill();
    context.globalAlpha = 1;
  }

  hit(x, y, view) {
    const worker = Math.floor((y - this.gutter) / (this.laneHeight + 4));
    if (worker < 0 || worker >= this.lanes.length) return null;
    const lane = this.lanes[worker];
    const slack = (view.to - view.from) / view.width;
    const time = view.value(x);
    let best = null;
    for (let i = this.search(lane, time - slack); i < lane.end && this.bars.begin[i] <= time + slack; ++i)
      if (best === null || this.bars.kind[best] === 6) best = i;
    return best;
  }

  tipOf(bar) {
    return this.describe(bar, 6);
  }

  // `most`: of the reads and writes.
  describe(bar, most) {
    const {txn, last, count, kind, by, at: where} = this.bars;
    const path = `${this.path}.bars`;
    const name = KINDS[kind[bar]];
    const times = h(
      'div',
      {},
      'from ',
      num(`${path}.begin.${bar}`, 'nsAsUs'),
      ' to ',
      num(`${path}.end.${bar}`, 'nsAsUs'),
      ' (',
      num(`${path}.end.${bar}`, 'nsAsUs', `${path}.begin.${bar}`),
      '), worker ',
      num(`${path}.worker.${bar}`, 'text'),
    );
    const outcome = h(
      'div',
      {},
      h('span', {
        class: 'swatch',
        style: `display:inline-block;width:10px;height:10px;border-radius:2px;background:var(${KIND_COLOURS[name]})`,
      }),
      ' ',
      KIND_NAMES[name],
    );
    if (count[bar] === 0) return h('div', {}, h('div', {class: 'title'}, 'validating, committing, receipts'), times);
    if (name === 'accounts')
      return h(
        'div',
        {},
        h('div', {class: 'title'}, 'plain transfers, account by account'),
        times,
        h(
          'div',
          {},
          'some of the accounts, in the transactions ',
          num(`${path}.txn.${bar}`, 'text'),
          ' to ',
          num(`${path}.last.${bar}`, 'text'),
        ),
      );
    if (count[bar] > 1)
      return h(
        'div',
        {},
        h(
          'div',
          {class: 'title'},
          num(`${path}.count.${bar}`, 'int'),
          ' executions of the transactions ',
          num(`${path}.txn.${bar}`, 'text'),
          ' to ',
          num(`${path}.last.${bar}`, 'text'),
        ),
        outcome,
        times,
      );
    let cause = null;
    if (by[bar] >= 0 || where[bar] >= 0)
      cause = h(
        'div',
        {},
        name === 'waiting' ? 'for ' : 'because of ',
        by[bar] >= 0 ? ['transaction ', num(`${path}.by.${bar}`, 'text')] : null,
        where[bar] >= 0 ? [by[bar] >= 0 ? ', ' : '', this.block.location(where[bar])] : null,
      );
    return h(
      'div',
      {},
      this.block.title(txn[bar], `${path}.txn.${bar}`),
      outcome,
      cause,
      times,
      this.block.describe(txn[bar], most),
    );
  }

  pick(bar) {
    this.picked = bar;
    this.viewport.invalidate();
    this.card.replaceChildren();
    if (bar !== null) this.card.append(h('div', {class: 'card'}, this.describe(bar, 64)));
    if (this.onPick) this.onPick(bar);
  }

  legend() {
    const spent = this.data.spentMs;
    const keys = KINDS.filter(kind => spent[kind] > 0).map(kind =>
      h(
        'span',
        {class: 'key'},
        h('span', {class: 'swatch', style: `background:var(${KIND_COLOURS[kind]})`}),
        KIND_NAMES[kind],
        ' ',
        num(`${this.path}.spentMs.${kind}`, 'ms'),
      ),
    );
    keys.push(
      h(
        'span',
        {class: 'key'},
        h('span', {class: 'swatch', style: 'background:color-mix(in srgb, var(--line) 35%, transparent)'}),
        'idle ',
        num(`${this.path}.spentMs.idle`, 'ms'),
      ),
    );
    return h('div', {class: 'legend'}, keys);
  }

  notes() {
    const notes = [
      h(
        'p',
        {class: 'small soft'},
        'An execution of its own, recorded: ',
        num(`${this.path}.ms`, 'ms'),
        ' for the transactions of ',
        num(`${this.path}.blockMs`, 'ms'),
        ' for the block; ',
        num(`${this.path}.executions`, 'int'),
        ' executions, ',
        num(`${this.path}.reexecutions`, 'int'),
        ' again, ',
        num(`${this.path}.waits`, 'int'),
        ' waits.',
      ),
    ];
    if (this.data.barsShown < this.data.barsBefore)
      notes.push(
        h(
          'p',
          {class: 'small soft'},
          'Short neighbours were put together: ',
          num(`${this.path}.barsShown`, 'int'),
          ' bars of ',
          num(`${this.path}.barsBefore`, 'int'),
          '.',
        ),
      );
    this.card = h('div', {});
    notes.push(this.card);
    return notes;
  }

  drawOverview() {
    const width = Math.max(this.small.clientWidth, 50),
      height = this.overviewHeight,
      scale = devicePixelRatio || 1;
    this.small.width = Math.round(width * scale);
    this.small.height = Math.round(height * scale);
    this.small.style.height = height + 'px';
    const context = this.small.getContext('2d');
    context.setTransform(scale, 0, 0, scale, 0, 0);
    if (!this.picture || this.pictureWidth !== width) this.makeOverview(width, height, scale);
    context.drawImage(this.picture, 0, 0, width, height);
    const view = this.viewport;
    const from = (view.from / this.span) * width,
      to = (view.to / this.span) * width;
    context.fillStyle = this.paper;
    context.globalAlpha = 0.65;
    context.fillRect(0, 0, from, height);
    context.fillRect(to, 0, width - to, height);
    context.globalAlpha = 1;
    context.strokeStyle = this.soft;
    context.strokeRect(from + 0.5, 0.5, Math.max(to - from - 1, 2), height - 1);
  }

  // The whole block, small: made once.
  makeOverview(width, height, scale) {
    this.picture = document.createElement('canvas');
    this.pictureWidth = width;
    this.picture.width = Math.round(width * scale);
    this.picture.height = Math.round(height * scale);
    const context = this.picture.getContext('2d');
    context.setTransform(scale, 0, 0, scale, 0, 0);
    const lane = (height - 6) / this.data.workers;
    for (let i = 0; i < this.count; ++i) {
      context.fillStyle = this.colours[this.bars.kind[i]];
      const x = (this.bars.begin[i] / this.span) * width;
      context.fillRect(
        x,
        3 + this.bars.worker[i] * lane,
        Math.max(((this.bars.end[i] - this.bars.begin[i]) / this.span) * width, 0.5),
        lane * 0.8,
      );
    }
  }

  jump(event) {
    const {from, to} = this.viewport;
    const middle = (event.offsetX / this.small.clientWidth) * this.span;
    this.viewport.show(middle - (to - from) / 2, middle + (to - from) / 2);
  }

  repaint() {
    this.readColours();
    this.picture = null;
    this.viewport.invalidate();
    this.drawOverview();
  }
}
