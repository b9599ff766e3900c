import { element } from "./elements.js";
import { _ } from "./texts.js";

/** What a drawing has from the style sheet of the page, which does not go with it. */
const LOOK = [
  "fill", "stroke", "stroke-width", "stroke-dasharray", "opacity", "visibility", "display", "paint-order",
  "font-family", "font-size", "font-weight", "font-style", "text-anchor", "dominant-baseline",
];

/**
 * Offer a drawing as a file that says the same without this page.
 * @param {SVGElement} drawing
 * @param {string} name of the file
 */
export function keeping(drawing, name) {
  const take = () => {
    const link = element("a", { href: URL.createObjectURL(new Blob([alone(drawing)], { type: "image/svg+xml" })), download: `${name}.svg` });
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return element("p", { class: "row" }, element("button", { type: "button", class: "second", click: take }, _("Save the picture (SVG)")));
}

/** Write a drawing with the look that it has on the page, also its ground. */
function alone(drawing) {
  const copy = /** @type {SVGElement} */ (drawing.cloneNode(true));
  const copies = [copy, ...copy.querySelectorAll("*")];
  [drawing, ...drawing.querySelectorAll("*")].forEach((one, place) => {
    const look = getComputedStyle(one);
    for (const name of LOOK) copies[place].setAttribute(name, look.getPropertyValue(name));
    for (const name of ["class", "tabindex"]) copies[place].removeAttribute(name);
  });
  const [, , width, height] = (drawing.getAttribute("viewBox") ?? "0 0 1000 600").split(" ");
  copy.setAttribute("width", width);
  copy.setAttribute("height", height);
  copy.style.background = getComputedStyle(document.body).backgroundColor;
  for (const link of copy.querySelectorAll("a[href]")) link.setAttribute("href", new URL(link.getAttribute("href") ?? "", location.href).href);
  return new XMLSerializer().serializeToString(copy);
}
