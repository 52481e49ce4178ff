internal import PlimsollCore

/// What a provider's error document says. Formats: XML of S3, EC2 and the query protocol; JSON of AWS, Azure,
/// Google Cloud, Alibaba Cloud, OAuth and Kubernetes.
struct ErrorReading {
    var code = ""
    var message = ""
    var requestID = ""

    /// Reads the body of a refusal; what is no error document leaves all empty.
    init(_ body: [UInt8], headers: (String) -> String?) {
        switch body.first(where: { $0 > 0x20 }) {
        case UInt8(ascii: "<"): if let root = try? XMLNode(parsing: body) { read(root) }
        case UInt8(ascii: "{"): if let value = JSONValue(parsing: body) { read(value) }
        case nil: break
        // Plain text: its first line.
        default:
            let text = String(decoding: body.prefix(300), as: UTF8.self)
            message = String(text.drop(while: \.isWhitespace).prefix { !$0.isNewline && $0 != "\0" })
        }
        let names = ["x-amzn-errortype", "x-ms-error-code"]
        if code.isEmpty { code = names.lazy.compactMap(headers).first.map(Self.bare) ?? "" }
        if requestID.isEmpty {
            let names = ["x-amzn-requestid", "x-amz-request-id", "x-ms-request-id", "x-acs-request-id"]
            requestID = names.lazy.compactMap(headers).first ?? ""
        }
        message = String(message.prefix(500))
    }

    /// The error that a response of status 200 is, if it is one.
    static func hidden(in body: [UInt8]) -> ErrorReading? {
        // Error documents are small; listings are not read twice.
        guard body.count <= 65_536, mayBeError(body.prefix(4_096)) else { return nil }
        switch body.first(where: { $0 > 0x20 }) {
        case UInt8(ascii: "<"):
            guard let root = try? XMLNode(parsing: body) else { return nil }
            let isError =
                ["Error", "ErrorResponse"].contains(root.name) || (root.name == "Response" && root["Errors"] != nil)
            guard isError else { return nil }
        case UInt8(ascii: "{"):
            guard let value = JSONValue(parsing: body), isError(value) else { return nil }
        default: return nil
        }
        return ErrorReading(body) { _ in nil }
    }

    /// Whether the beginning has a word that error documents have: most responses are not read twice.
    private static func mayBeError(_ head: ArraySlice<UInt8>) -> Bool {
        ["<Error", "<Response", "\"error\"", "\"__type\"", "\"Status\"", "\"Code\""].contains { word in
            head.firstRange(of: Array(word.utf8)) != nil
        }
    }

    private static func isError(_ value: JSONValue) -> Bool {
        if case .object(let error) = value["error"] { return error["code"] != nil || error["message"] != nil }
        if case .string? = value["error"], value["error_description"] != nil { return true }
        if let type = value["__type"]?.string { return type.hasSuffix("Exception") || type.hasSuffix("Error") }
        if value["kind"]?.string == "Status" { return value["status"]?.string == "Failure" }
        // Success is said by `Success`, or by a code of 200 or the like.
        guard let code = value["Code"]?.string, value["Message"] != nil else { return false }
        if value["Success"] == .bool(false) { return true }
        guard case .object(let members) = value else { return false }
        let fields: Set = ["Code", "Message", "RequestId", "HostId", "Recommend", "Success", "AccessDeniedDetail"]
        return !["200", "OK", "Success"].contains(code) && fields.isSuperset(of: members.keys)
    }

    private mutating func read(_ root: XMLNode) {
        let error = root.name == "Error" ? root : root.first(["Error"]) ?? root
        code = error["Code"]?.text ?? ""
        message = error["Message"]?.text ?? ""
        requestID = (root.first(["RequestId", "RequestID"]) ?? error.first(["RequestId"]))?.text ?? ""
    }

    private mutating func read(_ value: JSONValue) {
        let error = value["error"].flatMap { if case .object = $0 { $0 } else { nil } } ?? value
        let reason = error["errors"]?.array?.first?["reason"]?.string
        let texts = [
            reason, error["status"]?.string, error["code"]?.string, value["__type"]?.string, value["Code"]?.string,
            value["reason"]?.string, value["error"]?.string,
        ]
        code = texts.lazy.compactMap { $0 }.first.map(Self.bare) ?? ""
        let messages = ["message", "Message", "error_description", "errorMessage"]
        message = messages.lazy.compactMap { error[$0]?.string ?? value[$0]?.string }.first ?? ""
        requestID = value["RequestId"]?.string ?? ""
    }

    /// `com.amazon.coral#ThrottlingException:http://…` without what surrounds the name.
    private static func bare(_ code: String) -> String {
        let local = code.split(separator: "#").last.map(String.init) ?? code
        return String(local.prefix { $0 != ":" })
    }
}

/// The class of a refusal by status and code.
enum ErrorClass {
    private static let throttling: Set = [
        "throttling", "throttlingexception", "throttledexception", "throttled", "requestlimitexceeded",
        "requestthrottled", "requestthrottledexception", "toomanyrequests", "toomanyrequestsexception", "slowdown",
        "ratelimitexceeded", "userratelimitexceeded", "bandwidthlimitexceeded", "limitexceededexception",
        "provisionedthroughputexceededexception", "transactioninprogressexception", "priorrequestnotcomplete",
        "ec2throttledexception", "resource_exhausted", "resourceexhausted", "throttling.user", "throttling.api",
        "serverbusy", "operationthrottled", "subscriptionrequeststhrottled", "flowcontrol", "toomanyrequest",
        "clientthrottled", "resourcerequeststhrottled", "slow_down",
    ]
    private static let expired: Set = [
        "expiredtoken", "expiredtokenexception", "requestexpired", "tokenrefreshrequired", "expiredauthenticationtoken",
        "invalidsecuritytoken.expired", "securitytoken.expired", "invalidauthenticationtoken", "unauthenticated",
        "invalidauthenticationtokentenant", "autherror", "invalidsecuritytoken.malformed",
    ]
    private static let auth: Set = [
        "authfailure", "invalidclienttokenid", "invalidclienttokenidexception", "unrecognizedclientexception",
        "signaturedoesnotmatch", "incompletesignature", "missingauthenticationtoken", "invalidaccesskeyid",
        "missingauthenticationtokenexception", "invalidsignatureexception", "invalidaccesskeyid.notfound",
        "invalidaccesskeyid.inactive", "invalid_client", "invalid_grant", "unauthorized_client", "invalidtoken",
        "authenticationfailed", "optinrequired", "notauthorized", "invalidtimestamp.expired", "signaturenonceused",
        "requesttimetooskewed", "requestinthefuture",
    ]
    private static let permission: Set = [
        "accessdenied", "accessdeniedexception", "unauthorizedoperation", "authorizationfailed", "forbidden",
        "permission_denied", "forbidden.ram", "nopermission", "accessnotconfigured", "authorizationerror",
        "linkedauthorizationfailed", "authorizationpermissionmismatch", "unauthorizedaccess", "allaccessdisabled",
    ]
    private static let unsupported: Set = [
        "invalidaction", "unknownoperationexception", "unknownoperation", "unsupportedoperation", "notimplemented",
        "invalidaction.notfound", "unimplemented", "unsupportedapiversion", "invalidversion", "unknown_action",
        "invalidresourcetype", "noregisteredproviderfound",
    ]
    private static let config: Set = [
        "permanentredirect", "authorizationheadermalformed", "nosuchbucket", "subscriptionnotfound",
        "invalid_scope", "invalid_resource", "invalidregionid.notfound", "quotaexceeded", "dailylimitexceeded",
    ]
    private static let transient: Set = [
        "internalerror", "internalfailure", "internalserverexception", "serviceunavailable", "unavailable",
        "serviceunavailableexception", "requesttimeout", "requesttimeoutexception", "backenderror",
        "service.unavailable",
        "operation_aborted", "idpcommunicationerror", "gatewaytimeout", "temporarily_unavailable",
    ]

    static func isExpired(_ code: String, status: Int) -> Bool {
        expired.contains(code.lowercased()) || (status == 401 && !auth.contains(code.lowercased()))
    }

    static func kind(status: Int, code: String, message: String) -> CloudFailure.Kind {
        let code = code.lowercased()
        if throttling.contains(code) || code.hasPrefix("throttling.") || code.hasPrefix("throttling") {
            return .throttled
        }
        if expired.contains(code) || auth.contains(code) { return .auth }
        if permission.contains(code) || code.hasPrefix("forbidden.") || code.hasPrefix("nopermission.") {
            return .permission
        }
        if unsupported.contains(code) || saysNotImplemented(status, message) { return .unsupported }
        if config.contains(code) { return .config }
        if transient.contains(code) { return .transient }
        return kind(status: status)
    }

    private static func kind(status: Int) -> CloudFailure.Kind {
        switch status {
        case 429, 509: .throttled
        case 401, 407: .auth
        case 403: .permission
        case 404, 405: .config
        case 501, 505: .unsupported
        case 408, 425, 500...599: .transient
        case 300...399: .config
        case 410: .data
        case 400...499: .internal
        default: .data
        }
    }

    /// Some emulators answer 500 to what they do not have.
    private static func saysNotImplemented(_ status: Int, _ message: String) -> Bool {
        guard status == 500 || status == 501 || status == 400 || status == 404 else { return false }
        let message = message.lowercased()
        return ["not been implemented", "not implemented", "notimplemented", "not yet implemented"]
            .contains { message.contains($0) }
    }
}
