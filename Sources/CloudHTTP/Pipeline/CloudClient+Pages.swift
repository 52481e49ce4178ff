/// Where a listing goes on.
public enum PageCursor: Hashable, Sendable {
    /// A token that goes into the next request.
    case token(String)
    /// The whole address of the next page, or its path and query.
    case link(String)
}

/// One page of a listing.
public struct CloudPage<Item: Sendable>: Sendable {
    /// What is on it.
    public var items: [Item]
    /// Where it goes on; nil, or an empty token = it was the last.
    public var next: PageCursor?

    /// A page.
    public init(items: [Item], next: PageCursor?) {
        self.items = items
        self.next = next
    }
}

extension CloudClient {
    /// Reads a listing to its end. Every page is delivered once, whole, in order, however often it had to be
    /// asked for; `deliver` may suspend, and nothing is read ahead.
    ///
    /// `advance` puts a token into the request of the first page. A link must lead to the origin of the first
    /// request: credentials go nowhere else, and neither does the request. A cursor that was there before ends the
    /// listing with `data`.
    public func pages<Item: Sendable>(
        of first: CloudCall, advance: @Sendable (inout CloudRequest, String) -> Void,
        decode: @Sendable (CloudResponse) throws(CloudFailure) -> CloudPage<Item>,
        deliver: ([Item]) async throws -> Void
    ) async throws {
        var call = first
        var seen = Set<PageCursor>()
        while true {
            let page = try await send(call, decode: decode)
            try await deliver(page.items)
            guard let cursor = page.next, cursor != .token(""), cursor != .link("") else { return }
            guard seen.insert(cursor).inserted else {
                throw CloudFailure(
                    .data, "the listing turns in a circle: page \(seen.count + 1) leads back to an earlier one"
                )
                .at(call.name, call.request.host)
            }
            guard seen.count < settings.pages else {
                throw CloudFailure(
                    .data, "the listing has more than \(settings.pages) pages", hint: "ask for less at once"
                )
                .at(call.name, call.request.host)
            }
            switch cursor {
            case .token(let token):
                call = first
                advance(&call.request, token)
            case .link(let link): call.request = try followed(link, from: first)
            }
            do { try Task.checkCancellation() } catch { throw CloudFailure(.cancelled, "cancelled") }
        }
    }

    /// The request that a link means, where it may be followed.
    private func followed(_ link: String, from first: CloudCall) throws(CloudFailure) -> CloudRequest {
        let isRelative = link.hasPrefix("/") && !link.hasPrefix("//")
        let address = isRelative ? first.request.origin + link : link
        guard var next = CloudRequest(method: first.request.method, url: address) else {
            throw CloudFailure(.data, "the link to the next page is no address").at(first.name, first.request.host)
        }
        guard next.origin == first.request.origin else {
            throw CloudFailure(
                .data, "the link to the next page leads to another host, `\(next.host)`; it was not followed",
                hint: "check the endpoint: its answers point elsewhere, and credentials are not sent there"
            ).at(first.name, first.request.host)
        }
        next.host = first.request.host
        next.headers = first.request.headers
        next.body = first.request.body
        return next
    }
}
