// Resampling as Pillow does it for floats (libImaging/Resample.c): separable, sums in double, kept in float.

const bicubic = { support: 2, weight(x) {
  const a = -0.5, t = Math.abs(x);
  if (t < 1) return ((a + 2) * t - (a + 3)) * t * t + 1;
  if (t < 2) return (((t - 5) * t + 8) * t - 4) * a;
  return 0;
} };
const box = { support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) };
export const FILTERS = { bicubic, box };

function coefficients(inSize, from, to, outSize, filter) {
  from = Math.fround(from);
  to = Math.fround(to);
  const scale = Math.fround(to - from) / outSize;
  const wide = Math.max(scale, 1);
  const support = filter.support * wide;
  const starts = new Int32Array(outSize);
  const weights = [];
  for (let out = 0; out < outSize; out++) {
    const centre = from + (out + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(inSize, Math.trunc(centre + support + 0.5));
    const row = new Float64Array(end - start);
    let sum = 0;
    for (let k = 0; k < row.length; k++) {
      row[k] = filter.weight((k + start - centre + 0.5) * (1 / wide));
      sum += row[k];
    }
    if (sum !== 0) for (let k = 0; k < row.length; k++) row[k] /= sum;
    starts[out] = start;
    weights.push(row);
  }
  return { starts, weights };
}

/**
 * Resize floats [height, width] to [outHeight, outWidth].
 * `area` is left, top, right, bottom of what is taken, which need not be whole pixels; by default everything.
 */
export function resize(values, width, height, outWidth, outHeight, filter, area = [0, 0, width, height]) {
  const across = coefficients(width, area[0], area[2], outWidth, filter);
  const down = coefficients(height, area[1], area[3], outHeight, filter);
  const middle = new Float32Array(height * outWidth);
  for (let x = 0; x < outWidth; x++) {
    const start = across.starts[x], weights = across.weights[x], count = weights.length;
    for (let y = 0; y < height; y++) {
      const row = y * width + start;
      let sum = 0;
      for (let k = 0; k < count; k++) sum += values[row + k] * weights[k];
      middle[y * outWidth + x] = sum;
    }
  }
  const out = new Float32Array(outHeight * outWidth);
  const sums = new Float64Array(outWidth);
  for (let y = 0; y < outHeight; y++) {
    const start = down.starts[y], weights = down.weights[y];
    sums.fill(0);
    for (let k = 0; k < weights.length; k++) {
      const weight = weights[k], row = (start + k) * outWidth;
      for (let x = 0; x < outWidth; x++) sums[x] += middle[row + x] * weight;
    }
    out.set(sums, y * outWidth);
  }
  return out;
}
