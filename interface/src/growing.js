// A long list, shown a part at a time.
import { element } from "./elements.js";
import { _ } from "./texts.js";

const PART = 100;

/**
 * Fill a list with its first rows, and give the button that adds the next ones.
 * @template T
 * @param {HTMLElement} list
 * @param {T[]} items
 * @param {(item: T) => Node} row makes the row of an item, with a link in it
 * @returns {HTMLButtonElement}
 */
export function growing(list, items, row) {
  const more = element("button", { type: "button", class: "second", click: () => add() });
  const add = () => {
    const from = list.children.length;
    list.append(...items.slice(from, from + PART).map(row));
    const left = items.length - list.children.length;
    more.hidden = !left;
    more.textContent = _("Show %(count)s more", { count: Math.min(PART, left) });
    // Who reads by keyboard goes on where the list goes on.
    if (from) list.children[from].querySelector("a").focus();
  };
  add();
  return more;
}
