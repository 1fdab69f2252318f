// The municipalities of a map, drawn from map-data.js. Small maps of a single day are drawn here; map.js does the large one.
"use strict";

(() => {
  const data = window.NARVARO.MAP;
  const draw = (tag, attributes, parent) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    parent.append(element);
    return element;
  };
  window.NARVARO.draw = draw;
  for (const svg of document.querySelectorAll("svg[data-on]")) {
    const at = data.days.indexOf(svg.dataset.on);
    for (const [code, , , , d] of data.areas) {
      draw("path", { class: data.codes.presence[data.presence[code][at]], d }, svg);
    }
  }
})();
