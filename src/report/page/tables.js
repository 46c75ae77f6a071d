// The table of blocks, and those of one block: hottest locations, conflict models, costs.

// `left`: the columns of words.
function tableOf(head, rows, left = [0]) {
  const cells = head.map((name, i) => h('th', {scope: 'col', class: left.includes(i) ? 'left' : ''}, name));
  return h('div', {class: 'scroll'}, h('table', {}, h('thead', {}, h('tr', {}, cells)), h('tbody', {}, rows)));
}

const VERDICTS = {slower: 'slower', faster: 'faster', same: '', unknown: 'too few repeats'};

function changeCell(path) {
  const change = at(path);
  if (!change) return h('td', {class: 'soft'}, change === null ? 'not there' : '');
  const tone = {slower: 'bad', faster: 'good'}[change.verdict] || 'soft';
  return h('td', {class: tone}, num(`${path}.ratio`, 'change'), ' ', VERDICTS[change.verdict]);
}

// How far the speed-up is from the bound, on a common scale.
function speedUpBar(cost, most) {
  const share = value => `${Math.min(100, (100 * value) / most)}%`;
  return h(
    'span',
    {class: 'bar', title: 'the mark is the dependency bound'},
    h('i', {class: cost.speedUp < 0.97 ? 'below' : '', style: `width:${share(cost.speedUp)}`}),
    h('u', {style: `left:${share(1)}`}),
    h('b', {style: `left:${share(cost.bound)}`}),
  );
}

class BlocksTable {
  constructor(onPick) {
    this.onPick = onPick;
    this.key = null;
    this.element = h('div', {class: 'scroll'});
  }

  columns() {
    const hasBaseline = REPORT.baseline !== null;
    const columns = [
      ['block', block => block.name],
      ['txs', block => block.transactions],
      ['Mgas', block => block.gas],
      ['ms sequential', block => block.costs[0].ms],
      ['ms parallel', (block, cost) => cost.ms],
      ['Mgas/s', (block, cost) => cost.mgasPerSecond],
      ['speed-up, bound', (block, cost) => cost.speedUp],
      ['executed', (block, cost) => cost.executedOverCommitted],
      ['again', (block, cost) => cost.reexecutions],
      ['waits', (block, cost) => cost.waits],
    ];
    if (hasBaseline) columns.push(['than before', (block, cost) => (cost.baseline ? cost.baseline.ratio : 0)]);
    return columns;
  }

  draw(threads, chosen) {
    Object.assign(this, {threads, chosen});
    const rows = REPORT.blocks
      .map((block, index) => ({block, index, cost: block.costs.findIndex(cost => cost.threads === threads)}))
      .filter(row => row.cost >= 0);
    if (this.key) {
      const value = row => this.key.value(row.block, row.block.costs[row.cost]);
      rows.sort((a, b) => (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : 0) * this.key.direction);
    }
    const most = Math.max(
      1,
      ...rows.map(({block, cost}) => Math.max(block.costs[cost].speedUp, block.costs[cost].bound)),
    );
    const head = h(
      'tr',
      {},
      this.columns().map(([name, value]) =>
        h(
          'th',
          {scope: 'col'},
          h(
            'button',
            {type: 'button', onclick: () => this.sort(name, value)},
            name,
            this.key && this.key.name === name ? (this.key.direction > 0 ? ' ▲' : ' ▼') : '',
          ),
        ),
      ),
    );
    this.element.replaceChildren(
      h(
        'table',
        {},
        h('thead', {}, head),
        h(
          'tbody',
          {},
          rows.map(row => this.row(row, most)),
        ),
      ),
    );
  }

  sort(name, value) {
    const again = this.key && this.key.name === name;
    this.key = {name, value, direction: again ? -this.key.direction : name === 'block' ? 1 : -1};
    this.draw(this.threads, this.chosen);
  }

  row({block, index, cost}, most) {
    const path = `blocks.${index}`,
      of = `${path}.costs.${cost}`;
    const pick = h('button', {type: 'button', class: 'pick', onclick: () => this.onPick(index)}, text(`${path}.name`));
    return h(
      'tr',
      {class: index === this.chosen ? 'chosen' : ''},
      h('td', {}, pick),
      h('td', {}, num(`${path}.transactions`, 'int')),
      h('td', {}, num(`${path}.gas`, 'mega')),
      h('td', {}, num(`${path}.costs.0.ms`, 'ms')),
      h('td', {}, num(`${of}.ms`, 'ms')),
      h('td', {}, num(`${of}.mgasPerSecond`, 'int')),
      h(
        'td',
        {},
        speedUpBar(block.costs[cost], most),
        num(`${of}.speedUp`, 'two'),
        h('span', {class: 'soft'}, ' of ', num(`${of}.bound`, 'two')),
      ),
      h('td', {}, num(`${of}.executedOverCommitted`, 'three')),
      h('td', {}, num(`${of}.reexecutions`, 'int')),
      h('td', {}, num(`${of}.waits`, 'int')),
      REPORT.baseline === null ? null : changeCell(`${of}.baseline`),
    );
  }
}

// All blocks together.
function threadsTable() {
  const head = ['threads', 'ms', 'Mgas/s', 'speed-up', 'bound', 'executed', 'again', 'waits'];
  const rows = summary.threads.map((of, i) => {
    const cell = (name, format) => h('td', {}, num(`summary.threads.${i}.${name}`, format));
    return h(
      'tr',
      {class: of.threads === state.threads ? 'chosen' : ''},
      cell('threads', 'int'),
      cell('ms', 'ms'),
      cell('mgasPerSecond', 'int'),
      cell('speedUp', 'two'),
      cell('bound', 'two'),
      cell('executedOverCommitted', 'three'),
      cell('reexecutions', 'int'),
      cell('waits', 'int'),
    );
  });
  return [
    tableOf(head, rows),
    h(
      'p',
      {class: 'small soft'},
      'The bound: each transaction runs at once to the first read that depends on others and goes on when these have ended; ' +
        'moves of value commute and nonces are predicted; time is gas. Dashed: if transactions wait as a whole, before they begin. ' +
        'Executed: gas that was executed, over gas that was committed. Blocks of plain transfers may lie above the bound: ' +
        'account by account there is less to do than transaction by transaction.',
    ),
  ];
}

function costsTable(block) {
  const head = [
    'threads',
    'ms',
    'least',
    'most',
    'Mgas/s',
    'speed-up',
    'bound',
    'of bound',
    'CPU',
    'executed',
    'executions',
    'again',
    'waits',
    'given up',
    'ended early',
    'in turn',
  ];
  const rows = block.data.costs.map((cost, i) => {
    const path = `${block.path}.costs.${i}`;
    const cell = (name, format) => h('td', {}, num(`${path}.${name}`, format));
    return h(
      'tr',
      {},
      cell('threads', 'int'),
      cell('ms', 'ms'),
      cell('msLeast', 'ms'),
      cell('msMost', 'ms'),
      cell('mgasPerSecond', 'int'),
      cell('speedUp', 'two'),
      cell('bound', 'two'),
      cell('shareOfBound', 'percent'),
      cell('cpuOverWall', 'percent'),
      cell('executedOverCommitted', 'three'),
      cell('executions', 'int'),
      cell('reexecutions', 'int'),
      cell('waits', 'int'),
      cell('givenUp', 'int'),
      cell('earlyAborts', 'int'),
      cell('finishedSequentially', 'int'),
    );
  });
  return tableOf(head, rows);
}

function hottestTable(block) {
  const hottest = block.data.hottest;
  if (hottest.length === 0) return h('p', {class: 'soft'}, 'No transaction depends on another.');
  const rows = hottest.map((hot, i) => {
    const path = `${block.path}.hottest.${i}`;
    const [kind, address, slot] = block.data.locations[hot.location];
    const calls = hot.calls.map((call, j) => [
      j ? ', ' : '',
      text(`${block.path}.calls.${call.call}`),
      h('span', {class: 'soft'}, ' ', num(`${path}.calls.${j}.readers`, 'int')),
    ]);
    return h(
      'tr',
      {},
      h(
        'td',
        {},
        block.data.addressNames[address]
          ? text(`${block.path}.addressNames.${address}`)
          : h('span', {class: 'soft'}, 'unknown'),
      ),
      h('td', {class: 'left mono'}, shortHex(`${block.path}.addresses.${address}`)),
      h(
        'td',
        {class: 'left'},
        kind,
        slot ? [' ', h('span', {class: 'mono'}, shortHex(`${block.path}.locations.${hot.location}.2`))] : null,
      ),
      h('td', {}, num(`${path}.readers`, 'int')),
      h('td', {}, num(`${path}.writers`, 'int')),
      h('td', {}, num(`${path}.gas`, 'mega')),
      h('td', {class: 'left'}, calls),
    );
  });
  const head = ['contract', 'address', 'location', 'readers', 'writers', 'Mgas behind', 'by calls of'];
  return tableOf(head, rows, [0, 1, 2, 6]);
}

// "0x1234…abcd", and all of it on hovering.
function shortHex(path) {
  const whole = at(path);
  if (whole.length <= 14) return text(path);
  return h('span', {'data-path': path, 'data-format': 'shortHex', title: whole}, FORMATS.shortHex(whole));
}
FORMATS.shortHex = v => (v.length <= 14 ? v : `${v.slice(0, 8)}…${v.slice(-4)}`);

const MODELS = {
  M1: 'every location conflicts',
  M2n: 'moves of value commute',
  M2: 'and nonces are predicted',
  M3: 'and slots that are only added to commute',
};

function modelsTable(block) {
  const rows = Object.keys(block.data.models).map(model => {
    const path = `${block.path}.models.${model}`;
    return h(
      'tr',
      {},
      h('td', {}, label(model), ' ', h('span', {class: 'soft'}, MODELS[model])),
      h('td', {}, num(`${path}.dependencies`, 'int')),
      h('td', {}, num(`${path}.dependentTransactions`, 'int')),
      h('td', {}, num(`${path}.criticalGas`, 'mega')),
      h('td', {}, num(`${path}.criticalGasWaiting`, 'mega')),
    );
  });
  const head = ['conflicts', 'dependencies', 'dependent txs', 'critical path, Mgas', 'the same, waiting at reads'];
  return tableOf(head, rows);
}
