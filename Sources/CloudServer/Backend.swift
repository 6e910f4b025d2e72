import Cloud
import Foundation
import Logging
import LoginCore
import NIOCore
import NIOPosix
import Providers

/// The backend on loopback sockets: app server, provider web API and IM link, each behind a proxy that can fail.
///
/// ```
///   announced port ─ FaultProxy ─ hidden port ─ HTTPListener (app server) ─┐
///   announced port ─ FaultProxy ─ hidden port ─ HTTPListener (web API) ────┼─ mailbox ─ two Cloud values
///   announced port ─ FaultProxy ─ hidden port ─ LinkListener (IM link) ────┘              │
///        answers, frames, timers, calls, durable records, transcript entries ◀────────────┘ effects
/// ```
///
/// One loop takes all mail that is there, lets the values handle it in order, writes what must last in one
/// transaction, and only then runs the other effects, in order. When the disk refuses the transaction, the values are
/// put back and the mail is handled once more, each letter with a transaction of its own; what cannot be written then is
/// answered as refused, and nothing of it stays.
///
/// `start` ─▶ running ─ `kill` ─▶ killed ─ `startAgain` ─▶ running … ─ `stop` ─▶ stopped, for good.
package actor Backend {
    enum Phase {
        case new
        case starting
        case running
        case killed
        case stopped
    }

    let configuration: BackendConfiguration
    let mailbox = BackendMailbox()
    let exchanges = ExchangeTable()
    let group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    private let maker: BackendValueMaker

    private(set) var phase = Phase.new
    /// Counts the lives of the backend, so that what belongs to an earlier one is passed over.
    private(set) var generation = 0
    private var values: BackendValues?
    private var directory: StateDirectory?
    private var state: BackendState?
    private var proxies: [BackendListener: FaultProxy] = [:]
    private var ports: [BackendListener: Int] = [:]
    private var httpListeners: [HTTPListener] = []
    private var linkListener: LinkListener?
    private var loop: Task<Void, Never>?
    private var ending: Task<Void, Never>?
    /// Why the last transaction failed; nil when it did not.
    private var savingTrouble: String?
    /// Runs while there is a trouble.
    private var roomWatch: Task<Void, Never>?
    private var notices = 0
    private var authority: LocalAuthority?
    private var identity = BackendIdentity(appKey: "", appSecret: Secret("", kind: .appSecret))
    private var operatorKey = Secret("", kind: .operatorKey)

    var links: [LinkID: LinkHandle] = [:]
    var timers: [TimerKey: RunningTimer] = [:]
    var lastTimer = 0
    var calls: [CallKey: Task<Void, Never>] = [:]
    var outgoing: OutgoingCalls?
    /// The number of each lane's last transcript entry.
    var lastEntries: [Lane: Int] = [:]

    /// Where the backend can be reached; nil before it was started.
    package private(set) var endpoints: BackendEndpoints?

    /// What the user should know of the state that was found at the start; nil when there is nothing to say.
    package private(set) var openingNotice: String?

    init(_ configuration: BackendConfiguration, maker: BackendValueMaker) {
        self.configuration = configuration
        self.maker = maker
    }

    // MARK: - Life

    /// Opens the state and the listeners; when it fails, nothing stays open.
    @discardableResult
    package func start() async throws(BackendError) -> BackendEndpoints {
        guard case .new = phase else { throw BackendError("This backend was started before: make another one.") }
        phase = .starting
        do throws(BackendError) {
            try await openState()
            try await openListeners()
            try await openProxies()
            guard case .starting = phase else { throw BackendError("The backend was stopped while it started.") }
            let endpoints = BackendEndpoints(
                appServer: url("http", .appServer), webAPI: url("http", .webAPI), imLink: url("ws", .imLink),
                operatorKey: operatorKey, appKey: identity.appKey, authority: authority?.pem,
                authorityFile: authority?.file)
            self.endpoints = endpoints
            outgoing = OutgoingCalls(group: group, authority: authority?.pem)
            try makeValues()
            phase = .running
            loop = Task { await self.run() }
            directory?.announce(endpoints.appServer)
            return endpoints
        } catch {
            phase = .stopped
            await end()
            throw error
        }
    }

    /// Dies as a process that is killed: nothing listens, every connection is reset, sessions are gone.
    package func kill() async {
        guard case .running = phase else { return }
        phase = .killed
        values = nil
        beginGeneration()
        for listener in BackendListener.allCases {
            try? await proxies[listener]?.set(.refuse)
        }
        dropTheLiving()
        exchanges.giveUpAll()
    }

    /// Lives again on the same ports, with what was written and without sessions.
    package func startAgain() async throws(BackendError) {
        guard case .killed = phase, endpoints != nil else {
            throw BackendError("Only a killed backend can be started again.")
        }
        try makeValues()
        phase = .running
        exchanges.giveUpAll()
        do throws(BackendError) {
            for listener in BackendListener.allCases {
                try await proxies[listener]?.set(.pass)
            }
        } catch {
            await kill()
            throw error
        }
    }

    /// Ends everything; answers when no task, socket, timer or file of the backend is left.
    package func stop() async {
        phase = .stopped
        let ending = ending ?? Task { await self.end() }
        self.ending = ending
        await ending.value
    }

    private func end() async {
        values = nil
        beginGeneration()
        roomWatch?.cancel()
        exchanges.close()
        mailbox.close()
        for listener in BackendListener.allCases { await proxies[listener]?.stop() }
        for listener in httpListeners { await listener.stop() }
        await linkListener?.stop()
        let ended = Array(calls.values)
        dropTheLiving()
        for call in ended { await call.value }
        await loop?.value
        await outgoing?.stop()
        await roomWatch?.value
        state?.close()
        proxies = [:]
        httpListeners = []
        linkListener = nil
        loop = nil
        outgoing = nil
        state = nil
        directory = nil
    }

    // MARK: - Faults

    /// Changes what the proxy before one listener does.
    package func set(_ mode: FaultProxy.Mode, for listener: BackendListener) async throws(BackendError) {
        guard case .running = phase else { return }
        try await proxies[listener]?.set(mode)
    }

    /// Resets the live connections of one listener.
    package func cut(_ listener: BackendListener) async {
        await proxies[listener]?.cut()
    }

    // MARK: - Opening

    private func openState() async throws(BackendError) {
        guard let path = configuration.stateDirectory else {
            state = try BackendState.inMemory()
            operatorKey = StateDirectory.makeKey()
            try await takeIdentity()
            return
        }
        let directory = try StateDirectory.open(path)
        self.directory = directory
        operatorKey = try directory.operatorKey()
        let (state, notice) = try BackendState.open(in: directory, startsFresh: configuration.startsFresh)
        self.state = state
        openingNotice = notice
        if let notice { self.notice(notice) }
        try await takeIdentity()
    }

    private func takeIdentity() async throws(BackendError) {
        guard let state else { return }
        identity = try await state.identity(
            provider: configuration.provider, appKey: configuration.appKey, appSecret: configuration.appSecret)
    }

    private func openListeners() async throws(BackendError) {
        if configuration.usesTLS { authority = try LocalAuthority.open(in: directory) }
        let tls = try authority?.serverConfiguration()
        let mailbox = mailbox
        let exchanges = exchanges
        for (listener, side, longestBody, refusals) in [
            (BackendListener.appServer, BackendSide.appServer, HTTPListener.longestBody, maker.appServerRefusals),
            (BackendListener.webAPI, BackendSide.cloud, ProviderClouds.longestBody, maker.webAPIRefusals),
        ] {
            let http = try await HTTPListener.start(
                label: listener.rawValue, group: group, logger: configuration.logger, tls: tls,
                longestBody: longestBody,
                refusals: refusals
            ) { request in
                await exchanges.answer { id in
                    mailbox.post(BackendMail(side: side, content: .event(.request(id, request))))
                }
            }
            httpListeners.append(http)
            ports[listener] = http.port
        }
        let ids = LinkCounter()
        let linkListener = try await LinkListener.start(
            provider: configuration.provider, group: group, tls: tls, nextID: { ids.next() }
        ) { report in
            let content: BackendMail.Content =
                switch report {
                case .opened(let handle, let address): .linkOpened(handle, clientAddress: address)
                case .frame(let id, let bytes): .event(.frame(id, bytes))
                case .closed(let id, let cause): .event(.linkClosed(id, cause))
                }
            mailbox.post(BackendMail(side: .cloud, content: content))
        }
        self.linkListener = linkListener
        ports[.imLink] = linkListener.port
    }

    private func openProxies() async throws(BackendError) {
        let wanted: [BackendListener: Int] = [
            .appServer: configuration.appServerPort, .webAPI: configuration.webAPIPort,
            .imLink: configuration.imLinkPort,
        ]
        for listener in BackendListener.allCases {
            // Links are long and many; a request is short.
            let proxy = FaultProxy(
                upstreamPort: ports[listener] ?? 0, connectionLimit: listener == .imLink ? 16_384 : 4096, group: group)
            proxies[listener] = proxy
            ports[listener] = try await proxy.start(port: wanted[listener] ?? 0)
        }
    }

    private func makeValues() throws(BackendError) {
        guard let state, let endpoints else { return }
        beginGeneration()
        values = try maker.make(
            BackendIngredients(
                configuration: configuration, identity: identity, operatorKey: operatorKey,
                appServer: endpoints.appServer, webAPI: endpoints.webAPI, imLink: endpoints.imLink,
                seed: BackendSetup.seed(ofLife: generation, of: configuration.seed),
                records: try state.records()))
        values?.appServer.continueTranscript(after: lastEntries)
        values?.cloud.continueTranscript(after: lastEntries)
    }

    private func beginGeneration() {
        generation += 1
        mailbox.begin(generation: generation)
    }

    private func url(_ scheme: String, _ listener: BackendListener) -> String {
        "\(scheme)\(authority == nil ? "" : "s")://127.0.0.1:\(ports[listener] ?? 0)"
    }

    private func dropTheLiving() {
        for timer in timers.values { timer.scheduled.cancel() }
        timers = [:]
        for call in calls.values { call.cancel() }
        calls = [:]
        for link in links.values { link.close(code: 1001) }
        links = [:]
    }

    // MARK: - The loop

    private func run() async {
        while true {
            let batch = await mailbox.take()
            if batch.mail.isEmpty { return }
            await deliver(batch)
        }
    }

    /// One event that has arrived, and the value that it is for.
    private typealias Letter = (side: BackendSide, event: CloudEvent)

    private func deliver(_ batch: BackendMailbox.Batch) async {
        let life = generation
        guard batch.generation == life else { return }
        let letters = batch.mail.compactMap(admit)
        let before = letters.contains(where: \.event.mayBeSaved) ? values : nil
        let effects = letters.flatMap { letter in handle(letter).map { (letter.side, $0) } }
        let isSaved = await save(effects.compactMap { BackendState.Change($0.1) })
        // Whoever waited for these effects is gone if the backend was killed while the disk was busy.
        guard generation == life else { return }
        if isSaved {
            for (side, effect) in effects { run(effect, of: side) }
        } else {
            values = before ?? values
            await deliverOneByOne(letters)
        }
    }

    private func deliverOneByOne(_ letters: [Letter]) async {
        let life = generation
        for letter in letters {
            let before = values
            var effects = handle(letter)
            let isSaved = await save(effects.compactMap(BackendState.Change.init))
            guard generation == life else { return }
            if !isSaved {
                values = before
                effects = refuse(letter, because: savingTrouble ?? "")
            }
            for effect in effects { run(effect, of: letter.side) }
        }
    }

    /// Takes note of a letter; nil for one that comes too late.
    private func admit(_ letter: BackendMail) -> Letter? {
        guard values != nil else {
            switch letter.content {
            case .event(.request(let id, _)): exchanges.finish(id, nil)
            case .linkOpened(let handle, _): handle.close(code: 1001)
            case .event, .timer: break
            }
            return nil
        }
        switch letter.content {
        case .timer(let id, let serial):
            let key = TimerKey(side: letter.side, id: id)
            guard timers[key]?.serial == serial else { return nil }
            timers[key] = nil
            return (letter.side, .timerFired(id))
        case .linkOpened(let handle, let address):
            links[handle.id] = handle
            return (letter.side, .linkOpened(handle.id, clientAddress: address))
        case .event(let event):
            switch event {
            case .frame(let id, _):
                // A link of an earlier life may still have had bytes under way.
                guard let link = links[id] else { return nil }
                link.frameDone()
            case .linkClosed(let id, _):
                guard links.removeValue(forKey: id) != nil else { return nil }
            case .httpAnswered(let id, _):
                calls[CallKey(side: letter.side, id: id)] = nil
            case .request, .linkOpened, .timerFired:
                break
            }
            return (letter.side, event)
        }
    }

    private func handle(_ letter: Letter) -> [CloudEffect] {
        let now = configuration.clock.now()
        switch letter.side {
        case .appServer: return values?.appServer.handle(letter.event, at: now) ?? []
        case .cloud: return values?.cloud.handle(letter.event, at: now) ?? []
        }
    }

    private func refuse(_ letter: Letter, because sentence: String) -> [CloudEffect] {
        let now = configuration.clock.now()
        switch letter.side {
        case .appServer: return values?.appServer.refuse(letter.event, because: sentence, at: now) ?? []
        case .cloud: return values?.cloud.refuse(letter.event, because: sentence, at: now) ?? []
        }
    }

    /// Writes what must last; false when the disk refused all of it.
    private func save(_ changes: [BackendState.Change]) async -> Bool {
        guard let state, !changes.isEmpty else { return true }
        do throws(BackendError) {
            try await state.apply(changes)
            if savingTrouble != nil { say(nil) }
            return true
        } catch {
            if savingTrouble != error.message { say(error.message) }
            return false
        }
    }

    private func say(_ trouble: String?) {
        savingTrouble = trouble
        notice(trouble ?? "The backend's state can be saved again.")
        configuration.savingTrouble(trouble)
        roomWatch?.cancel()
        roomWatch = trouble == nil ? nil : Task { await self.waitForRoom() }
    }

    /// Real time between two looks at a disk that was full.
    private static let patience: Duration = .seconds(2)

    /// Finds out by itself that there is room again, since perhaps nobody asks for a change.
    private func waitForRoom() async {
        while !Task.isCancelled, savingTrouble != nil {
            do {
                try await Task.sleep(for: Self.patience)
            } catch {
                return
            }
            guard phase == .running || phase == .killed, let state, await state.hasRoom(), savingTrouble != nil else {
                continue
            }
            say(nil)
        }
    }

    /// Tells the user something, as an entry of the app server's lane with a name of its own.
    private func notice(_ sentence: String) {
        notices += 1
        configuration.sink(
            TranscriptEntry(
                id: EntryID(lane: "backend", number: notices), lane: .appServer, at: configuration.clock.now(),
                owner: .lab, cause: nil, kind: .notice, title: sentence))
    }
}

extension CloudEvent {
    /// Whether what it brings about may have to be written.
    fileprivate var mayBeSaved: Bool {
        switch self {
        case .request, .frame, .httpAnswered: true
        case .linkOpened, .linkClosed, .timerFired: false
        }
    }
}

extension BackendState.Change {
    init?(_ effect: CloudEffect) {
        switch effect {
        case .save(let record): self = .save(record)
        case .remove(let collection, let key): self = .remove(collection: collection, key: key)
        case .respond, .send, .close, .startTimer, .cancelTimer, .httpCall, .record: return nil
        }
    }
}
