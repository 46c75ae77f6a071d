// Looks at a report as a reader would, in headless Chromium: opens it from its file, compares every number that is
// shown with report.json, zooms and pans, hovers and clicks, in light and dark, on a desktop, a phone and paper.
//   node report.js PLAYWRIGHT CHROMIUM FOLDER [SCREENSHOTS]
// FOLDER/before and FOLDER/after hold report.html and report.json; `after` was compared with a baseline.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const {formatted} = require('./formats.js');
const {DESKTOP, PHONE, open, compareNumbers, pickBlock} = require('./reader.js');
const {takeScreenshots} = require('./screenshots.js');

const [playwright, executablePath, folder, screenshots] = process.argv.slice(2);
const {chromium} = require(playwright);

async function checkNumbers(browser, name) {
  const {page, report, close} = await open(browser, path.join(folder, name));
  let compared = 0;
  for (const block of report.blocks) {
    await pickBlock(page, block.name);
    for (const of of await page.locator('#page > div:last-child .switch button').all()) {
      await of.click();
      compared += await compareNumbers(page, report);
    }
    // What a click pins: some of every kind.
    const bars = await page.evaluate(() => {
      const picture = hocket.state.pictures[0];
      if (!picture.bars) return [];
      const seen = new Map();
      picture.bars.kind.forEach((kind, i) =>
        seen.set(`${kind} ${Math.min(picture.bars.count[i], 2)} ${picture.bars.by[i] >= 0}`, i),
      );
      return [...seen.values()];
    });
    for (const bar of bars) {
      await page.evaluate(i => hocket.state.pictures[0].pick(i), bar);
      compared += await compareNumbers(page, report);
    }
    await page.evaluate(() => {
      const graph = hocket.state.pictures.find(picture => picture.nodes);
      if (graph) graph.pick(graph.count - 1);
    });
    compared += await compareNumbers(page, report);
  }
  assert(compared > 150 * report.blocks.length, `only ${compared} numbers`);
  await close();
  return compared;
}

const schedule = action => `hocket.state.pictures[0].${action}`;

// Zoom, pan, hover and click on the schedule of a block of 1,400 transactions or more.
async function checkSchedule(browser, name) {
  const {page, report, close} = await open(browser, path.join(folder, name));
  const block =
    report.blocks.find(of => of.name === 'mainnet 13287210') || report.blocks.find(of => of.transactions >= 1400);
  assert(block && block.transactions >= 1400, 'no block of 1,400 transactions');
  await pickBlock(page, block.name);
  const canvas = page.locator('canvas').first();
  await canvas.scrollIntoViewIfNeeded();
  const box = await canvas.boundingBox();
  const inside = async (x, y) => page.mouse.move(box.x + x * box.width, box.y + y);

  // Every bar is there: none hides behind a cap.
  const {bars, lanes, height} = await page.evaluate(() => {
    const picture = hocket.state.pictures[0];
    return {bars: picture.count, lanes: picture.lanes.length, height: picture.top(0) + picture.laneHeight / 2};
  });
  assert(bars >= block.transactions, `${bars} bars for ${block.transactions} transactions`);

  await page.evaluate(() => {
    window.work = [];
    const viewport = hocket.state.pictures[0].viewport;
    const draw = viewport.draw.bind(viewport);
    viewport.draw = () => {
      draw();
      window.work.push({ms: viewport.drawMs, drawn: viewport.drawn});
    };
  });
  await inside(0.5, height);
  const before = await page.evaluate(`(v => v.value(v.width / 2))(${schedule('viewport')})`);
  for (let i = 0; i < 25; ++i) await page.mouse.wheel(0, -120);
  // The wheel zooms, and what is under the pointer stays there.
  await page.waitForFunction(`(v => v.to - v.from < v.span / 50)(${schedule('viewport')})`);
  const middle = await page.evaluate(`(v => v.value(v.width / 2))(${schedule('viewport')})`);
  const span = await page.evaluate(schedule('viewport.span'));
  assert(Math.abs(middle - before) < span / 500, 'the pointer is no fixed point');

  const from = await page.evaluate(schedule('viewport.from'));
  await page.mouse.down();
  for (let i = 1; i <= 20; ++i) await inside(0.5 - i / 50, height);
  await page.mouse.up();
  await page.waitForFunction(`${schedule('viewport.from')} > ${from}`); // dragging pans

  await canvas.focus();
  for (let i = 0; i < 10; ++i) await page.keyboard.press('-');
  await page.keyboard.press('0');
  await page.waitForFunction(`(v => v.from === 0 && v.to === v.span)(${schedule('viewport')})`); // 0 shows all

  const work = await page.evaluate(() => window.work);
  assert(work.length >= 20, `only ${work.length} frames`);
  // What a frame costs does not grow with the block: by the pixels, and in time (a loaded machine may be slow at times).
  const most = 3 * lanes * box.width + 500;
  for (const of of work) assert(of.drawn <= most, `${of.drawn} things drawn, for ${most} pixels`);
  const times = work.map(of => of.ms).sort((a, b) => a - b);
  const median = times[times.length >> 1];
  assert(median < 16, `half of the frames take longer than ${median} ms`);

  // Where there is a bar, its colour is on the canvas, and hovering says what it is.
  const bar = await page.evaluate(() => {
    const {bars, viewport, count} = hocket.state.pictures[0];
    const length = i => bars.end[i] - bars.begin[i];
    let widest = -1;
    for (let i = 0; i < count; ++i) {
      if (bars.count[i] === 1 && (widest < 0 || length(i) > length(widest))) widest = i;
    }
    viewport.show(bars.begin[widest] - length(widest), bars.end[widest] + length(widest));
    return {index: widest, txn: bars.txn[widest]};
  });
  await page.waitForFunction(`!${schedule('viewport.pending')}`);
  const {x, y, found, expected} = await page.evaluate(i => {
    const {bars, viewport, colours, laneHeight} = hocket.state.pictures[0];
    const top = hocket.state.pictures[0].top(bars.worker[i]);
    const middle = viewport.x((bars.begin[i] + bars.end[i]) / 2);
    const pixel = context => [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
    const probe = document.createElement('canvas').getContext('2d');
    probe.fillStyle = colours[bars.kind[i]];
    probe.fillRect(0, 0, 1, 1);
    const seen = viewport.context.getImageData(middle * viewport.scale, (top + 3) * viewport.scale, 1, 1).data;
    return {
      x: middle / viewport.width,
      y: top + laneHeight / 2,
      found: [...seen.slice(0, 3)],
      expected: pixel(probe),
    };
  }, bar.index);
  assert.deepStrictEqual(found, expected, 'the bar has its colour');
  await inside(x + 0.001, y);
  await inside(x, y);
  await page.waitForFunction(() => !document.getElementById('tip').hidden);
  const tip = await page.locator('#tip').innerText();
  const row = block.details.index.indexOf(bar.txn);
  assert(tip.includes(`transaction ${bar.txn}`), tip);
  assert(tip.includes(block.details.hash[row]), 'the hash is in ' + tip);
  assert(tip.includes(formatted(block.details.gas[row], 'int')), 'the gas is in ' + tip);
  assert(/reads|writes|adds/.test(tip), 'reads and writes are in ' + tip);
  await compareNumbers(page, report);
  await page.mouse.click(box.x + x * box.width, box.y + y);
  assert(
    (await page.locator('.card').first().innerText()).includes(block.details.hash[row]),
    'a click pins the details',
  );
  await close();
  return {frames: work.length, median};
}

// Waits and lost executions say by whom, and lines lead to them. Whether a run has any is chance, so some are written into
// a copy of the report: transaction 30 waits for 10, and 40 was executed in vain because of 20.
async function checkCauses(browser) {
  const report = JSON.parse(fs.readFileSync(path.join(folder, 'before', 'report.json'), 'utf8'));
  const number = report.blocks.findIndex(block => block.name === 'dex/zipf-pairs');
  const block = report.blocks[number];
  const {bars} = block.schedules[0];
  for (const column of Object.keys(bars)) bars[column] = [];
  const kinds = {first: 0, again: 1, lost: 2, waiting: 3};
  const add = (worker, kind, txn, begin, by = -1) => {
    const bar = {
      worker,
      kind: kinds[kind],
      txn,
      last: txn,
      count: 1,
      begin: begin * 1000,
      end: begin * 1000 + 900,
      by,
      at: by < 0 ? -1 : 0,
    };
    for (const [column, of] of Object.entries(bar)) bars[column].push(of);
  };
  add(0, 'first', 10, 0);
  add(0, 'first', 20, 2);
  add(0, 'first', 30, 4);
  add(1, 'waiting', 30, 0, 10);
  add(1, 'lost', 40, 1, 20);
  add(1, 'again', 40, 3);
  const html = fs.readFileSync(path.join(folder, 'before', 'report.html'), 'utf8');
  const at = html.indexOf('>', html.indexOf('id="report"')) + 1;
  fs.mkdirSync(path.join(folder, 'causes'), {recursive: true});
  fs.writeFileSync(path.join(folder, 'causes', 'report.json'), JSON.stringify(report));
  fs.writeFileSync(
    path.join(folder, 'causes', 'report.html'),
    html.slice(0, at) + JSON.stringify(report).replaceAll('<', '\\u003c') + html.slice(html.indexOf('</script', at)),
  );

  const {page, close} = await open(browser, path.join(folder, 'causes'));
  await pickBlock(page, block.name);
  await page.locator('.switch button').first().click();
  for (const [bar, outcome, words] of [
    [3, 'up to a wait', 'for transaction 10, '],
    [4, 'for nothing', 'because of transaction 20, '],
    [5, 're-executed, committed', 'transaction 40'],
    [0, 'committed first time', 'transaction 10'],
  ]) {
    await page.evaluate(i => hocket.state.pictures[0].pick(i), bar);
    const card = await page.locator('.card').first().innerText();
    assert(card.includes(outcome) && card.includes(words), card);
    await compareNumbers(page, report);
  }
  // The two lines are drawn, and are not when nobody wants them.
  const picture = () =>
    page.evaluate(() => {
      const {viewport} = hocket.state.pictures[0];
      viewport.draw();
      return {drawn: viewport.drawn, image: viewport.canvas.toDataURL()};
    });
  const withLines = await picture();
  await page.locator('input[type=checkbox]').uncheck();
  const without = await picture();
  assert.strictEqual(withLines.drawn - without.drawn, 2);
  assert.notStrictEqual(withLines.image, without.image);
  await close();
}

async function checkBaseline(browser) {
  const {page, report, close} = await open(browser, path.join(folder, 'after'));
  const verdicts = await page.locator('#page .scroll').first().locator('xpath=following::*').count();
  assert(verdicts > 0);
  // On a busy machine another block may be slower by itself, on one thread alone, which has no button.
  const isSlower = cost => cost.threads > 1 && cost.baseline && cost.baseline.verdict === 'slower';
  const slower = report.blocks.findIndex(block => block.costs.some(isSlower));
  assert(slower >= 0, 'a baseline that was made eight times as fast: something must be slower');
  const {threads} = report.blocks[slower].costs.find(isSlower);
  await page
    .locator('.switch button', {hasText: `${threads} threads`})
    .first()
    .click();
  const row = page.locator('tbody tr', {has: page.locator('button.pick', {hasText: report.blocks[slower].name})});
  assert.match(await row.locator('td.bad').innerText(), /^\+\d+\.\d % slower$/);
  assert(report.summary.changes.slower >= 1);
  await close();
}

// Contrast of text, as WCAG 2 has it.
function contrast(a, b) {
  const luminance = colour =>
    colour
      .map(of => of / 255)
      .map(of => (of <= 0.03928 ? of / 12.92 : ((of + 0.055) / 1.055) ** 2.4))
      .reduce((sum, of, i) => sum + of * [0.2126, 0.7152, 0.0722][i], 0);
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

async function checkAppearance(browser, name) {
  const papers = {};
  for (const colorScheme of ['light', 'dark']) {
    for (const [device, viewport] of [
      ['desktop', DESKTOP],
      ['phone', PHONE],
    ]) {
      const {page, report, close} = await open(browser, path.join(folder, name), {
        viewport,
        colorScheme,
        hasTouch: device === 'phone',
        isMobile: device === 'phone',
      });
      // A phone's window grows with what is in it: its screen does not.
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert(wide <= viewport.width, `${device}: ${wide} pixels on a screen of ${viewport.width}`);
      const colours = await page.evaluate(() =>
        Object.fromEntries(
          ['paper', 'panel', 'ink', 'soft', 'accent', 'good', 'bad'].map(of => {
            const probe = document.createElement('canvas').getContext('2d');
            probe.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--' + of);
            probe.fillRect(0, 0, 1, 1);
            return [of, [...probe.getImageData(0, 0, 1, 1).data.slice(0, 3)]];
          }),
        ),
      );
      for (const ink of ['ink', 'soft', 'accent', 'good', 'bad'])
        for (const paper of ['paper', 'panel'])
          assert(contrast(colours[ink], colours[paper]) >= 4.5, `${colorScheme}: ${ink} on ${paper}`);
      papers[colorScheme] = colours.paper;
      await compareNumbers(page, report);
      await close();
    }
  }
  assert.notDeepStrictEqual(papers.light, papers.dark);

  const {page, close} = await open(browser, path.join(folder, name), {colorScheme: 'dark'});
  await page.emulateMedia({media: 'print'});
  assert.strictEqual(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(255, 255, 255)');
  for (const tools of await page.locator('.tools').all()) assert(!(await tools.isVisible()), 'no buttons on paper');
  assert((await page.pdf({format: 'A4'})).length > 10000);
  await close();
}

async function main() {
  const browser = await chromium.launch({executablePath, args: ['--no-sandbox'], timeout: 120_000});
  try {
    if (screenshots) {
      await takeScreenshots(browser, path.join(folder, 'before'), screenshots);
      return;
    }
    const numbers = (await checkNumbers(browser, 'before')) + (await checkNumbers(browser, 'after'));
    const large = JSON.parse(fs.readFileSync(path.join(folder, 'large', 'report.json'), 'utf8')).blocks[0];
    assert(large.schedules[0].barsShown < large.schedules[0].barsBefore && large.detailsShown < large.transactions);
    await checkNumbers(browser, 'large');
    const size = fs.statSync(path.join(folder, 'large', 'report.html')).size;
    assert(size < 8e6, `${large.transactions} transactions make a page of ${size} bytes`);
    const {frames, median} = await checkSchedule(browser, 'before');
    await checkCauses(browser);
    await checkBaseline(browser);
    await checkAppearance(browser, 'after');
    console.log(
      `report: ${numbers} numbers as in report.json; ${frames} frames of zooming and panning, half of them within ` +
        `${median.toFixed(1)} ms; light, dark, phone and paper`,
    );
  } finally {
    await browser.close();
  }
}

main().catch(error => {
  console.error(error);
  process.exit(1);
});
