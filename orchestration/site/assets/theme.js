// Before anything is drawn: the colours that the reader chose last time.
(() => {
  try {
    const chosen = localStorage.getItem("narvaro-theme");
    if (chosen) document.documentElement.dataset.theme = chosen;
  } catch {
    // Some browsers give pages from disk no storage: then the system's colours stand.
  }
})();
