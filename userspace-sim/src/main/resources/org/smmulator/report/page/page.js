// Rebuilds every moment of a run from its events. Nothing is fetched.
const read = id => JSON.parse(document.getElementById(id).textContent);
const events = read("events-data");
const topology = read("topology-data");
const source = read("source-data");
const el = id => document.getElementById(id);
const PAGE = 4096;
const big = hex => BigInt("0x" + hex);
/** Bits 47:0, which tell addresses of one half apart and which a number holds exactly. */
const low = hex => parseInt(hex.slice(-12), 16);
for (const e of events) if (e.v !== undefined) e.x = low(e.v);
const hex = n => "0x" + n.toString(16);
const KERNEL = "kernel";
const MOST_SHOWN = 300;

// ---- a state, and what an event makes of it

const fresh = () => ({ spaces: new Map([[KERNEL, { name: "upper half and kernel's domains", maps: new Map() }]]), tlb: new Map(), banks: new Map(), log: 0 });
const copy = s => ({
  spaces: new Map([...s.spaces].map(([k, v]) => [k, { ...v, maps: new Map(v.maps) }])),
  tlb: new Map(s.tlb), banks: new Map(s.banks), log: s.log,
});

function space(s, base) {
  if (!s.spaces.has(base)) s.spaces.set(base, { name: "table " + base, maps: new Map() });
  return s.spaces.get(base);
}

function apply(s, e, at) {
  switch (e.k) {
    case "bind": space(s, e.b).name = e.p; break;
    case "unbind": s.spaces.delete(e.b); break;
    case "map": space(s, e.b).maps.set(e.v, at); break;
    case "kmap": space(s, KERNEL).maps.set(e.v, at); break;
    case "unmap": unmap(space(s, e.b), e); break;
    case "kunmap": unmap(space(s, KERNEL), e); break;
    case "switch": s.banks.set(e.i + " bank " + e.n, at); break;
    case "fill": {
      const root = isUpper(e.v) ? KERNEL : tableOf(s, e.i);
      if (root) s.tlb.set(e.i + " " + root + " " + Math.floor(e.x / PAGE), { at, root, i: e.i });
      break;
    }
    case "inv":
      for (const [key, entry] of s.tlb) {
        if (entry.i === e.i && (e.v === undefined || samePage(e, events[entry.at]))) s.tlb.delete(key);
      }
      break;
    case "log": s.log++; break;
  }
}

function unmap(where, e) {
  const to = e.x + e.s;
  for (const [iova, at] of where.maps) {
    const start = events[at].x;
    if (start >= e.x && start < to) where.maps.delete(iova);
  }
}

const isUpper = iova => iova.length > 12;
const samePage = (one, other) => Math.floor(one.x / PAGE) === Math.floor(other.x / PAGE);

function tableOf(s, iommu) {
  for (const [bank, at] of s.banks) if (bank.startsWith(iommu + " ")) return events[at].b;
  return null;
}

/** The mapping of a space that covers the address of an event; undefined if there is none. */
function mapping(where, e) {
  if (!where) return undefined;
  for (const at of where.maps.values()) {
    const map = events[at];
    if (e.x >= map.x && e.x < map.x + map.s) return map;
  }
  return undefined;
}

/** True if what the TLB holds is not what the table says any more. */
function isStale(s, entry) {
  const fill = events[entry.at], map = mapping(s.spaces.get(entry.root), fill);
  return map === undefined || Math.floor((low(map.a) + fill.x - map.x) / PAGE) !== Math.floor(low(fill.a) / PAGE);
}

// ---- any moment, from the nearest kept one before it

const EVERY = Math.max(256, Math.ceil(events.length / 64));
const kept = new Map([[0, fresh()]]);

function stateAt(moment) {
  let from = Math.floor(moment / EVERY) * EVERY;
  while (!kept.has(from)) from -= EVERY;
  const s = copy(kept.get(from));
  for (let i = from; i < moment; i++) {
    if (i > from && i % EVERY === 0) kept.set(i, copy(s));
    apply(s, events[i], i);
  }
  return s;
}

// ---- what is shown

let moment = events.length;
let zoom = 1;
let chosen = null;
const text = (tag, words, name) => { const n = document.createElement(tag); n.textContent = words; if (name) n.className = name; return n; };
const us = ns => (ns / 1000).toFixed(3) + " us";
const lineOf = e => e === undefined ? "" : [us(e.t), e.p || e.i || "kernel", words(e)].join("  ");

function words(e) {
  switch (e.k) {
    case "fill": return `TLB takes iova ${"0x" + e.v} -> pa ${"0x" + e.a}`;
    case "fault": return `${e.w} at iova ${"0x" + e.v} refused`;
    case "inv": return e.v === undefined ? `bank ${e.n}: all is invalidated` : `bank ${e.n}: iova ${"0x" + e.v} is invalidated`;
    case "switch": return `bank ${e.n} walks ${e.w}, TTBR0 0x${e.b}`;
    case "step": case "log": return e.w;
    default: return e.n + ": " + e.w;
  }
}

function show() {
  const s = stateAt(moment), e = events[moment - 1];
  el("moment").max = events.length;
  el("moment").value = moment;
  el("when").textContent = `${moment} of ${events.length}`;
  el("now").textContent = moment === 0 ? "before the first event" : lineOf(e);
  showSpaces(s); showWalk(s); showTlb(s); showGroups(s); showSource(e); showLog(s); showEvents(); drawLanes();
}

function showSpaces(s) {
  const out = el("spaces").querySelector("div");
  out.replaceChildren();
  for (const [base, where] of s.spaces) {
    const runs = runsOf(where);
    out.append(text("h3", `${where.name}${base === KERNEL ? "" : ", table 0x" + base}: ${runs.length} range${runs.length === 1 ? "" : "s"}`));
    if (!runs.length) continue;
    const strip = text("div", "", base === KERNEL ? "strip kernel" : "strip");
    const total = runs.reduce((sum, r) => sum + r.size, 0n);
    let left = 0n;
    for (const run of runs) {
      const i = document.createElement("i");
      i.style.left = Number(left * 1000n / total) / 10 + "%";
      i.style.width = Number(run.size * 1000n / total) / 10 + "%";
      i.title = hex(run.start);
      strip.append(i);
      left += run.size;
    }
    out.append(strip);
    const table = document.createElement("table");
    for (const run of runs.slice(0, MOST_SHOWN)) {
      const row = table.insertRow();
      const link = text("a", hex(run.start), "iova");
      link.tabIndex = 0;
      link.href = "#walk";
      link.onclick = event => { event.preventDefault(); chosen = { base, at: run.at }; show(); el("walk").focus(); };
      row.insertCell().append(link);
      row.insertCell().textContent = Number(run.size / 1024n) + " KiB";
      row.insertCell().textContent = "-> pa 0x" + events[run.at].a + (run.count > 1 ? ` and ${run.count - 1} more` : "");
    }
    out.append(table);
  }
}

/** Mappings side by side as one, by iova. */
function runsOf(where) {
  const sorted = [...where.maps.values()].sort((x, y) => big(events[x].v) < big(events[y].v) ? -1 : 1);
  const runs = [];
  for (const at of sorted) {
    const start = big(events[at].v), size = BigInt(events[at].s), last = runs.at(-1);
    if (last && last.start + last.size === start) { last.size += size; last.count++; } else runs.push({ start, size, at, count: 1 });
  }
  return runs;
}

const BITS = [[0, "valid"], [1, "table or page"], [6, "AP[1]: EL0"], [7, "AP[2]: read only"], [10, "AF"], [11, "nG"], [53, "PXN"], [54, "XN"]];

function showWalk(s) {
  const out = el("walk").querySelector("div");
  out.replaceChildren();
  if (!chosen) { out.append(text("p", "Click an address.")); return; }
  const map = events[chosen.at], iova = big(map.v);
  const alive = s.spaces.get(chosen.base)?.maps.get(map.v) === chosen.at;
  out.append(text("p", `iova 0x${map.v} -> pa 0x${map.a}${alive ? "" : "  (not mapped at this moment)"}`, alive ? "" : "gone"));
  if (map.e && map.e.length) {
    const table = document.createElement("table");
    const head = table.insertRow();
    for (const title of ["level", "index", "entry", "bits"]) head.append(text("th", title));
    map.e.forEach((entry, level) => {
      const row = table.insertRow();
      row.insertCell().textContent = "L" + level;
      row.insertCell().textContent = ((iova >> BigInt(12 + 9 * (3 - level))) & 511n).toString();
      row.insertCell().textContent = "0x" + entry.padStart(16, "0");
      row.insertCell().textContent = BITS.filter(([bit]) => (big(entry) >> BigInt(bit)) & 1n).map(([, name]) => name).join(", ");
    });
    out.append(table);
  } else {
    out.append(text("p", "The table's entries were not recorded."));
  }
  const step = events.slice(chosen.at).find(each => each.k === "step" && each.p === map.p);
  out.append(text("p", `put there at ${us(map.t)} by ${map.p}` + (step ? ` on its way to: ${step.w}` : "")));
}

function showTlb(s) {
  const out = el("tlb").querySelector("div");
  const table = document.createElement("table");
  const head = table.insertRow();
  for (const title of ["iova", "pa", "under", "state"]) head.append(text("th", title));
  let shown = 0;
  for (const entry of s.tlb.values()) {
    if (shown++ >= MOST_SHOWN) break;
    const fill = events[entry.at], stale = isStale(s, entry), row = table.insertRow();
    if (stale) row.className = "stale";
    row.insertCell().textContent = "0x" + fill.v;
    row.insertCell().textContent = "0x" + fill.a;
    row.insertCell().textContent = entry.root === KERNEL ? "TTBR1" : s.spaces.get(entry.root)?.name || "table 0x" + entry.root + ", freed";
    row.insertCell().textContent = stale ? "STALE" : "valid";
  }
  out.replaceChildren(s.tlb.size ? table : text("p", "empty"));
}

function showGroups(s) {
  const out = el("groups").querySelector("div");
  out.replaceChildren();
  const groups = Map.groupBy(topology, each => each.group);
  for (const [group, devices] of groups) {
    out.append(text("span", `group ${group} (${devices[0].domain}): ${devices.map(each => each.device).join(", ")}`, "group"));
  }
  for (const [bank, at] of s.banks) out.append(text("span", `${bank}: ${events[at].w}`, "bank"));
}

function showSource(e) {
  const list = el("source").querySelector("ol");
  if (!list.children.length) for (const line of source.split("\n")) list.append(text("li", line));
  list.querySelector(".here")?.classList.remove("here");
  const step = e && stepBefore(moment);
  if (step && list.children[step.l - 1]) {
    list.children[step.l - 1].classList.add("here");
    scroll(el("source"), list.children[step.l - 1]);
  }
}

function stepBefore(end) {
  for (let i = end - 1; i >= 0; i--) if (events[i].k === "step" && events[i].l) return events[i];
  return null;
}

const log = events.filter(each => each.k === "log");

function showLog(s) {
  const list = el("log").querySelector("ol");
  const first = Math.max(0, s.log - MOST_SHOWN);
  list.start = first + 1;
  list.replaceChildren(...log.slice(first, s.log).map(each => text("li", `[${(each.t / 1e9).toFixed(6)}] ${each.w}`)));
  el("log").scrollTop = el("log").scrollHeight;
}

function showEvents() {
  const list = el("events").querySelector("ol");
  const first = Math.max(0, moment - 25), last = Math.min(events.length, moment + 15);
  list.start = first + 1;
  list.replaceChildren(...events.slice(first, last).map((each, i) => {
    const item = text("li", lineOf(each), first + i === moment - 1 ? "here" : "");
    item.onclick = () => go(first + i + 1);
    return item;
  }));
  const here = list.querySelector(".here");
  if (here) scroll(el("events"), here);
}

const scroll = (box, item) => { box.scrollTop = item.offsetTop - box.offsetTop - box.clientHeight / 2; };

// ---- the timeline: a lane for each process, ring and bank, and one for faults

const lanes = [];
const laneOf = new Map();
const lane = name => { if (!laneOf.has(name)) { laneOf.set(name, lanes.length); lanes.push({ name, marks: [], spans: [] }); } return lanes[laneOf.get(name)]; };
const running = new Map();
events.forEach((e, i) => {
  if (e.k === "run") running.set(e.f, i);
  else if (e.k === "done" && running.has(e.f)) { const from = running.get(e.f); running.delete(e.f); lane("ring " + events[from].r).spans.push([from, i, "job " + e.f]); }
  if (e.k === "switch") { const spans = lane(e.i + " bank " + e.n).spans; if (spans.length) spans.at(-1)[1] = i; spans.push([i, events.length - 1, e.w]); }
  else if (e.k === "fault") lane("faults").marks.push(i);
  else if (e.p && e.p.includes("[")) lane(e.p).marks.push(i);
});

// At zoom 1 the view is the run, from what processes do first to what they do last: the boot before it takes much longer
// than any step, and so does the wait until the hardware is suspended. A moment of the boot has the boot as its view.
const ACTS = new Set(["step", "bind", "unbind", "queue", "run", "done", "fault"]);
const acts = events.filter(each => ACTS.has(each.k));
const began = acts[0]?.t ?? events[0]?.t ?? 0;
const ended = Math.max(began + 1, acts.at(-1)?.t ?? events.at(-1)?.t ?? 1);
const margin = (ended - began) / 20;
let view = [began, ended];

function setView() {
  const centre = events[Math.max(0, moment - 1)]?.t ?? 0;
  const [from, to] = centre < began ? [events[0].t, began] : [began - margin, ended + margin];
  const half = (to - from) / zoom / 2;
  view = zoom === 1 ? [from, to] : [centre - half, centre + half];
  el("lanes").dataset.view = view.join(" ");
}

function drawLanes() {
  setView();
  const canvas = el("lanes"), width = canvas.clientWidth || 800, row = 24, scale = window.devicePixelRatio || 1;
  canvas.height = (lanes.length * row + 20) * scale;
  canvas.style.height = lanes.length * row + 20 + "px";
  canvas.width = width * scale;
  const c = canvas.getContext("2d");
  c.scale(scale, scale);
  c.font = "12px system-ui";
  const label = Math.min(170, width / 3), x = t => label + (t - view[0]) / (view[1] - view[0]) * (width - label);
  lanes.forEach((each, i) => {
    const top = i * row;
    c.fillStyle = i % 2 ? "#f6f6f6" : "#fff"; c.fillRect(0, top, width, row);
    c.save(); c.beginPath(); c.rect(label, top, width - label, row); c.clip();
    for (const [from, to, name] of each.spans) {
      const left = x(events[from].t), right = Math.max(left + 2, x(events[to].t));
      if (right < label || left > width) continue;
      c.fillStyle = each.name.startsWith("ring") ? "#56b4e9" : "#e69f00"; c.fillRect(left, top + 3, right - left, row - 6);
      c.strokeStyle = "#333"; c.strokeRect(left, top + 3, right - left, row - 6);
      c.fillStyle = "#111"; if (right - left > 40) c.fillText(name, left + 3, top + 16, right - left - 6);
    }
    let last = -9;
    for (const at of each.marks) {
      const left = x(events[at].t);
      if (left - last < 1.5 || left < label || left > width) continue;
      last = left;
      c.fillStyle = each.name === "faults" ? "#d55e00" : "#0072b2";
      if (each.name === "faults") { c.beginPath(); c.moveTo(left, top + 3); c.lineTo(left + 6, top + row - 4); c.lineTo(left - 6, top + row - 4); c.fill(); } else c.fillRect(left - 1, top + 6, 3, row - 12);
    }
    c.restore();
    c.fillStyle = "#111"; c.fillText(each.name, 4, top + 16, label - 8);
  });
  const bottom = lanes.length * row;
  c.fillText(us(view[0]), label, bottom + 14); c.textAlign = "right"; c.fillText(us(view[1]), width - 4, bottom + 14); c.textAlign = "left";
  if (moment > 0) { const left = Math.min(width - 1, x(events[moment - 1].t)); c.strokeStyle = "#000"; c.lineWidth = 2; c.beginPath(); c.moveTo(left, 0); c.lineTo(left, bottom); c.stroke(); c.lineWidth = 1; }
}

el("lanes").onclick = event => {
  const box = el("lanes").getBoundingClientRect(), label = Math.min(170, box.width / 3);
  const t = view[0] + (event.clientX - box.left - label) / (box.width - label) * (view[1] - view[0]);
  let at = events.findIndex(each => each.t > t);
  go(at < 0 ? events.length : at);
};

// ---- moving

function go(to) { moment = Math.max(0, Math.min(events.length, to)); show(); }
function zoomBy(factor) { zoom = Math.max(1, Math.min(4096, zoom * factor)); drawLanes(); }
el("first").onclick = () => go(0);
el("back").onclick = () => go(moment - 1);
el("next").onclick = () => go(moment + 1);
el("last").onclick = () => go(events.length);
el("in").onclick = () => zoomBy(2);
el("out").onclick = () => zoomBy(0.5);
el("moment").oninput = event => go(Number(event.target.value));
addEventListener("resize", drawLanes);
addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const act = {
    ArrowLeft: () => go(moment - 1), ArrowRight: () => go(moment + 1), PageUp: () => go(moment - 20), PageDown: () => go(moment + 20),
    Home: () => go(0), End: () => go(events.length), "+": () => zoomBy(2), "=": () => zoomBy(2), "-": () => zoomBy(0.5),
    "?": () => document.querySelector(".help").classList.toggle("shown"),
  }[event.key];
  if (act) { event.preventDefault(); act(); }
});
show();
document.body.dataset.ready = "yes";
