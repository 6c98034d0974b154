"use strict";
// One section at a time, filters, and addresses that can be kept. Without it the page is whole, only longer.
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector) => document.querySelector(selector);
  const views = all("main > section");
  const form = one("#filter");
  const shown = one("#shown");
  const filtered = one("#filtered");
  const wide = matchMedia("(min-width: 64rem)");
  const lists = ["promises", "controls", "resources", "rules"];

  // ---- Addresses: #rules, #rule=ENC-01, #control=hipaa/164.312(b), #state=fail

  const at = () => decodeURIComponent(location.hash.slice(1));
  const viewOf = (target) => target.closest("main > section");

  function show(view) {
    for (const other of views) {
      if (other === view) other.removeAttribute("hidden");
      else other.setAttribute("hidden", "until-found");
    }
    for (const link of all(".side nav a")) {
      if (link.hash === "#" + view.id) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  function go(focus) {
    const target = document.getElementById(at()) ?? views[0];
    const view = viewOf(target) ?? views[0];
    show(view);
    if (at().startsWith("state=")) {
      clear();
      one(`input[name=state][value="${at().slice(6)}"]`).checked = true;
      apply();
    } else if (target.closest("[hidden]:not(section)")) {
      clear();
      apply();
    }
    for (let up = target.parentElement; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
    for (const marked of all(".at")) marked.classList.remove("at");
    if (/^(verdict|resource)=/.test(at())) target.classList.add("at");
    const place = target.classList.contains("body") ? target.parentElement : target;
    if (target !== view && !at().startsWith("state=")) place.scrollIntoView({ block: "start" });
    else if (wide.matches || at() === "") scrollTo(0, 0);
    else view.scrollIntoView({ block: "start" });
    if (!focus) return;
    const heading = target === view ? one(`#${view.id}-title`) : (place.querySelector("summary") ?? target);
    heading.focus({ preventScroll: true });
  }

  // Where the reader stood, kept with each step of the history: sections have different lengths.
  history.scrollRestoration = "manual";
  const keep = () => history.replaceState({ y: scrollY }, "");
  addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href^='#']");
    if (!link) return;
    keep();
    if (link.hash === location.hash) go(true);
  });
  addEventListener("hashchange", () => {
    const y = history.state?.y;
    go(y === undefined);
    if (y !== undefined) scrollTo(0, y);
  });
  // A search by the browser itself reaches into sections that are not shown; so does every link, whose turn comes later.
  addEventListener("beforematch", (event) => {
    const view = viewOf(event.target);
    const wanted = document.getElementById(at());
    if (wanted && viewOf(wanted) === view) return;
    keep();
    history.pushState(null, "", "#" + view.id);
    show(view);
  });

  // ---- Filters: what is told of each verdict is read from the page once, when first asked for

  let verdicts;
  function read() {
    const places = new Map(all(".resources > li").map((item) => [item.id, item]));
    return all(".rule").flatMap((rule) => {
      const about = rule.textContent.length < 4000 ? rule.textContent : "";
      const head = (
        rule.querySelector("summary").textContent +
        " " +
        rule.querySelector(".about").textContent
      ).toLowerCase();
      const rows = all("tbody tr", rule);
      const common = { rule, head, severity: rule.dataset.severity, frameworks: rule.dataset.frameworks.split(" ") };
      if (rows.length === 0) return [{ ...common, text: rule.textContent.toLowerCase(), state: rule.dataset.state }];
      return rows.map((row) => {
        const resource = places.get(row.querySelector("a").hash.slice(1));
        const text = row.textContent.toLowerCase();
        const { stack, zone } = resource.dataset;
        return { ...common, row, resource, text, state: row.dataset.state, stack, zone: zone || "-" };
      });
    });
  }

  function wanted() {
    const data = new FormData(form);
    return {
      words: data.get("words").toLowerCase().split(/\s+/).filter(Boolean),
      states: data.getAll("state"),
      severity: data.get("severity"),
      framework: data.get("framework"),
      zone: data.get("zone"),
      stack: data.get("stack"),
    };
  }

  function fits(verdict, want) {
    return (
      (want.states.length === 0 || want.states.includes(verdict.state)) &&
      (!want.severity || want.severity === verdict.severity) &&
      (!want.framework || verdict.frameworks.includes(want.framework)) &&
      (!want.zone || want.zone === verdict.zone) &&
      (!want.stack || want.stack === verdict.stack) &&
      want.words.every((word) => verdict.text.includes(word) || verdict.head.includes(word))
    );
  }

  function clear() {
    form.reset();
  }

  function apply() {
    verdicts ??= read();
    const want = wanted();
    const narrow = want.states.length > 0 || want.severity || want.zone || want.stack;
    const any = Boolean(narrow || want.framework || want.words.length > 0);
    const rules = new Set();
    const resources = new Set();
    let count = 0;
    for (const verdict of verdicts) {
      const fit = !any || fits(verdict, want);
      if (verdict.row) verdict.row.hidden = !fit;
      if (!fit) continue;
      rules.add(verdict.rule.dataset.rule);
      if (verdict.row) count += 1;
      if (verdict.resource) resources.add(verdict.resource);
    }
    for (const rule of all(".rule")) rule.hidden = !rules.has(rule.dataset.rule);
    for (const link of all("[data-for]")) link.hidden = !rules.has(link.dataset.for);
    const says = (element) => {
      const text = element.textContent.toLowerCase();
      return !narrow && want.words.every((word) => text.includes(word));
    };
    for (const item of all(".resources > li"))
      item.hidden = any && !resources.has(item) && !(says(item) && !want.framework);
    for (const chip of all(".resources a.s")) {
      chip.hidden = any && document.getElementById(chip.hash.slice(1))?.hidden === true;
    }
    for (const component of all(".component")) component.hidden = !component.querySelector("li:not([hidden])");
    for (const promise of all(".promise")) {
      promise.hidden = any && !promise.querySelector("[data-for]:not([hidden])") && !(says(promise) && !want.framework);
    }
    for (const control of all(".control")) {
      const key = control.closest("[data-framework]").dataset.framework;
      const mine = !want.framework || want.framework === key;
      control.hidden = !mine || (any && !control.querySelector("[data-for]:not([hidden])") && !says(control));
    }
    // From the innermost: a group is empty when all that it holds is hidden.
    for (const group of all("[data-group]").reverse()) {
      group.hidden = !group.querySelector("details:not([hidden]), .control:not([hidden])");
    }
    const total = verdicts.filter(({ row }) => row).length;
    const told = `${count} of ${total} verdicts by ${rules.size} of ${all(".rule").length} rules`;
    shown.textContent = any ? told : `${total} verdicts`;
    filtered.hidden = !any;
    filtered.textContent = any ? `Filtered: ${told} are shown.` : "";
    return any;
  }

  document.documentElement.classList.add("js");
  form.hidden = false;
  const box = one("#filter-box");
  box.open = wide.matches;
  wide.addEventListener("change", () => (box.open = wide.matches));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => {
    const any = apply();
    if (any && !lists.some((id) => !document.getElementById(id).hasAttribute("hidden"))) {
      keep();
      history.pushState(null, "", "#rules");
      go(false);
    }
  });
  form.addEventListener("reset", () => setTimeout(apply));

  // Browsers that cannot open details by style alone.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = all("details:not([open])");
    for (const details of closed) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of closed) details.open = false;
  });
  go(false);
})();
