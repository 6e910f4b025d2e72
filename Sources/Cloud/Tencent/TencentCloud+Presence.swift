import LoginCore
import Providers

/// Silence, expiry, presence and the webhook.
extension TencentCloud {
    /// Looks after a session until the next thing that may end it is due.
    mutating func watch(_ link: LinkID, _ turn: inout Turn) {
        guard let state = desk[link], let session = state.session else { return }
        let end = session.own.lastSecond.flatMap { Self.instant(after: $0) }
        let silence = state.heard + Self.silence(on: session.own.platform)
        desk.watch(link, until: end.map { min($0, silence) } ?? silence, &turn)
    }

    private static func silence(on platform: TencentPlatform) -> Duration {
        platform == .web ? webSilence : silence
    }

    mutating func due(_ session: Session, on link: Desk.Link, _ turn: inout Turn) {
        let silence = Self.silence(on: session.own.platform)
        if let end = session.own.lastSecond, turn.now.seconds > end {
            expire(session, on: link, &turn)
        } else if turn.now - link.heard >= silence {
            let entry = turn.record(
                &lanes.im, .notice, "nothing heard for \(silence.text)", [.link(link.id), .rule("TC-4-timeout")],
                cause: nil)
            close(link.id, "link closed after silence", cause: entry, &turn)
            goAway(session, from: link.id, &turn)
            tell(session, .timedOut, from: link.address, cause: entry, &turn)
        } else {
            watch(link.id, &turn)
        }
    }

    /// The session's UserSig is past its last second: nothing more is served (§2.1).
    private mutating func expire(_ session: Session, on link: Desk.Link, _ turn: inout Turn) {
        let entry = turn.record(
            &lanes.im, .state, "UserSig expired online",
            [.link(link.id), .account(session.account), .rule("TC-2.1-expired-online")], cause: nil)
        let notice = KickNotice(reason: Tencent.kickedByExpiry, text: "", clientType: 0)
        kickOff(Desk.Seat(link: link.id, session: session), notice, cause: entry, &turn)
        drop(session, &turn)
        tell(session, .linkClosed, from: link.address, cause: entry, &turn)
    }

    /// The first instant after a second; nil when it cannot be counted.
    private static func instant(after second: Int64) -> Instant? {
        let (next, isOver) = second.addingReportingOverflow(1)
        return isOver || next.multipliedReportingOverflow(by: 1_000_000).overflow ? nil : Instant(seconds: next)
    }

    // MARK: Presence

    /// What the web API tells of an account (§4, §5).
    func status(of account: Account, at now: Instant) -> TencentAccountStatus {
        let terminals = TencentPlatform.allCases.compactMap { platform -> TencentAccountStatus.Terminal? in
            let states = account.instances.filter { $0.platform == platform }.map { status(of: $0, at: now) }
            guard let best = TencentStatus.allCases.first(where: states.contains), best != .offline else { return nil }
            return TencentAccountStatus.Terminal(platform: platform.statusName, status: best)
        }
        let best = TencentStatus.allCases.first { status in terminals.contains { $0.status == status } }
        return TencentAccountStatus(userID: account.userID, status: best ?? .offline, terminals: terminals)
    }

    private func status(of instance: Instance, at now: Instant) -> TencentStatus {
        switch instance.state {
        case .online: return .online
        case .away(let since):
            let time = now - (since ?? desk.began ?? now)
            return instance.platform.hasPush && time < Self.pushTime ? .pushOnline : .offline
        case .kicked: return .offline
        }
    }

    // MARK: Webhook

    /// The webhook tells of what has happened; its answer is ignored (§6).
    mutating func answered(_ call: OutgoingID, _ result: Result<HTTPResponseValue, CallFailure>, _ turn: inout Turn) {
        guard case .failure(let failure) = result else { return }
        turn.record(
            &lanes.im, .notice, "webhook not delivered", [Field("why", failure.cause.description)], cause: nil)
    }

    /// Tells the app's webhook of a change, when it has one (§6).
    mutating func tell(
        _ session: Session, _ change: TencentStateChange.Change, kicked: [TencentPlatform] = [],
        isServers: Bool = false, from address: String, cause: EntryID, _ turn: inout Turn
    ) {
        guard !console.webhookURL.isEmpty else { return }
        let told = TencentStateChange(
            userID: session.account, change: change, platform: isServers ? nil : session.own.platform, kicked: kicked,
            at: turn.now, clientAddress: address)
        let entry = turn.record(
            &lanes.im, .httpRequest, "webhook \(change.rawValue)",
            [.account(session.account), Field("kicks", .number(kicked.count)), .rule("TC-6-body")], cause: cause)
        let url = console.webhookURL.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let request = told.http(sdkAppID: appKey, after: url.count > 1 ? String(url[1]) : "", cause: entry)
        turn.emit(.httpCall(calls.next(), .url(String(url[0])), request, timeout: Self.webhookTimeout))
    }
}
