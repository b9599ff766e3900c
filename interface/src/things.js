import { read } from "./asking.js";

/**
 * Find things by what they are called.
 * @param {string} text
 * @param {number} most
 * @returns {Promise<{iri: string, label: string}[]>}
 */
export async function called(text, most) {
  const said = await read(`/search?${new URLSearchParams({ q: text, format: "json" })}`).catch(() => ({ results: [] }));
  return said.results.slice(0, most);
}

/** Write an IRI by its prefix, where the rest is a plain name. */
export function short(iri, prefixes) {
  const [best] = Object.entries(prefixes)
    .filter(([, space]) => iri.startsWith(space))
    .sort((one, other) => other[1].length - one[1].length);
  const rest = best ? iri.slice(best[1].length) : "";
  return best && /^[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_-])?$/u.test(rest) ? `${best[0]}:${rest}` : `<${iri}>`;
}
