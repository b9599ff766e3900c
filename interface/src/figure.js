import { shape } from "./elements.js";

/** How long a label in a drawing may be. */
const LONGEST = 42;

/**
 * Shorten a label for a drawing; whoever points at it gets the whole.
 * @param {string} text
 * @param {number} [most]
 */
export function brief(text, most = LONGEST) {
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/\s+\S*$/, "")}…`;
}

/**
 * Make an empty drawing of some size in its own units.
 * @param {number} width
 * @param {number} height
 * @param {string} label what it shows, for those who do not see it
 */
export function drawing(width, height, label) {
  return shape("svg", { class: "drawing", viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": label });
}

/**
 * Lead on from a part of a drawing, where its thing has an address.
 * @param {string | null} where
 * @param {string} label
 * @param {...Node} children
 */
export function led(where, label, ...children) {
  const title = shape("title", {}, label);
  return where
    ? shape("a", { href: where }, title, ...children)
    : shape("g", { tabindex: "0", role: "img" }, title, ...children);
}
