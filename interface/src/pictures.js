import { ask, RESULTS } from "./asking.js";
import { element } from "./elements.js";
import { keeping } from "./keeping.js";
import { map } from "./map.js";
import { network } from "./network.js";
import { labels } from "./terms.js";
import { timeline } from "./timeline.js";

const KINDS = {
  network: (rows, named) => network(rows, { from: "from", to: "to", relation: "relation", times: "times" }, named),
  timeline: (rows, named) => timeline(rows, { thing: "thing", date: "date", begin: "begin", end: "end" }, named),
  map: (rows, named) => map(rows, { thing: "thing", lat: "lat", long: "long", point: "point" }, named),
};

for (const place of document.querySelectorAll("[data-picture]")) draw(place);

async function draw(place) {
  try {
    const { results } = JSON.parse(await ask(place.dataset.query, RESULTS));
    const rows = results.bindings;
    const iris = rows.flatMap((row) => Object.values(row).filter((term) => term.type === "uri").map((term) => term.value));
    const made = KINDS[place.dataset.picture](rows, await labels(iris));
    const svg = made?.querySelector("svg.drawing");
    if (made) place.replaceChildren(made, ...(svg ? [keeping(svg, location.pathname.replace(/\/$/, "").split("/").pop() ?? "picture")] : []));
  } catch (error) {
    place.replaceChildren(element("p", { class: "warning", role: "alert", lang: error.lang ?? null }, error.message));
  }
}
