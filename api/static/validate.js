// A file is read into the field here; it goes nowhere until the form is sent.
const [file, text, kind] = ["#file", "#text", "#kind"].map((name) => document.querySelector(name));
const KINDS = { yaml: "yaml", yml: "yaml", csv: "csv", tsv: "csv", ttl: "ttl", nt: "nt", jsonld: "jsonld" };

file.closest(".upload").hidden = false;
file.addEventListener("change", async () => {
  const chosen = file.files[0];
  if (!chosen) return;
  text.value = await chosen.text();
  kind.value = KINDS[chosen.name.split(".").pop().toLowerCase()] ?? kind.value;
});
