// What is kept ready as JSON beside the pages, where these are files.
import { Problem } from "./problem.js";
import { _ } from "./texts.js";

const { home } = document.documentElement.dataset;
const files = new Map();

/**
 * Read a file by the address that a server has for it; each file once.
 * @param {string} path
 * @returns {Promise<any>}
 */
export async function kept(path) {
  const asked = new URL(path, location.origin);
  const format = asked.searchParams.get("format");
  const file = `${home}${asked.pathname}${format ? `.${format}` : ""}`;
  if (!files.has(file)) files.set(file, fetched(file));
  return files.get(file);
}

async function fetched(file) {
  const answer = await fetch(file).catch(() => null);
  if (!answer?.ok) throw new Problem(_("The file %(file)s cannot be read.", { file }));
  return answer.json();
}
