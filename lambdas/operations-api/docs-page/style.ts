/** Styles of the page; light and dark by the reader's choice, one column of cells on narrow screens. */
export const STYLE = `:root{color-scheme:light dark;--line:#8884;--soft:#8881;--blue:light-dark(#0550ae,#79b8ff);
--green:light-dark(#116329,#7ee08f);--red:light-dark(#a40e26,#ff938a);--amber:light-dark(#7d4e00,#e3b341)}
*{box-sizing:border-box}html{scroll-padding-top:1rem}
body{font:16px/1.55 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem 4rem;overflow-wrap:break-word}
h1{margin:0 0 .5rem}h2{margin:2.5rem 0 .75rem;border-bottom:1px solid var(--line)}h3{margin:1.75rem 0 .5rem}
h4{margin:1.25rem 0 .4rem}p{margin:.5rem 0}a{color:var(--blue)}small{opacity:.7;font-size:.8em;white-space:nowrap}
code,pre{font:.875em/1.45 ui-monospace,SFMono-Regular,Menlo,monospace}code{overflow-wrap:anywhere}a code{color:inherit}
pre{overflow-x:auto;margin:.5rem 0;padding:.7rem .9rem;background:var(--soft);border:1px solid var(--line);border-radius:6px}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.94em;margin:.25rem 0}
td,th{text-align:left;vertical-align:top;padding:.35rem .8rem .35rem 0;border-bottom:1px solid var(--line)}
th{font-size:.85em;font-weight:600;opacity:.7}td:first-child{width:30%}td:nth-child(2){width:27%}.dim{opacity:.55}
.answers td:first-child{width:5rem}.answers td:nth-child(2){width:25%}
details{border:1px solid var(--line);border-radius:6px;margin:.45rem 0}summary{cursor:pointer;padding:.45rem .75rem}
summary:hover{background:var(--soft)}.inside{padding:.1rem .75rem .75rem;scroll-margin-top:4.5rem}
.path{font-weight:600;margin-right:.4rem}summary>span:not(.chip){opacity:.85}.label{font-size:.85em;opacity:.7;margin-bottom:0}
.chip{display:inline-block;min-width:3.9rem;padding:.05rem .35rem;border:1px solid;border-radius:4px;text-align:center;
font:600 .72rem/1.4 ui-monospace,monospace;color:var(--amber)}.chip.get{color:var(--blue)}.chip.post{color:var(--green)}
.chip.delete{color:var(--red)}.s2{color:var(--green)}.s4,.s5{color:var(--red)}
.contents{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(21rem,100%),1fr));gap:.5rem 1.5rem;padding:.25rem .75rem .75rem}
.contents ul{list-style:none;margin:.25rem 0;padding:0}.contents a{text-decoration:none}.contents a:hover{text-decoration:underline}
@media(max-width:40rem){body{margin-top:1rem}thead{display:none}table,tbody,tr,td{display:block}.answers td:nth-child(n),
td:nth-child(n){width:auto;border:0;padding:.05rem 0}tr{padding:.4rem 0;border-bottom:1px solid var(--line)}.path{margin:0}}`;
