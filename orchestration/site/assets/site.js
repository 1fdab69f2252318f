// What every page does: search, language, colours, charts. Tables are in table.js, the map in map.js.
"use strict";

(() => {
  const { root } = document.body.dataset;
  const swedish = document.documentElement.lang === "sv";
  const t = (sv, en) => (swedish ? sv : en);

  // The switch of languages leads to the same page, at the same place in it.
  const language = document.querySelector("[data-language]");
  language.addEventListener("click", () => {
    language.href = language.getAttribute("href").split("#")[0] + location.hash;
  });

  // Search: a name leads to its page; else the first name that begins so, or that holds the text.
  const form = document.querySelector("[data-search]");
  const input = form.querySelector("input");
  const places = window.NARVARO.PLACES;
  form.querySelector("datalist").append(
    ...places.map(([name]) => Object.assign(document.createElement("option"), { value: name })),
  );
  const found = (text) => {
    const wanted = text.trim().toLocaleLowerCase("sv");
    const names = places.map(([name, page]) => [name.toLocaleLowerCase("sv"), page]);
    return (
      names.find(([name]) => name === wanted) ??
      names.find(([name]) => wanted && name.startsWith(wanted)) ??
      names.find(([name]) => wanted && name.includes(wanted))
    );
  };
  const go = () => {
    const place = found(input.value);
    input.setCustomValidity(
      place ? "" : t("Ingen kommun, ort eller län heter så.", "No municipality, place or county has that name."),
    );
    if (place) location.href = root + place[1];
    else input.reportValidity();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go();
  });
  input.addEventListener("input", (event) => {
    input.setCustomValidity("");
    const isChosen = event.inputType === "insertReplacementText" || !(event instanceof InputEvent);
    if (isChosen && places.some(([name]) => name === input.value)) go();
  });

  // Colours: the system's, until the reader chooses.
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light")) === "dark";
  const theme = document.querySelector("[data-theme-switch]");
  const showTheme = () => {
    theme.textContent = isDark() ? theme.dataset.light : theme.dataset.dark;
  };
  theme.addEventListener("click", () => {
    document.documentElement.dataset.theme = isDark() ? "light" : "dark";
    try {
      localStorage.setItem("narvaro-theme", document.documentElement.dataset.theme);
    } catch {
      // Without storage the choice holds for this page.
    }
    showTheme();
  });
  dark.addEventListener("change", showTheme);

  // Charts: Vega-Lite, in the page's language and colours.
  const numbers = swedish
    ? { decimal: ",", thousands: "\u00a0", grouping: [3], currency: ["", "\u00a0kr"], percent: "\u00a0%" }
    : { decimal: ".", thousands: ",", grouping: [3], currency: ["", "\u00a0kr"] };
  const name = (style, count, length) =>
    Array.from({ length: count }, (_, at) => {
      const day = new Date(Date.UTC(2023, length === "weekday" ? 0 : at, 1 + (length === "weekday" ? at : 0)));
      return new Intl.DateTimeFormat(swedish ? "sv" : "en", { ...style, timeZone: "UTC" }).format(day);
    });
  const times = {
    dateTime: "%A %e %B %Y %X",
    date: "%Y-%m-%d",
    time: "%H:%M:%S",
    periods: ["fm", "em"],
    days: name({ weekday: "long" }, 7, "weekday"),
    shortDays: name({ weekday: "short" }, 7, "weekday"),
    months: name({ month: "long" }, 12),
    shortMonths: name({ month: "short" }, 12),
  };
  // vega.js holds the library compressed, as a page that opens from disk can ask nobody to send it so.
  async function library(packed) {
    const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
    const text = new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
    document.head.append(Object.assign(document.createElement("script"), { textContent: await text }));
    return window.vegaEmbed;
  }
  async function draw() {
    if (!window.NARVARO.VEGA) return;
    const embed = await library(window.NARVARO.VEGA);
    const config = {
      background: "transparent",
      font: getComputedStyle(document.body).fontFamily,
      view: { stroke: null },
      axis: {
        labelColor: "var(--text)",
        titleColor: "var(--text)",
        gridColor: "var(--line)",
        domainColor: "var(--quiet)",
        tickColor: "var(--quiet)",
        labelFontSize: 12,
        titleFontSize: 12,
        titleFontWeight: 500,
        labelOverlap: true,
      },
      legend: {
        labelColor: "var(--text)",
        titleColor: "var(--text)",
        labelFontSize: 12,
        orient: "top",
        labelLimit: 260,
        columns: innerWidth < 640 ? 1 : 3,
      },
      text: { color: "var(--text)", fontSize: 12 },
      rule: { color: "var(--text)" },
    };
    for (const chart of document.querySelectorAll(".chart")) {
      const spec = JSON.parse(chart.querySelector(".spec").textContent);
      embed(chart.querySelector(".plot"), spec, {
          actions: false,
          renderer: "svg",
          config,
          formatLocale: numbers,
          timeFormatLocale: times,
          tooltip: { theme: "custom" },
        })
        .then(() => {
          chart.dataset.drawn = "";
          // The plot is one picture with a name; its marks are not for screen readers, the table is.
          for (const svg of chart.querySelectorAll(".plot svg")) svg.setAttribute("aria-hidden", "true");
        });
    }
  }
  showTheme();
  addEventListener("DOMContentLoaded", draw);
})();
