// The dependency graph: every transaction where it could start if there were workers for all, in gas; edges to those
// that need what it has changed; the longest chain on top.

class GraphPicture {
  constructor(block) {
    this.block = block;
    this.path = `${block.path}.graph`;
    this.data = block.data.graph;
    this.nodes = this.data.nodes;
    this.count = this.nodes.txn.length;
    this.span = Math.max(this.data.criticalGas, 1);
    this.layOut();
    this.rowHeight = Math.max(2, Math.min(16, Math.floor(300 / this.rows)));
    this.gutter = 20;
    const height = this.gutter + this.rows * this.rowHeight + 10;
    this.readColours();
    this.canvas = h('canvas', {'aria-label': 'dependency graph', role: 'img'});
    this.card = h('div', {});
    this.element = h('div', {class: 'figure'}, this.legend(), this.canvas, this.notes(), this.card);
    this.viewport = new Viewport(this.canvas, this.span, height, {
      draw: (context, view) => this.draw(context, view),
      hit: (x, y, view) => this.hit(x, y, view),
      show: (node, event) => showTip(node === null ? null : this.describe(node, 6), event),
      pick: node => this.pick(node),
    });
  }

  readColours() {
    this.colours = {
      critical: css('--again'),
      other: css('--first'),
      edge: css('--bound'),
      ink: css('--ink'),
      soft: css('--soft'),
      line: css('--line'),
    };
  }

  // A row for the critical path; the others where there is room.
  layOut() {
    const {txn, start, gas} = this.nodes;
    const critical = new Set(this.data.criticalPath);
    this.isCritical = txn.map(of => critical.has(of));
    this.numbers = new Map(txn.map((of, i) => [of, i]));
    this.row = new Array(this.count).fill(0);
    const ends = [Infinity]; // by row
    const most = 120;
    const order = txn
      .map((of, i) => i)
      .filter(i => !this.isCritical[i])
      .sort((a, b) => start[a] - start[b] || txn[a] - txn[b]);
    for (const i of order) {
      let row = ends.findIndex(end => end <= start[i]);
      if (row < 0) row = ends.length < most ? ends.length : 1 + (i % (most - 1));
      ends[row] = start[i] + gas[i] + this.span / 400;
      this.row[i] = row;
    }
    this.rows = ends.length;
    this.into = new Map();
    this.outOf = new Map();
    const {writer, reader} = this.data.edges;
    for (let i = 0; i < writer.length; ++i) {
      if (!this.into.has(reader[i])) this.into.set(reader[i], []);
      if (!this.outOf.has(writer[i])) this.outOf.set(writer[i], []);
      this.into.get(reader[i]).push(i);
      this.outOf.get(writer[i]).push(i);
    }
  }

  y(i) {
    return this.gutter + this.row[i] * this.rowHeight + this.rowHeight / 2;
  }

  edge(context, view, i, colour, alpha) {
    const a = this.numbers.get(this.data.edges.writer[i]),
      b = this.numbers.get(this.data.edges.reader[i]);
    if (a === undefined || b === undefined) return 0;
    const x1 = view.x(this.nodes.start[a] + this.nodes.gas[a]),
      x2 = view.x(this.nodes.start[b]);
    if ((x2 < 0 && x1 < 0) || (x1 > view.width && x2 > view.width)) return 0;
    context.globalAlpha = alpha;
    context.strokeStyle = colour;
    const bend = Math.max(Math.abs(x2 - x1) / 2, 6);
    context.beginPath();
    context.moveTo(x1, this.y(a));
    context.bezierCurveTo(x1 + bend, this.y(a), x2 - bend, this.y(b), x2, this.y(b));
    context.stroke();
    return 1;
  }

  draw(context, view) {
    const {marks} = steps(view.from, view.to, Math.max(view.width / 110, 2));
    context.font = '11px system-ui, sans-serif';
    context.textBaseline = 'top';
    context.fillStyle = this.colours.soft;
    context.strokeStyle = this.colours.line;
    context.lineWidth = 1;
    for (const mark of marks) {
      const x = Math.round(view.x(mark)) + 0.5;
      const name = mark >= 1e6 ? +(mark / 1e6).toFixed(3) + ' Mgas' : +(mark / 1e3).toFixed(3) + ' kgas';
      context.beginPath();
      context.moveTo(x, this.gutter - 4);
      context.lineTo(x, view.height);
      context.stroke();
      context.fillText(name, Math.min(x + 3, view.width - context.measureText(name).width - 2), 2);
    }
    let drawn = 0;
    const edges = this.data.edges.writer.length;
    const alpha = edges > 1500 ? 0.18 : edges > 300 ? 0.3 : 0.55;
    for (let i = 0; i < edges; ++i) drawn += this.edge(context, view, i, this.colours.edge, alpha);
    context.globalAlpha = 1;
    for (let i = 0; i < this.count; ++i) {
      const x = view.x(this.nodes.start[i]),
        width = (this.nodes.gas[i] / (view.to - view.from)) * view.width;
      if (x > view.width || x + width < 0) continue;
      ++drawn;
      context.fillStyle = this.isCritical[i] ? this.colours.critical : this.colours.other;
      const inset = this.rowHeight > 6 ? 2 : 0.5;
      context.fillRect(x, this.y(i) - this.rowHeight / 2 + inset, Math.max(width - 1, 1.5), this.rowHeight - 2 * inset);
      if (width > 30 && this.rowHeight >= 13) {
        context.fillStyle = '#fff';
        context.textBaseline = 'middle';
        context.fillText(String(this.nodes.txn[i]), Math.max(x, 0) + 4, this.y(i));
      }
    }
    for (const node of [view.hovered, this.picked]) {
      if (node === null || node === undefined) continue;
      const txn = this.nodes.txn[node];
      context.lineWidth = 1.8;
      for (const i of this.into.get(txn) || []) this.edge(context, view, i, this.colours.critical, 1);
      for (const i of this.outOf.get(txn) || []) this.edge(context, view, i, this.colours.ink, 1);
      context.globalAlpha = 1;
      context.strokeStyle = this.colours.ink;
      context.strokeRect(
        view.x(this.nodes.start[node]),
        this.y(node) - this.rowHeight / 2,
        Math.max((this.nodes.gas[node] / (view.to - view.from)) * view.width, 2),
        this.rowHeight,
      );
    }
    return drawn;
  }

  hit(x, y, view) {
    const row = Math.floor((y - this.gutter) / this.rowHeight);
    const slack = (2 * (view.to - view.from)) / view.width;
    const gas = view.value(x);
    for (let i = 0; i < this.count; ++i)
      if (
        this.row[i] === row &&
        this.nodes.start[i] - slack <= gas &&
        gas <= this.nodes.start[i] + this.nodes.gas[i] + slack
      )
        return i;
    return null;
  }

  describe(node, most) {
    const txn = this.nodes.txn[node];
    const edges = (this.into.get(txn) || [])
      .slice(0, 4)
      .map(i =>
        h(
          'div',
          {},
          'needs transaction ',
          num(`${this.path}.edges.writer.${i}`, 'text'),
          ': ',
          this.block.location(this.data.edges.at[i]),
        ),
      );
    return h(
      'div',
      {},
      this.block.title(txn, `${this.path}.nodes.txn.${node}`),
      h(
        'div',
        {},
        'starts after ',
        num(`${this.path}.nodes.start.${node}`, 'int'),
        ' gas',
        this.isCritical[node] ? '; on the critical path' : '',
      ),
      edges,
      this.block.describe(txn, most),
    );
  }

  pick(node) {
    this.picked = node;
    this.viewport.invalidate();
    this.card.replaceChildren();
    if (node !== null) this.card.append(h('div', {class: 'card'}, this.describe(node, 64)));
  }

  legend() {
    const key = (colour, name) =>
      h('span', {class: 'key'}, h('span', {class: 'swatch', style: `background:var(${colour})`}), name);
    return h(
      'div',
      {class: 'legend'},
      key('--again', 'critical path'),
      key('--first', 'other transactions'),
      key('--bound', 'needs what that one changed'),
    );
  }

  notes() {
    const cut = this.count < this.data.dependent;
    // Whoever depends on others, or others on it, is in a chain of two.
    const alone = this.data.criticalPath.length === 1;
    return [
      h(
        'p',
        {class: 'small soft'},
        num(`${this.path}.dependent`, 'int'),
        ' transactions depend on others or others on them (',
        num(`${this.path}.edgesInAll`, 'int'),
        ' dependencies); ',
        num(`${this.path}.independent`, 'int'),
        ' do not and are not drawn',
        alone ? ', but for the longest, which is the critical path.' : '.',
        cut ? ' Of the dependent ones those on the longest chains are shown.' : '',
      ),
    ];
  }

  repaint() {
    this.readColours();
    this.viewport.invalidate();
  }
}
