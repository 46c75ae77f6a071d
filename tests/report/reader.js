// A reader of a report: opens its page, picks blocks, and compares what the page shows with report.json.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const {formatted} = require('./formats.js');

const DESKTOP = {width: 1240, height: 900};
const PHONE = {width: 390, height: 844};

const value = (report, at) => at.split('.').reduce((of, key) => of[key], report);

// A page that fails the test if it complains about anything or asks for anything but its own file.
// `folder`: where report.html and report.json are.
async function open(browser, folder, options = {}) {
  const context = await browser.newContext({viewport: DESKTOP, reducedMotion: 'reduce', ...options});
  const page = await context.newPage();
  page.setDefaultTimeout(120_000); // a loaded machine is no reason to fail
  const complaints = [];
  page.on('console', message => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', error => complaints.push(String(error.stack)));
  page.on('request', request => {
    if (!/^(file|data):/.test(request.url())) complaints.push(`asks for ${request.url()}`);
  });
  await page.goto('file://' + path.join(folder, 'report.html'));
  const report = JSON.parse(fs.readFileSync(path.join(folder, 'report.json'), 'utf8'));
  const close = async () => {
    assert.deepStrictEqual(complaints, [], 'the page complains');
    await context.close();
  };
  return {page, report, close};
}

// What the page shows of report.json: [{path, minus, format, text}], and text with digits that is not marked as such.
function readPage() {
  const shown = [...document.querySelectorAll('[data-path]')].map(element => ({
    path: element.dataset.path,
    minus: element.dataset.minus,
    format: element.dataset.format,
    text: element.textContent,
  }));
  const strays = [];
  for (const root of [document.getElementById('page'), document.getElementById('tip')]) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (/[0-9]/.test(node.textContent) && !node.parentElement.closest('[data-path],[data-label]'))
        strays.push(node.textContent);
    }
  }
  return {shown, strays};
}

async function compareNumbers(page, report) {
  const {shown, strays} = await page.evaluate(readPage);
  assert.deepStrictEqual(strays, [], 'numbers that are not from report.json');
  for (const of of shown) {
    const number = of.minus ? value(report, of.path) - value(report, of.minus) : value(report, of.path);
    assert.strictEqual(of.text, formatted(number, of.format), of.path);
  }
  return shown.length;
}

// One column per name of the blocks' table.
const pickBlock = (page, name) =>
  page.locator('button.pick', {hasText: new RegExp(`^${name.replaceAll('/', '\\/')}$`)}).click();

module.exports = {DESKTOP, PHONE, open, compareNumbers, pickBlock};
