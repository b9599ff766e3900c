import { scaleLinear } from "d3-scale";
import { element, shape } from "./elements.js";
import { brief, drawing, led } from "./figure.js";
import { address, worded } from "./terms.js";
import { _, ngettext } from "./texts.js";

/** How wide and how high rows are, in a wide window and in a narrow one. */
const WIDE = { width: 1000, row: 24, ticks: 10, narrow: false };
const NARROW = { width: 420, row: 46, ticks: 4, narrow: true };
const MARGIN = { left: 24, right: 12, top: 34 };

/**
 * Read a date of ISO 8601 or EDTF as years with fractions, and say whether it is certain.
 * @param {string} text
 */
export function span(text) {
  const [first, last = first] = text.split("/");
  const open = { begin: /^(|\.\.)$/.test(first), end: /^(|\.\.)$/.test(last) };
  const begin = edge(open.begin ? last : first, false);
  const end = edge(open.end ? first : last, true);
  if (begin === null || end === null) return null;
  return { begin, end, open, certain: !/[~?%X]/.test(text) && !open.begin && !open.end };
}

/** Word a date of EDTF for readers who do not know how it is written. */
export function dated(text) {
  const [first, last = null] = text.split("/");
  if (last === null || first === last) return edged(first);
  if (/^(|\.\.)$/.test(first)) return _("until %(date)s", { date: edged(last) });
  if (/^(|\.\.)$/.test(last)) return _("from %(date)s", { date: edged(first) });
  return `${edged(first)}–${edged(last)}`;
}

function edged(text) {
  const bare = text.replace(/[~?%]/g, "");
  const [, decade] = /^(\d{3})X$/.exec(bare) ?? [];
  const [, century] = /^(\d\d)XX$/.exec(bare) ?? [];
  const date = decade ? _("%(year)ss", { year: `${decade}0` }) : century ? `${century}00–${century}99` : bare;
  if (/[~%]/.test(text)) return _("about %(date)s", { date });
  return text.includes("?") ? _("perhaps %(date)s", { date }) : date;
}

function edge(text, late) {
  const found = /^(-?[\dX]{4,})(?:-([\dX]{2}))?(?:-([\dX]{2}))?/.exec(text.replace(/[~?%]/g, ""));
  if (!found) return null;
  const year = Number(found[1].replaceAll("X", late ? "9" : "0"));
  const month = /^\d+$/.test(found[2] ?? "") ? Number(found[2]) : null;
  const day = /^\d+$/.test(found[3] ?? "") ? Number(found[3]) : null;
  // Beyond 12 stand the seasons of EDTF.
  if (month === null || month > 12) return year + (late ? 1 : 0);
  const days = day === null ? (late ? 30.4 : 0) : day - (late ? 0 : 1);
  return year + (month - 1) / 12 + days / 365;
}

/**
 * Draw rows along the years; dates that are not certain have a broken outline.
 * @param {Record<string, import("./asking.js").Term>[]} rows
 * @param {{thing: string, date?: string, begin?: string, end?: string}} columns
 * @param {Map<string, {value: string, language: string}>} named
 */
export function timeline(rows, columns, named) {
  const found = [];
  for (const row of rows) {
    const said = row[columns.date ?? ""]?.value;
    const [begin, end] = [row[columns.begin ?? ""]?.value, row[columns.end ?? ""]?.value];
    const read = (said && span(said)) || (begin && span(end ? `${begin}/${end}` : begin));
    if (read) found.push({ ...read, label: worded(row[columns.thing], named), term: row[columns.thing], said: said ?? begin });
  }
  found.sort((one, other) => one.begin - other.begin || one.end - other.end || one.label.localeCompare(other.label));
  if (!found.length) return null;
  const size = document.documentElement.clientWidth < 640 ? NARROW : WIDE;
  const height = MARGIN.top + size.row * found.length + 8;
  const years = scaleLinear()
    .domain([Math.min(...found.map((one) => one.begin)), Math.max(...found.map((one) => one.end))])
    .range([MARGIN.left, size.width - MARGIN.right - 20])
    .nice();
  const svg = drawing(size.width, height, ngettext("%(num)s thing along the years; the table has the same", "%(num)s things along the years; the table has the same", found.length));
  for (const year of years.ticks(size.ticks).filter(Number.isInteger)) {
    const x = years(year);
    svg.append(
      shape("line", { class: "grid", x1: x, y1: MARGIN.top - 8, x2: x, y2: height }),
      shape("text", { class: "axis", x, y: 16, "text-anchor": "middle" }, String(year)),
    );
  }
  found.forEach((one, index) => svg.append(bar(one, MARGIN.top + index * size.row, years, size)));
  if (size.narrow) svg.classList.add("narrow");
  const key = element("p", { class: "note" }, sample(false), ` ${_("dated for certain")} `, sample(true), ` ${_("uncertain, approximate, or open at one end")}`);
  return element("div", {}, key, element("div", { class: "scroll picture", tabindex: "0", role: "region", "aria-label": _("The picture") }, svg));
}

function bar(one, y, years, size) {
  const x = years(one.begin);
  const width = Math.max(7, years(one.end) - x);
  const right = x + width;
  const before = !size.narrow && size.width - right < 300 && x > 300;
  const within = size.width - right < 300;
  // In a narrow window the name stands in a line of its own, above the bar.
  const place = size.narrow ? MARGIN.left : before ? x - 6 : within ? x + 6 : right + 6;
  const text = shape("text", { x: place, y: y + 13, "text-anchor": before ? "end" : "start", "aria-hidden": "true" }, brief(one.label, size.narrow ? 38 : 48), shape("tspan", { class: "date" }, `  ${dated(one.said)}`));
  const how = one.certain ? "" : one.open.end ? `, ${_("with no end")}` : `, ${_("not certain")}`;
  return led(
    one.term?.type === "uri" ? address(one.term.value) : null,
    `${one.label}: ${dated(one.said)}${how}`,
    shape("rect", { class: one.certain ? "span" : "span uncertain", x, y: y + (size.narrow ? 20 : 2), width, height: 14, rx: 3 }),
    text,
  );
}

function sample(uncertain) {
  return shape(
    "svg",
    { class: "sample", viewBox: "0 0 30 14", "aria-hidden": "true" },
    shape("rect", { class: uncertain ? "span uncertain" : "span", x: 1, y: 1, width: 28, height: 12, rx: 3 }),
  );
}
