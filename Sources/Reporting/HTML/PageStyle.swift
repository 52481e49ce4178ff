/// The page's style. Text reaches a contrast of 4.5 on what it stands on, marks of charts 3, in both schemes.
enum PageStyle {
    static let text = #"""
        :root{--page:#fff;--tint:#f4f6f8;--line:#d5dbe1;--text:#16202b;--soft:#4b5866;--accent:#1a5a96;--good:#0b6b4f;--bad:#a8201a;
        --held:#64748b;--new:#1f6fb5;--demand:#b8690f;--peak:#efd9bb;--cost:#16202b;--s1:#1f6fb5;--s2:#b8690f;--s3:#0b7a5c;--s4:#8a3ffc;--s5:#a8201a;--s6:#64748b}
        @media screen and (prefers-color-scheme:dark){:root{--page:#10161d;--tint:#19222c;--line:#33414f;--text:#e8eef4;--soft:#a9b7c5;--accent:#7cb8ee;--good:#58c9a3;--bad:#ff8f87;
        --held:#8595a8;--new:#5aa2e0;--demand:#e0a050;--peak:#5a452a;--cost:#e8eef4;--s1:#5aa2e0;--s2:#e0a050;--s3:#4cc29b;--s4:#b794ff;--s5:#ff8f87;--s6:#8595a8}}
        *{box-sizing:border-box}
        html{background:var(--page);color:var(--text);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif;-webkit-text-size-adjust:100%}
        body{margin:0 auto;max-width:68rem;padding:0 1.25rem 4rem;overflow-wrap:anywhere}
        .skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--page);padding:.5rem 1rem;z-index:2}
        :focus-visible{outline:3px solid var(--accent);outline-offset:2px}
        header{border-top:6px solid var(--accent);padding:2.2rem 0 .4rem}
        .eyebrow{color:var(--soft);margin:0 0 .3rem;font-size:.9rem}
        h1{font-size:clamp(1.7rem,5vw,2.6rem);line-height:1.15;margin:0 0 .5rem;letter-spacing:-.02em}
        h1.long{font-size:1.15rem;letter-spacing:0}
        h2{font-size:1.35rem;line-height:1.25;margin:0 0 .35rem;letter-spacing:-.01em}
        h3{font-size:1.02rem;margin:1.4rem 0 .4rem}
        p{margin:.35rem 0}.note,.lead{color:var(--soft);max-width:52rem}.lead{margin-bottom:.9rem}
        section{margin-top:2.6rem;padding-top:1.3rem;border-top:1px solid var(--line)}#headline{border-top:0;margin-top:.6rem}
        .cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(14rem,100%),1fr));gap:1rem;margin:.6rem 0 1.2rem}
        .card{background:var(--tint);border-radius:.6rem;padding:1rem 1.2rem;border-left:5px solid var(--held)}
        .card.after{border-color:var(--new)}.card.good{border-color:var(--good)}.card.bad{border-color:var(--bad)}
        .card p{margin:0}.label{color:var(--soft);font-size:.95rem}
        .figure{font-size:clamp(1.5rem,4.4vw,2.1rem);font-weight:650;line-height:1.25;font-variant-numeric:tabular-nums;letter-spacing:-.02em}
        .good .figure{color:var(--good)}.bad .figure{color:var(--bad)}.unit{font-size:1rem;font-weight:500;letter-spacing:0}
        .facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(12rem,100%),1fr));gap:1rem 1.4rem;margin:0 0 1.3rem;padding:0 .2rem}
        .fact{border-top:2px solid var(--line);padding-top:.55rem}.fact dd{margin:0}.answer{font-size:1.25rem;font-weight:650;line-height:1.35;font-variant-numeric:tabular-nums}.answer .unit{font-size:.85rem}
        nav{display:flex;flex-wrap:wrap;gap:.3rem 1.1rem;margin:.9rem 0 0;font-size:.92rem}a{color:var(--accent)}nav a{text-decoration:none}nav a:hover{text-decoration:underline}
        .small{font-size:.87rem;color:var(--soft)}.keep{white-space:nowrap}
        .proof{background:var(--tint);border-radius:.6rem;padding:.6rem 1.2rem;margin-bottom:.7rem}
        .warning{border-left:5px solid var(--demand);padding:.2rem 0 .2rem .9rem}
        .loss{color:var(--bad);font-weight:600}
        .scroll{overflow-x:auto;margin:.5rem 0}
        table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
        caption{text-align:left;color:var(--soft);padding:.2rem 0}
        .unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
        .scroll{position:relative}
        th,td{text-align:left;padding:.45rem .7rem;border-bottom:1px solid var(--line);vertical-align:top;min-width:4.5rem;overflow-wrap:break-word}
        thead th{color:var(--soft);font-weight:600;vertical-align:bottom}tbody th{font-weight:500;min-width:min(12rem,34vw);max-width:24rem;overflow-wrap:anywhere}
        td:not(.n){max-width:24rem;overflow-wrap:anywhere}
        .n{text-align:right;white-space:nowrap;width:1%}td .small,th .small{font-size:.93em}thead .n{white-space:normal;min-width:5.8rem}td:has(>.keep){width:1%}.numbered th:first-child{min-width:0;width:1%;white-space:nowrap}
        th:first-child,td:first-child{padding-left:0}
        figure{margin:.4rem 0 .6rem}.plot{position:relative;height:15rem}#levers-chart .plot{height:13.5rem}
        #hours-chart .plot,#sweep-chart .plot,#cash-chart .plot{height:24rem}#compare-chart .plot,#risk-chart .plot,#coverage-chart .plot{height:17rem}
        details{margin:.2rem 0 .6rem}summary{cursor:pointer;color:var(--accent);font-size:.92rem;padding:.2rem 0;width:fit-content}
        .controls{display:flex;flex-wrap:wrap;gap:.6rem 1.2rem;align-items:center;margin-bottom:.6rem;font-size:.92rem}
        .controls label{display:flex;gap:.5rem;align-items:center}.controls input{accent-color:var(--accent);width:min(16rem,45vw)}
        button{font:inherit;color:var(--text);background:var(--tint);border:1px solid var(--soft);padding:.3rem .9rem;cursor:pointer}
        .buttons{display:inline-flex}.buttons button+button{border-left:0}.buttons button:first-child{border-radius:.4rem 0 0 .4rem}.buttons button:last-child{border-radius:0 .4rem .4rem 0}
        button[aria-pressed=true]{background:var(--accent);color:var(--page);font-weight:600}
        pre span{display:inline-block;max-width:100%}pre{background:var(--tint);border-radius:.5rem;padding:.8rem 1rem;overflow-x:auto;font-size:.84rem;line-height:1.5;white-space:pre-wrap}
        code{font-family:ui-monospace,SFMono-Regular,Menlo,"Liberation Mono",monospace;font-size:.93em}.hash{overflow-wrap:anywhere;font-size:.82rem}
        .steps{padding-left:1.3rem}.steps li{margin-bottom:1rem}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem;margin:.8rem 0}dt{color:var(--soft)}dd{margin:0}
        @media (max-width:40rem){body{padding:0 1rem 3rem}tbody th{min-width:38vw}td:not(.n){min-width:8rem}.texts td:not(.n){min-width:5.6rem}.texts tbody th{min-width:6.8rem}.plot,#hours-chart .plot{height:17rem}th,td{padding:.4rem .5rem}}
        @media print{@page{size:A4;margin:15mm 14mm}
        html{font-size:10.5pt}body{max-width:none;padding:0}header{padding-top:1rem}
        .skip,.controls,nav{display:none}a{color:inherit;text-decoration:none}section{margin-top:1.2rem;padding-top:.8rem}
        h2,h3,.lead{break-after:avoid}figure,.card,.proof,tr,li,pre{break-inside:avoid}p{break-inside:avoid;orphans:3;widows:3}
        .card,.card.after,.card.good,.card.bad{border:1px solid var(--line);border-left:5px solid var(--held);padding:.6rem .8rem}.card.after{border-left-color:var(--new)}.card.good{border-left-color:var(--good)}.card.bad{border-left-color:var(--bad)}.cards{grid-template-columns:repeat(3,1fr);margin:.4rem 0 .8rem}.facts{grid-template-columns:repeat(auto-fit,minmax(38mm,1fr));gap:.6rem .9rem;margin-bottom:.8rem}.fact{break-inside:avoid}.answer{font-size:1.05rem}.figure{font-size:1.45rem}
        .scroll{overflow:visible}.short{break-inside:avoid}thead{break-after:avoid}tbody tr:first-child{break-before:avoid}table{font-size:8.4pt}th,td{padding:.25rem .4rem;min-width:0;overflow-wrap:anywhere}.n{overflow-wrap:normal}thead .n{min-width:17mm}tbody th{min-width:0}thead{display:table-header-group}
        .plot,#hours-chart .plot{height:62mm}.plot canvas{width:100%!important;height:100%!important}
        details:not([open]){display:none}}
        """#
}
