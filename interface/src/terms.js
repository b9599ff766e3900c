import { ask, home, RESULTS } from "./asking.js";
import { element } from "./elements.js";

const settings = document.documentElement.dataset;
const BATCH = 400;
const LABELS = [
  "http://www.w3.org/2004/02/skos/core#prefLabel",
  "http://www.w3.org/2000/01/rdf-schema#label",
  "http://purl.org/dc/terms/title",
];

/** @typedef {import("./asking.js").Term} Term */

/** Where a reader gets who follows an IRI. */
export function address(iri) {
  if (settings.base && iri.startsWith(settings.base)) return `${home}/${iri.slice(settings.base.length)}`;
  return /^https?:/.test(iri) ? iri : null;
}

/**
 * Find the labels of IRIs, the best one of each.
 * @param {Iterable<string>} iris
 * @returns {Promise<Map<string, {value: string, language: string}>>}
 */
export async function labels(iris) {
  const wanted = [...new Set(iris)].filter((iri) => /^[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`]*$/i.test(iri));
  const found = new Map();
  const ranks = new Map();
  for (let start = 0; start < wanted.length; start += BATCH) {
    const batch = wanted.slice(start, start + BATCH).map((iri) => `<${iri}>`).join(" ");
    const query = `SELECT ?thing ?how ?label {
 VALUES ?thing { ${batch} } VALUES ?how { ${LABELS.map((iri) => `<${iri}>`).join(" ")} } ?thing ?how ?label }`;
    for (const row of JSON.parse(await ask(query, RESULTS)).results.bindings) {
      const language = row.label["xml:lang"] ?? "";
      const rank = LABELS.indexOf(row.how.value) * 10 + [settings.language, "en", ""].indexOf(language) + 1;
      const known = ranks.get(row.thing.value);
      if (known === undefined || rank < known) {
        ranks.set(row.thing.value, rank);
        found.set(row.thing.value, { value: row.label.value, language });
      }
    }
  }
  return found;
}

/** The words that an IRI ends in. */
export function words(iri) {
  const last = (iri.match(/[^#/]+(?=[#/]?$)/) ?? [iri])[0];
  const apart = last.replace(/(?<=[a-z])(?=[A-Z][a-z])/g, " ").replaceAll(/[_-](?=\p{L})/gu, " ");
  const plain = /^[a-z]/.test(last) ? apart.toLowerCase() : apart;
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}

/**
 * Word a term for a reader.
 * @param {Term | undefined} term
 * @param {Map<string, {value: string, language: string}>} named
 */
export function worded(term, named) {
  if (!term) return "";
  return term.type === "uri" ? (named.get(term.value)?.value ?? words(term.value)) : term.value;
}

/**
 * Show a term: a thing by its label, as a link; a text in its language.
 * @param {Term | undefined} term
 * @param {Map<string, {value: string, language: string}>} named
 * @returns {Node | string}
 */
export function shown(term, named) {
  if (!term) return "";
  const label = worded(term, named);
  if (term.type !== "uri") {
    const language = term["xml:lang"];
    return language ? element("span", { lang: language, dir: "auto" }, label) : label;
  }
  const where = address(term.value);
  const lang = named.get(term.value)?.language || null;
  return where ? element("a", { href: where, lang, title: term.value }, label) : element("span", { class: "iri" }, label);
}
