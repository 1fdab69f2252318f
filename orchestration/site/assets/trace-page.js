// The rows behind a figure: the address names the figure (`#kpi.presence/offices/2020-10-15`), trace.js holds its rows. Texts
// of documents are set as text, never as markup.
"use strict";

(() => {
  const swedish = document.documentElement.lang === "sv";
  const t = (sv, en) => (swedish ? sv : en);
  const { figures, metrics, counted, rows, documents } = window.NARVARO.TRACES;
  const { root } = document.body.dataset;
  const place = document.querySelector("[data-trace]");
  const title = document.title;
  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  const number = (value) => value.toLocaleString(swedish ? "sv-SE" : "en-GB", { maximumFractionDigits: 2 });
  const asked = () => {
    try {
      return decodeURIComponent(location.hash.slice(1));
    } catch {
      return "";
    }
  };
  const nameOf = (table, metric) => t(...metrics[`${table}.${metric}`]);
  const keyOf = (figure) => figure.key.map(([, , sv, en]) => t(sv, en)).join(", ");

  function facts(figure) {
    const list = make("dl", { className: "facts" });
    const add = (term, ...text) => list.append(make("dt", {}, term), make("dd", {}, ...text));
    add(t("Mått", "Figure"), make("a", { href: `${root}definitions.html#${figure.table}.${figure.metric}` }, nameOf(figure.table, figure.metric)));
    add(t("Värde", "Value"), make("strong", {}, t(...figure.value)));
    for (const [labelSv, labelEn, sv, en] of figure.key) add(t(labelSv, labelEn), t(sv, en));
    add(t("Så görs det", "How it is made"), t(...figure.how), ...(figure.formula ? [": ", make("code", {}, figure.formula)] : []));
    return list;
  }

  function table(caption, heads, lines, name) {
    const head = make("tr");
    for (const { key, text, choose, isNumber } of heads) {
      const cell = make("th", { scope: "col", textContent: text, className: isNumber ? "n" : "" });
      cell.dataset.key = key;
      if (choose) cell.dataset.choose = "";
      head.append(cell);
    }
    const body = make("tbody");
    body.append(...lines);
    const scroll = make("div", { className: "scroll", tabIndex: 0 }, make("table", { id: name }, make("caption", {}, caption), make("thead", {}, head), body));
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", caption);
    const box = make("div", { className: "table" }, scroll);
    box.dataset.table = name;
    box.dataset.filter = "here";
    return box;
  }

  function rowsOf(figure) {
    const several = Object.keys(figure.rows).length > 1;
    const all = Object.entries(figure.rows).flatMap(([metric, numbers]) => numbers.map((each) => [metric, ...counted[each]]));
    const hasNumbers = all.some(([, , , , value]) => value !== null);
    const hasPlaces = all.some(([, , municipality]) => municipality !== null);
    const heads = [
      ...(several ? [{ key: "figure", text: t("Mått", "Figure"), choose: true }] : []),
      { key: "subject", text: t("Det som räknas", "What is counted") },
      ...(hasPlaces ? [{ key: "municipality", text: t("Kommun", "Municipality") }] : []),
      ...(hasNumbers ? [{ key: "number", text: t("Radens tal", "Number of the row"), isNumber: true }] : []),
      { key: "document", text: t("Dokument", "Document"), choose: true },
      { key: "line", text: t("Ställe", "Place") },
      { key: "printed", text: t("Så som det är tryckt", "As printed") },
    ];
    const lines = all.map(([metric, subject, municipality, at, value]) => {
      const [document_, page, from, to, anchor, printed] = rows[at];
      const [path, sv, en] = documents[document_];
      const link = make("a", { href: `${root}${path}#${encodeURIComponent(anchor)}` }, t(sv, en));
      const line = `${t("rad", "line")} ${from}${to === from ? "" : `–${to}`}`;
      const where = make("td", { className: "nowrap" }, page === null ? line : `${t("s.", "p.")} ${page}, ${line}`);
      const words = make("pre", { lang: "sv" }, printed);
      const amount = make("td", { className: "n" }, value === null ? "–" : number(value));
      if (value !== null) amount.dataset.v = String(value);
      return make(
        "tr",
        {},
        ...(several ? [make("td", {}, nameOf(figure.table, metric))] : []),
        make("th", { scope: "row" }, subject),
        ...(hasPlaces ? [make("td", {}, municipality ?? "–")] : []),
        ...(hasNumbers ? [amount] : []),
        make("td", {}, link),
        where,
        make("td", { className: "as-printed" }, words),
      );
    });
    return table(t("Raderna bakom talet", "The rows behind the figure"), heads, lines, "rows");
  }

  function everyFigure() {
    const heads = [
      { key: "table", text: t("Ämne", "Subject"), choose: true },
      { key: "figure", text: t("Mått", "Figure") },
      { key: "key", text: t("Avser", "Of") },
      { key: "value", text: t("Värde", "Value"), isNumber: true },
    ];
    const lines = Object.entries(figures).map(([key, figure]) =>
      make(
        "tr",
        {},
        make("td", {}, t(...figure.title)),
        make("th", { scope: "row" }, make("a", { href: `#${encodeURI(key)}` }, nameOf(figure.table, figure.metric))),
        make("td", {}, keyOf(figure)),
        make("td", { className: "n" }, t(...figure.value)),
      ),
    );
    return table(t("Tal i rapporten som har rader bakom sig", "Figures of the report that have rows behind them"), heads, lines, "figures");
  }

  function show() {
    const figure = figures[asked()];
    const parts = figure
      ? [
          make("h2", { tabIndex: -1 }, `${nameOf(figure.table, figure.metric)}: ${t(...figure.value)}`),
          facts(figure),
          rowsOf(figure),
          make("p", {}, make("a", { href: "#" }, t("Alla tal som har rader", "All figures that have rows"))),
        ]
      : [everyFigure()];
    place.replaceChildren(...parts);
    document.title = figure ? `${nameOf(figure.table, figure.metric)} – ${title}` : title;
    for (const box of place.querySelectorAll("[data-table]")) window.NARVARO.table(box);
  }
  show();
  addEventListener("hashchange", () => {
    // An address without “/” names a place in the page, not a figure.
    if (location.hash && !asked().includes("/")) return;
    show();
    (place.querySelector("h2") ?? place.querySelector("a"))?.focus();
  });
})();
