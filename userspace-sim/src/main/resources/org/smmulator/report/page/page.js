// Moves through one run, or through two beside each other. Nothing is fetched.

const el = id => document.getElementById(id);

/** One run, event by event. */
class Alone {
  constructor(head, data, places) {
    this.places = places;
    this.player = new Player(head.runs[0], data, moment => this.go(moment));
    this.count = this.player.events.size;
    this.player.root.querySelector("h2").hidden = true;
    places.runs.append(this.player.root);
  }

  go(to) {
    this.position = Math.max(0, Math.min(this.count, to));
    this.player.show(this.position);
    this.places.tell(this.position, this.count, this.player.line());
  }

  zoomBy(factor) { this.player.timeline.zoomBy(factor); }
  draw() { this.player.timeline.draw(this.position); }
}

const places = {
  before: el("argument"), runs: document.querySelector("main"), after: el("after"),
  tell(position, count, words) {
    el("moment").max = count;
    el("moment").value = position;
    el("when").textContent = `${position} of ${count}`;
    el("now").textContent = visible(words);
  },
};
const data = await load();
document.title = visible(data.head.title);
document.querySelector("h1").textContent = visible(data.head.title);
const stage = new (data.head.argument ? Argument : Alone)(data.head, data, places);

el("first").onclick = () => stage.go(0);
el("back").onclick = () => stage.go(stage.position - 1);
el("next").onclick = () => stage.go(stage.position + 1);
el("last").onclick = () => stage.go(stage.count);
el("in").onclick = () => stage.zoomBy(2);
el("out").onclick = () => stage.zoomBy(0.5);
el("moment").oninput = event => stage.go(Number(event.target.value));
addEventListener("resize", () => stage.draw());
addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const act = {
    ArrowLeft: () => stage.go(stage.position - 1), ArrowRight: () => stage.go(stage.position + 1),
    PageUp: () => stage.go(stage.position - 20), PageDown: () => stage.go(stage.position + 20),
    Home: () => stage.go(0), End: () => stage.go(stage.count), "+": () => stage.zoomBy(2), "=": () => stage.zoomBy(2), "-": () => stage.zoomBy(0.5),
    "?": () => document.querySelector(".help").classList.toggle("shown"),
  }[event.key];
  if (act) { event.preventDefault(); act(); }
});
stage.go(stage.count);
globalThis.stage = stage; // for the console
document.body.dataset.ready = "yes";
