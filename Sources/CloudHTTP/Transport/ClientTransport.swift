internal import AsyncHTTPClient
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL

/// The transport over AsyncHTTPClient: HTTP/1.1, connections kept, no redirects.
public final class ClientTransport: HTTPTransport {
    /// What bounds a connection. Seconds.
    public struct Limits: Sendable {
        /// To connect, the handshake included.
        public var connect = 10.0
        /// Between two pieces of a response; a body that stalls ends here.
        public var idle = 30.0
        /// Connections to one host.
        public var connectionsPerHost = 16

        /// The usual limits.
        public init() {}
    }

    private let direct: HTTPClient
    private let proxied: [ProxySettings.Server: HTTPClient]
    private let proxies: ProxySettings

    /// A transport within `limits`, through `proxies`.
    public convenience init(limits: Limits = Limits(), proxies: ProxySettings = .none) {
        self.init(limits, proxies, nil)
    }

    /// A transport to servers with certificates of their own. Throws `config` where a certificate or key cannot be
    /// read.
    public convenience init(
        limits: Limits = Limits(), proxies: ProxySettings = .none, trust: TrustSettings
    ) throws(CloudFailure) {
        self.init(limits, proxies, try trust.configuration())
    }

    private init(_ limits: Limits, _ proxies: ProxySettings, _ trust: TLSConfiguration?) {
        self.proxies = proxies
        direct = Self.client(limits, proxy: nil, trust)
        let servers = Set([proxies.secure, proxies.plain].compactMap { $0 })
        proxied = Dictionary(uniqueKeysWithValues: servers.map { ($0, Self.client(limits, proxy: $0, trust)) })
    }

    deinit {
        for client in [direct] + proxied.values { client.shutdown { _ in } }
    }

    private static func client(
        _ limits: Limits, proxy: ProxySettings.Server?, _ trust: TLSConfiguration?
    ) -> HTTPClient {
        var settings = HTTPClient.Configuration()
        settings.tlsConfiguration = trust
        settings.redirectConfiguration = .disallow
        settings.httpVersion = .http1Only
        settings.timeout.connect = .milliseconds(Int64(limits.connect * 1_000))
        settings.timeout.read = .milliseconds(Int64(limits.idle * 1_000))
        settings.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = limits.connectionsPerHost
        // Retries are the pipeline's business: it counts them.
        settings.connectionPool.retryConnectionEstablishment = false
        if let proxy {
            let login = HTTPClient.Authorization.basic(username: proxy.user, password: proxy.password.value)
            settings.proxy = .server(
                host: proxy.host, port: proxy.port, authorization: proxy.user.isEmpty ? nil : login)
        }
        return HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: settings)
    }

    /// Sends a request.
    public func send(
        _ request: CloudRequest, headWithin seconds: Double
    ) async throws(TransportFailure) -> HTTPResponse {
        let server = proxies.server(scheme: request.scheme, host: request.host)
        let client = server.flatMap { proxied[$0] } ?? direct
        var sent = HTTPClientRequest(url: request.url)
        sent.method = HTTPMethod(rawValue: request.method)
        for header in request.headers { sent.headers.add(name: header.name, value: header.value) }
        if sent.headers["User-Agent"].isEmpty { sent.headers.add(name: "User-Agent", value: "plimsoll") }
        if !request.body.isEmpty { sent.body = .bytes(ByteBuffer(bytes: request.body)) }
        do {
            let time = TimeAmount.milliseconds(Int64(seconds * 1_000))
            return Self.response(try await client.execute(sent, deadline: .now() + time))
        } catch {
            throw Self.failure(error)
        }
    }

    private static func response(_ response: HTTPClientResponse) -> HTTPResponse {
        let body = response.body
        let stream = HTTPBody {
            var pieces = body.makeAsyncIterator()
            return HTTPBody.Iterator { () async throws(TransportFailure) -> [UInt8]? in
                do {
                    guard let piece = try await pieces.next() else {
                        // A cancelled stream ends as if it were whole.
                        try Task.checkCancellation()
                        return nil
                    }
                    return Array(piece.readableBytesView)
                } catch {
                    throw failure(error)
                }
            }
        }
        return HTTPResponse(
            status: Int(response.status.code), headers: response.headers.map { ($0.name, $0.value) }, body: stream)
    }

    /// An error of the client in our words. Texts of errors are taken only where they hold no part of the request.
    private static func failure(_ error: any Error) -> TransportFailure {
        if error is CancellationError { return TransportFailure(.cancelled, "cancelled") }
        if let error = error as? HTTPParserError {
            return error == .invalidEOFState
                ? TransportFailure(.interrupted, "the connection was closed early")
                : TransportFailure(.malformed, "the response is not HTTP")
        }
        guard let error = error as? HTTPClientError else { return lowFailure(error) }
        switch error {
        case .cancelled: return TransportFailure(.cancelled, "cancelled")
        case .connectTimeout: return TransportFailure(.timeout, "no connection in time")
        case .readTimeout: return TransportFailure(.timeout, "nothing came for too long")
        case .writeTimeout: return TransportFailure(.timeout, "nothing could be sent for too long")
        case .deadlineExceeded: return TransportFailure(.timeout, "no response in time")
        case .getConnectionFromPoolTimeout: return TransportFailure(.timeout, "no free connection in time")
        case .tlsHandshakeTimeout: return TransportFailure(.timeout, "no TLS handshake in time")
        case .remoteConnectionClosed, .uncleanShutdown:
            return TransportFailure(.interrupted, "the connection was closed early")
        case .proxyAuthenticationRequired:
            return TransportFailure(.proxy, "the proxy wants a user name and password")
        case .invalidProxyResponse, .httpProxyHandshakeTimeout:
            return TransportFailure(.proxy, "the proxy does not let through")
        default: return TransportFailure(.malformed, error.shortDescription)
        }
    }

    private static func lowFailure(_ error: any Error) -> TransportFailure {
        let name = String(describing: type(of: error))
        switch name {
        case "NIOConnectionError", "SocketAddressError", "POSIXErrorCode":
            return TransportFailure(.unreachable, "no connection")
        case "NIOSSLError", "BoringSSLError", "NIOSSLExtraError":
            return TransportFailure(.tls, "the certificate or handshake is not accepted")
        default:
            if let error = error as? IOError {
                return error.errnoCode == ECONNREFUSED || error.errnoCode == EHOSTUNREACH
                    ? TransportFailure(.unreachable, "no connection")
                    : TransportFailure(.interrupted, "the connection was broken off")
            }
            return TransportFailure(.interrupted, name)
        }
    }
}
