// The only place where a page talks to its server, or to what stands for one where there is none.
import { Problem } from "./problem.js";
import { _ } from "./texts.js";

/** @typedef {{type: string, value: string, datatype?: string, "xml:lang"?: string}} Term */
/** @typedef {{head: {vars: string[]}, results?: {bindings: Record<string, Term>[]}, boolean?: boolean}} Results */

/** Where the server is; a page says so once. */
const place = document.documentElement.dataset.home ?? "";

/** What answers where the pages are files. */
export const offline = "files" in document.documentElement.dataset ? import("./offline.js") : null;

export const RESULTS = "application/sparql-results+json";
export const TURTLE = "text/turtle";

/**
 * Run a query, with the prefixes of the data known, and give the answer as text.
 * @param {string} query
 * @param {string} media
 * @param {AbortSignal} [signal]
 * @returns {Promise<string>}
 */
export async function ask(query, media, signal) {
  if (offline) return (await offline).ask(query, media, signal);
  const body = new URLSearchParams({ query, prefixes: "dataset" });
  const answer = await send("/sparql", { method: "POST", body, headers: { Accept: media }, signal });
  return answer.text();
}

/**
 * Read what the server keeps ready as JSON.
 * @param {string} path
 * @returns {Promise<any>}
 */
export async function read(path) {
  if (offline) return (await offline).read(path);
  return (await send(path, { headers: { Accept: "application/json" } })).json();
}

/** The address below which the pages stand. */
export const home = place;

async function send(path, how) {
  let answer;
  try {
    answer = await fetch(place + path, how);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(_("The server does not answer; try again in a moment."));
  }
  if (answer.ok) return answer;
  const said = await answer.json().catch(() => ({}));
  if (said.detail) throw new Problem(said.detail, said.line, said.column, said.title, "en");
  throw new Problem(_("The server says %(status)s", { status: answer.status }));
}
