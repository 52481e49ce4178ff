internal import CloudHTTP
internal import PlimsollCore

/// Who is asked: the credentials' own account, and roles in others.
actor AWSIdentities {
    private let first: AWSSession
    private let options: AWSAccount.Options
    private var known: (session: AWSSession, arn: String)?
    private var payer: String?
    private var missing: [Gap] = []
    private var sessions: [String: AWSSession] = [:]

    init(own session: AWSSession, options: AWSAccount.Options) {
        first = session
        self.options = options
    }

    /// The credentials' own account.
    func own() async throws(CloudFailure) -> (session: AWSSession, arn: String) {
        if let known { return known }
        let call = try first.call(.sts, "GetCallerIdentity", options.region)
        let answer = try await first.answer(call, .sts)
        var session = first
        session.account = answer["Account"]
        let identity = (session, answer["Arn"])
        known = identity
        sessions[session.account] = session
        return identity
    }

    /// Accounts to look at: the own one, those named, or with `all` every active one of the organization.
    func accounts(_ asked: [String], _ gaps: inout [Gap]) async throws(CloudFailure) -> [String] {
        let own = try await own().session
        guard !asked.isEmpty else { return [own.account] }
        guard asked == ["all"] else { return asked }
        let call = try own.call(.organizations, "ListAccounts", options.region)
        var accounts: [String] = []
        do {
            try await own.pages(call, .organizations, items: "Accounts", token: .nextToken) { page in
                accounts += page.filter { ($0["State"].isEmpty ? $0["Status"] : $0["State"]) == "ACTIVE" }.map {
                    $0["Id"]
                }
            }
        } catch let failure as CloudFailure {
            throw failure
        } catch {
            throw CloudFailure(.internal, "\(error)")
        }
        return accounts.sorted()
    }

    /// Who pays: the organization's management account, or the account itself where there is no organization or
    /// it may not be looked at.
    func billingAccount() async throws(CloudFailure) -> String {
        if let payer { return payer }
        let own = try await own().session
        var found = own.account
        do throws(CloudFailure) {
            let call = try own.call(.organizations, "DescribeOrganization", options.region)
            let answer = try await own.answer(call, .organizations)
            let master = answer["Organization.MasterAccountId"]
            if !master.isEmpty { found = master }
        } catch {
            guard error.kind != .cancelled, error.kind != .auth else { throw error }
            if error.code != "AWSOrganizationsNotInUseException", payer == nil {
                let piece = CollectPiece(id: "", what: "", account: own.account)
                missing.append(Gap(error.provider, provider: "aws", what: "the account that pays", of: piece))
            }
        }
        payer = found
        return found
    }

    /// What could not be found out about the accounts.
    func gaps() async throws(CloudFailure) -> [Gap] {
        _ = try await billingAccount()
        return missing
    }

    /// A session in an account.
    func session(_ account: String) async throws(CloudFailure) -> AWSSession {
        if let session = sessions[account] { return session }
        let own = try await own().session
        if let session = sessions[account] { return session }
        let arn = "arn:aws:iam::\(account):role/\(options.role)"
        let region = options.region
        let cache = CredentialCache { () async throws(CloudFailure) -> Dated<SigV4.Credentials> in
            let call = try own.call(
                .sts, "AssumeRole", region, [("RoleArn", arn), ("RoleSessionName", "plimsoll")])
            let answer = try await own.answer(call, .sts).item("Credentials")
            let credentials = SigV4.Credentials(
                accessKeyID: answer["AccessKeyId"], secretAccessKey: Secret(answer["SecretAccessKey"]),
                sessionToken: Secret(answer["SessionToken"]))
            return Dated(credentials, expires: Instant(fractional: answer["Expiration"]))
        }
        let session = AWSSession(client: own.client, credentials: cache, account: account, endpoint: own.endpoint)
        sessions[account] = session
        return session
    }
}
