// Boxes in columns, with lines between those that belong together.

/** The name of SVG's elements, from one that the parser makes. */
const SVG = (() => { const made = document.createElement("template"); made.innerHTML = "<svg></svg>"; return made.content.firstChild.namespaceURI; })();
const CHARACTER = 6.7, LINE = 24, BOX = 18, GAP = 46, EDGE = 8;

function shape(name, attributes, words) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (words !== undefined) made.textContent = visible(words);
  return made;
}

/**
 * A picture of columns, each a title and its boxes: {id, words, look}; lines lead from the id of one to that of another.
 */
function picture(columns, lines) {
  const places = new Map();
  let left = 0, height = 0;
  const drawn = [];
  for (const [title, boxes] of columns.filter(([, boxes]) => boxes.length)) {
    const width = CHARACTER * Math.max(title.length, ...boxes.map(box => visible(box.words).length)) + 2 * EDGE;
    drawn.push(shape("text", { x: left, y: BOX - 5, "font-weight": 700 }, title));
    boxes.forEach((box, i) => {
      const top = LINE * (i + 1);
      places.set(box.id, { left, right: left + width, middle: top + BOX / 2 });
      drawn.push(
        shape("rect", { x: left + 1, y: top, width: width - 2, height: BOX, rx: 3, class: box.look }),
        shape("text", { x: left + EDGE, y: top + BOX - 5 }, box.words));
    });
    left += width + GAP;
    height = Math.max(height, LINE * (boxes.length + 1));
  }
  const wires = lines.filter(line => line.every(end => places.has(end))).map(([from, to]) => {
    const a = places.get(from), b = places.get(to);
    return shape("path", { d: `M${a.right - 1} ${a.middle} C${a.right + GAP / 2} ${a.middle} ${b.left - GAP / 2} ${b.middle} ${b.left + 1} ${b.middle}` });
  });
  const size = { width: Math.max(0, left - GAP), height };
  const svg = shape("svg", { viewBox: `0 0 ${size.width} ${size.height}`, ...size, class: "picture", role: "img" });
  svg.append(shape("title", {}, lines.map(ends => ends.join(" - ")).join("; ")), ...wires, ...drawn);
  return svg;
}
