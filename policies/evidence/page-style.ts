/** The house style of pages that are read from top to bottom. It is named by hash in their content security policy. */

export const style = `
:root{color-scheme:light dark;--paper:#fbfaf7;--card:#fff;--ink:#1d2430;--soft:#566072;--line:#dcd9d0;--accent:#23446b;
--pass:#1f7a4d;--fail:#b3261e;--waived:#7a5a00;--open:#8a4b00;--notApplicable:#5b6472;--notEvaluated:#6b6f9c;--wash:#f1efe8}
@media(prefers-color-scheme:dark){:root{--paper:#14171c;--card:#1b2027;--ink:#e8e6e1;--soft:#a5adba;--line:#343b46;--accent:#9dc1ea;
--pass:#63c996;--fail:#ff8a80;--waived:#e3c268;--open:#f0ae6b;--notApplicable:#a5adba;--notEvaluated:#aeb2e6;--wash:#222831}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main,header.top,footer{max-width:72rem;margin:0 auto;padding:0 1.5rem}
header.top{padding-top:2.5rem}
h1,h2{font-family:ui-serif,Georgia,"Times New Roman",serif;font-weight:600;line-height:1.2;text-wrap:balance}
h1{font-size:clamp(1.7rem,5vw,2.6rem);margin:.2rem 0 .6rem}
h2{font-size:1.45rem;margin:3rem 0 .4rem;padding-top:1rem;border-top:1px solid var(--line)}
p.lead{font-size:1.08rem;max-width:46rem;color:var(--soft);margin:.2rem 0 1rem}
.eyebrow{letter-spacing:.09em;text-transform:uppercase;font-size:.78rem;color:var(--soft);margin:0}
a{color:var(--accent)}
.outcome{display:inline-block;border:2px solid currentColor;border-radius:99px;padding:.2rem .95rem;font-weight:650}
.released{color:var(--pass)}.not-released,.stopped{color:var(--fail)}.planned{color:var(--open)}
dl.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:.9rem 1.5rem;margin:1.4rem 0 0}
dl.facts dt{font-size:.78rem;color:var(--soft)}dl.facts dd{margin:0;font-weight:550;overflow-wrap:anywhere}
.states{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.6rem,1fr));gap:.7rem;margin:1rem 0;padding:0;list-style:none}
.states li{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:.65rem .9rem .6rem}
.states b{display:block;font-size:1.7rem;line-height:1.15;font-variant-numeric:tabular-nums}
.states span{font-size:.86rem;color:var(--soft)}
svg.bar{display:block;width:100%;height:18px;border-radius:9px;background:var(--wash)}
.state{white-space:nowrap;font-weight:600}
.pass{color:var(--pass)}.fail{color:var(--fail)}.waived{color:var(--waived)}.open{color:var(--open)}
.notApplicable{color:var(--notApplicable)}.notEvaluated{color:var(--notEvaluated)}
svg .pass{fill:var(--pass)}svg .fail{fill:var(--fail)}svg .waived{fill:var(--waived)}svg .open{fill:var(--open)}
svg .notApplicable{fill:var(--notApplicable)}svg .notEvaluated{fill:var(--notEvaluated)}
.scroll{overflow-x:auto;-webkit-overflow-scrolling:touch}
figure{margin:1rem 0;background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1rem}
figure svg{display:block;margin:0 auto;min-width:44rem;max-width:100%;height:auto}
figcaption{font-size:.88rem;color:var(--soft);margin-top:.7rem}
.zone{fill:var(--wash);stroke:var(--accent);stroke-width:1.5}.outside{fill:var(--card);stroke:var(--soft);stroke-dasharray:5 4}
.box-name{font:600 16px system-ui,sans-serif;fill:var(--ink);text-anchor:middle}
.box-note{font:12px system-ui,sans-serif;fill:var(--soft);text-anchor:middle}
.flow{fill:none;stroke:var(--accent);stroke-width:1.8}.flow.server{stroke-dasharray:9 5}.flow.none{stroke:var(--fail);stroke-dasharray:2 5}
.tip{fill:var(--accent)}.port-plate{fill:var(--card);stroke:var(--line)}.port{font:600 12px ui-monospace,monospace;fill:var(--ink);text-anchor:middle}
table{width:100%;border-collapse:collapse;font-size:.93rem;margin:.8rem 0}
caption{text-align:left;color:var(--soft);font-size:.88rem;padding-bottom:.4rem}
th,td{text-align:left;vertical-align:top;padding:.55rem .8rem .55rem 0;border-bottom:1px solid var(--line)}
thead th{font-size:.78rem;color:var(--soft);font-weight:600}
tbody th{font-weight:600}
td small,th small{display:block;color:var(--soft);font-weight:400}
code,.mono{font:.86em ui-monospace,SFMono-Regular,Menlo,monospace;overflow-wrap:anywhere}
.finding{background:var(--card);border:1px solid var(--line);border-left:5px solid currentColor;border-radius:8px;padding:.7rem 1rem;margin:.7rem 0}
.finding>*{color:var(--ink);margin:.25rem 0;overflow-wrap:anywhere}.finding h3{font-size:1rem;margin:0}.finding .state{color:inherit}
.finding h3 .state{color:var(--s,inherit)}
.filters{display:flex;flex-wrap:wrap;gap:.5rem;margin:.8rem 0}
.filters button,.filters input{font:inherit;font-size:.9rem;color:var(--ink);background:var(--card);border:1px solid var(--line);border-radius:99px;padding:.38rem .9rem;min-height:2.5rem}
.filters button{cursor:pointer}.filters button[aria-pressed=true]{background:var(--accent);border-color:var(--accent);color:var(--paper)}
.filters input{flex:1 1 14rem}
button:focus-visible,input:focus-visible,summary:focus-visible,a:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
details.rule{border-bottom:1px solid var(--line);padding:.3rem 0}
details.rule[hidden]{display:none}
details.rule>summary{cursor:pointer;list-style:none;display:grid;grid-template-columns:4.6rem minmax(0,1fr) 5.4rem 9.5rem;gap:.2rem .9rem;padding:.45rem .2rem;align-items:baseline}
details.rule>summary::-webkit-details-marker{display:none}
details.rule>summary:hover{background:var(--wash)}
details.rule[open]>summary{font-weight:600}
.body{padding:0 0 1rem 5.5rem}.body table{margin:.4rem 0}.body p{margin:.3rem 0;max-width:48rem}
.tags{color:var(--soft);font-size:.86rem}
.count{color:var(--soft);font-weight:400;font-size:.88rem;margin-left:.3rem}
ul.plain{padding-left:1.1rem;max-width:48rem}ul.plain li{margin:.35rem 0}
.columns{columns:20rem;column-gap:2.5rem;padding-left:0;list-style:none;font-size:.92rem}.columns li{break-inside:avoid;padding:.2rem 0}
footer{margin-top:3rem;padding-top:1.2rem;padding-bottom:3rem;border-top:1px solid var(--line);color:var(--soft);font-size:.86rem}
@media(max-width:44rem){main,header.top,footer{padding-left:1rem;padding-right:1rem}.states{grid-template-columns:1fr 1fr}
details.rule>summary{grid-template-columns:4.6rem 1fr}details.rule>summary .severity{grid-column:1}.body{padding-left:0}
table.stack thead{position:absolute;clip-path:inset(50%)}table.stack,table.stack caption,table.stack tbody,table.stack tr,table.stack th,table.stack td{display:block}
table.stack tr{border-bottom:1px solid var(--line);padding:.5rem 0}table.stack th,table.stack td{border:0;padding:.1rem 0}}
@media print{:root{--paper:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--wash:#f3f3f3;--accent:#23446b;--pass:#1f7a4d;--fail:#b3261e;--waived:#7a5a00;--open:#8a4b00;--notApplicable:#5b6472;--notEvaluated:#54588a}
body{font-size:10.5pt}.filters{display:none}h2,h3{break-after:avoid}tr,.finding,figure{break-inside:avoid}details.rule[hidden]{display:block}figure svg{min-width:0}}
`;
