// How the page must write a number: said here once more, apart from the page's own code.
'use strict';

function withCommas(number) {
  return String(Math.round(number)).replace(/\B(?=(\d{3})+$)/g, ',');
}

function formatted(value, format) {
  if (value === null || value === undefined) return '–';
  switch (format) {
    case 'text':
      return `${value}`;
    case 'int':
      return withCommas(value);
    case 'two':
      return value.toFixed(2);
    case 'three':
      return value.toFixed(3);
    case 'times':
      return `${value.toFixed(2)}×`;
    case 'ms':
      return `${value.toFixed(value < 10 ? 3 : value < 100 ? 2 : 1)} ms`;
    case 'us':
      return `${value < 1000 ? value.toFixed(1) : withCommas(value)} µs`;
    case 'nsAsUs':
      return formatted(value / 1000, 'us');
    case 'mega':
      if (value >= 1e9) return withCommas(value / 1e6);
      return (value / 1e6).toFixed(value < 1e6 ? 3 : 1);
    case 'percent':
      return `${(100 * value).toFixed(0)} %`;
    case 'change':
      return `${value < 1 ? '−' : '+'}${Math.abs(100 * (value - 1)).toFixed(1)} %`;
    case 'shortHex':
      return value.length > 14 ? `${value.slice(0, 8)}…${value.slice(-4)}` : value;
    default:
      throw new Error(`no such format: ${format}`);
  }
}

module.exports = {formatted};
