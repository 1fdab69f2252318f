// Tables that sort, filter and export. A head with `data-key` sorts; with `data-choose` it offers its values to choose from.
// What is chosen stands in the address (`#verdict=differs&sort=stated-desc`), so that it can be sent to somebody; where the
// address says something else, `data-filter="here"` leaves it alone. A cell is exported as its words, or as `data-csv` says;
// a head with `data-parts` ([name of a column, what to select in a cell], …) exports parts of its cells, each as a column.
// `NARVARO.table(box)` takes a table made later.
"use strict";

(() => {
  const swedish = document.documentElement.lang === "sv";
  const t = (sv, en) => (swedish ? sv : en);
  const OVERSEEN = 10; // rows that are seen at a glance: with no more of them, a table with a filter of its own has none
  const collator = new Intl.Collator("sv", { numeric: true });
  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  const tidy = (text) => text.replaceAll("\u00ad", "").replace(/\s+/g, " ").trim();
  // A number of a text as a spreadsheet reads it: without marks of thousands, and with a minus that is one.
  const thousands = swedish ? /(?<=\d)\s(?=\d{3}(?!\d))/g : /(?<=\d),(?=\d{3}(?!\d))/g;
  const plain = (text) => text.replace(thousands, "").replace(/−(?=\d)/g, "-");
  // What a cell is sorted and chosen by. Bounds in a column of numbers count as the lower one.
  const value = (cell, isNumber) => {
    if (cell.dataset.v !== undefined) return cell.dataset.v;
    const text = tidy(cell.textContent);
    if (!isNumber) return text;
    if (text.startsWith("≤")) return "-Infinity";
    const [, number] = /^(?:≥ ?)?(-?\d+(?:[.,]\d+)?)(?!\d|[.,]\d|-| ?\p{L})/u.exec(plain(text)) ?? [];
    return number?.replace(",", ".") ?? text;
  };
  // What a cell is exported as: what it shows, but a day always as `2020-10-15`.
  const exported = (cell, isNumber) => {
    if (cell.dataset.csv !== undefined) return cell.dataset.csv;
    if (/^\d{4}-\d{2}-\d{2}$/.test(cell.dataset.v)) return cell.dataset.v;
    const text = tidy(cell.innerText);
    return isNumber ? plain(text) : text;
  };
  // An address without “=” names a place in the page, as that of the skip link does.
  const isOurs = () => location.hash.length < 2 || location.hash.includes("=");
  const state = () => new URLSearchParams(isOurs() ? location.hash.slice(1) : "");

  function prepare(box) {
    const table = box.querySelector("table");
    const body = table.tBodies[0];
    const heads = [...table.tHead.rows[table.tHead.rows.length - 1].cells];
    const isNumber = heads.map((head) => head.classList.contains("n"));
    const rows = [...body.rows].map((row) => ({
      row,
      values: [...row.cells].map((cell, at) => value(cell, isNumber[at])),
      text: row.textContent.toLocaleLowerCase("sv"),
    }));
    const isShared = "filter" in box.dataset && box.dataset.filter !== "here";
    const hasFilter = isShared || ("filter" in box.dataset && rows.length > OVERSEEN);
    const key = (at) => heads[at].dataset.key ?? String(at);
    const tools = make("div", { className: "tools" });
    const status = make("p", { className: "count" });
    status.setAttribute("role", "status");
    let sorted = null;

    // Sorting: each head becomes a button.
    heads.forEach((head, at) => {
      const button = make("button", { type: "button", className: "sort" }, ...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        sort(at, sorted?.at === at && sorted.ascending ? -1 : 1);
        remember();
      });
    });
    function sort(at, direction) {
      const compare = (a, b) => {
        const [x, y] = [a.values[at] ?? "", b.values[at] ?? ""];
        const isEmpty = (text) => text === "" || text === "–";
        if (isEmpty(x) || isEmpty(y)) return isEmpty(x) - isEmpty(y);
        const [m, n] = [Number(x), Number(y)];
        return direction * (Number.isNaN(m) || Number.isNaN(n) ? collator.compare(x, y) : Math.sign(m - n) || 0);
      };
      body.append(...[...rows].sort(compare).map((each) => each.row));
      sorted = { at, ascending: direction > 0 };
      heads.forEach((head, each) => {
        if (each === at) head.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending");
        else head.removeAttribute("aria-sort");
      });
    }
    function unsort() {
      if (!sorted) return;
      body.append(...rows.map((each) => each.row));
      heads[sorted.at].removeAttribute("aria-sort");
      sorted = null;
    }

    // Filters: a text, and a choice for each head that asks for it.
    const choices = [];
    const search = make("input", { type: "search", placeholder: t("Filtrera …", "Filter …") });
    if (hasFilter) {
      search.setAttribute("aria-label", t("Filtrera tabellen", "Filter the table") + ": " + table.caption.textContent);
      tools.append(search);
      heads.forEach((head, at) => {
        if (!("choose" in head.dataset)) return;
        const texts = new Map(rows.map(({ row, values }) => [values[at], row.cells[at].textContent.trim()]));
        const select = make("select", {}, make("option", { value: "", textContent: t("Alla", "All") }));
        for (const [code, text] of [...texts].sort((a, b) => collator.compare(a[1], b[1]))) {
          if (code) select.append(make("option", { value: code, textContent: text }));
        }
        choices.push({ at, select });
        tools.append(make("label", {}, head.textContent.trim() + " ", select));
        select.addEventListener("change", () => {
          filter();
          remember();
        });
      });
      search.addEventListener("input", () => {
        filter();
        remember();
      });
    }
    function filter() {
      const words = search.value.toLocaleLowerCase("sv").split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const { row, values, text } of rows) {
        const isShown =
          words.every((word) => text.includes(word)) &&
          choices.every(({ at, select }) => !select.value || values[at] === select.value);
        row.hidden = !isShown;
        shown += isShown;
      }
      status.textContent = t(`${shown} av ${rows.length} rader`, `${shown} of ${rows.length} rows`);
    }

    // The address.
    function remember() {
      if (!isShared) return;
      const now = new URLSearchParams();
      if (search.value) now.set("q", search.value);
      for (const { at, select } of choices) if (select.value) now.set(key(at), select.value);
      if (sorted) now.set("sort", key(sorted.at) + (sorted.ascending ? "" : "-desc"));
      const hash = now.toString();
      history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
    }
    function recall() {
      if (!isShared) return;
      const asked = state();
      search.value = asked.get("q") ?? "";
      for (const { at, select } of choices) {
        select.value = asked.get(key(at)) ?? "";
        if (select.selectedIndex < 0) select.value = "";
      }
      const [, name, direction] = /^(.*?)(-desc)?$/.exec(asked.get("sort") ?? "");
      const at = heads.findIndex((_, each) => key(each) === name);
      if (at >= 0) sort(at, direction ? -1 : 1);
      else unsort();
      filter();
      // Whoever follows a link to what is chosen sees it, and reads on from there.
      if (asked.toString()) box.scrollIntoView();
    }

    // Export: the rows that are shown, in their order.
    const parts = heads.map((head) => head.dataset.parts && JSON.parse(head.dataset.parts));
    const columns = (cell, at) => {
      if (!parts[at]) return exported(cell, isNumber[at]);
      return parts[at].map(([, selector]) => tidy(cell.querySelector(selector)?.innerText ?? ""));
    };
    const quoted = (text) => {
      const isFormula = /^[=+@\t\r]/.test(text) || (text.startsWith("-") && !/^-[\d.,–\- %]+$/.test(text));
      return `"${(isFormula ? "'" : "") + text.replaceAll('"', '""')}"`;
    };
    const download = make("button", { type: "button", className: "quiet", textContent: t("Ladda ner CSV", "Download CSV") });
    download.setAttribute("aria-label", `${download.textContent}: ${table.caption.textContent}`);
    download.addEventListener("click", () => {
      const lines = [heads.flatMap((head, at) => parts[at]?.map(([name]) => name) ?? tidy(head.textContent))];
      for (const row of body.rows) if (!row.hidden) lines.push([...row.cells].flatMap(columns));
      const text = lines.map((line) => line.map(quoted).join(t(";", ","))).join("\r\n");
      const file = new Blob(["\ufeff", text, "\r\n"], { type: "text/csv;charset=utf-8" });
      const link = make("a", { href: URL.createObjectURL(file), download: `narvaro-${table.id}.csv` });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    });

    // A shadow at an edge that columns are hidden behind.
    const scroll = box.querySelector(".scroll");
    const showEdges = () => {
      scroll.classList.toggle("more-before", scroll.scrollLeft > 1);
      scroll.classList.toggle("more-after", scroll.scrollLeft + scroll.clientWidth < scroll.scrollWidth - 1);
    };
    scroll.addEventListener("scroll", showEdges, { passive: true });
    const watch = new ResizeObserver(showEdges);
    for (const each of [scroll, table]) watch.observe(each);

    tools.append(status, download);
    box.prepend(tools);
    recall();
    if (!isShared) filter();
    if (isShared) {
      addEventListener("hashchange", () => {
        if (!isOurs()) return;
        recall();
        if (state().toString()) scroll.focus({ preventScroll: true });
      });
    }
  }
  window.NARVARO.table = prepare;
  for (const box of document.querySelectorAll("[data-table]")) prepare(box);
})();
