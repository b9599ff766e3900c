// Things by what they are called, found in the browser.
import MiniSearch from "minisearch";
import { kept } from "./files.js";
import { plain } from "./plain.js";

let opened = null;

/**
 * Find things by words; case, accents, endings and slips are forgiven. `called` is what a kind is
 * called, and in which language.
 * @param {string} text
 * @returns {Promise<{iri: string, label: string, place: string, name: string, kind: string, called: string[]}[]>}
 */
export async function find(text) {
  opened ??= open();
  const { index, kinds } = await opened;
  return index.search(text).map(({ iri, label, place, names = [], terms }) => ({
    iri,
    label,
    place,
    ...kindAt(place, kinds),
    // The name that was meant, where that is not the label.
    name: [label, ...names].find((name) => terms.some((term) => plain(name).includes(term))) ?? label,
  }));
}

/** Give the kind of what has its page at a place: below `/doc/`, in the folder of its kind. */
function kindAt(place, kinds) {
  const [, , name] = place.split("/");
  return name in kinds ? { kind: name, called: kinds[name] } : { kind: "", called: [] };
}

async function open() {
  const { things, kinds } = await kept("/search/names.json");
  const index = new MiniSearch({
    fields: ["label", "names"],
    storeFields: ["iri", "label", "place", "names"],
    idField: "iri",
    extractField: (thing, field) => (field === "names" ? thing.names ?? [] : thing[field]),
    stringifyField: (value) => (Array.isArray(value) ? value.join(" ") : String(value)),
    processTerm: (term) => plain(term) || null,
    // Words end at a non-joiner too, as in `publish/matching.py`.
    tokenize: (text) => text.split(/[\n\r\p{Z}\p{P}\u200c]+/u),
    searchOptions: { combineWith: "AND", prefix: true, fuzzy: (term) => (term.length > 3 ? 0.2 : false), boost: { label: 2 } },
  });
  index.addAll(things);
  return { index, kinds };
}
