import { ask, read, RESULTS } from "./asking.js";
import { element } from "./elements.js";
import { offered } from "./offers.js";
import { labels } from "./terms.js";
import { _ } from "./texts.js";
import { views } from "./views.js";

const place = document.querySelector("#drawn");
const fields = [...document.querySelectorAll("input[data-thing]")];

if (fields.length) {
  const { prefixes } = await read("/completions.json");
  for (const field of fields) offered(field, prefixes);
}
if (place.dataset.query) {
  // Among files, the answer is one of them, and nothing need be loaded to find it.
  const { answer, query } = place.dataset;
  const { head, results } = answer ? await (await fetch(answer)).json() : JSON.parse(await ask(query, RESULTS));
  const ways = views(head.vars, results.bindings);
  if (ways.length) place.replaceChildren(...drawn(ways, results.bindings));
}

/** Offer the ways in which the rows can be drawn. */
function drawn(ways, rows) {
  const box = element("div");
  const buttons = ways.map((way) =>
    element("button", { type: "button", class: "second", "aria-pressed": "false", click: () => show(way) }, way.name),
  );
  async function show(chosen) {
    const iris = rows.flatMap((row) => Object.values(row).filter((term) => term.type === "uri").map((term) => term.value));
    const named = await labels(iris);
    buttons.forEach((button, index) => button.setAttribute("aria-pressed", String(ways[index] === chosen)));
    box.replaceChildren(chosen.draw(named) ?? element("p", {}, _("These rows cannot be drawn so.")));
  }
  return [element("div", { class: "row", role: "group", "aria-label": _("Draw it as") }, element("span", {}, _("Draw it as")), ...buttons), box];
}
