import { scaleLinear } from "d3-scale";
import { element, shape } from "./elements.js";
import { brief, drawing, led } from "./figure.js";
import { address, worded } from "./terms.js";
import { _ } from "./texts.js";

const WIDTH = 1000;
const ROW = 24;
/** How wide the labels may be, and about how wide a sign is. */
const LABELS = 340;
const SIGN = 7;
/** How many rows are drawn; the table has all. */
const MOST = 60;

/**
 * Draw a number for each row as a bar.
 * @param {Record<string, import("./asking.js").Term>[]} rows
 * @param {{thing: string, number: string}} columns
 * @param {Map<string, {value: string, language: string}>} named
 */
export function bars(rows, columns, named) {
  const found = rows.filter((row) => row[columns.number]).slice(0, MOST);
  if (!found.length) return null;
  const values = found.map((row) => Number(row[columns.number].value));
  const longest = Math.max(...found.map((row) => brief(worded(row[columns.thing], named), 46).length));
  const left = Math.min(LABELS, longest * SIGN + 20);
  const size = scaleLinear()
    .domain([Math.min(0, ...values), Math.max(0, ...values)])
    .range([left, WIDTH - 60]);
  const svg = drawing(WIDTH, found.length * ROW + 8, _("%(number)s for each %(thing)s; the table has the same", columns));
  found.forEach((row, index) => {
    const [y, value] = [index * ROW + 4, values[index]];
    const label = worded(row[columns.thing], named);
    const [from, to] = [size(0), size(value)].sort((one, other) => one - other);
    svg.append(
      led(
        row[columns.thing]?.type === "uri" ? address(row[columns.thing].value) : null,
        `${label}: ${row[columns.number].value}`,
        shape("text", { x: left - 8, y: y + 14, "text-anchor": "end", "aria-hidden": "true" }, brief(label, 46)),
        shape("rect", { class: "span", x: from, y: y + 2, width: Math.max(1, to - from), height: 16, rx: 2 }),
        shape("text", { class: "date", x: to + 6, y: y + 14, "aria-hidden": "true" }, row[columns.number].value),
      ),
    );
  });
  const cut = rows.length > MOST ? element("p", { class: "note" }, _("The first %(shown)s of %(all)s rows are drawn.", { shown: MOST, all: rows.length })) : null;
  return element("div", {}, cut, element("div", { class: "scroll picture", tabindex: "0", role: "region", "aria-label": _("The picture") }, svg));
}
