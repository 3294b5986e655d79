// Facets apply as they are ticked; the form's button is there only without script (style.css).
const form = document.querySelector("form.facets");

if (form) {
  form.addEventListener("change", () => {
    const asked = new URLSearchParams(new FormData(form));
    if (asked.get("sort") === "name") asked.delete("sort");
    if (asked.get("view") === "table") asked.delete("view");
    const text = asked.toString();
    location.assign(text ? `?${text}` : location.pathname);
  });
}
