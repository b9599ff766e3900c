import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from "d3-force";
import { element, shape } from "./elements.js";
import { brief, drawing, lettered } from "./figure.js";
import { shown, worded } from "./terms.js";
import { _, ngettext } from "./texts.js";

const TICKS = 300;
/** How many relations have a colour of their own. */
const COLOURS = 6;

/**
 * Draw rows as lines between things: from, to, and which relation that is.
 *
 * The layout starts from the same places each time and draws no lots, so that it is the same for
 * the same rows.
 * @param {Record<string, import("./asking.js").Term>[]} rows
 * @param {{from: string, to: string, relation?: string, times?: string}} columns
 * @param {Map<string, {value: string, language: string}>} named
 */
export function network(rows, columns, named) {
  const { nodes, edges, relations } = gathered(rows, columns, named);
  const width = 1000;
  const height = Math.min(900, Math.max(420, 240 + 5 * nodes.length));
  arrange(nodes, edges, width, height);
  const svg = drawing(width, height, _("%(things)s things and %(relations)s relations between them; the table has the same", { things: nodes.length, relations: edges.length }));
  const said = element("div", { class: "told", "aria-live": "polite" }, element("p", {}, _("Choose a thing, by pointing or by Tab and the arrow keys, to see what is said of it.")));
  const lines = edges.map((edge) =>
    shape(
      "line",
      {
        class: look(relations.indexOf(edge.relation)),
        x1: edge.source.x, y1: edge.source.y, x2: edge.target.x, y2: edge.target.y,
        "stroke-width": 1 + Math.min(5, Math.sqrt(edge.times)) / 2,
      },
      shape("title", {}, `${edge.source.label}: ${edge.word} ${edge.target.label}`),
    ),
  );
  name(nodes, width, height);
  const marks = nodes.map((node) => mark(node, () => turnTo(node)));
  // What is drawn last lies above: names of hubs over the things around them.
  const above = [...nodes.keys()].sort((one, other) => nodes[one].edges.length - nodes[other].edges.length);
  svg.append(shape("g", { class: "edges" }, ...lines), ...above.map((index) => marks[index]));

  // One stop for the Tab key; the arrow keys go on from there, what has most relations first.
  const order = [...above].reverse();
  order.forEach((index, place) => {
    marks[index].setAttribute("tabindex", place ? "-1" : "0");
    marks[index].addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const next = marks[order[(place + step + order.length) % order.length]];
      marks[index].setAttribute("tabindex", "-1");
      next.setAttribute("tabindex", "0");
      next.focus();
    });
  });

  function turnTo(chosen) {
    const near = new Set([chosen, ...chosen.edges.flatMap((edge) => [edge.source, edge.target])]);
    svg.classList.add("chosen");
    nodes.forEach((node, index) => marks[index].classList.toggle("near", near.has(node)));
    edges.forEach((edge, index) => lines[index].classList.toggle("near", edge.source === chosen || edge.target === chosen));
    said.replaceChildren(told(chosen, named));
  }

  const box = element("div", { class: "scroll picture", tabindex: "0", role: "region", "aria-label": _("The picture") }, svg);
  return element("div", {}, legend(edges, relations, lines), box, said);
}

function gathered(rows, columns, named) {
  const nodes = new Map();
  const edges = new Map();
  const relations = new Map();
  const node = (term) => {
    const key = term.value;
    if (!nodes.has(key)) nodes.set(key, { term, label: worded(term, named), edges: [], order: nodes.size });
    return nodes.get(key);
  };
  for (const row of rows) {
    const { [columns.from]: from, [columns.to]: to, [columns.relation ?? ""]: relation } = row;
    if (!from || !to) continue;
    const word = relation ? worded(relation, named) : "";
    const key = JSON.stringify([from.value, relation?.value ?? "", to.value]);
    const known = edges.get(key);
    if (known) {
      known.times += 1;
      continue;
    }
    relations.set(relation?.value ?? "", word);
    const times = Number(row[columns.times ?? ""]?.value) || 1;
    const edge = { source: node(from), target: node(to), relation: relation?.value ?? "", word, times };
    edge.source.edges.push(edge);
    if (edge.target !== edge.source) edge.target.edges.push(edge);
    edges.set(key, edge);
  }
  const count = (name) => [...edges.values()].filter((edge) => edge.relation === name).length;
  const order = [...relations.keys()].sort((one, other) => count(other) - count(one) || one.localeCompare(other));
  for (const one of nodes.values()) one.origin = one.edges.every((edge) => edge.source === one) && one.edges.length > 2;
  return { nodes: [...nodes.values()], edges: [...edges.values()], relations: order };
}

function arrange(nodes, edges, width, height) {
  forceSimulation(nodes)
    .force("link", forceLink(edges).distance(60).strength(0.35))
    .force("charge", forceManyBody().strength(-190).distanceMax(420))
    .force("x", forceX(width / 2).strength(0.05))
    .force("y", forceY(height / 2).strength((0.05 * width) / height))
    .force("collide", forceCollide((node) => radius(node) + 9))
    .stop()
    .tick(TICKS);
  const xs = nodes.map((node) => node.x);
  const ys = nodes.map((node) => node.y);
  const fit = (value, low, high, size, margin) => margin + ((value - low) / (high - low || 1)) * (size - 2 * margin);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  for (const node of nodes) {
    node.x = fit(node.x, left, right, width, 90);
    node.y = fit(node.y, top, bottom, height, 24);
  }
}

function radius(node) {
  return 4 + Math.min(16, 1.6 * Math.sqrt(node.edges.length));
}

/** From how many relations on a thing is named in any case. */
const HUB = 12;

/** Find places for names, for what others start from and for what has most relations first. */
function name(nodes, width, height) {
  const order = [...nodes].sort((one, other) => Number(other.origin) - Number(one.origin) || other.edges.length - one.edges.length || one.order - other.order);
  const points = order.map((node) => ({ x: node.x, y: node.y, radius: radius(node), text: brief(node.label, 34), bold: node.origin, always: node.edges.length >= HUB }));
  lettered(points, width, height).forEach((place, index) => Object.assign(order[index], { place, named: place.shown, text: points[index].text }));
}

function mark(node, turn) {
  const kinds = ["node", node.named && "named", node.origin && "origin"].filter(Boolean);
  return shape(
    "g",
    {
      class: kinds.join(" "),
      transform: `translate(${node.x.toFixed(1)} ${node.y.toFixed(1)})`,
      role: "button",
      click: turn,
      focus: turn,
      keydown: (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        turn();
      },
    },
    shape("title", {}, ngettext("%(name)s, %(num)s relation", "%(name)s, %(num)s relations", node.edges.length, { name: node.label })),
    shape("circle", { r: radius(node).toFixed(1) }),
    shape("text", { x: node.place.x.toFixed(1), y: node.place.y.toFixed(1), "text-anchor": node.place.anchor}, node.text),
  );
}

/** Say in words what leads to a thing and from it. */
function told(node, named) {
  const lines = node.edges.map((edge) =>
    element("li", {}, shown(edge.source.term, named), edge.word ? ` – ${edge.word} → ` : " → ", shown(edge.target.term, named), edge.times > 1 ? ` (${ngettext("%(num)s time", "%(num)s times", edge.times)})` : ""),
  );
  return element("div", {}, element("h3", {}, shown(node.term, named)), element("ul", {}, ...lines));
}

/** Give each relation a look of its own: a colour, and broken lines where the colours come again. */
function look(index) {
  return `edge colour-${index % COLOURS}${index < COLOURS ? "" : " again"}`;
}

/** Name the colours; a relation that is switched off is not drawn. */
function legend(edges, relations, lines) {
  if (relations.length < 2 && !relations[0]) return element("span");
  const entries = relations.map((relation, index) => {
    const own = lines.filter((_, place) => edges[place].relation === relation);
    const word = edges.find((edge) => edge.relation === relation).word || _("of no kind");
    const box = element("input", { type: "checkbox", checked: true });
    box.addEventListener("change", () => {
      for (const line of own) line.classList.toggle("off", !box.checked);
    });
    const sample = shape(
      "svg",
      { class: "sample", viewBox: "0 0 24 8", "aria-hidden": "true" },
      shape("line", { class: look(index), x1: 0, y1: 4, x2: 24, y2: 4, "stroke-width": 3 }),
    );
    return element("li", {}, element("label", {}, box, " ", sample, ` ${word} `, element("span", { class: "count" }, String(own.length))));
  });
  return element("ul", { class: "legend", "aria-label": _("Relations") }, ...entries);
}
