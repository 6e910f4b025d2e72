import LoginCore
import Providers

/// Silence, expiry, presence and the webhook.
extension TencentCloud {
    /// Looks after a session until the next thing that may end it is due.
    mutating func watch(_ link: LinkID, _ turn: inout Turn) {
        guard let state = links[link], let session = state.session else { return }
        let silence = session.platform == .web ? Self.webSilence : Self.silence
        var due = state.heard + silence
        if let end = session.lastSecond.flatMap({ Self.instant(after: $0) }), end < due { due = end }
        let timer = timers.next()
        links[link]?.watch = timer
        watches[timer] = link
        turn.emit(.startTimer(timer, after: max(.zero, due - turn.now)))
    }

    /// The same, when what may end the session first has changed.
    mutating func watchAnew(_ link: LinkID, _ turn: inout Turn) {
        if let old = links[link]?.watch {
            watches[old] = nil
            turn.emit(.cancelTimer(old))
        }
        watch(link, &turn)
    }

    mutating func fired(_ timer: TimerID, _ turn: inout Turn) {
        // Late: the link went away before its timer was cancelled.
        guard let link = watches.removeValue(forKey: timer), let state = links[link], let session = state.session
        else { return }
        links[link]?.watch = nil
        let silence = session.platform == .web ? Self.webSilence : Self.silence
        if let end = session.lastSecond, turn.now.seconds > end {
            expire(session, state, on: link, &turn)
        } else if turn.now - state.heard >= silence {
            let entry = turn.record(
                &imLane, .notice, "nothing heard for \(silence.text)", [.link(link), .rule("TC-4-timeout")], cause: nil)
            close(link, "link closed after silence", cause: entry, &turn)
            goAway(session, from: link, &turn)
            tell(session, .timedOut, from: state.address, cause: entry, &turn)
        } else {
            watch(link, &turn)
        }
    }

    /// The session's UserSig is past its last second: nothing more is served (§2.1).
    private mutating func expire(_ session: Session, _ state: Link, on link: LinkID, _ turn: inout Turn) {
        let entry = turn.record(
            &imLane, .state, "UserSig expired online",
            [.link(link), .account(session.userID), .rule("TC-2.1-expired-online")], cause: nil)
        let notice = KickNotice(reason: Tencent.kickedByExpiry, text: "", clientType: 0)
        kickOff(link, notice, cause: entry, &turn)
        drop(session, &turn)
        tell(session, .linkClosed, from: state.address, cause: entry, &turn)
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
            let time = now - (since ?? began ?? now)
            return instance.platform.hasPush && time < Self.pushTime ? .pushOnline : .offline
        case .kicked: return .offline
        }
    }

    // MARK: Webhook

    /// Tells the app's webhook of a change, when it has one (§6).
    mutating func tell(
        _ session: Session, _ change: TencentStateChange.Change, kicked: [TencentPlatform] = [],
        isServers: Bool = false, from address: String, cause: EntryID, _ turn: inout Turn
    ) {
        guard !console.webhookURL.isEmpty else { return }
        let told = TencentStateChange(
            userID: session.userID, change: change, platform: isServers ? nil : session.platform, kicked: kicked,
            at: turn.now, clientAddress: address)
        let entry = turn.record(
            &imLane, .httpRequest, "webhook \(change.rawValue)",
            [.account(session.userID), Field("kicks", .number(kicked.count)), .rule("TC-6-body")], cause: cause)
        let url = console.webhookURL.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let request = told.http(sdkAppID: appKey, after: url.count > 1 ? String(url[1]) : "", cause: entry)
        turn.emit(.httpCall(calls.next(), .url(String(url[0])), request, timeout: Self.webhookTimeout))
    }
}
