// Networks computed in the page: blocks of 2 x 2 pixels, convolutions with BatchNorm and GELU, one linear layer;
// or linear layers with ReLU; and the mean over moved views. Sums are held against torch's by a test.

const MOVES = { 2: [[-1, -1], [1, 1]], 4: [[-1, 0], [1, 0], [0, -1], [0, 1]],
  8: [[-1, -1], [-1, 0], [-1, 1], [0, -1], [0, 1], [1, -1], [1, 0], [1, 1]] };
const SIDE = 28, EPS = 1e-5;

/** Read a safetensors file of floats: {name: Float64Array}. */
export function readTensors(buffer) {
  const view = new DataView(buffer);
  const length = Number(view.getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, length)));
  const tensors = {};
  for (const [name, { dtype, data_offsets: [from, to] }] of Object.entries(header)) {
    if (dtype !== "F32") continue; // how many batches a BatchNorm saw
    tensors[name] = Float64Array.from(new Float32Array(buffer.slice(8 + length + from, 8 + length + to)));
  }
  return tensors;
}

/** The network that `facts` tells of: mean, std, temperature, views, and stages of convolutions or a number of layers. */
export function networkOf(tensors, facts) { return facts.stages ? new Network(tensors, facts) : new Perceptron(tensors, facts); }

/** How far each view of an image is moved, the image as it is first, and how much each counts. */
function viewsOf({ shift, directions }) {
  const moves = shift ? MOVES[directions].map(([down, right]) => [shift * down, shift * right]) : [];
  return { views: [[0, 0], ...moves], shares: [moves.length ? 0.5 : 1, ...moves.map(() => 0.5 / moves.length)] };
}

/** Normalised pixels of a moved view, those at the rim repeated: [28][28]. */
function moved(image, [down, right], { mean, std }) {
  const out = new Float64Array(SIDE * SIDE);
  for (let y = 0, at = 0; y < SIDE; y++) {
    const row = Math.min(SIDE - 1, Math.max(0, y - down)) * SIDE;
    for (let x = 0; x < SIDE; x++, at++) out[at] = (image[row + Math.min(SIDE - 1, Math.max(0, x - right))] / 255 - mean) / std;
  }
  return out;
}

export class Network {
  /** `facts`: mean, std, temperature, stages ([channels, kernel, padding, pool]) and views of the record. */
  constructor(tensors, facts) {
    this.facts = facts;
    Object.assign(this, viewsOf(facts.views));
    this.stages = facts.stages.map(([channels, kernel, padding, pool], place) => {
      if (padding) throw new Error("a padded stage is not known here");
      return { channels, kernel, pool, weights: tensors[`conv${place + 1}.weight`], ...normalisation(tensors, place + 1) };
    });
    this.linear = { weights: tensors["linear.weight"], bias: tensors["linear.bias"] };
    this.classes = this.linear.bias.length;
  }

  /** Probabilities of one image of 784 bytes, and what the first layer's filters answer to it. */
  read(image) {
    const count = this.views.length;
    let maps = this.#blocks(image), channels = 4, side = SIDE / 2;
    let first = null;
    for (const stage of this.stages) {
      const out = side - stage.kernel + 1;
      let made = convolve(maps, channels, side, count, stage);
      first ??= firstView(made, stage.channels, out, count);
      side = out;
      if (stage.pool) { made = pooled(made, stage.channels, side, count); side >>= 1; }
      normaliseAndBend(made, stage, side * side * count);
      maps = made;
      channels = stage.channels;
    }
    return { probabilities: softmax(this.#logits(maps, channels * side * side, count), this.facts.temperature), first };
  }

  /** Every view of an image, in blocks of 2 x 2: [4][14][14][views]. */
  #blocks(image) {
    const half = SIDE / 2, count = this.views.length;
    const out = new Float64Array(4 * half * half * count);
    this.views.forEach((move, view) => {
      const pixels = moved(image, move, this.facts);
      for (let y = 0, at = 0; y < SIDE; y++) {
        for (let x = 0; x < SIDE; x++, at++) {
          const channel = (y & 1) * 2 + (x & 1);
          out[((channel * half + (y >> 1)) * half + (x >> 1)) * count + view] = pixels[at];
        }
      }
    });
    return out;
  }

  #logits(maps, length, count) {
    const logits = new Float64Array(this.classes);
    for (let k = 0; k < this.classes; k++) {
      let total = this.linear.bias[k];
      for (let at = 0; at < length; at++) {
        let mean = 0;
        for (let view = 0; view < count; view++) mean += this.shares[view] * maps[at * count + view];
        total += this.linear.weights[k * length + at] * mean;
      }
      logits[k] = total;
    }
    return logits;
  }
}

/** Linear layers with ReLU between them. */
export class Perceptron {
  constructor(tensors, facts) {
    this.facts = facts;
    Object.assign(this, viewsOf(facts.views));
    this.layers = Array.from({ length: facts.layers }, (_, at) => ({ weights: tensors[`linear${at + 1}.weight`], bias: tensors[`linear${at + 1}.bias`] }));
  }

  /** Probabilities of one image of 784 bytes, and what the units of the first layer answer to it. */
  read(image) {
    let first = null;
    const logits = new Float64Array(this.layers.at(-1).bias.length);
    this.views.forEach((move, view) => {
      let values = moved(image, move, this.facts);
      this.layers.forEach((layer, at) => {
        values = linear(at ? values.map((value) => Math.max(0, value)) : values, layer);
        first ??= { values: Float32Array.from(values), maps: 1, height: 1, width: values.length };
      });
      values.forEach((value, k) => { logits[k] += this.shares[view] * value; });
    });
    return { probabilities: softmax(logits, this.facts.temperature), first };
  }
}

function linear(values, { weights, bias }) {
  const width = values.length;
  return bias.map((offset, k) => {
    let sum = offset;
    for (let at = 0, from = k * width; at < width; at++) sum += weights[from + at] * values[at];
    return sum;
  });
}

function normalisation(tensors, number) {
  const of = (name) => tensors[`norm${number}.${name}`];
  const spread = of("running_var"), gain = of("weight"), mean = of("running_mean"), bias = of("bias");
  const scale = gain.map((value, k) => value / Math.sqrt(spread[k] + EPS));
  return { scale, offset: bias.map((value, k) => value - mean[k] * scale[k]) };
}

/** Convolution of maps [channels][side][side][views], four filters and two places at a time. */
function convolve(maps, channels, side, count, { channels: filters, kernel, weights }) {
  const out = side - kernel + 1, line = out * count, depth = channels * kernel * kernel;
  const places = out * line;
  const columns = new Float64Array(places * depth);
  for (let y = 0, place = 0; y < out; y++) {
    for (let x = 0; x < line; x++, place++) {
      let at = place * depth;
      for (let c = 0; c < channels; c++) {
        for (let ky = 0; ky < kernel; ky++) {
          const from = (c * side + y + ky) * side * count + x;
          for (let kx = 0; kx < kernel; kx++) columns[at++] = maps[from + kx * count];
        }
      }
    }
  }
  const made = new Float64Array(filters * places);
  for (let f = 0; f < filters; f += 4) {
    const w0 = f * depth, w1 = w0 + depth, w2 = w1 + depth, w3 = w2 + depth;
    for (let place = 0; place < places; place += 2) {
      const a = place * depth, b = place + 1 < places ? a + depth : a;
      let a0 = 0, a1 = 0, a2 = 0, a3 = 0, b0 = 0, b1 = 0, b2 = 0, b3 = 0;
      for (let k = 0; k < depth; k++) {
        const one = columns[a + k], two = columns[b + k];
        const v0 = weights[w0 + k], v1 = weights[w1 + k], v2 = weights[w2 + k], v3 = weights[w3 + k];
        a0 += v0 * one; a1 += v1 * one; a2 += v2 * one; a3 += v3 * one;
        b0 += v0 * two; b1 += v1 * two; b2 += v2 * two; b3 += v3 * two;
      }
      const at = f * places + place;
      made[at] = a0; made[at + places] = a1; made[at + 2 * places] = a2; made[at + 3 * places] = a3;
      if (b !== a) { made[at + 1] = b0; made[at + 1 + places] = b1; made[at + 1 + 2 * places] = b2; made[at + 1 + 3 * places] = b3; }
    }
  }
  return made;
}

function firstView(maps, channels, side, count) {
  const values = new Float32Array(channels * side * side);
  for (let at = 0; at < values.length; at++) values[at] = maps[at * count];
  return { values, maps: channels, height: side, width: side };
}

function pooled(maps, channels, side, count) {
  const half = side >> 1, line = side * count;
  const out = new Float64Array(channels * half * half * count);
  for (let c = 0, at = 0; c < channels; c++) {
    for (let y = 0; y < half; y++) {
      for (let x = 0; x < half; x++) {
        const from = (c * side + 2 * y) * line + 2 * x * count;
        for (let v = 0; v < count; v++, at++) {
          const here = from + v;
          out[at] = Math.max(maps[here], maps[here + count], maps[here + line], maps[here + line + count]);
        }
      }
    }
  }
  return out;
}

function normaliseAndBend(maps, { channels, scale, offset }, places) {
  for (let c = 0, at = 0; c < channels; c++) {
    for (let place = 0; place < places; place++, at++) maps[at] = gelu(maps[at] * scale[c] + offset[c]);
  }
}

function gelu(x) { return 0.5 * x * (1 + erf(x * Math.SQRT1_2)); }

/** The error function to 1.2e-7 (Press et al., Numerical Recipes, erfcc). */
function erf(x) {
  const z = Math.abs(x), t = 1 / (1 + 0.5 * z);
  const tail = t * Math.exp(-z * z - 1.26551223 + t * (1.00002368 + t * (0.37409196 + t * (0.09678418 + t * (-0.18628806
    + t * (0.27886807 + t * (-1.13520398 + t * (1.48851587 + t * (-0.82215223 + t * 0.17087277)))))))));
  return x >= 0 ? 1 - tail : tail - 1;
}

export function softmax(logits, temperature) {
  const most = Math.max(...logits);
  const powers = Float32Array.from(logits, (logit) => Math.exp((logit - most) / temperature));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
