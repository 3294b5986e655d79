// A view of results: a column of places on a map of the world that is served from here.
import { asFile, chooser, columnsOf, isLink, nameOf, note, numberColumns, numberOf, pageOf, solutions, svg } from "/static/result-values.js";

const WIDTH = 2000;
const HEIGHT = 840;
const SMALLEST = 10;
const LARGEST = 62;

// Returns the class of the view over points: for each place's IRI, where it is on the map.
export const mapOver = (points) => class ResultMap {
  label = "Map";
  priority = 4;

  constructor(yasr) {
    this.yasr = yasr;
  }

  canHandleResults() {
    const table = solutions(this.yasr);
    return Boolean(table && this.placesIn(table).length);
  }

  placesIn(table) {
    return columnsOf(table, (term) => term?.type === "uri" && term.value in points);
  }

  draw() {
    const table = solutions(this.yasr);
    const places = this.placesIn(table);
    const sizes = ["number of rows", ...numberColumns(table)];
    const holder = document.createElement("div");
    holder.className = "result-view";
    const show = ({ Places = places[0], Size = sizes.length === 2 ? sizes[1] : sizes[0] }) => {
      holder.querySelector("figure")?.remove();
      holder.append(this.figure(table, Places, Size));
    };
    holder.append(chooser([["Places", places, places[0]], ["Size", sizes, sizes.length === 2 ? sizes[1] : sizes[0]]], show));
    show({});
    this.yasr.resultsEl.append(holder);
  }

  // Sums up rows by place; a place within a country that is no known city stands at its country's point.
  marks(table, places, size) {
    const marks = new Map();
    const elsewhere = new Map();
    for (const row of table.rows) {
      const iri = row[places]?.value;
      if (!iri) continue;
      const into = iri in points ? marks : elsewhere;
      const mark = into.get(iri) ?? { iri, name: nameOf(table, row, places), size: 0, point: points[iri] };
      mark.size += numberOf(row[size]) ?? (table.names.includes(size) ? 0 : 1);
      into.set(iri, mark);
    }
    return [[...marks.values()].sort((one, other) => other.size - one.size), [...elsewhere.values()]];
  }

  figure(table, places, size) {
    const [marks, elsewhere] = this.marks(table, places, size);
    const most = Math.max(...marks.map((mark) => mark.size), 1);
    this.drawing = svg("svg", {
      class: "map", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "group", xmlns: "http://www.w3.org/2000/svg",
      "aria-label": `${size} by ${places} on a map, ${marks.length} places; the table has the same figures`,
    }, svg("image", { href: "/static/vendor/world.svg", width: WIDTH, height: HEIGHT }));
    for (const mark of marks) {
      const words = `${mark.name}: ${mark.size.toLocaleString("en")}`;
      const radius = Math.max(SMALLEST, LARGEST * Math.sqrt(Math.max(0, mark.size) / most)).toFixed(1);
      const circle = svg("circle", { cx: mark.point[0], cy: mark.point[1], r: radius }, svg("title", {}, words));
      const href = pageOf(mark.iri);
      this.drawing.append(isLink(href) ? svg("a", { href, target: "_blank", "aria-label": words }, circle) : circle);
    }
    const figure = document.createElement("figure");
    figure.className = "chart";
    const caption = document.createElement("figcaption");
    caption.textContent = `${size} by ${places}`;
    figure.append(caption, this.drawing);
    if (elsewhere.length) figure.append(note(`Not on the map: ${elsewhere.map((mark) => mark.name).join(", ")}.`));
    return figure;
  }

  download(name) {
    return this.drawing && asFile(this.drawing, name);
  }
};
