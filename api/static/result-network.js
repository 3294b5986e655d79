// A view of results: two columns of things as a network; a row joins the two things in it.
import { chooser, isLink, nameOf, note, pageOf, solutions, thingColumns } from "/static/result-values.js";

const MOST_LINKS = 2000;
const colour = (element, name) => getComputedStyle(element).getPropertyValue(name).trim();

function styleFor(element) {
  return [
    { selector: "node", style: {
      label: "data(label)", color: colour(element, "--ink"), "font-size": 11, "text-wrap": "wrap", "text-max-width": 120,
      "text-valign": "bottom", "text-margin-y": 4, width: 22, height: 22, "background-color": colour(element, "--accent"),
      "min-zoomed-font-size": 7,
    } },
    { selector: "node.to", style: { "background-color": colour(element, "--mark"), shape: "diamond" } },
    { selector: "edge", style: {
      width: 1.2, "line-color": colour(element, "--quiet"), "target-arrow-color": colour(element, "--quiet"),
      "target-arrow-shape": "triangle", "arrow-scale": 0.7, "curve-style": "bezier", opacity: 0.6,
    } },
    { selector: ".faint", style: { opacity: 0.12 } },
  ];
}

export class ResultNetwork {
  label = "Network";
  priority = 3;

  constructor(yasr) {
    this.yasr = yasr;
  }

  canHandleResults() {
    const table = solutions(this.yasr);
    if (!table) return false;
    const [from, to] = thingColumns(table);
    return Boolean(to && table.rows.some((row) => row[from] && row[to]));
  }

  async draw() {
    const table = solutions(this.yasr);
    const things = thingColumns(table);
    const holder = document.createElement("div");
    holder.className = "result-view";
    const show = ({ From = things[0], To = things[1] }) => this.show(holder, table, From, To);
    holder.append(chooser([["From", things, things[0]], ["To", things, things[1]]], show));
    this.yasr.resultsEl.append(holder);
    await show({});
  }

  elements(table, from, to) {
    const nodes = new Map();
    const links = new Map();
    for (const row of table.rows) {
      if (row[from]?.type !== "uri" || row[to]?.type !== "uri") continue;
      const key = `${row[from].value} ${row[to].value}`;
      if (!links.has(key) && links.size >= MOST_LINKS) continue;
      for (const column of [to, from]) {
        nodes.set(row[column].value, { data: { id: row[column].value, label: nameOf(table, row, column) }, classes: column === to ? "to" : "" });
      }
      links.set(key, { data: { id: key, source: row[from].value, target: row[to].value } });
    }
    return { nodes: [...nodes.values()], edges: [...links.values()] };
  }

  async show(holder, table, from, to) {
    const { default: cytoscape } = await import("/static/vendor/cytoscape.js");
    const elements = this.elements(table, from, to);
    this.graph?.destroy();
    holder.querySelectorAll(".network-canvas, p").forEach((old) => old.remove());
    const canvas = document.createElement("div");
    canvas.className = "network-canvas";
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `${from} and ${to}: ${elements.nodes.length} things, ${elements.edges.length} links; the table says the same`);
    const told = note(`${elements.nodes.length} things, ${elements.edges.length} links${elements.edges.length < MOST_LINKS ? "" : ", the first of the answer"}.`);
    told.setAttribute("role", "status");
    holder.append(canvas, told);
    this.graph = cytoscape({ container: canvas, elements, style: styleFor(canvas), minZoom: 0.05, maxZoom: 4, layout: {
      name: "cose", animate: false, nodeRepulsion: 9000, idealEdgeLength: 70, padding: 20, numIter: elements.nodes.length > 400 ? 300 : 1000,
    } });
    this.graph.on("tap", (event) => this.choose(event.target, told));
    canvas.dataset.ready = "yes";
  }

  choose(target, told) {
    this.graph.elements().removeClass("faint");
    if (target === this.graph || !target.isNode()) return;
    this.graph.elements().not(target.closedNeighborhood()).addClass("faint");
    const link = document.createElement("a");
    const href = pageOf(target.id());
    if (isLink(href)) link.href = href;
    link.target = "_blank";
    link.textContent = target.data("label");
    told.replaceChildren(link, `: ${target.connectedEdges().length} links`);
  }

  destroy() {
    this.graph?.destroy();
    this.graph = null;
  }

  download(name) {
    return this.graph && {
      getData: () => this.graph.png({ full: true, scale: 2, bg: "#fff" }),
      contentType: "image/png", filename: `${name || "results"}.png`, title: "Download the drawing as PNG",
    };
  }
}
