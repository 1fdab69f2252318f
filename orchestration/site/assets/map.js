// The map: a slider over days, two views, layers, zoom, and a walk from municipality to municipality by arrow keys.
// What is shown stands in the address (`#on=2020-10-15&show=drop_in`), so that it can be sent to somebody.
"use strict";

(() => {
  const box = document.querySelector("[data-map]");
  const svg = box.querySelector(".map-sheet svg");
  const tip = box.querySelector(".map-tip");
  const slider = box.querySelector("#day");
  const form = box.querySelector("form");
  const words = JSON.parse(document.getElementById("map-words").textContent);
  const data = window.NARVARO.MAP;
  const drawn = window.NARVARO.draw;
  const { root } = document.body.dataset;
  const areas = data.areas.map(([code, name, x, y, d]) => {
    const link = { href: `${root}municipality/${code}.html`, "aria-label": name, "data-c": code, "data-x": x, "data-y": y };
    const area = drawn("a", link, svg.querySelector(".areas"));
    drawn("path", { d }, area);
    return area;
  });
  for (const [kind, code, d] of data.borders) {
    drawn("path", { class: kind, "data-border": code, d }, svg.querySelector(".borders"));
  }
  const at = new Map(areas.map((area) => [area.dataset.c, area.dataset]));
  const marks = data.marks.map(([kind, name, code, across, down, course]) => {
    const { x, y } = at.get(code);
    const mark = drawn("g", { class: kind, style: `--x:${x}px;--y:${y}px` }, svg.querySelector(".marks"));
    if (kind === "office") drawn("circle", { cx: across, cy: down, r: 1 }, mark);
    else drawn("path", { d: `M${across} ${down - 1.1}l1.1 1.1-1.1 1.1-1.1-1.1z` }, mark);
    return { mark, kind, name, code, course };
  });
  const whole = svg.getAttribute("viewBox").split(" ").map(Number);
  const county = (area) => words.counties[area.dataset.c.slice(0, 2)];
  const chosen = () => form.elements.zoom.value;
  const inside = () => new Set(words.af_regions[chosen()] ?? (chosen() ? [chosen()] : Object.keys(words.counties)));
  const view = () => form.elements.show.value;
  const code = (name, area) => data.codes[name][data[name][area.dataset.c][slider.value]];
  const said = (name, area) => words[name][code(name, area)];

  function draw() {
    const at = Number(slider.value);
    const day = words.days[at];
    box.querySelector("output").textContent = day;
    slider.setAttribute("aria-valuetext", day);
    const counts = {};
    const counties = inside();
    for (const area of areas) {
      const found = code(view(), area);
      area.firstElementChild.setAttribute("class", (view() === "drop_in" ? "drop-in-" : "") + found);
      if (counties.has(area.dataset.c.slice(0, 2))) counts[found] = (counts[found] ?? 0) + 1;
    }
    for (const legend of box.querySelectorAll("[data-legend]")) {
      legend.hidden = legend.dataset.legend !== view();
      const name = words.counties[chosen()] ?? chosen();
      legend.querySelector("[data-area]").textContent = name && `: ${name}`;
      for (const cell of legend.querySelectorAll("[data-count]")) cell.textContent = counts[cell.dataset.count] ?? 0;
    }
    const shown = new Set([...form.elements.layer].filter((each) => each.checked).map((each) => each.value));
    for (const { mark, kind, course } of marks) {
      const letter = course[at];
      const layer = kind === "service_centre" && letter === "1" ? "other_centre" : kind;
      mark.classList.toggle("off", !shown.has(layer) || letter === "-");
      mark.classList.toggle("other", layer === "other_centre");
      if (kind === "office" && letter !== "-") mark.dataset.form = data.forms[letter];
    }
    svg.classList.toggle("no-county", !shown.has("county"));
    svg.classList.toggle("no-fa-region", !shown.has("fa_region"));
    if (spoken) speak(spoken);
  }

  // Zoom: the box of a county, or of all counties of a region, with a little air around. Marks keep their size.
  function zoom() {
    let [x, y, width, height] = whole;
    if (chosen()) {
      const boxes = [...inside()].map((each) => svg.querySelector(`.county[data-border="${each}"]`).getBBox());
      x = Math.min(...boxes.map((each) => each.x));
      y = Math.min(...boxes.map((each) => each.y));
      width = Math.max(...boxes.map((each) => each.x + each.width)) - x;
      height = Math.max(...boxes.map((each) => each.y + each.height)) - y;
      const air = 0.06 * Math.max(width, height);
      [x, y, width, height] = [x - air, y - air, width + 2 * air, height + 2 * air];
    }
    svg.setAttribute("viewBox", [x, y, width, height].join(" "));
    size();
  }
  function size() {
    const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
    const units = Math.max(width / svg.clientWidth, height / svg.clientHeight);
    svg.style.setProperty("--mark", (chosen() ? 5 : 2.9) * units);
  }

  // What a municipality has, said beside the map and at the pointer.
  let spoken = null;
  const names = (area) => {
    const code = area.dataset.c;
    return `${area.getAttribute("aria-label")} (${code})`;
  };
  function speak(area) {
    spoken = area;
    const day = slider.value;
    const there = (kind) =>
      marks
        .filter((mark) => mark.kind === kind && mark.code === area.dataset.c && "012".includes(mark.course[day]))
        .filter((mark) => kind === "office" || mark.course[day] === "0")
        .map(({ name }) => name);
    const listed = Object.entries(words.marks)
      .map(([kind, word]) => [word, there(kind)])
      .filter(([, names]) => names.length)
      .map(([word, names]) => ` ${word}: ${names.join(", ")}.`);
    const text = box.dataset.spoken
      .replace("{name}", area.getAttribute("aria-label"))
      .replace("{county}", county(area))
      .replace("{presence}", said("presence", area))
      .replace("{drop_in}", said("drop_in", area));
    box.querySelector(".map-focus").textContent = text + listed.join("");
  }
  for (const area of areas) {
    area.addEventListener("pointerenter", () => speak(area));
    area.addEventListener("focus", () => {
      for (const each of areas) each.setAttribute("tabindex", each === area ? "0" : "-1");
      speak(area);
    });
    area.addEventListener("pointermove", (event) => {
      tip.hidden = false;
      tip.replaceChildren(
        Object.assign(document.createElement("strong"), { textContent: names(area) }),
        document.createElement("br"),
        said(view(), area),
      );
      const sheet = tip.parentElement.getBoundingClientRect();
      const left = event.clientX - sheet.left;
      tip.style.left = `${Math.min(left + 14, sheet.width - tip.offsetWidth)}px`;
      tip.style.top = `${event.clientY - sheet.top + 16}px`;
    });
    area.addEventListener("pointerleave", () => {
      tip.hidden = true;
    });
    area.setAttribute("tabindex", "-1");
  }
  areas[0].setAttribute("tabindex", "0");

  // Arrow keys: the nearest municipality in that direction, distances across it counted double.
  const directions = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  svg.addEventListener("keydown", (event) => {
    const direction = directions[event.key];
    const from = event.target.closest("[data-c]");
    if (!direction || !from) return;
    event.preventDefault();
    const [x, y] = [Number(from.dataset.x), Number(from.dataset.y)];
    let best = null;
    for (const area of areas) {
      const [across, down] = [area.dataset.x - x, area.dataset.y - y];
      const along = across * direction[0] + down * direction[1];
      const aside = Math.abs(across * direction[1]) + Math.abs(down * direction[0]);
      const distance = along + 2 * aside;
      if (along > 0 && (!best || distance < best.distance)) best = { area, distance };
    }
    best?.area.focus();
  });

  // Play: a day after the other, from the start once the end is reached.
  const play = box.querySelector("[data-play]");
  let playing = null;
  function stop() {
    clearInterval(playing);
    playing = null;
    play.textContent = play.dataset.playWords;
    remember();
  }
  play.addEventListener("click", () => {
    if (playing) return stop();
    if (slider.value === slider.max) slider.value = slider.min;
    play.textContent = play.dataset.stopWords;
    playing = setInterval(() => {
      slider.value = Number(slider.value) + 1;
      draw();
      if (slider.value === slider.max) stop();
    }, 550);
  });

  // The address. Without “=” it names a place in the page, as that of the skip link.
  const isOurs = () => !location.hash || location.hash.includes("=");
  function remember() {
    const now = new URLSearchParams({ on: data.days[slider.value] });
    if (view() !== "presence") now.set("show", view());
    if (chosen()) now.set("zoom", chosen());
    const layers = [...form.elements.layer].filter((each) => each.checked !== each.defaultChecked);
    if (layers.length) now.set("layers", [...form.elements.layer].filter((each) => each.checked).map((each) => each.value).join(","));
    history.replaceState(null, "", `#${now}`);
  }
  function recall() {
    const asked = new URLSearchParams(isOurs() ? location.hash.slice(1) : "");
    const at = data.days.indexOf(asked.get("on"));
    slider.value = at >= 0 ? at : box.dataset.start;
    form.elements.show.value = asked.get("show") === "drop_in" ? "drop_in" : "presence";
    form.elements.zoom.value = asked.get("zoom") ?? "";
    if (form.elements.zoom.selectedIndex < 0) form.elements.zoom.value = "";
    const layers = asked.get("layers")?.split(",");
    if (layers) for (const each of form.elements.layer) each.checked = layers.includes(each.value);
    zoom();
    draw();
  }
  slider.addEventListener("input", () => {
    if (playing) stop();
    draw();
  });
  slider.addEventListener("change", remember); // it stands outside the form
  form.addEventListener("change", (event) => {
    if (event.target.name === "zoom") zoom();
    draw();
    remember();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", () => {
    if (isOurs()) recall();
  });
  addEventListener("resize", size);
  recall();
})();
