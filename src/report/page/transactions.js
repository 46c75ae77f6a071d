// What is known of one transaction, in the tooltip and below a picture.

const KINDS = ['firstTime', 'reexecution', 'lost', 'waiting', 'inTurn', 'accounts', 'bookkeeping'];
const KIND_NAMES = {
  firstTime: 'committed first time',
  reexecution: 're-executed, committed',
  lost: 'for nothing',
  waiting: 'up to a wait',
  inTurn: 'in turn, sequentially',
  accounts: 'account by account',
  bookkeeping: 'validating, committing',
};
const KIND_COLOURS = {
  firstTime: '--first',
  reexecution: '--again',
  lost: '--lost',
  waiting: '--waiting',
  inTurn: '--turn',
  accounts: '--accounts',
  bookkeeping: '--books',
};

class Block {
  constructor(index) {
    this.index = index;
    this.path = `blocks.${index}`;
    this.data = REPORT.blocks[index];
    this.rows = new Map(this.data.details.index.map((txn, row) => [txn, row]));
  }

  // "Token 0x12…" of an address
  address(number) {
    const name = this.data.addressNames[number];
    return [
      name ? [text(`${this.path}.addressNames.${number}`), ' '] : null,
      h('span', {class: 'mono'}, text(`${this.path}.addresses.${number}`)),
    ];
  }

  // "slot 0x0 of Token 0x12…"
  location(number) {
    if (number < 0) return null;
    const [kind, address, slot] = this.data.locations[number];
    return [
      kind,
      slot ? [' ', h('span', {class: 'mono'}, text(`${this.path}.locations.${number}.2`))] : null,
      ' of ',
      this.address(address),
    ];
  }

  // The same in one line: the whole of it on hovering.
  shortLocation(number) {
    const [kind, address, slot] = this.data.locations[number];
    const name = this.data.addressNames[address];
    return [
      kind,
      slot ? [' ', h('span', {class: 'mono'}, shortHex(`${this.path}.locations.${number}.2`))] : null,
      ' of ',
      name ? [text(`${this.path}.addressNames.${address}`), ' '] : null,
      h('span', {class: 'mono'}, shortHex(`${this.path}.addresses.${address}`)),
    ];
  }

  call(row) {
    return text(`${this.path}.calls.${this.data.details.call[row]}`);
  }

  // All of one transaction; `most`: of its reads and writes.
  describe(txn, most) {
    const row = this.rows.get(txn);
    if (row === undefined)
      return h('p', {class: 'soft'}, 'The details of this transaction were left out: see the note below the picture.');
    const details = this.data.details;
    const path = `${this.path}.details`;
    const to = details.to[row];
    const pairs = h(
      'div',
      {class: 'pairs'},
      h('span', {}, 'hash'),
      h('span', {class: 'mono'}, text(`${path}.hash.${row}`)),
      h('span', {}, 'target'),
      h('span', {}, to < 0 ? 'a new contract' : this.address(to)),
      h('span', {}, 'call'),
      h('span', {}, this.call(row)),
      h('span', {}, 'gas'),
      h('span', {}, num(`${path}.gas.${row}`, 'int'), ' in ', num(`${path}.us.${row}`, 'us'), ' alone'),
    );
    return [pairs, this.accesses(row, most)];
  }

  accesses(row, most) {
    const list = this.data.details.accesses[row];
    const names = ['', 'reads', 'writes', 'reads, writes', 'adds', 'adds, reads', 'adds', 'adds, reads'];
    // What others might want too comes first: slots, then the rest.
    const order = list.map((access, i) => i).sort((a, b) => this.rank(list[a]) - this.rank(list[b]) || a - b);
    const items = order
      .slice(0, most)
      .map(i =>
        h('li', {}, h('span', {class: 'how'}, names[list[i] & 7]), ' ', this.shortLocation(Math.floor(list[i] / 8))),
      );
    const path = `${this.path}.details`;
    const left = this.data.details.accessesInAll[row] > items.length;
    return [
      h('ul', {class: 'accesses'}, items),
      left ? h('p', {class: 'soft'}, 'of ', num(`${path}.accessesInAll.${row}`, 'int'), ' locations') : null,
    ];
  }
  rank(access) {
    const kind = this.data.locations[Math.floor(access / 8)][0];
    return (kind === 'slot' ? 0 : 2) + (access & 2 ? 0 : 1);
  }

  title(txn, path) {
    const row = this.rows.get(txn);
    return h(
      'div',
      {class: 'title'},
      'transaction ',
      num(path, 'text'),
      row === undefined ? null : [' · ', this.call(row)],
    );
  }
}
