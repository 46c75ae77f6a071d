// What a number looks like, and how text gets into the page. Every number that is shown stands in an element that names
// where in report.json it is (data-path) and how it is written (data-format): tests/report compares all of them.

const REPORT = JSON.parse(document.getElementById('report').textContent);

const at = path => path.split('.').reduce((of, key) => of[key], REPORT);

const grouped = new Intl.NumberFormat('en-US', {maximumFractionDigits: 0});

const FORMATS = {
  int: v => grouped.format(v),
  two: v => v.toFixed(2),
  three: v => v.toFixed(3),
  times: v => v.toFixed(2) + '×',
  ms: v => (v >= 100 ? v.toFixed(1) : v >= 10 ? v.toFixed(2) : v.toFixed(3)) + ' ms',
  us: v => (v >= 1000 ? grouped.format(v) : v.toFixed(1)) + ' µs',
  nsAsUs: v => FORMATS.us(v / 1e3),
  mega: v => (v >= 1e9 ? grouped.format(v / 1e6) : (v / 1e6).toFixed(v >= 1e6 ? 1 : 3)),
  percent: v => (100 * v).toFixed(0) + ' %',
  change: v => (v >= 1 ? '+' : '−') + Math.abs(100 * (v - 1)).toFixed(1) + ' %',
  text: v => String(v),
};

// An element; a child is an element, a text or a list of these.
function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat(Infinity).filter(child => child != null && child !== false));
  return element;
}

// The value at `path` of report.json. `minus`: less the value at that path.
function num(path, format, minus) {
  const value = minus ? at(path) - at(minus) : at(path);
  const attributes = {'data-path': path, 'data-format': format, 'data-minus': minus};
  return h('span', attributes, value == null ? '–' : FORMATS[format](value));
}

// A name or a hash, which may hold digits: the same rule.
const text = path => num(path, 'text');

// What belongs to a scale or to the wording and is in no report.
const label = (...children) => h('span', {'data-label': true}, ...children);

const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
