// The views of one run at one moment.

const MOST_SHOWN = 300;

/** Characters that show nothing, or turn around what stands beside them, by their numbers. */
const visible = words => words.replace(
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
  mark => "\\u" + mark.charCodeAt(0).toString(16).padStart(4, "0"));

const text = (tag, words, name) => { const n = document.createElement(tag); n.textContent = visible(words); if (name) n.className = name; return n; };
const kib = bytes => bytes % 1024 === 0 ? bytes / 1024 + " KiB" : bytes + " bytes";
const hex = number => "0x" + BigInt.asUintN(64, BigInt(number)).toString(16);
const scroll = (box, item) => { box.scrollTop = item.offsetTop - box.offsetTop - box.clientHeight / 2; };

function tableOf(titles) {
  const table = document.createElement("table"), head = table.createTHead().insertRow();
  for (const title of titles) head.append(text("th", title));
  table.createTBody();
  return table;
}

function addRow(table, cells) {
  const row = table.tBodies[0].insertRow();
  for (const cell of cells) row.insertCell().append(cell instanceof Node ? cell : visible(cell));
  return row;
}

/** Mappings side by side as one, by iova; only the first are shown, and how many there are. */
function rangesOf(space) {
  const ranges = [];
  for (const map of space.sorted()) {
    const last = ranges.at(-1);
    if (last && last.from + last.size === map.from) { last.size += map.size; last.count++; } else ranges.push({ ...map, count: 1 });
  }
  return ranges;
}

/** A field of a table's entry, as the command line's walks tell it: an address in hexadecimal, bits in binary. */
const fieldOf = ({ name, low, width, value }) => {
  const isAddress = name === "output" || name === "next";
  const place = width === 1 ? `[${low}]` : `[${low + width - 1}:${low}]`;
  return `${name}${place}=${isAddress ? "0x" + value.toString(16) : value.toString(2).padStart(width, "0")}`;
};

/** One run, with a view of each kind. */
class Player {
  constructor(run, data, go) {
    this.events = new Events(run, data);
    this.states = new States(this.events);
    this.log = this.events.all("log");
    this.devices = run.devices;
    this.source = run.source;
    this.go = go;
    this.chosen = null;
    this.root = document.getElementById("views").content.firstElementChild.cloneNode(true);
    this.root.querySelector("h2").textContent = visible(run.name);
    this.timeline = new Timeline(this.root.querySelector("canvas"), this.events, go);
  }

  box(name, inside = "div") { return this.root.querySelector(`.${name} > ${inside}`); }

  show(moment) {
    this.moment = moment;
    const s = this.states.at(moment);
    this.showSpaces(s); this.showWalk(s); this.showTlbs(s); this.showGroups(s); this.showSource(); this.showLog(); this.showEvents();
    this.timeline.draw(moment);
  }

  line() { return this.moment === 0 ? "before the first event" : this.events.line(this.moment - 1); }

  showSpaces(s) {
    const out = this.box("spaces");
    out.replaceChildren();
    for (const [base, space] of s.spaces) {
      const ranges = rangesOf(space), total = ranges.reduce((sum, range) => sum + range.size, 0);
      out.append(text("h4", `${space.name}, table ${hex(base)}: ${ranges.length} range${ranges.length === 1 ? "" : "s"}`));
      if (!ranges.length) continue;
      const strip = text("div", "", space.kernel ? "strip kernel" : "strip");
      const table = tableOf([]);
      let left = 0;
      for (const range of ranges.slice(0, MOST_SHOWN)) {
        const part = document.createElement("i");
        part.style.left = left * 100 / total + "%";
        part.style.width = range.size * 100 / total + "%";
        part.title = hex(range.from);
        strip.append(part);
        left += range.size;
        const link = text("a", hex(range.from), "iova");
        link.tabIndex = 0;
        link.href = "#walk";
        link.onclick = event => { event.preventDefault(); this.chosen = { base, from: range.from, at: range.at }; this.show(this.moment); this.root.querySelector(".walk").focus(); };
        addRow(table, [link, kib(range.size), `-> pa ${hex(range.pa)}${range.count > 1 ? ` and ${range.count - 1} more` : ""}`]);
      }
      out.append(strip, table);
      if (ranges.length > MOST_SHOWN) out.append(text("p", `and ${ranges.length - MOST_SHOWN} more`));
    }
  }

  showWalk(s) {
    const out = this.box("walk"), e = this.events;
    out.replaceChildren();
    if (!this.chosen) { out.append(text("p", "Click an address.")); return; }
    const { base, from, at } = this.chosen, alive = s.spaces.get(base)?.maps.get(from)?.at === at;
    out.append(text("p", `iova ${e.hex(at, "iova")} -> pa ${e.hex(at, "pa")}${alive ? "" : "  (not mapped at this moment)"}`, alive ? "" : "gone"));
    const steps = e.walk(at);
    if (steps.length) {
      const table = tableOf(["level", "index", "entry", "fields"]);
      for (const { level, shift, index, entry, bits, fields } of steps) {
        addRow(table, [`L${level}`, `iova >> ${shift}: ${index}`, "0x" + entry.toString(16).padStart(bits / 4, "0"), fields.map(fieldOf).join(" ")]);
      }
      out.append(table);
    } else {
      out.append(text("p", "The table's entries were not recorded."));
    }
    let step = at;
    while (step < e.size && !(e.is(step, "step") && e.column.who[step] === e.column.who[at])) step++;
    out.append(text("p", `put there at ${us(e.times[at])} by ${e.text(at, "who")}${step < e.size ? ` on its way to: ${e.words(step)}` : ""}`));
  }

  showTlbs(s) {
    const e = this.events, rows = [];
    for (const entries of s.tlb.values()) {
      for (const at of entries.values()) rows.push([at, this.states.judge(s, at)]);
    }
    rows.sort((one, other) => other[1].startsWith("STALE") - one[1].startsWith("STALE"));
    const table = tableOf(["state", "iova", "pa", "size", "under", "IOMMU"]);
    for (const [at, state] of rows.slice(0, MOST_SHOWN)) {
      const bytes = 2 ** e.number(at, "shift"), start = place(e.column.iova[at]), first = Math.floor(start / bytes) * bytes;
      const base = e.number(at, "base");
      const row = addRow(table, [
        state, hex(first), hex(e.number(at, "pa") - (start - first)), kib(bytes),
        s.spaces.get(base)?.name ?? "table " + hex(base), e.text(at, "iommu"),
      ]);
      if (state.startsWith("STALE")) row.className = "stale";
    }
    const out = this.box("tlb");
    out.replaceChildren(rows.length ? table : text("p", "empty"));
    if (rows.length > MOST_SHOWN) out.append(text("p", `and ${rows.length - MOST_SHOWN} more`));
  }

  /** From a device to its group, on to the tables that its domains have, and to the banks that walk one now. */
  showGroups(s) {
    const groups = [...Map.groupBy(this.devices, each => each.group)], spaces = [...s.spaces].slice(0, MOST_SHOWN);
    const lines = this.devices.map(each => [each.device, `group ${each.group}`]);
    for (const [base, space] of spaces) {
      const owner = this.devices.find(each => space.name.split(/[ ,]+/).includes(each.device));
      if (owner) lines.push([`group ${owner.group}`, `table ${hex(base)}`]);
    }
    for (const [bank, at] of s.banks) lines.push([`table ${hex(this.events.number(at, "base"))}`, bank]);
    this.box("groups").replaceChildren(picture([
      ["Devices", this.devices.map(each => ({ id: each.device, words: each.device, look: "device" }))],
      ["Groups", groups.map(([group, [first]]) => ({ id: `group ${group}`, words: `${group}: ${first.domain}`, look: "group" }))],
      ["Tables", spaces.map(([base, space]) => ({ id: `table ${hex(base)}`, words: `${hex(base)} ${space.name}`, look: space.kernel ? "kernel" : "own" }))],
      ["Banks", [...s.banks].map(([bank, at]) => ({ id: bank, words: `${bank}: ${this.events.words(at)}`, look: "bank" }))],
    ], lines));
  }

  showSource() {
    const list = this.box("source", "ol");
    if (!list.children.length) for (const line of this.source.split("\n")) list.append(text("li", line));
    list.querySelector(".here")?.classList.remove("here");
    let at = this.moment - 1;
    while (at >= 0 && !this.events.number(at, "line")) at--;
    const item = at >= 0 && list.children[this.events.number(at, "line") - 1];
    if (item) {
      item.classList.add("here");
      scroll(list.parentElement, item);
    }
  }

  showLog() {
    const list = this.box("log", "ol"), e = this.events;
    let end = 0, high = this.log.length;
    while (end < high) { const middle = (end + high) >> 1; if (this.log[middle] < this.moment) end = middle + 1; else high = middle; }
    const first = Math.max(0, end - MOST_SHOWN);
    list.start = first + 1;
    list.replaceChildren(...this.log.slice(first, end).map(at => text("li", `[${(e.times[at] / 1e9).toFixed(6)}] ${e.words(at)}`)));
    list.parentElement.scrollTop = list.parentElement.scrollHeight;
  }

  showEvents() {
    const list = this.box("events", "ol");
    const first = Math.max(0, this.moment - 25), last = Math.min(this.events.size, this.moment + 15);
    list.start = first + 1;
    list.replaceChildren();
    for (let at = first; at < last; at++) {
      const item = text("li", this.events.line(at), at === this.moment - 1 ? "here" : "");
      item.onclick = () => this.go(at + 1);
      list.append(item);
    }
    const here = list.querySelector(".here");
    if (here) scroll(list.parentElement, here);
  }
}
