import { geoGraticule10, geoNaturalEarth1, geoPath } from "d3-geo";
import { feature } from "topojson-client";
import land from "world-atlas/land-110m.json";
import { element, shape } from "./elements.js";
import { brief, drawing, led, lettered } from "./figure.js";
import { address, worded } from "./terms.js";
import { _, ngettext } from "./texts.js";

const WIDTH = 1000;
const HEIGHT = 560;
const POINT = /POINT\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)/i;

/** Read where a row lies: degrees, or a point of WKT (GeoSPARQL), which has the longitude first. */
function placed(row, columns) {
  const point = POINT.exec(row[columns.point ?? ""]?.value ?? "");
  const [long, lat] = point ? [point[1], point[2]] : [row[columns.long ?? ""]?.value, row[columns.lat ?? ""]?.value];
  const where = [Number.parseFloat(long), Number.parseFloat(lat)];
  return where.every(Number.isFinite) && Math.abs(where[0]) <= 180 && Math.abs(where[1]) <= 90 ? where : null;
}

/**
 * Draw places on the outline of the land, from no other server.
 * @param {Record<string, import("./asking.js").Term>[]} rows
 * @param {{thing: string, lat?: string, long?: string, point?: string}} columns
 * @param {Map<string, {value: string, language: string}>} named
 */
export function map(rows, columns, named) {
  const places = rows.flatMap((row) => {
    const where = placed(row, columns);
    return where ? [{ where, term: row[columns.thing], label: worded(row[columns.thing], named) }] : [];
  });
  if (!places.length) return null;
  const around = { type: "MultiPoint", coordinates: places.flatMap(({ where: [x, y] }) => [[Math.max(-179, x - 6), Math.max(-85, y - 4)], [Math.min(179, x + 6), Math.min(85, y + 4)]]) };
  const projection = geoNaturalEarth1().fitExtent([[20, 20], [WIDTH - 20, HEIGHT - 20]], around).clipExtent([[0, 0], [WIDTH, HEIGHT]]);
  const path = geoPath(projection);
  const svg = drawing(WIDTH, HEIGHT, ngettext("%(num)s place on a map; the table has the same", "%(num)s places on a map; the table has the same", places.length));
  svg.append(
    shape("path", { class: "graticule", d: path(geoGraticule10()) ?? "" }),
    shape("path", { class: "land", d: path(feature(land, land.objects.land)) ?? "" }),
  );
  const points = places.map((one) => {
    const [x, y] = projection(one.where);
    return { x, y, radius: 5, text: brief(one.label, 30) };
  });
  lettered(points, WIDTH, HEIGHT).forEach((place, index) => {
    const { x, y, text } = points[index];
    const { term, label } = places[index];
    svg.append(
      led(
        term?.type === "uri" ? address(term.value) : null,
        label,
        shape("circle", { class: "place", cx: x.toFixed(1), cy: y.toFixed(1), r: 5 }),
        shape("text", { class: place.shown ? null : "hushed", x: (x + place.x).toFixed(1), y: (y + place.y).toFixed(1), "text-anchor": place.anchor }, text),
      ),
    );
  });
  const box = element("div", { class: "scroll picture", tabindex: "0", role: "region", "aria-label": _("The picture") }, svg);
  const middle = points.map(({ x }) => x).sort((one, other) => one - other)[Math.floor(points.length / 2)] / WIDTH;
  // In a narrow window a part of the map is seen: that in the middle of the places comes first.
  new ResizeObserver((_sizes, observer) => {
    box.scrollLeft = middle * box.scrollWidth - box.clientWidth / 2;
    observer.disconnect();
  }).observe(box);
  return box;
}
