/** The style of the page: light and dark by the setting of the reader, one column on a narrow screen, everything open in print. */
export const STYLE = `
:root{color-scheme:light dark;--bg:#fff;--soft:#f5f7f9;--line:#d5dbe2;--text:#17212b;--muted:#52606d;--link:#0b5cad;--accent:#1d6fb8;
--error:#b3261e;--warning:#8a5300;--info:#3b5f8a;--held:#1b7340;--error-bg:#fdecea;--warning-bg:#fff4e0;--info-bg:#eaf1f9;--held-bg:#e8f5ec;
--node:#fff;--request:#1d6fb8;--event:#7a4bb5;--data:#5b6875;--failure:#a3541a;
--c0:#1d6fb8;--c1:#7a4bb5;--c2:#1b7f79;--c3:#b0602a;--c4:#5b6875;--c5:#8f3f71}
@media (prefers-color-scheme:dark){:root{--bg:#12171c;--soft:#1a2128;--line:#34404b;--text:#e6ebf0;--muted:#a3b0bc;--link:#7db8f0;--accent:#5aa5e6;
--error:#ff8a80;--warning:#f0b35a;--info:#9dbde3;--held:#74cf96;--error-bg:#3a1c1a;--warning-bg:#35270f;--info-bg:#1a2a3d;--held-bg:#14301f;
--node:#1d252d;--request:#5aa5e6;--event:#b794ea;--data:#93a1ae;--failure:#e39a5f;
--c0:#3d86c6;--c1:#9168c4;--c2:#2f958e;--c3:#c27a44;--c4:#7d8a96;--c5:#a95c8c}}
*{box-sizing:border-box}html{scroll-behavior:auto;scroll-padding-top:52px}
body{margin:0;background:var(--bg);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Noto Sans CJK JP",sans-serif;overflow-wrap:anywhere}
a{color:var(--link)}a:focus-visible,summary:focus-visible,[tabindex]:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.skip{position:absolute;left:-999px}.skip:focus{left:8px;top:8px;background:var(--bg);padding:6px 10px;z-index:2}
nav{position:sticky;top:0;z-index:1;background:var(--bg);border-bottom:1px solid var(--line);font-size:14px}
nav ul{list-style:none;margin:0 auto;padding:6px 24px;max-width:1600px;display:flex;flex-wrap:wrap;gap:2px 6px}
nav a{display:block;padding:3px 8px;border-radius:4px;text-decoration:none;color:var(--text)}nav a:hover{background:var(--soft)}
main{max-width:1600px;margin:0 auto;padding:20px 32px 64px;min-width:0}p,.plain,.fn ul{max-width:100ch}
h1{font-size:24px;line-height:1.25;margin:0 0 4px}h2{font-size:20px;margin:40px 0 12px;padding-top:8px;border-top:1px solid var(--line)}
h3{font-size:16px;margin:24px 0 8px}h4{font-size:14px;margin:16px 0 4px}p{margin:6px 0}
.sub,.note{color:var(--muted);font-size:14px;margin:4px 0}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(148px,1fr));gap:12px;margin:16px 0}
.tile{border:1px solid var(--line);border-radius:8px;padding:12px 14px;background:var(--soft)}
.tile b{display:block;font-size:20px;line-height:1.25;font-weight:600}.tile span{font-size:13px;color:var(--muted)}
.tile.error b{color:var(--error)}.tile.warning b{color:var(--warning)}.tile.held b{color:var(--held)}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:8px;background:var(--soft);margin:8px 0}
.scroll svg{display:block;margin:0 auto;max-width:100%;height:auto}
.legend{display:flex;flex-wrap:wrap;gap:4px 18px;list-style:none;margin:8px 0;padding:0;font-size:13px;color:var(--muted)}
.legend svg{width:34px;height:12px;vertical-align:-1px;margin-right:6px}
table{border-collapse:collapse;width:100%;margin:8px 0;font-size:14px}th,td{text-align:left;vertical-align:top;padding:6px 10px 6px 0;border-bottom:1px solid var(--line)}
th{font-weight:600;font-size:13px;color:var(--muted)}th,td{overflow-wrap:break-word}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}td.n{white-space:nowrap}td.n details{white-space:normal}tr.sum td,tr.sum th{font-weight:600;color:var(--text)}
caption{text-align:left;font-weight:600;padding:8px 0 2px}
details{margin:4px 0}summary{cursor:pointer}details>summary{color:var(--link)}details.amount{margin:0}details.amount>summary{color:inherit}
.formula{font-size:13px;color:var(--muted);margin:4px 0 4px 16px}.formula .op{padding:0 3px}
.fn{border:1px solid var(--line);border-radius:8px;padding:4px 18px 14px;margin:14px 0}
.fn h3{margin:12px 0 2px;font-size:17px}.fn .sub{margin:0 0 8px}
.grid{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:0 28px}.grid>div{min-width:0}
.fn ul,.plain{margin:4px 0;padding-left:18px}.fn li{margin:2px 0}
.bars{list-style:none;padding:0!important}.bars li{display:grid;grid-template-columns:minmax(0,11em) 1fr 5em;gap:8px;align-items:center;font-size:14px}
.track{background:var(--soft);border:1px solid var(--line);height:14px;border-radius:3px;overflow:hidden;display:block}.fill{display:block;height:100%;background:var(--c0)}.bar-value{font-variant-numeric:tabular-nums}
.timeline{width:100%;max-width:560px;height:auto;display:block}.timeline text{font-size:12px;fill:var(--muted)}
.axis{stroke:var(--line);stroke-width:2;fill:none}.attempt{fill:var(--c0)}.arrived{fill:var(--failure)}.lost{fill:var(--error)}
.shift{stroke:var(--c0);stroke-width:2;fill:none}.area{fill:var(--c0);opacity:.14}.timeline .percent{fill:var(--text)}
.stack{display:flex;height:22px;background:var(--soft);border:1px solid var(--line);border-radius:4px;overflow:hidden;margin:4px 0}.stack.over{border-color:var(--error)}
.part{height:100%;border-right:1px solid var(--bg)}.p0{background:var(--c0)}.p1{background:var(--c1)}.p2{background:var(--c2)}.p3{background:var(--c3)}.p4{background:var(--c4)}.p5{background:var(--c5)}
.key{display:inline-block;width:10px;height:10px;border-radius:2px;margin-right:6px}
.badge{display:inline-block;font-size:12px;font-weight:600;line-height:1.5;padding:0 8px;border-radius:10px;white-space:nowrap}
.badge.error,.badge.not-held,.badge.ended{color:var(--error);background:var(--error-bg)}.badge.warning,.badge.soon{color:var(--warning);background:var(--warning-bg)}
.badge.info,.badge.not-visible,.badge.not-applicable{color:var(--info);background:var(--info-bg)}.badge.held,.badge.supported{color:var(--held);background:var(--held-bg)}
.map text{font-size:11.5px;fill:var(--muted)}.map .name{font-size:13px;font-weight:600;fill:var(--text)}.map .detail{font-size:11px}.map .alias-name{font-size:12px;font-weight:600;fill:var(--text)}
.map a{text-decoration:none}.map a:hover .name{text-decoration:underline}
.node{fill:var(--node);stroke:var(--data);stroke-width:1.2}.node.function{stroke:var(--request);stroke-width:1.8}.node.alias{stroke:var(--held);stroke-width:1.8}
.node.on-error{stroke:var(--error);stroke-width:2.4}.node.on-warning{stroke:var(--warning);stroke-width:2}.dot.on-error{fill:var(--error)}.dot.on-warning{fill:var(--warning)}.dot.on-info{fill:var(--info)}
.icon{fill:none;stroke:var(--data);stroke-width:1.4;stroke-linecap:round;stroke-linejoin:round}.icon.function{stroke:var(--request)}
.edge{fill:none;stroke-width:1.5}.edge.request{stroke:var(--request)}.edge.event{stroke:var(--event)}.edge.data{stroke:var(--data);stroke-width:1.2}.edge.failure{stroke:var(--failure);stroke-dasharray:5 4}.edge.release{stroke:var(--held)}
.edge.past,.edge.on-error{stroke:var(--error);stroke-width:2.2}.edge.past{stroke-dasharray:2 3}
.tip path{fill:var(--data)}.tip.request path{fill:var(--request)}.tip.event path{fill:var(--event)}.tip.failure path{fill:var(--failure)}.tip.release path{fill:var(--held)}.tip.past path{fill:var(--error)}
.ground{fill:var(--soft);opacity:.92}.map .label.past,.map .label.on-error{fill:var(--error);font-weight:600}
footer{margin-top:48px;border-top:1px solid var(--line);padding-top:12px;font-size:13px;color:var(--muted)}
@media (max-width:900px){nav{position:static}nav ul{padding:6px 8px}
main{padding:16px 16px 48px}.grid{grid-template-columns:1fr}.fn{padding:2px 12px 10px}.bars li{grid-template-columns:1fr 4.5em}.bars .bar-label{grid-column:1/-1}
table.wide,table.wide tbody,table.wide tr,table.wide td{display:block}table.wide thead{display:none}table.wide td{border:0;padding:1px 0}table.wide td.n{text-align:left}table.wide tr{border-bottom:1px solid var(--line);padding:6px 0}}
@media (max-width:600px){.timeline text{font-size:17px}}
@media print{nav,.skip{display:none}body,table,.bars li,.sub,.tile span{font-size:12px}.scroll{overflow:visible;border:0}.scroll svg{min-width:0!important;max-width:100%;height:auto}.fn,tr,.tile{break-inside:avoid}details::details-content{content-visibility:visible;display:block}h2{break-after:avoid}}
`;
