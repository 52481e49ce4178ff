internal import PlimsollCore
internal import PlimsollPlugin
internal import PluginHost

/// How it ends.
extension KitRun {
    mutating func life(_ manifest: PluginManifest) {
        check("shutdown.exit") { run throws(PluginFault) in
            try run.with { session throws(PluginFault) in
                _ = try session.call("shutdown")
                let seconds = run.kit.program.limits.exitSeconds
                guard let status = session.exitStatus(within: seconds) else {
                    throw PluginFault("shutdown.exit", "it still runs \(Int(seconds)) s after it answered `shutdown`")
                }
                guard status == 0 else {
                    throw PluginFault("shutdown.exit", "after `shutdown` its exit code is \(status)")
                }
                guard !session.hasLeftovers else {
                    throw PluginFault("kill.leftovers", "after its end, processes that it started still run")
                }
            }
        }
        note("kill.leftovers", .kept)
        check("stdin.end") { run throws(PluginFault) in
            try run.with { session throws(PluginFault) in
                session.closeInput()
                guard session.exitStatus(within: run.kit.program.limits.promptSeconds) != nil else {
                    throw PluginFault("stdin.end", "it still runs after the end of its standard input")
                }
            }
        }
    }
}
