import { style as house } from "../../policies/evidence/page-style";

/** The house style, and what a cost plan needs beside it. Colours never stand alone: lines differ in dash and label too. */
export const planStyle = `${house}
:root{--cloud:#a4501b;--cage:#1f7a4d;--rack:#23446b;
--k0:#23446b;--k1:#a4501b;--k2:#6b6f9c;--k3:#3d8a8a;--k4:#b58a1c;--k5:#8a5a83;--k6:#7d8796;--k7:#4f7d4a}
@media(prefers-color-scheme:dark){:root{--cloud:#f0a06b;--cage:#63c996;--rack:#9dc1ea;
--k0:#9dc1ea;--k1:#f0a06b;--k2:#aeb2e6;--k3:#7fd0d0;--k4:#e3c268;--k5:#d9a5d1;--k6:#a5adba;--k7:#a2cf9b}}
.answer{font:600 clamp(1.15rem,2.6vw,1.5rem)/1.4 ui-serif,Georgia,serif;max-width:52rem;margin:.4rem 0 1rem;text-wrap:pretty}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:1rem;margin:1.2rem 0}
.card{background:var(--card);border:1px solid var(--line);border-top:5px solid currentColor;border-radius:12px;padding:.9rem 1.1rem}
.card>*{color:var(--ink)}.card h3{margin:0;font-size:1.05rem}.card .sum{font-size:1.75rem;font-weight:650;font-variant-numeric:tabular-nums;margin:.3rem 0 .1rem}
.card p{margin:.2rem 0;color:var(--soft);font-size:.9rem}.card p.sum{color:var(--ink);font-size:1.75rem}.card p.assumed{color:var(--open)}.card p.best{color:var(--pass);font-weight:600}
.private-cloud{color:var(--cloud)}.colocation{color:var(--cage)}.on-prem{color:var(--rack)}
.line{fill:none;stroke-width:2.6;stroke:currentColor;stroke-linejoin:round}.line.colocation{stroke-dasharray:11 5}.line.private-cloud{stroke-dasharray:3 4}
.end{font:600 14px system-ui,sans-serif;fill:currentColor}.grid{stroke:var(--line)}.axis{font:12px system-ui,sans-serif;fill:var(--soft)}
.even{fill:var(--card);stroke:var(--ink);stroke-width:2}.even-line{stroke:var(--soft);stroke-dasharray:2 4}.even-text{font:600 13px system-ui,sans-serif;fill:var(--ink)}
.plate{fill:var(--card);opacity:.88}
.bar-name{font:600 13px system-ui,sans-serif;fill:var(--ink)}.bar-sum{font:13px system-ui,sans-serif;fill:var(--soft)}
${[0, 1, 2, 3, 4, 5, 6, 7].map((index) => `.k${index}{fill:var(--k${index});background:var(--k${index})}`).join("")}
ul.legend{display:flex;flex-wrap:wrap;gap:.3rem 1.1rem;list-style:none;padding:0;margin:.6rem 0;font-size:.88rem}
ul.legend b{display:inline-block;width:.85rem;height:.85rem;border-radius:3px;margin-right:.4rem;vertical-align:-.08rem}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap;padding-right:1.4rem}
.assumed{color:var(--open);font-weight:600;white-space:nowrap}.flips{color:var(--open);font-weight:650}
`;
