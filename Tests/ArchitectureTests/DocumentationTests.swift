import Foundation
import Testing

/// What the documents point to exists, and every command has its page.
@Suite struct DocumentationTests {
    private static var documents: [URL] {
        let top = (try? FileManager.default.contentsOfDirectory(atPath: Checkout.root.path)) ?? []
        return top.filter { $0.hasSuffix(".md") }.sorted().map { Checkout.root.appending(path: $0) }
            + ["docs", "Plugins", "Scenarios", "Benchmarks"].flatMap { Checkout.files(in: $0, suffix: ".md") }
    }

    @Test func `relative links resolve`() throws {
        #expect(!Self.documents.isEmpty)
        for document in Self.documents {
            for link in Markdown.links(in: try Checkout.text(document)) {
                let folder = document.deletingLastPathComponent()
                #expect(
                    Checkout.exists(folder.appending(path: link)),
                    "\(Checkout.relative(document)) links to \(link), which is not there")
            }
        }
    }

    @Test func `mentioned paths exist`() throws {
        for document in Self.documents {
            for path in Markdown.paths(in: try Checkout.text(document)) {
                #expect(
                    Checkout.exists(Checkout.root.appending(path: path)),
                    "\(Checkout.relative(document)) mentions \(path), which is not there")
            }
        }
    }

    @Test(.enabled(if: Checkout.program != nil, "the debug program is not built: swift build"))
    func `every command has a page and every page a command`() throws {
        let program = try #require(Checkout.program)
        let help = try Checkout.output(of: program.path, ["--experimental-dump-help"])
        let pages = Checkout.files(in: "docs/commands", suffix: ".md")
            .map { $0.deletingPathExtension().lastPathComponent }
            .filter { !["README", "index"].contains($0) }
        guard let root = try? JSONDecoder().decode(CommandHelp.self, from: help).command else {
            #expect(pages.isEmpty, "there are pages, but the program does not describe its commands")
            return
        }
        let commands = root.visible.flatMap { $0.paths(below: []) }
        // `plan commitments` may have plan-commitments.md or a part of plan.md.
        let known = Set(commands.flatMap { path in [path[0], path.joined(separator: "-")] })
        for page in pages {
            #expect(known.contains(page), "docs/commands/\(page).md describes no command")
        }
        for path in commands {
            let name = path.joined(separator: "-")
            #expect(
                pages.contains(name) || pages.contains(path[0]),
                "`plimsoll \(path.joined(separator: " "))` has no docs/commands/\(name).md")
        }
    }

    @Test func `the readers of documents see what they should`() {
        let text = """
            See [one](docs/a.md#part), [two](https://x.y/z.md), [three](#here) and `scripts/test --filter X`,
            `docs/b.md`, `Scenarios/NAME/`, `docs/*.md`, `other/x`.
            ```sh
            [no](link.md) `scripts/no`
            ```
            """
        #expect(Markdown.links(in: text) == ["docs/a.md"])
        #expect(Markdown.paths(in: text) == ["scripts/test", "docs/b.md"])
    }
}

/// The description that the argument parser prints of a program.
private struct CommandHelp: Decodable {
    struct Command: Decodable {
        var commandName: String
        var subcommands: [Command]?
        var shouldDisplay: Bool?

        var visible: [Command] {
            (subcommands ?? []).filter { $0.commandName != "help" && $0.shouldDisplay != false }
        }

        /// The word sequences that lead to commands without subcommands.
        func paths(below parents: [String]) -> [[String]] {
            let path = parents + [commandName]
            return visible.isEmpty ? [path] : visible.flatMap { $0.paths(below: path) }
        }
    }

    var command: Command
}

/// The parts of Markdown that point to files.
enum Markdown {
    /// Targets of links to files of the checkout, without their fragments.
    static func links(in text: String) -> [String] {
        prose(text).matches(of: #/\]\(([^)\s]+)[^)]*\)/#).map { String($0.1) }
            .filter { !$0.contains(":") && !$0.hasPrefix("#") }
            .map { String($0.prefix { $0 != "#" }).removingPercentEncoding ?? $0 }
    }

    /// Paths in backticks that start at one of the checkout's own folders.
    /// Patterns and placeholders, such as NAME, are not paths.
    static func paths(in text: String) -> [String] {
        prose(text).matches(of: #/`([^`\n]+)`/#)
            .compactMap { $0.1.split(separator: " ").first.map(String.init) }
            .filter { span in
                let isOurs = span.wholeMatch(
                    of: #/(scripts|docs|Scenarios|Sources|Tests|Benchmarks|Plugins|\.ci)/[\w./+-]*/#)
                let isPlaceholder = span.split(separator: "/").contains {
                    $0.wholeMatch(of: #/[A-Z_]{2,}/#) != nil
                }
                return isOurs != nil && !isPlaceholder
            }
    }

    /// The text without fenced blocks.
    private static func prose(_ text: String) -> String {
        var isFenced = false
        return text.split(separator: "\n", omittingEmptySubsequences: false).filter { line in
            let isFence = line.drop { $0 == " " }.hasPrefix("```")
            if isFence { isFenced.toggle() }
            return !isFence && !isFenced
        }.joined(separator: "\n")
    }
}
