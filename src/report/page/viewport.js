// Viewport: a canvas that shows a part of a long stretch. Wheel, drag, pinch and keys zoom and pan; drawing happens
// once a frame at most, whatever comes in.

class Viewport {
  // `draw(context, view)`, `hit(x, y, view)` -> a thing or null, `show(thing, x, y)`, `pick(thing)`
  constructor(canvas, span, height, handlers) {
    Object.assign(this, {canvas, span, height, handlers, from: 0, to: span, pointers: new Map()});
    this.context = canvas.getContext('2d');
    this.frames = 0;
    this.listen();
    new ResizeObserver(() => this.resize()).observe(canvas);
    this.resize();
  }

  resize() {
    const width = Math.max(this.canvas.clientWidth, 50);
    if (this.width === width && this.scale === devicePixelRatio) return;
    this.width = width;
    this.scale = devicePixelRatio || 1;
    this.canvas.width = Math.round(width * this.scale);
    this.canvas.height = Math.round(this.height * this.scale);
    this.canvas.style.height = this.height + 'px';
    this.draw();
  }

  invalidate() {
    if (this.pending) return;
    this.pending = true;
    requestAnimationFrame(() => this.draw());
  }

  draw() {
    this.pending = false;
    const begin = performance.now();
    this.context.setTransform(this.scale, 0, 0, this.scale, 0, 0);
    this.context.clearRect(0, 0, this.width, this.height);
    this.drawn = this.handlers.draw(this.context, this);
    ++this.frames;
    this.drawMs = performance.now() - begin;
  }

  x(value) {
    return ((value - this.from) / (this.to - this.from)) * this.width;
  }
  value(x) {
    return this.from + (x / this.width) * (this.to - this.from);
  }

  show(from, to) {
    const least = this.span / 20000;
    const length = Math.min(Math.max(to - from, least), this.span);
    const middle = (from + to) / 2;
    this.from = Math.min(Math.max(middle - length / 2, 0), this.span - length);
    this.to = this.from + length;
    this.invalidate();
    if (this.handlers.moved) this.handlers.moved(this);
  }
  zoom(factor, x = this.width / 2) {
    const fixed = this.value(x);
    this.show(fixed - (fixed - this.from) * factor, fixed + (this.to - fixed) * factor);
  }
  pan(pixels) {
    const by = (pixels / this.width) * (this.to - this.from);
    this.show(this.from + by, this.to + by);
  }
  reset() {
    this.show(0, this.span);
  }

  listen() {
    const canvas = this.canvas;
    canvas.tabIndex = 0;
    canvas.addEventListener(
      'wheel',
      event => {
        event.preventDefault();
        if (Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey) this.pan(event.deltaX || event.deltaY);
        else this.zoom(Math.exp(event.deltaY * 0.0015), event.offsetX);
      },
      {passive: false},
    );
    canvas.addEventListener('pointerdown', event => {
      canvas.setPointerCapture(event.pointerId);
      this.pointers.set(event.pointerId, event.offsetX);
      this.moved = 0;
    });
    canvas.addEventListener('pointermove', event => this.onMove(event));
    const end = event => {
      const was = this.pointers.delete(event.pointerId);
      if (was && this.moved < 5 && event.type === 'pointerup' && this.handlers.pick)
        this.handlers.pick(this.handlers.hit(event.offsetX, event.offsetY, this));
    };
    canvas.addEventListener('pointerup', end);
    canvas.addEventListener('pointercancel', end);
    canvas.addEventListener('pointerleave', () => this.hover(null));
    canvas.addEventListener('dblclick', event => this.zoom(0.4, event.offsetX));
    canvas.addEventListener('keydown', event => {
      const actions = {
        ArrowLeft: () => this.pan(-this.width / 8),
        ArrowRight: () => this.pan(this.width / 8),
        '+': () => this.zoom(0.7),
        '=': () => this.zoom(0.7),
        '-': () => this.zoom(1 / 0.7),
        0: () => this.reset(),
      };
      if (!actions[event.key]) return;
      event.preventDefault();
      actions[event.key]();
    });
  }

  onMove(event) {
    const before = this.pointers.get(event.pointerId);
    if (before === undefined) {
      this.hover(this.handlers.hit ? this.handlers.hit(event.offsetX, event.offsetY, this) : null, event);
      return;
    }
    const by = event.offsetX - before;
    if (this.pointers.size === 2) {
      const [a, b] = [...this.pointers.values()];
      this.pointers.set(event.pointerId, event.offsetX);
      const [c, d] = [...this.pointers.values()];
      if (Math.abs(c - d) > 4) this.zoom(Math.abs(a - b) / Math.abs(c - d), (c + d) / 2);
    } else {
      this.pointers.set(event.pointerId, event.offsetX);
      this.pan(-by);
    }
    this.moved += Math.abs(by);
    this.hover(null);
  }

  hover(thing, event) {
    if (thing !== this.hovered) {
      this.hovered = thing;
      this.invalidate();
    }
    if (this.handlers.show) this.handlers.show(thing, event);
  }
}

const tip = document.getElementById('tip');

// Beside the pointer, within the window.
function showTip(content, event) {
  if (!content) {
    tip.hidden = true;
    return;
  }
  tip.replaceChildren(content);
  tip.hidden = false;
  const {width, height} = tip.getBoundingClientRect();
  const x = event.clientX + 16 + width > innerWidth ? event.clientX - 16 - width : event.clientX + 16;
  const y = event.clientY + 16 + height > innerHeight ? event.clientY - 16 - height : event.clientY + 16;
  tip.style.left = Math.max(x, 8) + 'px';
  tip.style.top = Math.max(y, 8) + 'px';
}

function tools(viewport) {
  const button = (name, title, action) =>
    h('button', {type: 'button', title, 'aria-label': title, onclick: action}, name);
  return h(
    'div',
    {class: 'tools'},
    button('−', 'zoom out', () => viewport.zoom(1 / 0.6)),
    button('+', 'zoom in', () => viewport.zoom(0.6)),
    button('◀', 'to the left', () => viewport.pan(-viewport.width / 4)),
    button('▶', 'to the right', () => viewport.pan(viewport.width / 4)),
    button('all', 'show all', () => viewport.reset()),
  );
}

// Round steps for a scale of about `count` marks.
function steps(from, to, count) {
  const rough = (to - from) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map(of => of * power).find(of => of >= rough);
  const marks = [];
  for (let mark = Math.ceil(from / step) * step; mark <= to; mark += step) marks.push(mark);
  return {marks, step};
}
