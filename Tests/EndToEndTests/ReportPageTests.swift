import Foundation
import PlimsollTesting
import Testing

/// Every shipped scenario's report, opened in a real browser at desktop, phone and print size.
@Suite(
    .serialized,
    .enabled(if: Program.path != nil, "the debug program is not beside the tests: run `swift build` first"),
    .enabled(if: Browser.path != nil, "chromium is not installed: run scripts/bootstrap"))
struct ReportPageTests {
    private static let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    static let scenarios =
        (try? FileManager.default.contentsOfDirectory(atPath: checkout + "/Scenarios"))?.sorted() ?? []

    private static let views = [
        Browser.View(name: "desktop", width: 1280, height: 900),
        Browser.View(name: "dark", width: 1280, height: 900, isDark: true),
        Browser.View(name: "phone", width: 390, height: 844, isPhone: true),
        Browser.View(name: "print", width: 688, height: 1016, isPrint: true),
    ]

    /// Pictures for people: kept where `PLIMSOLL_SCREENSHOTS` says, else in the temporary folder.
    private static let pictures =
        ProcessInfo.processInfo.environment["PLIMSOLL_SCREENSHOTS"]
        ?? FileManager.default.temporaryDirectory.appending(path: "plimsoll-screenshots").path

    @Test(arguments: scenarios)
    func scenario(_ name: String) throws {
        let folder = try Folder([:])
        let file = "\(Self.checkout)/Scenarios/\(name)/\(name).yaml"
        // A debug build takes minutes over the largest: a part of it has the same page.
        let part = "--set estate.generate.workloads=30 --set estate.generate.to=2025-02-01"
        let made = try Program.run(
            "plimsoll run '\(file)' --quiet --out result \(name == "commitments-at-scale" ? part : "")", in: folder)
        if made.status == 66, made.talk.contains("PLIMSOLL_SHARED") {
            try Test.cancel("\(name): its recorded demand is not here (PLIMSOLL_SHARED)")
        }
        #expect(made.status == 0, "\(made.talk)")
        let expected = name == "aws-commitments" ? 6 : 5
        try look(at: folder.path + "/result/report.html", named: name, charts: expected)
    }

    /// A name of 300 characters, one that would run, one that would turn the line around.
    private static let nasty = [
        "<script>alert(1)</script>", #"\"><img src=x onerror=alert(2)>"#, "🦄🚢 \u{202e}evil\u{2066} עברית",
        String(repeating: "name", count: 75), "</script><b>",
        "'; touch harm; $(touch harm) `touch harm` & <!-- -->", "=1+1\ntouch harm",
    ]

    private static func cell(_ text: String) -> String {
        "\"\(text.replacingOccurrences(of: "\"", with: "\"\""))\""
    }

    /// A scenario in which every text of somebody's files is such a name: accounts, SKUs, regions, resources, ids of
    /// commitments, the scenario, its note and its variants, the payer, the names of agreements.
    private func hostile() throws -> Folder {
        var usage = "hour,provider,billing_account,account,region,service,sku,os,tenancy,quantity,unit,resource\n"
        var prices = "provider,region,service,sku,os,tenancy,offer,term,payment,price,currency,unit\n"
        var held =
            "id,provider,billing_account,account,offer,region,sku,os,tenancy,quantity,term,payment,hourly,currency\n"
        var accounts = "account,parent,billing_account,name,sharing\n"
        let payer = Self.cell(Self.nasty[0])
        for name in Self.nasty {
            let text = Self.cell(name)
            let place = "aws,\(text),compute,\(text),linux,shared"
            for (offer, price, term) in [
                ("on-demand", "0.096", ","), ("ri-standard", "0.062", "1y,none"), ("compute-sp", "0.065", "1y,none"),
            ] {
                prices += "\(place),\(offer),\(term),\(price),USD,Hrs\n"
            }
            held += "\(text),aws,\(payer),\(text),ri-standard,\(text),\(text),linux,shared,1,1y,none,0.062,USD\n"
            accounts += "\(text),,\(payer),\(text),on\n"
            for hour in 0..<216 {
                let time = "2026-01-0\(1 + hour / 24)T\(hour % 24 < 10 ? "0" : "")\(hour % 24):00:00Z"
                usage +=
                    "\(time),aws,\(payer),\(text),\(text),compute,\(text),linux,shared,\(5 + hour % 7),Hrs,\(text)\n"
            }
        }
        func quoted(_ text: String) -> String {
            "'\(text.replacingOccurrences(of: "'", with: "''").replacingOccurrences(of: "\n", with: " "))'"
        }
        let scenario = """
            scenario: \(quoted(Self.nasty[0] + Self.nasty[2] + Self.nasty[3]))
            note: \(quoted(Self.nasty.joined(separator: " ")))
            estate: {usage: usage.csv, prices: prices.csv, commitments: held.csv, accounts: accounts.csv}
            agreements:
              - {name: \(quoted(Self.nasty.joined(separator: " "))), support: {tiers: [{from: 0, percent: 10%}], minimum: 100}}
            levers:
              - commit: {offers: [ri-standard, compute-sp], terms: [1y], payment: [none]}
            compare:
            \(Self.nasty.map { "  - {name: \(quoted($0)), set: {seed: 4}}\n" }.joined())
            """
        return try Folder([
            "usage.csv": usage, "prices.csv": prices, "held.csv": held, "accounts.csv": accounts,
            "hostile.yaml": scenario,
        ])
    }

    @Test func hostileNames() throws {
        let folder = try hostile()
        let made = try Program.run("COLUMNS=80 plimsoll run hostile.yaml --out result", in: folder)
        #expect(made.status == 0, "\(made.talk)")
        func isHarmless(_ text: String) -> Bool {
            !text.contains("<script>alert") && !text.contains("<img") && !text.contains("<b>")
                && !text.contains("\u{202e}")
        }
        func file(_ name: String) throws -> String {
            try String(contentsOfFile: folder.path + "/result/" + name, encoding: .utf8)
        }
        let page = try file("report.html")
        #expect(isHarmless(page))
        // The names are there, as texts.
        for name in ["&lt;script&gt;alert(1)&lt;/script&gt;", String(repeating: "name", count: 75), "🦄🚢"] {
            #expect(page.contains(name), "\(name) is lost")
        }
        #expect(page.contains("Reserved"), "machines of such names are bought")
        try look(at: folder.path + "/result/report.html", named: "hostile", charts: 6)
        for line in made.out.split(separator: "\n") { #expect(Terminal.width(line) <= 80, "\(line)") }
        #expect(!made.out.contains("\u{202e}") && !made.talk.contains("\u{202e}"))
        let stub = "mkdir bin && printf '#!/bin/sh\\necho \"$@\"\\n' > bin/aws && chmod +x bin/aws"
        let script = try Program.run("\(stub) && PATH=$PWD/bin:$PATH bash result/actions/purchases.sh", in: folder)
        #expect(script.status == 0, "\(script.talk)")
        #expect(script.out.contains("describe-reserved-instances-offerings"))
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/harm"))
        for name in ["report.md", "actions/buy-today.md", "actions/checklist.md"] {
            // Between backticks everything is text.
            let text = try file(name).replacing(/`[^`]*`/, with: "")
            #expect(isHarmless(text) && !text.contains("<script"), "\(name)")
        }
    }

    /// The same names in a sweep: keys and values of `--vary` come from a command line, which may be somebody's too.
    @Test func hostileSweep() throws {
        let folder = try hostile()
        let vary = "--vary 'levers.0.commit.offers=[ri-standard],[compute-sp]'"
        let made = try Program.run("plimsoll sweep hostile.yaml \(vary) --quiet --out result", in: folder)
        #expect(made.status == 0, "\(made.talk)")
        let page = try String(contentsOfFile: folder.path + "/result/sweep.html", encoding: .utf8)
        #expect(!page.contains("<script>alert") && !page.contains("\u{202e}"))
        try look(at: folder.path + "/result/sweep.html", named: "hostile-sweep", charts: 1, zooms: false)
    }

    @Test func withoutTheLibraryThereAreTables() throws {
        let folder = try Folder([:])
        let file = Self.checkout + "/docs/examples/scenario.yaml"
        let made = try Program.run("PLIMSOLL_CHARTS= plimsoll run '\(file)' --out result", in: folder)
        #expect(made.status == 0 && made.talk.contains("report.no-charts"), "\(made.talk)")
        try look(at: folder.path + "/result/report.html", named: "tables", charts: 0)
    }

    @Test func sweep() throws {
        let folder = try Folder([:])
        let vary = "--vary 'levers.0.commit.offers=[ri-standard],[compute-sp]' --vary levers.0.commit.payment=none,all"
        let made = try Program.run(
            "plimsoll sweep '\(Self.checkout)/docs/examples/scenario.yaml' \(vary) --out result", in: folder)
        #expect(made.status == 0, "\(made.talk)")
        // Saving against risk, and against cash, since the runs pay differently.
        let page = folder.path + "/result/sweep.html"
        try look(at: page, named: "sweep", charts: 2, zooms: false)
        // Run 2 saves and keeps most; run 1 saves most of those that pay nothing upfront.
        let browser = try Browser()
        try browser.show(page, Self.views[0])
        for (chart, best) in [("sweep", "2"), ("cash", "1 2")] {
            let runs = "Chart.getChart('\(chart)-canvas').data.datasets[0].data.map(point => point.run).join(' ')"
            #expect(try browser.evaluate(runs) == best, "\(chart)")
        }
    }

    // MARK: Looking

    private func look(at page: String, named name: String, charts: Int, zooms: Bool = true) throws {
        try FileManager.default.createDirectory(atPath: Self.pictures, withIntermediateDirectories: true)
        let browser = try Browser()
        for view in Self.views {
            let place = "\(name)-\(view.name)"
            try browser.show(page, view)
            let faults = try browser.evaluate(Self.probe)
            #expect(faults == "[]", "\(place): \(faults)")
            #expect(try browser.evaluate("document.querySelectorAll('canvas').length") == "\(charts)", "\(place)")
            try browser.screenshot(to: "\(Self.pictures)/\(place).png")
            if view.isPrint { try browser.pdf(to: "\(Self.pictures)/\(name).pdf") }
            if charts > 0, zooms, view.name == "desktop" { try zoom(browser, place) }
            #expect(browser.complaints.isEmpty, "\(place): \(browser.complaints)")
            let away = browser.requests.filter { !$0.hasPrefix("file:") && !$0.hasPrefix("data:") }
            #expect(away.isEmpty, "\(place) asks the network: \(away)")
        }
    }

    /// The week by keyboard alone.
    private func zoom(_ browser: Browser, _ place: String) throws {
        let before = try browser.evaluate("document.getElementById('hours-shown').textContent")
        _ = try browser.evaluate("document.querySelector('[data-span=\"168\"]').focus()")
        try browser.press("Enter", code: 13, text: "\r")
        #expect(
            try browser.evaluate("document.querySelector('[data-span=\"168\"]').getAttribute('aria-pressed')") == "true"
        )
        let after = try browser.evaluate("document.getElementById('hours-shown').textContent")
        #expect(after != before && after.contains("every hour"), "\(place): \(after)")
        try browser.screenshot(to: "\(Self.pictures)/\(place)-week.png")
    }

    /// What is wrong with the page, as a JSON list: layout, drawing, names for assistive technology, contrast.
    private static let probe = #"""
        (function () {
        var faults = [], root = document.documentElement;
        function say(text) { if (faults.length < 20) faults.push(text); }
        if (root.scrollWidth > root.clientWidth + 1) {
          say('scrolls sideways: ' + root.scrollWidth + ' > ' + root.clientWidth);
          document.querySelectorAll('body *').forEach(function (e) {
            if (!e.closest('.scroll') && e.getBoundingClientRect().right > root.clientWidth + 1) say('too wide: ' + e.tagName + '.' + e.className);
          });
        }
        document.querySelectorAll('canvas').forEach(function (canvas) {
          if (!canvas.getAttribute('aria-label') || canvas.getAttribute('role') !== 'img') say('no label: ' + canvas.id);
          if (!canvas.width || !canvas.height) return say('no size: ' + canvas.id);
          var data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data, drawn = 0, colors = new Set();
          for (var i = 0; i < data.length; i += 4) if (data[i + 3] > 0) { drawn++; colors.add(data[i] << 16 | data[i + 1] << 8 | data[i + 2]); }
          if (drawn * 400 < data.length / 4 || colors.size < 3) say('not drawn: ' + canvas.id);
          var box = canvas.getBoundingClientRect();
          if (box.right > root.clientWidth + 1 || box.left < 0) say('cut: ' + canvas.id);
        });
        document.querySelectorAll('button,input,summary,a').forEach(function (e) {
          var label = (e.textContent || '').trim() || e.getAttribute('aria-label') || (e.labels && e.labels.length && e.labels[0].textContent.trim());
          if (!label) say('no name: ' + e.outerHTML.slice(0, 80));
        });
        document.querySelectorAll('table').forEach(function (t) { if (!t.caption || !t.caption.textContent.trim()) say('no caption'); });
        if (!document.title || !root.lang || document.querySelectorAll('h1').length !== 1) say('title, language or heading');
        if (/[\u202a-\u202e\u2066-\u2069]/.test(document.documentElement.textContent)) say('turns the direction of writing');
        var ids = {};
        document.querySelectorAll('[id]').forEach(function (e) { if (ids[e.id]) say('id twice: ' + e.id); ids[e.id] = 1; });
        function channels(text) { return (text.match(/[\d.]+/g) || []).map(Number); }
        function light(c) {
          var v = c.slice(0, 3).map(function (x) { x /= 255; return x <= 0.03928 ? x / 12.92 : Math.pow((x + 0.055) / 1.055, 2.4); });
          return 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2];
        }
        function behind(e) {
          for (; e; e = e.parentElement) { var c = channels(getComputedStyle(e).backgroundColor); if (c.length === 3 || c[3] > 0) return c; }
          return [255, 255, 255];
        }
        var walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
          var e = walker.currentNode.parentElement, style = getComputedStyle(e);
          if (!walker.currentNode.textContent.trim() || !e.getClientRects().length || /SCRIPT|STYLE/.test(e.tagName)) continue;
          var a = light(channels(style.color)), b = light(behind(e));
          var ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), size = parseFloat(style.fontSize);
          var need = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
          if (ratio < need) say('contrast ' + ratio.toFixed(2) + ': ' + walker.currentNode.textContent.trim().slice(0, 40));
        }
        return JSON.stringify(faults);
        })()
        """#
}
