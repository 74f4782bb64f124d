// Who is where: a grid of 256 by 256 cells, so that nothing has to look at all points.
const CELLS = 256;
const SHIFT = 8; // a cell is 256 units wide

export class Grid {
  constructor(x, y) {
    const n = x.length;
    this.x = x;
    this.y = y;
    this.starts = new Uint32Array(CELLS * CELLS + 1);
    this.members = new Uint32Array(n);
    const cells = new Uint16Array(n);
    for (let i = 0; i < n; i++) {
      cells[i] = ((y[i] >> SHIFT) << SHIFT) | (x[i] >> SHIFT);
      this.starts[cells[i] + 1]++;
    }
    for (let cell = 0; cell < CELLS * CELLS; cell++) this.starts[cell + 1] += this.starts[cell];
    const next = this.starts.slice();
    for (let i = 0; i < n; i++) this.members[next[cells[i]]++] = i;
  }

  // Call with each point of the cells that touch a rectangle of units.
  each(left, top, right, bottom, visit) {
    const clamped = (unit) => Math.min(Math.max(Math.floor(unit) >> SHIFT, 0), CELLS - 1);
    const [first, last] = [clamped(left), clamped(right)];
    for (let row = clamped(top); row <= clamped(bottom); row++) {
      const end = this.starts[row * CELLS + last + 1];
      for (let place = this.starts[row * CELLS + first]; place < end; place++) visit(this.members[place]);
    }
  }

  // The nearest point that may be taken, within so many units; -1 where there is none.
  nearest(x, y, reach, mayTake) {
    let best = -1;
    let least = reach * reach;
    this.each(x - reach, y - reach, x + reach, y + reach, (i) => {
      const distance = (this.x[i] - x) ** 2 + (this.y[i] - y) ** 2;
      if (distance <= least && mayTake(i)) {
        least = distance;
        best = i;
      }
    });
    return best;
  }

  // All points that may be taken within a closed line of [x, y], by counting how often it is crossed.
  inside(line, mayTake) {
    const xs = line.map(([x]) => x);
    const ys = line.map(([, y]) => y);
    const [left, top, right, bottom] = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
    const found = [];
    this.each(left, top, right, bottom, (i) => {
      const [px, py] = [this.x[i], this.y[i]];
      if (px < left || px > right || py < top || py > bottom || !mayTake(i)) return;
      let isIn = false;
      for (let a = 0, b = xs.length - 1; a < xs.length; b = a++) {
        if (ys[a] > py !== ys[b] > py && px < ((xs[b] - xs[a]) * (py - ys[a])) / (ys[b] - ys[a]) + xs[a]) isIn = !isIn;
      }
      if (isIn) found.push(i);
    });
    return found.sort((a, b) => a - b);
  }
}
