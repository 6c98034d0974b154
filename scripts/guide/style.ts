import { style as house } from "../../policies/evidence/page-style";

/** The house's style, and what only a picture of networks needs. */
export const style = `${house}
:root{--cloud:#e9f0f8;--rack:#eef2e6;--cage:#f6eee1}
@media(prefers-color-scheme:dark){:root{--cloud:#1a2634;--rack:#1f271b;--cage:#2b2419}}
td.mono{white-space:nowrap}figure.network{padding:.6rem}figure.network svg{min-width:62rem;width:100%}
.platform{fill:var(--card);stroke:var(--accent);stroke-width:2}
.waist{fill:var(--accent);fill-opacity:.13;stroke:var(--accent);stroke-width:1.5}
.part{fill:var(--card);stroke:var(--accent)}
.ground{stroke:var(--soft);stroke-width:1.5}.ground.cloud{fill:var(--cloud)}.ground.on-prem{fill:var(--rack)}.ground.colocation{fill:var(--cage)}
.pillar,.chip{fill:var(--card);stroke:var(--line)}.pillar{stroke:var(--soft)}
.network{fill:none}rect.network{fill:var(--card);fill-opacity:.55;stroke:var(--soft)}
.subnet,.machine{fill:var(--card);stroke:var(--line);stroke-width:1.5}.subnet.nodes,.machine.gpu{stroke:var(--accent)}
.apart{fill:none;stroke:var(--open);stroke-dasharray:6 4;stroke-width:1.5}
.t-heading{font:600 15px system-ui,sans-serif;fill:var(--ink)}.t-name{font:600 14px system-ui,sans-serif;fill:var(--ink)}
.t-note{font:12px system-ui,sans-serif;fill:var(--soft)}.t-value{font:12px ui-monospace,SFMono-Regular,Menlo,monospace;fill:var(--ink)}
.t-port{font:600 12px ui-monospace,SFMono-Regular,Menlo,monospace;fill:var(--ink)}
.a-middle{text-anchor:middle}.a-end{text-anchor:end}
.way{fill:none;stroke:var(--accent);stroke-width:1.8}.way.server{stroke-dasharray:9 5}.way.none{stroke:var(--fail);stroke-dasharray:2 5}
.way.link{stroke-width:3.5}.way.carries{stroke:var(--soft);stroke-width:5;stroke-opacity:.45}
ol.steps{padding-left:1.4rem;max-width:52rem}ol.steps>li{margin:1rem 0}ol.steps h3{margin:0;font-size:1.05rem}
ol.steps p{margin:.25rem 0}pre{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.6rem .9rem;overflow-x:auto;margin:.4rem 0}
pre code{overflow-wrap:normal}
nav.three{display:flex;flex-wrap:wrap;gap:.5rem;margin:1rem 0 0}nav.three a,nav.three span{border:1px solid var(--line);border-radius:99px;padding:.3rem .9rem;text-decoration:none}
nav.three span{background:var(--accent);border-color:var(--accent);color:var(--paper)}
@media print{:root{--cloud:#f3f6fa;--rack:#f5f7f1;--cage:#faf6ee}figure.network svg{min-width:0}}
`;
