import { element } from "./elements.js";
import { called, short } from "./things.js";

/**
 * Offer things by what they are called, while somebody writes into a field.
 * @param {HTMLInputElement} field
 * @param {Record<string, string>} prefixes
 */
export function offered(field, prefixes) {
  const options = element("datalist", { id: `${field.id}-known` });
  field.after(options);
  field.setAttribute("list", options.id);
  let last = "";
  field.addEventListener("input", async () => {
    const text = field.value.trim();
    if (text.length < 3 || text.includes(":") || text === last) return;
    last = text;
    const found = await called(text, 12);
    if (text === last) options.replaceChildren(...found.map((one) => element("option", { value: short(one.iri, prefixes) }, one.label)));
  });
}
