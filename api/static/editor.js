// <sparql-editor>: YASGUI, which its own file defines, set up for this server alone.
const START = `SELECT ?mission ?deadline ?summary ?link
WHERE {
  GRAPH ?evidence { ?target mg:deadline ?deadline }
  ?mission mg:hasTarget ?target .
  ?evidence mg:summary ?summary ; foaf:page ?link .
}
ORDER BY ?deadline ?mission ?evidence
`;

const used = (query, prefixes) => Object.entries(prefixes)
  .filter(([prefix]) => new RegExp(`(^|[^\\w-])${prefix}:`, "m").test(query))
  .map(([prefix, iri]) => `PREFIX ${prefix}: <${iri}>`)
  .join("\n");

class SparqlEditor extends HTMLElement {
  async connectedCallback() {
    const { Yasqe } = window.Yasgui;
    const words = await (await fetch(this.dataset.words)).json();
    // Our own terms in place of those of a service elsewhere, which YASGUI would ask.
    for (const [name, terms] of [["class", words.classes], ["property", words.properties]]) {
      Yasqe.forkAutocompleter(name, { name: `missiongraph-${name}`, bulk: true, persistenceId: null, get: () => terms }, false);
    }
    Yasqe.defaults.prefixes = words.prefixes;
    Yasqe.defaults.value = `${used(START, words.prefixes)}\n\n${START}`;
    this.yasgui = new window.Yasgui(this, {
      requestConfig: { endpoint: new URL(this.dataset.endpoint, location.href).href, method: "POST" },
      copyEndpointOnNewTab: true,
      persistenceId: "missiongraph",
      endpointCatalogueOptions: { getData: () => [{ endpoint: new URL(this.dataset.endpoint, location.href).href }] },
      yasqe: {
        autocompleters: ["variables", "prefixes", "missiongraph-class", "missiongraph-property"],
        showQueryButton: true,
        value: Yasqe.defaults.value,
      },
      yasr: { prefixes: words.prefixes },
    });
    const examples = document.querySelector("#example");
    examples.addEventListener("change", () => this.open(words.questions[examples.value]));
    const wanted = new URLSearchParams(location.search).get("question");
    if (wanted && words.questions[wanted]) this.open(words.questions[wanted]);
    this.label();
    this.yasgui.on("tabAdd", () => setTimeout(() => this.label(), 0));
    this.dataset.ready = "yes";
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
