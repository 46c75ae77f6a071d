// The page from top to bottom.

const summary = REPORT.summary;
const allThreads = summary.threads.map(of => of.threads);
const state = {threads: allThreads.at(-1), block: 0, pictures: []};

const tile = (name, value, note, tone) =>
  h(
    'div',
    {class: 'tile'},
    h('div', {class: 'label'}, name),
    h('div', {class: 'value ' + (tone || '')}, value),
    h('div', {class: 'note'}, note),
  );

function switchOf(name, values, chosen, format, onPick) {
  return h(
    'div',
    {class: 'switch', role: 'group', 'aria-label': name},
    values.map(({value, content}) =>
      h('button', {type: 'button', 'aria-pressed': String(value === chosen), onclick: () => onPick(value)}, content),
    ),
  );
}

function threadsSwitch() {
  const choices = summary.threads
    .map((of, i) => ({value: of.threads, content: [num(`summary.threads.${i}.threads`, 'text'), ' threads']}))
    .filter(choice => choice.value > 1);
  if (choices.length < 2) return null;
  return switchOf('threads', choices, state.threads, 'text', threads => {
    state.threads = threads;
    drawAll();
  });
}

function header() {
  const hasBlocks = REPORT.blocks.length > 0;
  return h(
    'header',
    {},
    h(
      'h1',
      {},
      'Parallel execution: ',
      num('summary.blocks', 'int'),
      REPORT.blocks.length === 1 ? ' block' : ' blocks',
    ),
    h(
      'p',
      {class: 'soft'},
      num('summary.transactions', 'int'),
      ' transactions, ',
      num('summary.gas', 'mega'),
      ' Mgas · ',
      text('machine.processor'),
      ', ',
      num('machine.cores', 'int'),
      ' cores · ',
      text('time'),
      ' · ',
      text('program'),
    ),
    h(
      'p',
      {class: 'soft small'},
      h('code', {}, text('command')),
      hasBlocks
        ? [
            ' · medians of ',
            num('repeat', 'int'),
            ' executions each, in turns; every result equals the sequential one’s',
          ]
        : null,
    ),
  );
}

function tiles() {
  const i = summary.threads.findIndex(of => of.threads === state.threads);
  const path = `summary.threads.${i}`;
  const of = summary.threads[i];
  const cells = [
    tile(
      ['Speed-up on ', num(`${path}.threads`, 'text'), ' threads'],
      num(`${path}.speedUp`, 'times'),
      ['dependencies allow ', num(`${path}.bound`, 'two'), '; ', num(`${path}.shareOfBound`, 'percent'), ' of that'],
      of.speedUp < 1 ? 'bad' : '',
    ),
    tile(
      'Throughput',
      [num(`${path}.mgasPerSecond`, 'int'), h('span', {class: 'small'}, ' Mgas/s')],
      ['sequentially ', num('summary.threads.0.mgasPerSecond', 'int')],
    ),
    tile(
      'Wasted work',
      num(`${path}.executedOverCommitted`, 'three'),
      [
        'executed over committed gas; ',
        num(`${path}.reexecutions`, 'int'),
        ' of ',
        num(`${path}.executions`, 'int'),
        ' executions again',
      ],
      of.executedOverCommitted > 1.1 ? 'bad' : '',
    ),
    tile(
      'Slowest block',
      num(`${path}.speedUpLeast`, 'times'),
      ['the least speed-up; geometric mean ', num(`${path}.speedUpGeometricMean`, 'two')],
      of.speedUpLeast < 0.97 ? 'bad' : '',
    ),
  ];
  if (REPORT.baseline)
    cells.push(
      tile(
        'Since the baseline',
        [num('summary.changes.slower', 'int'), h('span', {class: 'small'}, ' slower')],
        [
          num('summary.changes.faster', 'int'),
          ' faster, ',
          num('summary.changes.same', 'int'),
          ' within noise, ',
          num('summary.changes.unknown', 'int'),
          ' with too few repeats, ',
          num('summary.changes.notCompared', 'int'),
          ' not there',
        ],
        summary.changes.slower ? 'bad' : 'good',
      ),
    );
  return h('div', {class: 'tiles'}, cells);
}

function baselineNote() {
  if (!REPORT.baseline) return null;
  const other = REPORT.baseline.processor !== REPORT.machine.processor;
  return h(
    'p',
    {class: 'small soft'},
    'Baseline: ',
    text('baseline.file'),
    ', ',
    text('baseline.time'),
    other ? [', measured on another processor: ', text('baseline.processor')] : null,
    '. Marked is what differs by more than ',
    num('baseline.leastChange', 'percent'),
    ' and by chance at most once in a hundred times (rank sums of the repeats).',
  );
}

function chart(title, measured, bounds) {
  return h(
    'div',
    {class: 'figure'},
    h('h3', {}, title),
    chartLegend(bounds),
    speedUpChart(measured, bounds, 'speed-up against threads, with the dependency bound'),
  );
}

const measuredOf = block => block.data.costs.map(cost => ({threads: cost.threads, speedUp: cost.speedUp}));

function facts(block) {
  const path = block.path;
  const cost = block.data.costs.findIndex(of => of.threads === state.threads);
  const fact = (name, value) => h('div', {}, h('span', {class: 'label'}, name), h('span', {class: 'value'}, value));
  return h(
    'div',
    {class: 'facts'},
    fact('transactions', num(`${path}.transactions`, 'int')),
    fact('Mgas', num(`${path}.gas`, 'mega')),
    cost < 0
      ? null
      : fact('speed-up', [
          num(`${path}.costs.${cost}.speedUp`, 'two'),
          h('span', {class: 'small soft'}, ' of at most ', num(`${path}.costs.${cost}.bound`, 'two')),
        ]),
    fact('critical path', [
      num(`${path}.criticalGas`, 'mega'),
      h('span', {class: 'small soft'}, ' Mgas, ', num(`${path}.criticalTransactions`, 'int'), ' txs'),
    ]),
    fact('the same in time', [
      num(`${path}.criticalMs`, 'ms'),
      h('span', {class: 'small soft'}, ' of ', num(`${path}.transactionsMs`, 'ms')),
    ]),
  );
}

function blockSection(index) {
  const block = new Block(index);
  state.pictures = [];
  const number = block.data.schedules.findIndex(of => of.threads === state.threads);
  const parts = [
    h('div', {class: 'row'}, h('h2', {id: 'block'}, text(`${block.path}.name`)), threadsSwitch()),
    h(
      'p',
      {class: 'soft small'},
      'block ',
      num(`${block.path}.number`, 'text'),
      ', ',
      text(`${block.path}.fork`),
      ', ',
      h('span', {class: 'mono'}, text(`${block.path}.hash`)),
    ),
    facts(block),
  ];
  if (number >= 0) {
    const picture = new SchedulePicture(block, number);
    state.pictures.push(picture);
    parts.push(
      h(
        'div',
        {class: 'row'},
        h('h3', {}, 'Schedule'),
        h(
          'div',
          {class: 'tools'},
          h(
            'label',
            {class: 'small'},
            h('input', {
              type: 'checkbox',
              checked: true,
              onchange: event => {
                picture.links = event.target.checked;
                picture.viewport.invalidate();
              },
            }),
            ' causes',
          ),
          tools(picture.viewport),
        ),
      ),
      h(
        'p',
        {class: 'small soft screen'},
        'A lane a worker. Wheel or pinch zooms, dragging pans, a click pins the details; lines lead from the transaction that a wait or a lost execution is due to.',
      ),
      picture.element,
    );
  }
  if (block.data.graph.dependent > 0) {
    const graph = new GraphPicture(block);
    state.pictures.push(graph);
    parts.push(h('div', {class: 'row'}, h('h3', {}, 'Dependency graph'), tools(graph.viewport)), graph.element);
  } else {
    parts.push(
      h('h3', {}, 'Dependency graph'),
      h('p', {class: 'soft'}, 'No transaction needs what another has changed.'),
    );
  }
  parts.push(h('h3', {}, 'Hottest locations'), hottestTable(block));
  parts.push(h('h3', {}, 'Costs'), costsTable(block));
  const models = h('div', {class: 'figure'}, h('h3', {}, 'What conflicts, under four notions'), modelsTable(block));
  parts.push(
    h(
      'div',
      {class: 'columns'},
      REPORT.blocks.length > 1
        ? chart('Speed-up against threads, this block', measuredOf(block), block.data.bounds)
        : null,
      models,
    ),
  );
  if (block.data.detailsShown < block.data.transactions)
    parts.push(
      h(
        'p',
        {class: 'small soft'},
        'Left out: the details of all but ',
        num(`${block.path}.detailsShown`, 'int'),
        ' of ',
        num(`${block.path}.transactions`, 'int'),
        ' transactions.',
      ),
    );
  return h('section', {}, parts);
}

const table = new BlocksTable(index => {
  state.block = index;
  drawBlock();
  table.draw(state.threads, state.block);
  document.getElementById('block').scrollIntoView({behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth'});
});
const top_ = h('div', {});
const below = h('div', {});

function drawTop() {
  if (REPORT.blocks.length === 0) return;
  top_.replaceChildren(
    ...[
      h('div', {class: 'row'}, threadsSwitch()),
      tiles(),
      baselineNote(),
      h(
        'div',
        {class: 'columns'},
        chart(
          'Speed-up against threads' + (REPORT.blocks.length > 1 ? ', all blocks' : ''),
          summary.threads,
          summary.bounds,
        ),
        h('div', {class: 'figure'}, h('h3', {}, 'By number of threads'), threadsTable()),
      ),
    ].filter(Boolean),
  );
}

function drawBlock() {
  if (REPORT.blocks.length > 0) below.replaceChildren(blockSection(state.block));
}

function drawAll() {
  drawTop();
  table.draw(state.threads, state.block);
  drawBlock();
}

document.getElementById('page').replaceChildren(header(), top_, h('h2', {}, 'Blocks'), table.element, below);
drawAll();
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () =>
  state.pictures.forEach(picture => picture.repaint()),
);
addEventListener('beforeprint', () => state.pictures.forEach(picture => picture.repaint()));
addEventListener('afterprint', () => state.pictures.forEach(picture => picture.repaint()));
// For the tests.
window.hocket = {report: REPORT, state};
