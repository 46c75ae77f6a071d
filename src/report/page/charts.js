// Speed-up against threads, with what the dependencies allow.

const SVG = 'http://www.w3.org/2000/svg';

function s(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

// `measured`: [{threads, speedUp}], `bounds`: [{workers, bound, boundWhole}]
function speedUpChart(measured, bounds, description) {
  const width = 560,
    height = 250,
    left = 40,
    right = 14,
    top = 14,
    bottom = 36;
  const threads = measured.map(of => of.threads);
  const most = Math.min(64, Math.max(16, 4 * Math.max(...threads)));
  const shown = bounds.filter(of => of.workers <= most);
  const highest = Math.max(2, ...shown.map(of => Math.max(of.bound, of.boundWhole)), ...measured.map(of => of.speedUp));
  const logarithmic = highest > 8;
  const x = value => left + (Math.log2(value) / Math.log2(most)) * (width - left - right);
  const y = value => {
    const share = logarithmic
      ? Math.log2(Math.max(value, 0.5) / 0.5) / Math.log2((highest * 1.1) / 0.5)
      : value / (highest * 1.1);
    return height - bottom - share * (height - top - bottom);
  };
  const line = points =>
    points.map((of, i) => `${i ? 'L' : 'M'}${x(of[0]).toFixed(1)} ${y(of[1]).toFixed(1)}`).join('');
  const svg = s('svg', {viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': description});

  const marks = logarithmic
    ? [0.5, 1, 2, 4, 8, 16, 32, 64].filter(mark => mark <= highest * 1.1)
    : steps(0, highest * 1.1, 5).marks;
  for (const mark of marks) {
    svg.append(
      s('line', {x1: left, x2: width - right, y1: y(mark), y2: y(mark), stroke: 'var(--line)'}),
      s('text', {x: left - 6, y: y(mark) + 4, 'text-anchor': 'end', 'data-label': ''}, String(mark)),
    );
  }
  for (let mark = 1; mark <= most; mark *= 2)
    svg.append(
      s('text', {x: x(mark), y: height - bottom + 18, 'text-anchor': 'middle', 'data-label': ''}, String(mark)),
    );
  svg.append(s('text', {x: (left + width - right) / 2, y: height - 4, 'text-anchor': 'middle'}, 'threads'));
  svg.append(
    s('line', {x1: left, x2: width - right, y1: y(1), y2: y(1), stroke: 'var(--soft)', 'stroke-dasharray': '2 4'}),
  );

  const bound = shown.map(of => [of.workers, of.bound]);
  const floor = height - bottom;
  svg.append(
    s('path', {
      d: `${line(bound)}L${x(bound.at(-1)[0])} ${floor}L${x(bound[0][0])} ${floor}Z`,
      fill: 'var(--bound)',
      opacity: 0.13,
    }),
    s('path', {d: line(bound), fill: 'none', stroke: 'var(--bound)', 'stroke-width': 2}),
    s('path', {
      d: line(shown.map(of => [of.workers, of.boundWhole])),
      fill: 'none',
      stroke: 'var(--bound)',
      'stroke-width': 1.5,
      'stroke-dasharray': '5 4',
    }),
    s('path', {
      d: line(measured.map(of => [of.threads, of.speedUp])),
      fill: 'none',
      stroke: 'var(--accent)',
      'stroke-width': 2.5,
    }),
  );
  for (const of of measured)
    svg.append(
      s('circle', {
        cx: x(of.threads),
        cy: y(of.speedUp),
        r: 4.5,
        fill: 'var(--accent)',
        stroke: 'var(--paper)',
        'stroke-width': 1.5,
      }),
    );
  return svg;
}

// `bounds`: as speedUpChart's.
function chartLegend(bounds) {
  // The dashed line lies on the other one then, where nobody sees it.
  const isSame = bounds.every(of => of.bound === of.boundWhole);
  const key = (style, name) => h('span', {class: 'key'}, h('span', {class: 'swatch', style}), name);
  return h(
    'div',
    {class: 'legend'},
    key('background:var(--accent)', 'measured'),
    key('background:var(--bound)', 'dependency bound'),
    key(
      'background:repeating-linear-gradient(90deg,var(--bound) 0 5px,transparent 5px 9px);height:3px',
      'the same if transactions wait as a whole' + (isSame ? ' (here it is equal)' : ''),
    ),
    key(
      'background:repeating-linear-gradient(90deg,var(--soft) 0 2px,transparent 2px 6px);height:1px',
      'as fast as sequentially',
    ),
  );
}
