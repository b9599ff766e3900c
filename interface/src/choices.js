// What narrows a list: a value as a link that is kept in the address and chosen without leaving
// the page.
import { element } from "./elements.js";
import { _ } from "./texts.js";

/**
 * Give the address of this page with another value of a parameter; an empty one leaves it out.
 * @param {string} name
 * @param {string} value
 */
export function changed(name, value) {
  const asked = new URLSearchParams(location.search);
  if (value) asked.set(name, value);
  else asked.delete(name);
  return asked.size ? `?${asked}` : location.pathname;
}

/**
 * Offer a value, with how many things have it; the one that is chosen is given up by its link.
 * @param {{name: string, value: string, label: string, language?: string | false, count: number, isChosen: boolean}} offered `name` is the parameter
 * @param {(value: string) => void} choose
 */
export function choice({ name, value, label, language = false, count, isChosen }, choose) {
  const next = isChosen ? "" : value;
  const link = element(
    "a",
    {
      href: changed(name, next),
      class: isChosen && "chosen",
      "data-value": value,
      click: (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        choose(next);
      },
    },
    ...(isChosen ? [element("span", { "aria-hidden": "true" }, "✕ "), element("span", { class: "hidden" }, _("No longer only"), " ")] : []),
    language ? element("span", { lang: language, dir: "auto" }, label) : label,
  );
  return element("li", {}, link, " ", element("span", { class: "count" }, String(count)));
}
