// <sparql-editor>: YASGUI, which its own file defines, set up for this server alone.
import { ResultChart } from "/static/result-chart.js";
import { mapOver } from "/static/result-map.js";
import { ResultNetwork } from "/static/result-network.js";
import { problemOf } from "/static/result-problem.js";
import { isLink, pageOf } from "/static/result-values.js";

const START = `SELECT ?mission ?deadline ?summary ?link
WHERE {
  GRAPH ?evidence { ?target mg:deadline ?deadline }
  ?mission mg:hasTarget ?target .
  ?evidence mg:summary ?summary ; foaf:page ?link .
}
ORDER BY ?deadline ?mission ?evidence
`;
const VIEWS = ["table", "chart", "map", "network", "response"];

const used = (query, prefixes) => Object.entries(prefixes)
  .filter(([prefix]) => new RegExp(`(^|[^\\w-])${prefix}:`, "m").test(query))
  .map(([prefix, iri]) => `PREFIX ${prefix}: <${iri}>`)
  .join("\n");

// YASGUI's table, in which our IRIs lead to this server's pages.
const tableOver = (Table) => class extends Table {
  getUriLinkFromBinding(binding, prefixes) {
    const link = super.getUriLinkFromBinding(binding, prefixes);
    const [iri, page] = [binding.value, pageOf(binding.value)];
    return isLink(page) && page !== iri ? link.replace(`href="${iri}"`, `href="${page}"`).replace(`href='${iri}'`, `href='${page}'`) : link;
  }
};

class SparqlEditor extends HTMLElement {
  async connectedCallback() {
    this.words = await (await fetch(this.dataset.words)).json();
    this.completeOurTerms();
    this.addViews();
    const endpoint = new URL(this.dataset.endpoint, location.href).href;
    const { Yasgui } = window;
    Yasgui.Yasqe.defaults.prefixes = this.words.prefixes;
    Yasgui.Yasqe.defaults.value = `${used(START, this.words.prefixes)}\n\n${START}`;
    this.yasgui = new Yasgui(this, {
      requestConfig: { endpoint, method: "POST" },
      copyEndpointOnNewTab: true,
      persistenceId: "missiongraph",
      endpointCatalogueOptions: { getData: () => [{ endpoint }] },
      yasqe: {
        autocompleters: ["variables", "missiongraph-prefixes", "missiongraph-class", "missiongraph-property"],
        showQueryButton: true,
        value: Yasgui.Yasqe.defaults.value,
      },
      yasr: { prefixes: this.words.prefixes, pluginOrder: VIEWS, defaultPlugin: "table" },
    });
    const examples = document.querySelector("#example");
    examples.addEventListener("change", () => this.open(this.words.questions[examples.value]));
    const wanted = new URLSearchParams(location.search).get("question");
    if (wanted && this.words.questions[wanted]) this.open(this.words.questions[wanted]);
    this.label();
    this.yasgui.on("tabAdd", () => setTimeout(() => this.label(), 0));
    this.dataset.ready = "yes";
  }

  // Our own terms and prefixes in place of those of services elsewhere, which YASGUI would ask.
  completeOurTerms() {
    const { Yasqe } = window.Yasgui;
    const lists = {
      prefixes: Object.entries(this.words.prefixes).map(([prefix, iri]) => `${prefix}: <${iri}>`),
      class: this.words.classes,
      property: this.words.properties,
    };
    for (const [name, terms] of Object.entries(lists)) {
      Yasqe.forkAutocompleter(name, { name: `missiongraph-${name}`, bulk: true, autoShow: true, persistenceId: null, get: () => Promise.resolve(terms) }, false);
    }
  }

  addViews() {
    const { Yasr } = window.Yasgui;
    Yasr.registerPlugin("table", tableOver(Yasr.plugins.table));
    Yasr.registerPlugin("chart", ResultChart);
    Yasr.registerPlugin("map", mapOver(this.words.points));
    Yasr.registerPlugin("network", ResultNetwork);
    Yasr.defaults.errorRenderers = [(error) => problemOf(this.yasgui.getTab().getYasqe(), error)];
  }

  // What YASGUI leaves without a name.
  label() {
    this.querySelectorAll("input.autocomplete").forEach((input) => input.setAttribute("aria-label", "Endpoint"));
    this.querySelectorAll("textarea, input").forEach((input) => {
      if (!input.labels?.length && !input.hasAttribute("aria-label")) input.setAttribute("aria-label", input.name || "Query");
    });
  }

  open(question) {
    if (!question) return;
    const tab = this.yasgui.addTab(true, { name: question.title });
    tab.setQuery(question.sparql);
    tab.getYasqe().setValue(question.sparql);
  }
}

window.addEventListener("DOMContentLoaded", () => customElements.define("sparql-editor", SparqlEditor));
