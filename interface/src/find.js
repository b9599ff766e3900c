import { home } from "./asking.js";
import { element } from "./elements.js";
import { growing } from "./growing.js";
import { find } from "./names.js";
import { _, ngettext } from "./texts.js";

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
    const count = element("p", { role: "status" }, found.length ? ngettext("%(num)s thing", "%(num)s things", found.length) : _("Nothing is called so. Try fewer words, or the lists."));
    const list = element("ol", { class: "hits" });
    const more = growing(list, found, hit);
    place.replaceChildren(count, list, more);
  } catch (error) {
    place.replaceChildren(element("p", { class: "warning", role: "alert", lang: error.lang ?? null }, error.message));
  }
}

function hit({ label, place, name, kind }) {
  const link = element("a", { href: home + place }, label);
  return element("li", {}, link, " ", element("span", { class: "note" }, kind), ...(name === label ? [] : [" ", element("span", { class: "note" }, _("also called %(name)s", { name }))]));
}
