import LoginCore
import Providers

/// A client that is logged in, with what one provider's cloud keeps of it beside what all of them do.
struct LinkSession<Own: Equatable & Sendable>: Equatable, Sendable {
    /// Counted up from 1; printed as `s-1`.
    let number: Int
    let account: String
    let deviceID: String
    /// The provider's number for the kind of client.
    let clientType: Int
    /// When the login was accepted.
    let since: Instant
    var own: Own

    var name: String { "s-\(number)" }
    var client: OnlineClient { OnlineClient(id: name, clientType: clientType) }
}

/// The links that are open at a provider's IM server, who is logged in on them, and what is watched on them.
///
/// ```
/// opened ──seat──▶ logged in ──remove──▶ forgotten
///   │ ▲
///   │ └──answered─┐
///   └────ask────▶ asking
/// ```
///
/// `Own` is what the provider keeps with each session. `Question` is what a login waits for before it is decided;
/// `Never` for a provider that asks nobody.
struct LinkDesk<Own: Equatable & Sendable, Question: Equatable & Sendable>: Sendable {
    typealias Session = LinkSession<Own>

    enum State: Equatable, Sendable {
        case opened
        case asking(Question)
        case loggedIn(Session)
    }

    /// A link that is open; one that has ended is not kept.
    struct Link: Equatable, Sendable {
        let id: LinkID
        /// The client's, in dotted decimal.
        let address: String
        fileprivate(set) var state: State = .opened
        /// When the last frame came.
        fileprivate(set) var heard: Instant
        /// Runs until something is due on this link.
        fileprivate var watch: TimerID?

        var session: Session? { if case .loggedIn(let session) = state { session } else { nil } }
    }

    /// A session and the link that carries it.
    struct Seat: Equatable, Sendable {
        let link: LinkID
        let session: Session
    }

    /// When the first event came; nil before it.
    private(set) var began: Instant?
    private var links: [LinkID: Link] = [:]
    /// The links that are logged in to an account, oldest login first; no entry without a link.
    private var online: [String: [LinkID]] = [:]
    private var watches: [TimerID: LinkID] = [:]
    private var timers = Counter<TimerID>()
    private var sessions = 0

    subscript(link: LinkID) -> Link? { links[link] }

    /// The clients of an account that are online, oldest login first.
    func seats(of account: String) -> [Seat] {
        (online[account] ?? []).compactMap { link in links[link]?.session.map { Seat(link: link, session: $0) } }
    }

    func isOnline(_ account: String) -> Bool { online[account] != nil }

    /// All sessions, oldest login first.
    var liveSessions: [LiveSession] {
        let open = links.compactMap { link, state in state.session.map { (link: link, session: $0) } }
        return open.sorted { $0.session.number < $1.session.number }.map { link, session in
            LiveSession(
                account: session.account, deviceID: session.deviceID, clientType: session.clientType,
                since: session.since, link: link)
        }
    }

    mutating func begin(at now: Instant) {
        if began == nil { began = now }
    }

    /// Takes a link in; false for one that is here already, whose session a second report would throw away.
    mutating func open(_ link: LinkID, from address: String, at now: Instant) -> Bool {
        guard links[link] == nil else { return false }
        links[link] = Link(id: link, address: address, heard: now)
        return true
    }

    /// Notes that a link has said something; nil for one that is not here.
    mutating func hear(_ link: LinkID, at now: Instant) -> Link? {
        links[link]?.heard = now
        return links[link]
    }

    // MARK: Logins

    /// A session that has no link yet.
    mutating func makeSession(
        _ account: String, deviceID: String, clientType: Int, _ own: Own, at now: Instant
    ) -> Session {
        sessions += 1
        return Session(
            number: sessions, account: account, deviceID: deviceID, clientType: clientType, since: now, own: own)
    }

    /// Puts a session on an open link that has none.
    mutating func seat(_ session: Session, on link: LinkID) {
        guard links[link] != nil else { return }
        links[link]?.state = .loggedIn(session)
        online[session.account, default: []].append(link)
    }

    /// Changes what the provider keeps with a session.
    mutating func change(_ link: LinkID, _ body: (inout Own) -> Void) {
        guard var session = links[link]?.session else { return }
        body(&session.own)
        links[link]?.state = .loggedIn(session)
    }

    /// Has a login wait for something.
    mutating func ask(_ question: Question, on link: LinkID) {
        links[link]?.state = .asking(question)
    }

    /// Ends the wait: the link is as it was before the login.
    mutating func answered(_ link: LinkID) -> Question? {
        guard case .asking(let question) = links[link]?.state else { return nil }
        links[link]?.state = .opened
        return question
    }

    /// Forgets a link, its session and what was watched on it.
    mutating func remove(_ link: LinkID, _ turn: inout Turn) -> Link? {
        guard let gone = links.removeValue(forKey: link) else { return nil }
        if let watch = gone.watch {
            watches[watch] = nil
            turn.emit(.cancelTimer(watch))
        }
        guard let session = gone.session else { return gone }
        online[session.account]?.removeAll { $0 == link }
        if online[session.account]?.isEmpty == true { online[session.account] = nil }
        return gone
    }

    // MARK: Watches

    /// Looks after a session until `due`, in place of what was watched on its link before.
    mutating func watch(_ link: LinkID, until due: Instant, _ turn: inout Turn) {
        guard links[link]?.session != nil else { return }
        if let old = links[link]?.watch {
            watches[old] = nil
            turn.emit(.cancelTimer(old))
        }
        let timer = timers.next()
        links[link]?.watch = timer
        watches[timer] = link
        turn.emit(.startTimer(timer, after: max(.zero, due - turn.now)))
    }

    /// The link on which something is due; nil for a late timer, whose link went away before it was cancelled.
    mutating func wake(_ timer: TimerID) -> Link? {
        guard let link = watches.removeValue(forKey: timer) else { return nil }
        links[link]?.watch = nil
        return links[link]
    }
}
