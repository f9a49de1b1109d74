/* What the open report does: the ledger's filter, charts as they come into view, and printing. */
(() => {
  const find = (selector, within = document) => [...within.querySelectorAll(selector)];

  /* The ledger */
  const search = document.getElementById("ledger-search");
  const boxes = find("#ledger-controls input[type=checkbox]");
  const status = document.getElementById("ledger-status");
  const openAll = document.getElementById("ledger-open");
  const parts = find("details.part").map((element) => ({ element, rows: undefined }));
  const rowsOf = (part) => {
    part.rows ??= find("tbody tr", part.element).map((row) => ({
      row,
      kind: row.dataset.kind,
      words: row.textContent.toLowerCase(),
    }));
    return part.rows;
  };
  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const kinds = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    const narrowed = words.length > 0 || kinds.size < boxes.length;
    let total = 0;
    let shown = 0;
    for (const part of parts) {
      let here = 0;
      for (const { row, kind, words: text } of rowsOf(part)) {
        const fits = kinds.has(kind) && words.every((word) => text.includes(word));
        row.hidden = !fits;
        if (fits) here += 1;
      }
      total += part.rows.length;
      shown += here;
      part.element.hidden = here === 0;
      if (words.length > 0) part.element.open = here > 0;
    }
    const all = total.toLocaleString("en-US");
    status.value = narrowed ? `${shown.toLocaleString("en-US")} of ${all} claims` : `${all} claims`;
  };
  let waiting = 0;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 120);
  });
  for (const box of boxes) box.addEventListener("change", filter);
  document.getElementById("ledger-controls").addEventListener("submit", (event) => {
    event.preventDefault();
    filter();
  });
  openAll.addEventListener("click", () => {
    const open = openAll.textContent === "Open all";
    for (const { element } of parts) element.open = open;
    openAll.textContent = open ? "Close all" : "Open all";
  });

  /* Charts: the still stays until the live one is drawn, and for good where it cannot be. */
  const draw = async (figure) => {
    const live = figure.querySelector(".live");
    try {
      const specification = JSON.parse(figure.querySelector("script").textContent);
      live.hidden = false;
      await window.vegaEmbed(live, specification, {
        mode: "vega-lite",
        ast: true,
        actions: false,
        renderer: "svg",
        defaultStyle: false,
        tooltip: { disableDefaultStyle: true },
        logLevel: 1,
      });
      figure.classList.add("drawn");
    } catch (error) {
      live.hidden = true;
      console.warn(`Cannot draw ${figure.id}: ${error.message}`);
    }
  };
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        watcher.unobserve(target);
        draw(target);
      }
    },
    { rootMargin: "200px" },
  );
  for (const figure of find("figure.chart")) watcher.observe(figure);

  /* Paper has no folds. */
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = find("details:not([open])");
    for (const each of folded) each.open = true;
  });
  addEventListener("afterprint", () => {
    for (const each of folded) each.open = false;
    folded = [];
  });

  /* A link into a fold opens it. */
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let fold = target?.closest("details"); fold; fold = fold.parentElement.closest("details"))
      fold.open = true;
  };
  addEventListener("hashchange", reveal);
  reveal();
})();
