// <mission-network src>: draws the nodes and edges of an address; the page works without it.
import cytoscape from "/static/vendor/cytoscape.js";
import "/static/vendor/d3-dispatch.js";
import "/static/vendor/d3-quadtree.js";
import "/static/vendor/d3-timer.js";
import "/static/vendor/d3-force.js"; // after the three that it needs

const LEVELS = ["global", "supranational", "national", "regional", "local", ""];
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function style() {
  const ink = colour("--ink");
  return [
    { selector: "node", style: {
      label: "data(label)", color: ink, "font-size": 11, "text-wrap": "wrap", "text-max-width": 120,
      "text-valign": "bottom", "text-margin-y": 4, width: 22, height: 22, "background-color": colour("--quiet"),
      "min-zoomed-font-size": 7, "text-background-color": colour("--paper"), "text-background-opacity": 0.7,
    } },
    { selector: "node[kind = 'Mission']", style: { "background-color": colour("--accent"), shape: "round-rectangle", width: 34, height: 24, "font-weight": "bold" } },
    { selector: "node[kind = 'Programme']", style: { "background-color": colour("--visited"), shape: "hexagon" } },
    { selector: "node[kind = 'Challenge']", style: { "background-color": colour("--mark"), shape: "diamond" } },
    { selector: "node.layer", style: {
      "background-opacity": 0, width: 1, height: 1, "font-size": 22, "font-weight": "bold", "min-zoomed-font-size": 0,
      "text-halign": "left", "text-valign": "center", "text-margin-y": 0, "text-transform": "uppercase", events: "no",
    } },
    { selector: "edge", style: {
      width: 1.2, "line-color": colour("--quiet"), "target-arrow-color": colour("--quiet"), "target-arrow-shape": "triangle",
      "arrow-scale": 0.7, "curve-style": "bezier", opacity: 0.6,
    } },
    { selector: "edge.missing", style: { "line-color": "#c0392b", "line-style": "dashed", "target-arrow-shape": "none", width: 2, opacity: 0.9 } },
    { selector: ".faint", style: { opacity: 0.12 } },
    { selector: ".hidden, .unasked", style: { display: "none" } },
    { selector: "node.chosen", style: { "border-width": 4, "border-color": colour("--mark") } },
  ];
}

function missingLinks(graph) {
  const missions = graph.nodes("[kind = 'Mission']");
  const actors = (node) => node.connectedEdges().connectedNodes("[kind = 'Actor']");
  const found = [];
  for (const challenge of graph.nodes("[kind = 'Challenge']")) {
    const sharing = challenge.connectedEdges().connectedNodes().intersection(missions).toArray();
    sharing.forEach((one, index) => {
      for (const other of sharing.slice(index + 1)) {
        if (actors(one).intersection(actors(other)).empty()) {
          found.push({ group: "edges", classes: "missing", data: { source: one.id(), target: other.id(), label: "shares a challenge, no actor" } });
        }
      }
    });
  }
  return found;
}

// Positions by forces: Cytoscape's own layout takes half a minute for a thousand nodes.
function byForces(graph) {
  const nodes = graph.nodes().map((node) => ({ id: node.id() }));
  const links = graph.edges().map((edge) => ({ source: edge.source().id(), target: edge.target().id() }));
  const simulation = d3.forceSimulation(nodes)
    .force("link", d3.forceLink(links).id((node) => node.id).distance(70))
    .force("charge", d3.forceManyBody().strength(-220).distanceMax(900))
    .force("apart", d3.forceCollide(24))
    .force("x", d3.forceX().strength(0.06))
    .force("y", d3.forceY().strength(0.09))
    .stop();
  simulation.tick(nodes.length > 400 ? 150 : 300);
  return Object.fromEntries(nodes.map(({ id, x, y }) => [id, { x, y }]));
}

// A layer for each governance level that something has, in rows around the middle, the highest on top.
function byLevel(graph) {
  const layers = LEVELS.map((level) => [level, graph.nodes().filter((node) => (node.data("level") ?? "") === level).sort(byKind).toArray()]);
  const positions = {};
  const names = [];
  let y = 0;
  for (const [level, nodes] of layers.filter(([, nodes]) => nodes.length)) {
    const wide = Math.min(24, Math.max(7, Math.ceil(Math.sqrt(nodes.length * 3))));
    nodes.forEach((node, place) => {
      const row = Math.floor(place / wide);
      const inRow = Math.min(wide, nodes.length - row * wide);
      positions[node.id()] = { x: ((place % wide) - (inRow - 1) / 2) * 130, y: y + row * 80 };
    });
    const rows = Math.ceil(nodes.length / wide);
    names.push({ group: "nodes", classes: "layer", selectable: false, grabbable: false, data: { id: `layer ${level}`, label: level || "level not stated" }, position: { x: -(wide * 65 + 40), y: y + (rows - 1) * 40 } });
    y += rows * 80 + 110;
  }
  for (const name of names) positions[name.data.id] = name.position;
  graph.add(names);
  return positions;
}

const byKind = (one, other) => one.data("kind").localeCompare(other.data("kind")) || one.data("label").localeCompare(other.data("label"));

function arrangement(name, graph) {
  graph.remove("node.layer");
  if (name === "force") return { name: "preset", positions: byForces(graph), padding: 20 };
  if (name === "level") return { name: "preset", positions: byLevel(graph), padding: 20 };
  return { name, animate: false, padding: 20 };
}

function escaped(text) {
  const holder = document.createElement("span");
  holder.textContent = text;
  return holder.innerHTML;
}

function asSvg(graph) {
  const box = graph.elements(":visible").boundingBox();
  const parts = graph.edges(":visible").map((edge) => {
    const [a, b] = [edge.source().position(), edge.target().position()];
    const dashed = edge.hasClass("missing") ? ' stroke="#c0392b" stroke-dasharray="6 4"' : ' stroke="#777"';
    return `<line x1="${a.x}" y1="${a.y}" x2="${b.x}" y2="${b.y}"${dashed}/>`;
  });
  graph.nodes(":visible").forEach((node) => {
    const { x, y } = node.position();
    if (node.hasClass("layer")) {
      parts.push(`<text x="${x}" y="${y}" text-anchor="end" font-family="sans-serif" font-size="22" font-weight="bold">${escaped(node.data("label"))}</text>`);
      return;
    }
    parts.push(`<circle cx="${x}" cy="${y}" r="11" fill="${node.style("background-color")}"/>`);
    parts.push(`<text x="${x}" y="${y + 24}" text-anchor="middle" font-family="sans-serif" font-size="11">${escaped(node.data("label"))}</text>`);
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box.x1 - 60} ${box.y1 - 20} ${box.w + 120} ${box.h + 60}">${parts.join("")}</svg>`;
}

function save(content, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

class MissionNetwork extends HTMLElement {
  async connectedCallback() {
    this.note = this.querySelector(".about-node");
    try {
      const response = await fetch(this.getAttribute("src"));
      if (!response.ok) throw new Error(`status ${response.status}`);
      this.draw((await response.json()).elements);
    } catch (error) {
      this.tell(`The network cannot be drawn (${error.message}). The table below has it.`);
    }
  }

  draw(elements) {
    if (!elements.nodes.length) {
      this.tell("Nothing is connected here.");
      return;
    }
    this.dataset.ready = "yes"; // the canvas gets its size before it is drawn on
    this.graph = cytoscape({ container: this.querySelector(".canvas"), elements, style: style(), minZoom: 0.05, maxZoom: 4, layout: { name: "preset" } });
    this.graph.layout(arrangement("force", this.graph)).run();
    this.graph.on("tap", "node", (event) => this.choose(event.target));
    this.graph.on("tap", (event) => { if (event.target === this.graph) this.choose(null); });
    this.offerRoles();
    this.note.hidden = true;
    this.querySelector(".tools").hidden = false;
    this.addEventListener("change", (event) => this.changed(event.target));
    this.addEventListener("click", (event) => this.pressed(event.target.name));
  }

  offerRoles() {
    const roles = new Map(this.graph.edges().map((edge) => [edge.data("relation"), edge.data("label")]));
    const list = this.querySelector("[name=relation]");
    for (const [relation, label] of [...roles].sort((one, other) => one[1].localeCompare(other[1]))) {
      list.append(new Option(label, relation));
    }
  }

  // Only connections of one role, and what they connect; with none every one of them.
  showRole(relation) {
    this.graph.elements().removeClass("unasked");
    if (!relation) return;
    const asked = this.graph.edges(`[relation = '${relation}']`);
    this.graph.elements().not(asked.union(asked.connectedNodes())).not(".layer").addClass("unasked");
  }

  // What else a thing is connected with, in the network of all missions.
  async expand(node) {
    this.whole ??= fetch("/network.json").then((response) => response.json());
    const { nodes, edges } = (await this.whole).elements;
    const here = (id) => this.graph.getElementById(id).nonempty();
    const added = edges.filter(({ data }) => [data.source, data.target].includes(node.id()) && !here(data.id));
    const ends = new Set(added.flatMap(({ data }) => [data.source, data.target]));
    const near = node.position();
    const fresh = nodes.filter(({ data }) => ends.has(data.id) && !here(data.id));
    fresh.forEach((each, place) => {
      const angle = (2 * Math.PI * place) / fresh.length;
      each.position = { x: near.x + 130 * Math.cos(angle), y: near.y + 130 * Math.sin(angle) };
    });
    this.graph.add([...fresh.map((each) => ({ group: "nodes", ...each })), ...added.map((each) => ({ group: "edges", ...each }))]);
    this.choose(node, `, ${added.length} of them new`);
  }

  changed(input) {
    if (input.name === "relation") this.showRole(input.value);
    if (input.name === "layout") this.graph.layout(arrangement(input.value, this.graph)).run();
    if (input.name === "kind") this.graph.nodes(`[kind = '${input.value}']`).toggleClass("hidden", !input.checked);
    if (input.name === "find" && input.value !== this.sought) {
      this.sought = input.value; // leaving the field tells of the same change again
      this.choose(this.graph.nodes().filter((node) => node.data("label") === input.value).first());
    }
    if (input.name === "missing") {
      this.graph.remove("edge.missing");
      if (input.checked) this.tell(`${this.graph.add(missingLinks(this.graph)).length} pairs of missions share a challenge and no actor.`);
    }
  }

  pressed(name) {
    if (name === "fit") this.graph.animate({ fit: { padding: 20 }, duration: 0 });
    if (name === "png") this.graph.png({ output: "blob-promise", full: true, scale: 2, bg: colour("--paper") }).then((blob) => save(blob, "network.png"));
    if (name === "svg") save(new Blob([asSvg(this.graph)], { type: "image/svg+xml" }), "network.svg");
  }

  choose(node, more = "") {
    this.graph.elements().removeClass("faint chosen");
    if (!node || node.empty?.()) {
      this.note.hidden = true;
      return;
    }
    const around = node.closedNeighborhood();
    this.graph.elements().not(around).addClass("faint");
    node.addClass("chosen");
    this.graph.animate({ fit: { eles: around, padding: 60 }, duration: 0 });
    const link = document.createElement("a");
    link.href = node.data("page");
    link.textContent = node.data("label");
    const expand = document.createElement("button");
    expand.type = "button";
    expand.textContent = "Expand";
    expand.addEventListener("click", () => this.expand(node));
    this.tell(`: ${node.connectedEdges().length} connections${more} `, link, expand);
  }

  tell(text, before, after) {
    this.note.hidden = false;
    this.note.replaceChildren(...[before, text, after].filter(Boolean));
  }
}

customElements.define("mission-network", MissionNetwork);
