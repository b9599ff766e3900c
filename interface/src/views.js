import { bars } from "./bars.js";
import { map } from "./map.js";
import { network } from "./network.js";
import { _ } from "./texts.js";
import { timeline } from "./timeline.js";

const NUMBERS = /#(integer|decimal|double|float|int|long|short|byte|nonNegativeInteger|positiveInteger)$/;
const DATES = /(#(date|dateTime|gYear|gYearMonth)|edtf\/EDTF)$/;
/** Beyond this many lines a network says nothing. */
const LINES = 1500;

/**
 * Say how rows can be drawn, by what their columns hold.
 * @param {string[]} columns
 * @param {Record<string, import("./asking.js").Term>[]} rows
 * @returns {{name: string, draw: (named: Map<string, any>) => HTMLElement | null}[]}
 */
export function views(columns, rows) {
  const holding = (test) => columns.filter((name) => {
    const bound = rows.filter((row) => row[name]);
    return bound.length > 0 && bound.every((row) => test(row[name]));
  });
  const things = holding((term) => term.type === "uri");
  const numbers = holding((term) => NUMBERS.test(term.datatype ?? ""));
  const dates = holding((term) => DATES.test(term.datatype ?? ""));
  const points = holding((term) => /wktLiteral$/.test(term.datatype ?? ""));
  const lat = columns.find((name) => /^lat(itude)?$/i.test(name));
  const long = columns.find((name) => /^(lon|long|lng|longitude)$/i.test(name));
  const labels = columns.filter((name) => !numbers.includes(name) && !dates.includes(name) && !points.includes(name));
  const thing = things[0] ?? labels[0];
  const found = [];
  if (thing && (points.length || (lat && long))) {
    found.push({ name: _("Map"), draw: (named) => map(rows, { thing, lat, long, point: points[0] }, named) });
  }
  if (thing && dates.length) {
    const [date, end] = dates;
    const columns = end ? { thing, begin: date, end } : { thing, date };
    found.push({ name: _("Timeline"), draw: (named) => timeline(rows, columns, named) });
  }
  if (things.length > 1 && rows.length <= LINES) {
    const [from, second, third] = things;
    const columns = third ? { from, relation: second, to: third } : { from, to: second };
    found.push({ name: _("Network"), draw: (named) => network(rows, { ...columns, times: numbers[0] }, named) });
  }
  if (thing && numbers.length && !(lat && long)) {
    found.push({ name: _("Chart"), draw: (named) => bars(rows, { thing: labels[0] ?? thing, number: numbers.at(-1) }, named) });
  }
  return found;
}
