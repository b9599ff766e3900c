import { element } from "./elements.js";
import { shown, worded } from "./terms.js";
import { _ } from "./texts.js";

const STEP = 100;
const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/**
 * Show rows as a table that is sorted by its heads and grows on demand.
 * @param {string[]} columns
 * @param {Record<string, import("./asking.js").Term>[]} rows
 * @param {Map<string, {value: string, language: string}>} named
 * @returns {HTMLElement}
 */
export function table(columns, rows, named) {
  let sorted = rows;
  let order = { column: "", descending: false };
  let many = STEP;
  const body = element("tbody");
  const heads = columns.map((column) =>
    element("th", { scope: "col", "aria-sort": "none" }, element("button", { type: "button", class: "sort", click: () => sort(column) }, column)),
  );
  const more = element("button", { type: "button", class: "second", click: grow });
  const box = element(
    "div",
    {},
    element(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": _("The answer") },
      element("table", { class: "answer" }, element("thead", {}, element("tr", {}, ...heads)), body),
    ),
    more,
  );

  function sort(column) {
    order = { column, descending: order.column === column && !order.descending };
    const key = (row) => worded(row[column], named);
    sorted = [...rows].sort((one, other) => {
      if (!one[column] || !other[column]) return Number(!one[column]) - Number(!other[column]);
      return (order.descending ? -1 : 1) * collator.compare(key(one), key(other));
    });
    heads.forEach((head, index) => {
      const way = order.descending ? "descending" : "ascending";
      head.setAttribute("aria-sort", columns[index] === column ? way : "none");
    });
    fill();
  }

  function grow() {
    many += STEP;
    fill();
  }

  function fill() {
    body.replaceChildren(
      ...sorted.slice(0, many).map((row) => element("tr", {}, ...columns.map((name) => element("td", {}, shown(row[name], named))))),
    );
    more.hidden = many >= sorted.length;
    more.textContent = _("Show %(more)s more of %(all)s", { more: Math.min(STEP, sorted.length - many), all: sorted.length });
  }

  fill();
  return box;
}
