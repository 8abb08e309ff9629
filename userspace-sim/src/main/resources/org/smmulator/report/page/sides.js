// The sides of an argument beside each other, and two of their runs step by step.

const MOST_COMPARED = 2_000;

/** Rows of steps of two runs: the longest common story in step, and what only one of them does in rows of its own. */
function aligned(left, right) {
  const one = left.all("step").slice(0, MOST_COMPARED), other = right.all("step").slice(0, MOST_COMPARED);
  const shapes = one.map(at => left.shape(at)), others = other.map(at => right.shape(at));
  const width = other.length + 1, common = new Uint16Array((one.length + 1) * width);
  for (let i = one.length - 1; i >= 0; i--) {
    for (let j = other.length - 1; j >= 0; j--) {
      common[i * width + j] = shapes[i] === others[j]
        ? common[(i + 1) * width + j + 1] + 1
        : Math.max(common[(i + 1) * width + j], common[i * width + j + 1]);
    }
  }
  const rows = [];
  for (let i = 0, j = 0; i < one.length || j < other.length;) {
    if (i < one.length && j < other.length && shapes[i] === others[j]) rows.push([one[i++], other[j++]]);
    else if (j === other.length || (i < one.length && common[(i + 1) * width + j] >= common[i * width + j + 1])) rows.push([one[i++], null]);
    else rows.push([null, other[j++]]);
  }
  return rows;
}

const told = (events, at) => at === null ? "" : `${events.text(at, "who")}  ${events.words(at)}`;

/** An argument: told, its sides beside each other, and a stage with two runs. */
class Argument {
  constructor(head, data, places) {
    this.head = head;
    this.data = data;
    this.places = places;
    this.players = [];
    const { before, sides, after } = head.argument;
    places.before.append(...before.map(each => this.section(each)), this.sides(sides), this.steps = text("section", "", "steps"));
    places.after.append(...after.map(each => this.section(each)));
    const firsts = sides.filter(side => side.runs.length).map(side => side.runs[0].run);
    this.chosen = [firsts[0] ?? 0, firsts[1] ?? Math.min(1, head.runs.length - 1)];
    this.choose();
  }

  section({ heading, text: words }) {
    const section = text("section", "");
    section.append(text("h2", heading), text("pre", words));
    return section;
  }

  facts(list) {
    const facts = document.createElement("dl");
    for (const { label, text: words } of list) facts.append(text("dt", label), text("dd", words, label === "outcome" && words.startsWith("broken") ? "broken" : ""));
    return facts;
  }

  sides(sides) {
    const box = text("div", "", "sides");
    for (const side of sides) {
      const card = text("section", "", "side");
      card.append(text("h2", side.name), this.facts(side.facts));
      for (const { run, facts } of side.runs) {
        card.append(text("h3", this.head.runs[run].name), this.facts(facts));
        for (const [at, where] of ["left", "right"].entries()) {
          const button = text("button", `show ${where}`);
          button.dataset.run = run;
          button.dataset.at = at;
          button.onclick = () => { this.chosen[at] = run; this.choose(); this.go(0); };
          card.append(button);
        }
      }
      box.append(card);
    }
    return box;
  }

  choose() {
    for (const [at, run] of this.chosen.entries()) {
      if (this.players[at]?.run === run) continue;
      const player = new Player(this.head.runs[run], this.data, moment => { player.show(moment); this.tell(); });
      this.players[at] = { run, player };
    }
    const [left, right] = this.players.map(each => each.player);
    this.places.runs.className = "two";
    this.places.runs.replaceChildren(left.root, right.root);
    for (const button of this.places.before.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", this.chosen[button.dataset.at] === Number(button.dataset.run));
    }
    this.rows = aligned(left.events, right.events);
    this.count = this.rows.length;
    const table = tableOf(["", this.head.runs[this.chosen[0]].name, this.head.runs[this.chosen[1]].name]);
    this.rows.forEach(([one, other], i) => {
      const words = [told(left.events, one), told(right.events, other)];
      const row = addRow(table, [words[0] === words[1] ? "=" : "\u2260", ...words]);
      if (words[0] !== words[1]) row.className = "differs";
      row.onclick = () => this.go(i + 1);
    });
    this.steps.replaceChildren(text("h2", "Step by step"), table);
  }

  go(to) {
    this.position = Math.max(0, Math.min(this.count, to));
    for (const [at, { player }] of this.players.entries()) {
      let row = this.position - 1;
      while (row >= 0 && this.rows[row][at] === null) row--;
      player.show(row < 0 ? 0 : this.rows[row][at] + 1);
    }
    this.steps.querySelector(".here")?.classList.remove("here");
    const row = this.steps.querySelector("tbody").rows[this.position - 1];
    if (row) { row.classList.add("here"); scroll(this.steps, row); }
    this.tell();
  }

  tell() { this.places.tell(this.position, this.count, this.players.map(each => each.player.line()).join("  |  ")); }
  zoomBy(factor) { for (const { player } of this.players) player.timeline.zoomBy(factor); }
  draw() { for (const { player } of this.players) player.timeline.draw(player.moment); }
}
