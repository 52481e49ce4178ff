import CloudHTTP
import Foundation
import PlimsollCore
import PlimsollTesting
import Testing

/// The signing test suite, where the shared data are at hand.
private let suite: URL? = {
    let named = ProcessInfo.processInfo.environment["PLIMSOLL_SHARED"].map { URL(fileURLWithPath: $0) }
    let beside = URL(fileURLWithPath: #filePath).appending(path: "../../../../shared").standardizedFileURL
    let folder = (named ?? beside).appending(path: "data/sigv4")
    return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
}()

@Suite("AWS Signature Version 4")
struct SigV4Tests {
    @Test(
        "every case of the signing suite, at every stage, in header and query form",
        .enabled(if: suite != nil, "no data/sigv4 in $PLIMSOLL_SHARED or ../shared"))
    func cases() throws {
        let suite = try #require(suite)
        let names = try FileManager.default.contentsOfDirectory(atPath: suite.path).sorted()
        var seen = 0
        for name in names where name != "README.md" {
            let folder = SigningCase(folder: suite.appending(path: name))
            try check(folder, "header", form: .header)
            try check(folder, "query", form: .query(expires: 3_600))
            seen += 1
        }
        #expect(seen == 38)
    }

    private func check(_ item: SigningCase, _ prefix: String, form: SigV4.Form) throws {
        let context = try item.context
        let stages = try item.signer.stages(
            item.request, credentials: try item.credentials,
            at: try #require(Instant(context["timestamp"]?.string ?? "")),
            form: form)
        let note = Comment(rawValue: "\(item.folder.lastPathComponent), \(prefix)")
        #expect(try stages.canonicalRequest == item.text(prefix + "-canonical-request"), note)
        #expect(try stages.stringToSign == item.text(prefix + "-string-to-sign"), note)
        #expect(try stages.signature == item.text(prefix + "-signature"), note)
        let wanted = SigningCase.parse(try item.text(prefix + "-signed-request"))
        #expect(stages.request == wanted, note)
    }

    @Test("secrets never show themselves") func secrets() {
        let credentials = SigV4.Credentials(
            accessKeyID: "AKIDEXAMPLE", secretAccessKey: Secret("hush"), sessionToken: Secret("token"))
        var dumped = ""
        dump(credentials, to: &dumped)
        for text in ["\(credentials)", String(reflecting: credentials), dumped] {
            #expect(!text.contains("hush") && !text.contains("token\""))
        }
    }

    @Test("S3 signs the path as it is, encoded once") func s3() throws {
        let signer = SigV4(region: "us-east-1", service: "s3")
        let request = CloudRequest(method: "GET", host: "bucket.s3.amazonaws.com", path: "/a//b/../c%20d/%E1%88%B4")
        let stages = signer.stages(
            request, credentials: .init(accessKeyID: "A", secretAccessKey: Secret("s")),
            at: try #require(Instant("2026-01-01T00:00:00Z")))
        #expect(stages.canonicalRequest.split(separator: "\n")[1] == "/a//b/../c%20d/%E1%88%B4")
        #expect(stages.request.header("x-amz-content-sha256")?.count == 64)
    }
}

/// One folder of the suite.
private struct SigningCase {
    var folder: URL

    func text(_ name: String) throws -> String {
        try String(contentsOf: folder.appending(path: name + ".txt"), encoding: .utf8)
    }

    var context: JSONValue {
        get throws {
            try #require(JSONValue(parsing: Array(Data(contentsOf: folder.appending(path: "context.json")))))
        }
    }

    var credentials: SigV4.Credentials {
        get throws {
            let given = try #require(try context["credentials"])
            return SigV4.Credentials(
                accessKeyID: given["access_key_id"]?.string ?? "",
                secretAccessKey: Secret(given["secret_access_key"]?.string ?? ""),
                sessionToken: given["token"]?.string.map(Secret.init))
        }
    }

    var signer: SigV4 {
        get throws {
            let context = try context
            var signer = SigV4(
                region: context["region"]?.string ?? "", service: context["service"]?.string ?? "",
                normalizesPath: context["normalize"] == .bool(true), signsBody: context["sign_body"] == .bool(true))
            signer.omitsSessionToken = context["omit_session_token"] == .bool(true)
            return signer
        }
    }

    var request: CloudRequest { get throws { Self.parse(try text("request")) } }

    static func parse(_ text: String) -> CloudRequest {
        let parts = text.components(separatedBy: "\n\n")
        var lines = parts[0].components(separatedBy: "\n")
        let first = lines.removeFirst()
        let method = String(first.prefix { $0 != " " })
        let target = String(first.dropFirst(method.count + 1).dropLast(" HTTP/1.1".count))
        let cut = target.firstIndex(of: "?")
        var request = CloudRequest(method: method, host: "", path: cut.map { String(target[..<$0]) } ?? target)
        if let cut {
            for pair in target[target.index(after: cut)...].split(separator: "&") {
                let mark = pair.firstIndex(of: "=") ?? pair.endIndex
                request.query.append(
                    (
                        PercentEncoding.decoded(String(pair[..<mark])),
                        PercentEncoding.decoded(String(pair[mark...].dropFirst()))
                    ))
            }
        }
        for line in lines where !line.isEmpty {
            if line.first == " ", let last = request.headers.indices.last {
                request.headers[last].value += "\n" + line
            } else {
                let mark = line.firstIndex(of: ":") ?? line.endIndex
                request.headers.append((String(line[..<mark]), String(line[mark...].dropFirst())))
            }
        }
        request.host = request.header("Host") ?? ""
        request.body = parts.count > 1 ? Array(parts[1].utf8) : []
        return request
    }
}
