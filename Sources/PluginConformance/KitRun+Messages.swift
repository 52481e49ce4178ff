internal import PlimsollCore
internal import PlimsollPlugin
internal import PluginHost

/// Handshake and framing.
extension KitRun {
    mutating func messages(_ manifest: PluginManifest) {
        check("initialize.versions") { run throws(PluginFault) in try run.versions() }
        check("initialize.order") { run throws(PluginFault) in try run.initializeOrder() }
        check("configure.order") { run throws(PluginFault) in try run.configureOrder() }
        check("ping.answer") { run throws(PluginFault) in
            _ = try run.with(ready: false) { session throws(PluginFault) in try session.call("ping") }
        }
        check("message.bad-json") { run throws(PluginFault) in
            try run.line(
                "message.bad-json", "a line that is no JSON", PluginError.notJSON, Array("{\"jsonrpc\": oops".utf8))
        }
        check("message.oversize") { run throws(PluginFault) in
            let head = Array("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":{\"x\":\"".utf8)
            let filling = [UInt8](repeating: UInt8(ascii: "x"), count: PluginProtocol.lineBytes + 1)
            try run.line(
                "message.oversize", "a line of more than \(PluginProtocol.lineBytes) bytes", PluginError.tooLong,
                head + filling + Array("\"}}".utf8))
        }
        check("message.id") { run throws(PluginFault) in
            try run.with { session throws(PluginFault) in
                for id in [.string("kit-7"), .int(1_234_567_890_123), .string("7")] as [JSONValue] {
                    _ = try session.call("ping", id: id)
                }
            }
        }
        check("message.unknown-member") { run throws(PluginFault) in
            _ = try run.with { session throws(PluginFault) in
                try session.send(
                    bytes: Array(#"{"jsonrpc":"2.0","id":"m","method":"ping","params":{"kit":[1]},"kit":{}}"#.utf8) + [
                        10
                    ])
                try run.expectAnswer(session, "m", "message.unknown-member", "a `ping` with members it does not know")
                return try session.call("check", ["plimsoll_kit": ["unknown": true]])
            }
        }
        check("message.unknown-method") { run throws(PluginFault) in
            try run.with { session throws(PluginFault) in
                try run.refused("message.unknown-method", PluginError.noMethod, "the method `kit/nothing`") {
                    () throws(PluginFault) in _ = try session.call("kit/nothing")
                }
            }
        }
        check("check.result") { run throws(PluginFault) in
            _ = try run.with { session throws(PluginFault) in try session.call("check") }
        }
        check("configure.settings") { run throws(PluginFault) in try run.unknownSetting() }
        check("configure.secrets") { run throws(PluginFault) in try run.missingSecret(manifest) }
    }

    func expectAnswer(
        _ session: PluginSession, _ id: JSONValue, _ rule: String, _ what: String
    ) throws(PluginFault) {
        let message = try session.receive(within: kit.program.limits.promptSeconds, waitingFor: "the answer to \(what)")
        guard case .answer(let got, _, nil) = message, got == id else {
            throw PluginFault(rule, "\(what) was not answered as if they were not there")
        }
    }

    private func versions() throws(PluginFault) {
        let rule = "initialize.versions"
        try with(ready: false) { session throws(PluginFault) in
            try refused(rule, class: "unsupported", "`initialize` with version 99 alone") { () throws(PluginFault) in
                _ = try session.initialize(versions: ["99"])
            }
        }
        try with(ready: false) { session throws(PluginFault) in
            do throws(PluginFault) {
                _ = try session.initialize(versions: ["99", "1"])
            } catch {
                guard error.told == nil else {
                    throw PluginFault(rule, "`initialize` with versions 99 and 1 was refused: \(error.message)")
                }
                throw error
            }
        }
    }

    private func initializeOrder() throws(PluginFault) {
        let rule = "initialize.order"
        try with(ready: false) { session throws(PluginFault) in
            try refused(rule, PluginError.order, "`check` before `initialize`") { () throws(PluginFault) in
                _ = try session.call("check")
            }
            _ = try session.initialize()
            try refused(rule, PluginError.order, "a second `initialize`") { () throws(PluginFault) in
                _ = try session.initialize()
            }
        }
    }

    private func configureOrder() throws(PluginFault) {
        try with(ready: false) { session throws(PluginFault) in
            _ = try session.initialize()
            try refused("configure.order", PluginError.order, "`check` before `configure`") {
                () throws(PluginFault) in _ = try session.call("check")
            }
        }
    }

    /// A line that has to be answered with `code`, without an id; the plugin goes on.
    private func line(_ rule: String, _ what: String, _ code: Int, _ bytes: [UInt8]) throws(PluginFault) {
        try with { session throws(PluginFault) in
            let message: PluginSession.Message
            do throws(PluginFault) {
                try session.send(bytes: bytes + [0x0A])
                message = try session.receive(
                    within: kit.program.limits.promptSeconds, waitingFor: "the error \(code) for \(what)")
            } catch {
                guard ["process.exit", "process.time", "process.reads"].contains(error.rule) else { throw error }
                throw PluginFault(rule, "after \(what): \(error.message)")
            }
            guard case .answer(let id, _, let error?) = message, let told = PluginError(error) else {
                throw PluginFault(rule, "\(what) was not answered with an error")
            }
            guard told.code == code, id == .null else {
                throw PluginFault(
                    rule, "\(what) got error \(told.code) with id \(id.canonical), not \(code) with id null")
            }
            do throws(PluginFault) {
                _ = try session.call("ping")
            } catch {
                throw PluginFault(rule, "after \(what) it does not go on: \(error.message)")
            }
        }
    }

    private func unknownSetting() throws(PluginFault) {
        try with(ready: false) { session throws(PluginFault) in
            _ = try session.initialize()
            try refused("configure.settings", class: "config", "the unknown setting `plimsoll_kit`") {
                () throws(PluginFault) in
                _ = try session.call(
                    "configure",
                    ["settings": ["plimsoll_kit": true], "secrets": .object(secrets.mapValues(JSONValue.string))])
            }
        }
    }

    private func missingSecret(_ manifest: PluginManifest) throws(PluginFault) {
        guard let secret = manifest.secrets.first(where: \.required) else {
            throw PluginFault("skip", "it needs no secrets")
        }
        try with(ready: false) { session throws(PluginFault) in
            _ = try session.initialize()
            try refused("configure.secrets", class: "config", "`configure` without the secret `\(secret.name)`") {
                () throws(PluginFault) in
                _ = try session.call("configure", ["settings": kit.settings, "secrets": [:]])
            }
        }
    }
}
