// Distance of each pixel to the nearest one outside a mask: exact (Felzenszwalb and Huttenlocher 2012,
// "Distance Transforms of Sampled Functions", Theory of Computing 8:415).

const FAR = 1e12;

/** Squared distance of each pixel where `mask` is `inside` to the nearest pixel where it is not; 0 elsewhere. */
export function squaredDistances(mask, width, height, inside = 1) {
  const squares = new Float64Array(width * height);
  // Down each column first: the distance to the nearest pixel outside is counted in two sweeps.
  for (let x = 0; x < width; x++) {
    let run = FAR;
    for (let y = 0, at = x; y < height; y++, at += width) {
      run = mask[at] === inside ? run + 1 : 0;
      squares[at] = run;
    }
    run = FAR;
    for (let y = height - 1, at = x + y * width; y >= 0; y--, at -= width) {
      run = mask[at] === inside ? run + 1 : 0;
      if (run < squares[at]) squares[at] = run;
      squares[at] = squares[at] >= FAR ? FAR : squares[at] * squares[at];
    }
  }
  const row = new Float64Array(width), hulls = new Int32Array(width), ends = new Float64Array(width + 1);
  for (let y = 0; y < height; y++) {
    const start = y * width;
    for (let x = 0; x < width; x++) row[x] = squares[start + x];
    lowerEnvelope(row, width, hulls, ends);
    for (let x = 0, k = 0; x < width; x++) {
      while (ends[k + 1] < x) k++;
      const away = x - hulls[k];
      squares[start + x] = away * away + row[hulls[k]];
    }
  }
  return squares;
}

/** Find which parabola x -> (x - q)^2 + row[q] lies lowest where. */
function lowerEnvelope(row, count, hulls, ends) {
  let k = 0;
  hulls[0] = 0;
  ends[0] = -Infinity;
  ends[1] = Infinity;
  for (let q = 1; q < count; q++) {
    let meet;
    for (;;) {
      const p = hulls[k];
      meet = (row[q] + q * q - (row[p] + p * p)) / (2 * (q - p));
      if (meet > ends[k] || k === 0) break;
      k--;
    }
    if (meet <= ends[k]) { hulls[k] = q; ends[k + 1] = Infinity; continue; }
    k++;
    hulls[k] = q;
    ends[k] = meet;
    ends[k + 1] = Infinity;
  }
}
