// The frame of every page: search, language, colours and navigation at the top. It is made here and not in each page, as
// six hundred pages share it; what it holds stands before it in this file. It runs before the page is drawn, so that nothing moves.
(() => {
  "use strict";

  // The colours that the reader chose last time.
  try {
    const chosen = localStorage.getItem("narvaro-theme");
    if (chosen) document.documentElement.dataset.theme = chosen;
  } catch {
    // Some browsers give pages from disk no storage: then the system's colours stand.
  }

  const { root, page, section } = document.body.dataset;
  const { PAGES } = window.NARVARO;
  const swedish = document.documentElement.lang === "sv";
  const t = (sv, en) => (swedish ? sv : en);
  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };
  const links = (label, pages) => {
    const list = make("ul");
    for (const [path, sv, en] of pages) {
      const link = make("a", { href: root + path }, t(sv, en));
      if (path === section) link.setAttribute("aria-current", path === page ? "page" : "true");
      list.append(make("li", {}, link));
    }
    return make("nav", { "aria-label": label }, list);
  };

  const label = t("Sök kommun, ort eller län", "Find a municipality, place or county");
  const search = make(
    "form",
    { class: "search", role: "search", "data-search": "" },
    make("label", { class: "hidden", for: "search" }, label),
    make("input", { id: "search", type: "search", list: "place-names", autocomplete: "off", placeholder: t("Sök kommun eller ort", "Find a place") }),
    make("datalist", { id: "place-names" }),
    make("button", {}, t("Visa", "Show")),
  );
  const other = root + (swedish ? "en/" : "../") + page;
  const language = t("en", "sv");
  const switches = make(
    "div",
    { class: "switches" },
    make("a", { href: other, lang: language, hreflang: language, "data-language": "" }, t("English", "Svenska")),
    make("button", { type: "button", "data-theme-switch": "", "data-dark": t("Mörkt", "Dark"), "data-light": t("Ljust", "Light") }),
  );
  document.querySelector("header.top").append(search, switches, links(t("Sidor", "Pages"), PAGES.subject));

  // The skip link moves the focus and leaves the address alone: it may hold what the page shows.
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    const content = document.getElementById("content");
    content.scrollIntoView();
    content.focus({ preventScroll: true });
  });

  addEventListener("DOMContentLoaded", () => {
    const release = make("a", { href: `${root}releases.html` }, PAGES.release);
    document.querySelector("footer").append(
      links(t("Om uppgifterna", "About the data"), PAGES.data),
      make(
        "p",
        {},
        t("Utgåva ", "Release "),
        release,
        t(
          ". Uppgifterna kommer ur Arbetsförmedlingens och SKR:s dokument. Varje rad har sin källa.",
          ". The data come from documents of Arbetsförmedlingen and SKR. Each row has its source.",
        ),
      ),
    );
  });
})();
