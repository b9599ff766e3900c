// The formats of a document that have no file, made of its JSON-LD, which is expanded and flat. The
// engine could write them too, but it keeps values and not spellings, and `1.50` would become `1.5`.
import { element } from "./elements.js";

const TYPED = "http://www.w3.org/2001/XMLSchema#string";
const SIGNS = { "\n": "\\n", "\r": "\\r", "\\": "\\\\", '"': '\\"' };
const ENTITIES = { "<": "&lt;", ">": "&gt;", "&": "&amp;", '"': "&quot;" };
const FORMATS = [
  ["N-Triples", "application/n-triples", "nt", ntriples],
  ["RDF/XML", "application/rdf+xml", "rdf", rdfxml],
];
const place = document.querySelector("#as-data");
const source = document.querySelector('link[rel="alternate"][type="application/ld+json"]')?.href;

if (place && source) {
  for (const [name, media, suffix, write] of FORMATS) {
    const state = element("span", { role: "status", class: "note" });
    const button = element("button", { type: "button", class: "plain-link", click: () => give(media, suffix, write, state) }, name);
    place.append(" · ", button, state);
  }
}

/** Make the document in a format and give it as a file. */
async function give(media, suffix, write, state) {
  try {
    const answer = await fetch(source);
    const file = URL.createObjectURL(new Blob([write(statements(await answer.json()))], { type: media }));
    const name = new URL(source).pathname.split("/").at(-1).replace(/jsonld$/, suffix);
    element("a", { href: file, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(file), 60_000);
  } catch {
    // The file is not to be had, or a property has no name that XML knows.
    state.textContent = " This document cannot be written so.";
  }
}

/** Give subject, property and value of each statement (JSON-LD 1.1 API, 8.2). */
function statements(nodes) {
  return nodes.flatMap(({ "@id": subject, "@type": types = [], ...said }) => [
    ...types.map((type) => [subject, "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", { "@id": type }]),
    ...Object.entries(said).flatMap(([property, values]) => values.map((value) => [subject, property, value])),
  ]);
}

function ntriples(all) {
  const named = (iri) => (iri.startsWith("_:") ? iri : `<${iri}>`);
  const written = (value) => {
    if (value["@id"]) return named(value["@id"]);
    const text = `"${String(value["@value"]).replace(/[\n\r\\"]/g, (sign) => SIGNS[sign])}"`;
    if (value["@language"]) return `${text}@${value["@language"]}`;
    return (value["@type"] ?? TYPED) === TYPED ? text : `${text}^^<${value["@type"]}>`;
  };
  return all.map(([subject, property, value]) => `${named(subject)} <${property}> ${written(value)} .\n`).join("");
}

function rdfxml(all) {
  const safe = (text) => String(text).replace(/[<>&"]/g, (sign) => ENTITIES[sign]);
  const which = (iri, name) => (iri.startsWith("_:") ? `rdf:nodeID="${safe(iri.slice(2))}"` : `rdf:${name}="${safe(iri)}"`);
  const written = ([, property, value]) => {
    // A property is written as a name in a space (RDF 1.1 XML Syntax, 2.4).
    const [, space, name] = /^(.*?)([\p{L}_][\p{L}\p{N}._-]*)$/u.exec(property);
    const start = `<${name} xmlns="${safe(space)}"`;
    if (value["@id"]) return `  ${start} ${which(value["@id"], "resource")}/>\n`;
    const language = value["@language"] ? ` xml:lang="${safe(value["@language"])}"` : "";
    const type = !language && (value["@type"] ?? TYPED) !== TYPED ? ` rdf:datatype="${safe(value["@type"])}"` : "";
    return `  ${start}${language}${type}>${safe(value["@value"])}</${name}>\n`;
  };
  const subjects = [...new Set(all.map(([subject]) => subject))];
  const described = (subject) => `<rdf:Description ${which(subject, "about")}>\n${all.filter((one) => one[0] === subject).map(written).join("")}</rdf:Description>\n`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n${subjects.map(described).join("")}</rdf:RDF>\n`;
}
