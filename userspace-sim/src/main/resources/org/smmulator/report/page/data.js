// The events of a run as they lie in the page: columns of numbers, and texts that they point to.

/** Reads the page's data: a JSON object, and the bytes behind it. */
async function load() {
  const packed = atob(document.getElementById("data").textContent);
  const bytes = new Uint8Array(packed.length);
  for (let i = 0; i < packed.length; i++) bytes[i] = packed.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const buffer = await new Response(stream).arrayBuffer();
  const length = new DataView(buffer).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  return { head, buffer, start: Math.ceil((4 + length) / 8) * 8 };
}

const ARRAYS = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array, 8: BigUint64Array };
const numbersOf = column => column instanceof BigUint64Array ? Float64Array.from(column, Number) : column;
const KINDS = ["step", "log", "bind", "unbind", "map", "unmap", "fill", "drop", "empty", "switch", "fault", "queue", "run", "done", "tp"];

/** An address as a number that sorts as the signed address does; exact for 48 bits and a sign. */
const place = address => Number(BigInt.asIntN(64, BigInt(address)));

/** The events of one run, by their number in it. */
class Events {
  constructor(run, { buffer, start }) {
    const array = ([offset, width, count]) => new ARRAYS[width](buffer, start + offset, count);
    this.size = run.size;
    this.texts = run.texts;
    this.phrases = run.phrases;
    this.numbers = array(run.numbers);
    this.entries = array(run.entries);
    this.column = {};
    for (const [name, where] of Object.entries(run.columns)) this.column[name] = array(where);
    this.times = numbersOf(this.column.time);
    this.kinds = this.column.kind;
    this.kind = Object.fromEntries(KINDS.map(kind => [kind, run.texts.indexOf(kind)]));
  }

  is(at, kind) { return this.kinds[at] === this.kind[kind]; }
  text(at, column) { return this.texts[this.column[column][at]]; }
  number(at, column) { return Number(this.column[column][at]); }
  hex(at, column) { return "0x" + this.column[column][at].toString(16); }
  place(at, column = "iova") { return place(this.column[column][at]); }

  /** What is told of an event, as it was told. */
  words(at) {
    const phrase = this.phrases[this.column.words[at]];
    let from = this.number(at, "numbers"), words = phrase[0] ?? "";
    for (let i = 1; i < phrase.length; i++) words += this.texts[this.numbers[from++]] + phrase[i];
    return words;
  }

  /** What events of the same kind of thing have in common: the words without the numbers. */
  shape(at) { return this.text(at, "who").replace(/\[.*/, "") + " " + this.phrases[this.column.words[at]].join("#"); }

  /** The entries that a walk met when an event had happened, from the root on. */
  walk(at) {
    const steps = [];
    for (let i = 0, from = this.number(at, "entries"); i < this.number(at, "levels"); i++, from += 3) {
      const entry = BigInt(this.entries[from]), place = Number(this.entries[from + 1]);
      steps.push({
        level: place & 0xff, shift: place >> 8 & 0xff, bits: place >> 16 & 0xff, index: Math.floor(place / 2 ** 24), entry,
        fields: this.texts[Number(this.entries[from + 2])].split(" ").map(field => {
          const [name, high, low] = field.split(":");
          return { name, low: Number(low), width: high - low + 1, value: entry >> BigInt(low) & ((1n << BigInt(high - low + 1)) - 1n) };
        }),
      });
    }
    return steps;
  }

  /** How many of the first events have happened by {@code time}. */
  countUntil(time) {
    let low = 0, high = this.size;
    while (low < high) { const middle = (low + high) >> 1; if (this.times[middle] <= time) low = middle + 1; else high = middle; }
    return low;
  }

  all(kind) {
    const found = [], code = this.kind[kind];
    if (code < 0) return found;
    for (let i = 0; i < this.size; i++) if (this.kinds[i] === code) found.push(i);
    return found;
  }

  /** An event in one line. */
  line(at) { return `${us(this.times[at])}  ${this.text(at, "who") || this.text(at, "iommu") || "kernel"}  ${this.told(at)}`; }

  told(at) {
    const n = this.number(at, "number");
    switch (this.texts[this.kinds[at]]) {
      case "fill": return `TLB takes iova ${this.hex(at, "iova")} -> pa ${this.hex(at, "pa")}`;
      case "drop": return `TLB drops iova ${this.hex(at, "iova")}`;
      case "empty": return `TLB drops everything of space ${n}`;
      case "fault": return `${this.words(at)} at iova ${this.hex(at, "iova")} refused`;
      case "switch": return `bank ${n} walks ${this.words(at)}, TTBR0 ${this.hex(at, "base")}`;
      case "step": case "log": return this.words(at);
      default: return `${this.text(at, "name")}: ${this.words(at)}`;
    }
  }
}

const us = ns => (ns / 1000).toFixed(3) + " us";
