// Pictures of a report for docs/: what one would like to see first.
'use strict';

const path = require('node:path');
const {PHONE, open, pickBlock} = require('./reader.js');

// `folder`: where the report is; `into`: where the pictures go.
async function takeScreenshots(browser, folder, into) {
  const shot = async (file, options, block, prepare) => {
    const {page, close} = await open(browser, folder, options);
    if (block) {
      await pickBlock(page, block);
      await page.waitForTimeout(900);
    }
    if (prepare) await prepare(page);
    await page.waitForTimeout(200);
    await page.screenshot({path: path.join(into, file)});
    await close();
  };
  await shot('report-summary.png', {viewport: {width: 1180, height: 1000}, colorScheme: 'light'});
  await shot(
    'report-schedule.png',
    {viewport: {width: 1180, height: 980}, colorScheme: 'dark'},
    'dex/zipf-pairs',
    async page => {
      // Around the first lost execution, with its details.
      await page.evaluate(() => {
        const picture = hocket.state.pictures[0];
        const {bars, viewport} = picture;
        const lost = bars.kind.findIndex((kind, i) => kind === 2 && bars.by[i] >= 0);
        if (lost < 0) return;
        const length = viewport.span / 22;
        viewport.show(bars.begin[lost] - length / 2, bars.end[lost] + length / 2);
        picture.pick(lost);
      });
    },
  );
  await shot('report-phone.png', {
    viewport: PHONE,
    colorScheme: 'dark',
    isMobile: true,
    hasTouch: true,
    deviceScaleFactor: 1,
  });
}

module.exports = {takeScreenshots};
