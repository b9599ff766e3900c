import { home } from "./asking.js";
import { element } from "./elements.js";
import { find } from "./names.js";

const input = document.querySelector("#q");
const place = document.querySelector("#found-here");
input.value = new URLSearchParams(location.search).get("q") ?? "";
input.form.addEventListener("submit", (event) => event.preventDefault());
input.addEventListener("input", show);
show();

async function show() {
  const text = input.value.trim();
  if (!text) return place.replaceChildren();
  try {
    const found = await find(text);
    if (text !== input.value.trim()) return;
    const count = element("p", { role: "status" }, found.length ? `${found.length} ${found.length === 1 ? "thing" : "things"}` : "Nothing is called so. Try fewer words, or the lists.");
    place.replaceChildren(count, element("ol", { class: "hits" }, ...found.map(hit)));
  } catch (error) {
    place.replaceChildren(element("p", { class: "warning", role: "alert" }, error.message));
  }
}

function hit({ label, place, name }) {
  const link = element("a", { href: home + place }, label);
  return element("li", {}, link, ...(name === label ? [] : [" ", element("span", { class: "note" }, `also called ${name}`)]));
}
