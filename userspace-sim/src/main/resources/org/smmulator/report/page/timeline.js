// A lane for each process, ring and bank, and one for faults. Of the events only those are drawn that fall on pixels of
// their own, and none outside the view.

const ACTS = ["step", "bind", "unbind", "queue", "run", "done", "fault"];
const ROW = 24;

class Timeline {
  constructor(canvas, events, go) {
    this.canvas = canvas;
    this.events = events;
    this.zoom = 1;
    this.moment = 0;
    this.lanes = new Map();
    this.collect();
    // At zoom 1 the view is the run, from what processes do first to what they do last: the boot before it takes much
    // longer than any step, and so does the wait until the hardware is suspended. A moment of the boot has the boot as its
    // view.
    const acts = ACTS.flatMap(kind => events.all(kind)).sort((one, other) => one - other), last = events.size - 1;
    const time = at => at === undefined || at < 0 ? 0 : events.times[at];
    this.began = time(acts[0] ?? 0);
    this.ended = Math.max(this.began + 1, time(acts.at(-1) ?? last));
    canvas.onclick = event => {
      const box = canvas.getBoundingClientRect(), label = this.label(box.width), [from, to] = this.view();
      go(events.countUntil(from + (event.clientX - box.left - label) / (box.width - label) * (to - from)));
    };
  }

  lane(name) {
    if (!this.lanes.has(name)) this.lanes.set(name, { name, marks: [], spans: [] });
    return this.lanes.get(name);
  }

  collect() {
    const e = this.events, running = new Map(), whose = e.texts.map(text => text.includes("["));
    const { run, done, switch: switched, fault } = e.kind;
    for (let at = 0; at < e.size; at++) {
      const kind = e.kinds[at];
      if (kind === run) running.set(e.column.job[at], at);
      else if (kind === done && running.has(e.column.job[at])) {
        const from = running.get(e.column.job[at]);
        this.lane("ring " + e.text(from, "ring")).spans.push([from, at, "job " + e.text(at, "job")]);
      }
      if (kind === switched) {
        const spans = this.lane(`${e.text(at, "iommu")} bank ${e.number(at, "number")}`).spans;
        if (spans.length) spans.at(-1)[1] = at;
        spans.push([at, e.size - 1, e.words(at)]);
      } else if (kind === fault) this.lane("faults").marks.push(at);
      else if (whose[e.column.who[at]]) this.lane(e.text(at, "who")).marks.push(at);
    }
  }

  label(width) { return Math.min(170, width / 3); }

  view() {
    const first = this.events.times[0] ?? 0, centre = this.moment === 0 ? first : this.events.times[this.moment - 1];
    const margin = (this.ended - this.began) / 20;
    const [from, to] = centre < this.began ? [first, this.began] : [Math.max(first, this.began - margin), this.ended + margin];
    const half = (to - from) / this.zoom / 2;
    return this.zoom === 1 ? [from, to] : [centre - half, centre + half];
  }

  zoomBy(factor) { this.zoom = Math.max(1, Math.min(4096, this.zoom * factor)); this.draw(this.moment); }

  draw(moment) {
    this.moment = moment;
    const [from, to] = this.view(), times = this.events.times, canvas = this.canvas;
    const width = canvas.clientWidth || 800, scale = window.devicePixelRatio || 1, lanes = [...this.lanes.values()];
    const height = lanes.length * ROW + 20;
    canvas.dataset.view = `${from} ${to}`;
    canvas.style.height = height + "px";
    canvas.height = height * scale;
    canvas.width = width * scale;
    const c = canvas.getContext("2d"), label = this.label(width);
    const x = t => label + (t - from) / (to - from) * (width - label), timeAt = left => from + (left - label) / (width - label) * (to - from);
    c.scale(scale, scale);
    c.font = "12px system-ui";
    lanes.forEach((lane, i) => {
      const top = i * ROW;
      c.fillStyle = i % 2 ? "#f6f6f6" : "#fff"; c.fillRect(0, top, width, ROW);
      c.save(); c.beginPath(); c.rect(label, top, width - label, ROW); c.clip();
      let right = label - 1;
      for (let at = this.firstBehind(lane.spans, right, timeAt, span => times[span[1]]); at < lane.spans.length;) {
        const [begin, end, name] = lane.spans[at], left = x(times[begin]);
        if (left > width) break;
        right = Math.max(left + 2, x(times[end]));
        c.fillStyle = lane.name.startsWith("ring") ? "#56b4e9" : "#e69f00"; c.fillRect(left, top + 3, right - left, ROW - 6);
        c.strokeStyle = "#333"; c.strokeRect(left, top + 3, right - left, ROW - 6);
        c.fillStyle = "#111"; if (right - left > 40) c.fillText(visible(name), left + 3, top + 16, right - left - 6);
        at = Math.max(at + 1, this.firstBehind(lane.spans, left + 0.5, timeAt, span => times[span[1]]));
      }
      for (let at = this.firstBehind(lane.marks, label, timeAt, mark => times[mark]); at < lane.marks.length;) {
        const left = x(times[lane.marks[at]]);
        if (left > width) break;
        c.fillStyle = lane.name === "faults" ? "#d55e00" : "#0072b2";
        if (lane.name === "faults") { c.beginPath(); c.moveTo(left, top + 3); c.lineTo(left + 6, top + ROW - 4); c.lineTo(left - 6, top + ROW - 4); c.fill(); } else c.fillRect(left - 1, top + 6, 3, ROW - 12);
        at = Math.max(at + 1, this.firstBehind(lane.marks, left + 1.5, timeAt, mark => times[mark]));
      }
      c.restore();
      c.fillStyle = "#111"; c.fillText(visible(lane.name), 4, top + 16, label - 8);
    });
    const bottom = lanes.length * ROW;
    c.fillText(us(from), label, bottom + 14); c.textAlign = "right"; c.fillText(us(to), width - 4, bottom + 14); c.textAlign = "left";
    if (moment > 0) { const left = Math.min(width - 1, x(times[moment - 1])); c.strokeStyle = "#000"; c.lineWidth = 2; c.beginPath(); c.moveTo(left, 0); c.lineTo(left, bottom); c.stroke(); c.lineWidth = 1; }
  }

  /** The index of the first in a list in order of time that is not left of a place on the canvas. */
  firstBehind(list, left, timeAt, timeOf) {
    const time = timeAt(left);
    let low = 0, high = list.length;
    while (low < high) { const middle = (low + high) >> 1; if (timeOf(list[middle]) < time) low = middle + 1; else high = middle; }
    return low;
  }
}
