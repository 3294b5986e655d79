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

function completer(name, base, terms) {
  return { ...base, name: `missiongraph-${name}`, bulk: true, autoShow: false, persistenceId: null, get: () => terms };
}

class SparqlEditor extends HTMLElement {
  async connectedCallback() {
    const { Yasqe } = window.Yasgui;
    const words = await (await fetch(this.dataset.words)).json();
    const base = (name) => Yasqe.defaults.autocompleters && Yasqe.Autocompleters[name];
    for (const [name, terms] of [["class", words.classes], ["property", words.properties]]) {
      Yasqe.registerAutocompleter(completer(name, base(name), terms));
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
    this.dataset.ready = "yes";
  }

  open(question) {
    if (!question) return;
    const tab = this.yasgui.addTab(true, { name: question.title });
    tab.setQuery(question.sparql);
    tab.getYasqe().setValue(question.sparql);
  }
}

window.addEventListener("DOMContentLoaded", () => customElements.define("sparql-editor", SparqlEditor));
