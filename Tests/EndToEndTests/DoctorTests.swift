import Foundation
import Testing

/// `plimsoll doctor --provider`: which link answered, why the others did not, no secret, and nobody asked but
/// loopback.
@Suite(.enabled(if: Program.path != nil, "the debug program is not beside the tests: run `swift build` first"))
struct DoctorTests {
    /// Metadata services on a port where nothing listens.
    private static let loopback = """
        env -i PATH=/nowhere HOME="$PWD" NO_COLOR=1 AWS_EC2_METADATA_SERVICE_ENDPOINT=http://127.0.0.1:1 \
        AZURE_POD_IDENTITY_AUTHORITY_HOST=http://127.0.0.1:1 GCE_METADATA_HOST=127.0.0.1:1 \
        ALIBABA_CLOUD_ECS_METADATA_DISABLED=true
        """

    @Test(arguments: ["aws", "azure", "gcp", "alibaba"])
    func `a machine without credentials says so, place by place`(provider: String) throws {
        let folder = try Folder([:])
        let program = try #require(Program.path)
        let result = try Program.run("\(Self.loopback) '\(program)' doctor --provider \(provider)", in: folder)
        #expect(result.status == 3)
        #expect(result.out.hasPrefix("credentials of \(provider), in the order in which they are looked for\n"))
        #expect(result.out.contains("  absent  ") && !result.out.contains("answered"))
        #expect(result.talk.contains("error[doctor.no-credentials]: no credentials for `\(provider)`"))
        #expect(result.talk.contains("hint: "))
    }

    @Test func `keys in the environment are found and not shown`() throws {
        let given = [
            "aws":
                "AWS_ACCESS_KEY_ID=AKIAPLANTED1234 AWS_SECRET_ACCESS_KEY=PLANTED-secret AWS_SESSION_TOKEN=PLANTED-token",
            "alibaba": "ALIBABA_CLOUD_ACCESS_KEY_ID=LTAIPLANTED1234 ALIBABA_CLOUD_ACCESS_KEY_SECRET=PLANTED-secret",
        ]
        for (provider, variables) in given {
            let folder = try Folder([:])
            let program = try #require(Program.path)
            let line = "\(Self.loopback) \(variables) '\(program)' doctor --provider \(provider)"
            let result = try Program.run(line, in: folder)
            #expect(result.status == 0)
            #expect(
                result.out.contains("answered") && result.out.contains("****1234") && result.out.contains("not asked"))
            #expect(!(result.out + result.talk).contains("PLANTED"))
        }
    }

    @Test func `a profile's keys are found in its file; a profile that does not exist is an error`() throws {
        let folder = try Folder(["c": "[dev]\naws_access_key_id = AKIA5678\naws_secret_access_key = PLANTED\n"])
        let program = try #require(Program.path)
        let line = "\(Self.loopback) AWS_SHARED_CREDENTIALS_FILE=c AWS_PROFILE=NAME '\(program)' doctor --provider aws"
        let found = try Program.run(line.replacingOccurrences(of: "NAME", with: "dev"), in: folder)
        #expect(found.status == 0 && found.out.contains("profile `dev` in `c`, access key ****5678"))
        let missing = try Program.run(line.replacingOccurrences(of: "NAME", with: "prod"), in: folder)
        #expect(missing.status == 3 && missing.talk.contains("error[cloud.config]: the profile `prod` is in neither"))
        #expect(!(found.out + found.talk + missing.out + missing.talk).contains("PLANTED"))
    }

    @Test func `the trace has every call, and is its owner's alone`() throws {
        let folder = try Folder([:])
        let program = try #require(Program.path)
        let line = "\(Self.loopback) '\(program)' doctor --provider azure --trace-http trace"
        _ = try Program.run(line, in: folder)
        let trace = try String(contentsOfFile: folder.path + "/trace", encoding: .utf8)
        #expect(trace.contains("\"call\":\"azure-metadata:token\"") && trace.hasSuffix("}\n"))
        let rights = try FileManager.default.attributesOfItem(atPath: folder.path + "/trace")[.posixPermissions] as? Int
        #expect(rights == 0o600)
        let refused = try Program.run("'\(program)' doctor --trace-http trace", in: folder)
        #expect(refused.status == 64)
        let nowhere = try Program.run(
            "\(Self.loopback) '\(program)' doctor --provider aws --trace-http no/such/trace", in: folder)
        #expect(nowhere.status == 73)
    }
}
