import CloudHTTP
import PlimsollCore
import Reporting
import ScenarioRunner

extension DoctorCommand {
    /// Prints what every link of the provider's chain said. Fails, after that, where none has a credential.
    func credentials(of provider: Registry.CloudProvider) throws {
        let sources = CloudDoor.sources(try CloudDoor.client(trace))
        let (isFound, failure, reports) = try CloudDoor.wait { await Registry.credentials(of: provider, sources) }
        let name = reports.map(\.name.count).max() ?? 0
        let state = reports.map(\.state.rawValue.count).max() ?? 0
        let lines = reports.map { report in
            Self.padded(report.name, name) + "  " + Self.padded(report.state.rawValue, state) + "  "
                + Visible.text(report.detail)
        }
        try StandardOutput.write(
            "credentials of \(provider.rawValue), in the order in which they are looked for\n"
                + lines.map { "  \($0)\n" }.joined())
        if let failure { throw Failure(.partial, [failure.diagnostic]) }
        guard !isFound else { return }
        throw Failure(
            .partial, "doctor.no-credentials", "no credentials for `\(provider.rawValue)` on this machine",
            hint: "set up one of the places above; docs/concepts/cloud-access.md describes each")
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
