// The map's files, read and unpacked: places, labels, neighbours and further columns.

// Run chunks of bytes through the browser's own gunzip; returns all bytes at once.
export async function gunzip(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

export async function readMap(facts, read) {
  const n = facts.images;
  const files = await Promise.all(["points", "labels", "neighbours"].map(async (name) => gunzip(await read(name))));
  const points = new Uint16Array(files[0].buffer);
  const columns = await Promise.all(facts.columns.map((column) => readColumn(column, read)));
  return {
    facts,
    n,
    x: points.subarray(0, n),
    y: points.subarray(n),
    labels: new Uint16Array(files[1].buffer),
    neighbours: joined(files[2]),
    columns,
    ...splitsOf(facts, n),
  };
}

async function readColumn(column, read) {
  const bytes = await gunzip(await read(column.part));
  return { ...column, values: column.kind === "class" ? new Int16Array(bytes.buffer) : bytes };
}

// Four planes of bytes, the lowest first, as whole numbers.
function joined(planes) {
  const n = planes.length / 4;
  const whole = new Uint32Array(n);
  for (let plane = 3; plane >= 0; plane--) {
    for (let i = 0; i < n; i++) whole[i] = (whole[i] << 8) | planes[plane * n + i];
  }
  return whole;
}

// The split of each image, and its number within it.
function splitsOf(facts, n) {
  const splitNames = [...new Set(facts.splits.map(([name]) => name))];
  const splits = new Uint8Array(n);
  const numbers = new Uint32Array(n);
  const counted = splitNames.map(() => 0);
  let i = 0;
  for (const [name, length] of facts.splits) {
    const split = splitNames.indexOf(name);
    for (const end = i + length; i < end; i++) {
      splits[i] = split;
      numbers[i] = counted[split]++;
    }
  }
  return { splitNames, splits, numbers, splitSizes: counted };
}

// The image that "train 59915", "test 12" or "12" means, or why there is none.
export function found(map, text) {
  const words = /^\s*(?:([^\d\s]\S*?)[\s:,#-]*)?(\d+)\s*$/.exec(text);
  if (!words) return { trouble: `Write a split and a number, such as “${map.splitNames[0]} 12”.` };
  const split = words[1] === undefined ? 0 : map.splitNames.indexOf(words[1].toLowerCase());
  if (split < 0) return { trouble: `There is no split “${words[1]}” here, only ${map.splitNames.join(" and ")}.` };
  const number = Number(words[2]);
  for (let i = 0; number < map.splitSizes[split] && i < map.n; i++) {
    if (map.splits[i] === split && map.numbers[i] === number) return { image: i };
  }
  return { trouble: `${map.splitNames[split]} has images 0 to ${map.splitSizes[split] - 1}, so none is ${words[2]}.` };
}
