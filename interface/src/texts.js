// The texts of the interface in the language of the page, which has those of the scripts where
// they are not English. What is missing there stays English, text by text.

/** @type {{texts?: Record<string, string | string[]>, forms?: number[]}} */
const { texts = {}, forms = [] } = JSON.parse(document.getElementById("texts")?.textContent ?? "{}");

/**
 * Give a text, with values in its places: `%(name)s`.
 * @param {string} text
 * @param {Record<string, string | number>} [values]
 */
export function _(text, values = {}) {
  const found = texts[text];
  return filled(typeof found === "string" ? found : text, values);
}

/**
 * Give the text that fits a number, which is its place `num`.
 * @param {string} one @param {string} many @param {number} num
 * @param {Record<string, string | number>} [values]
 */
export function ngettext(one, many, num, values = {}) {
  const found = texts[one];
  const form = num < forms.length ? forms[num] : forms[forms.length - 100 + (num % 100)];
  const text = (Array.isArray(found) && found[form]) || (num === 1 ? one : many);
  return filled(text, { num, ...values });
}

function filled(text, values) {
  return text.replace(/%\((\w+)\)s/g, (place, name) => String(values[name] ?? place)).replaceAll("%%", "%");
}
