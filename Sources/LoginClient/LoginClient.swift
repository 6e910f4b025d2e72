import Logging
import LoginCore
import Providers
import Services
import Synchronization

/// One running app on one device: feeds the core and carries out its effects over real services.
///
/// One inbox, one loop; an effect ends by putting an input into the inbox and never calls the core. Effects of one input
/// are started in their order. When ``run()`` returns, nothing of this client still runs and its sockets are closed.
package actor LoginClient {
    /// What the loop takes in.
    private enum Message: Sendable {
        case input(ClientCore.Input, cause: EntryID?)
        case frame(ConnectionID, [UInt8])
        case linkOpened(ConnectionID, LinkChannel)
        case answered(CallID, AppFlow.Event, cause: EntryID?)
        case timerDue(ClientCore.TimerKey, generation: Int)
    }

    private let configuration: ClientConfiguration
    private let services: ClientServices
    private let listener: ClientListener
    private let logger: Logger
    private let inbox: AsyncStream<Message>
    private let post: AsyncStream<Message>.Continuation
    private var core: ClientCore
    private var openings: [ConnectionID: Task<Void, Never>] = [:]
    private var links: [ConnectionID: LinkChannel] = [:]
    private var readers: [ConnectionID: Task<Void, Never>] = [:]
    private var timers: [ClientCore.TimerKey: Task<Void, Never>] = [:]
    private var timerGeneration = 0
    private var calls: [CallID: Task<Void, Never>] = [:]
    private let errands = Errands()
    private let storekeeper: Storekeeper
    private let floor = Floor()

    /// What deadlines are raised to while one input is taken, so that a recording knows it exactly.
    private final class Floor: Sendable {
        let value = Mutex<Duration>(.zero)
    }

    /// A client whose transcript goes on in `lane`.
    package init(
        _ configuration: ClientConfiguration,
        services: ClientServices,
        lane: TranscriptLane,
        listener: ClientListener,
        logger: Logger
    ) {
        self.configuration = configuration
        self.services = services
        self.listener = listener
        self.logger = logger
        storekeeper = Storekeeper(services, said: listener.said)
        (inbox, post) = AsyncStream.makeStream()
        core = ClientCore(
            lane: lane, policy: configuration.policy, settings: configuration.settings,
            random: SeededGenerator(seed: configuration.seed),
            shortestDeadline: { [floor] in floor.value.withLock { $0 } },
            naming: configuration.generation.callbacks)
    }

    /// Hands an input to the client; inputs are taken in the order of the calls.
    package nonisolated func send(_ input: ClientCore.Input) {
        post.yield(.input(input, cause: nil))
    }

    /// Ends the app's process without a logout: ``run()`` returns soon after.
    package nonisolated func stop() {
        post.finish()
    }

    /// Returns when everything is in the store that the machines have wanted there so far.
    package nonisolated func finishWriting() async {
        await storekeeper.finishWriting()
    }

    /// The text of a secret that this client holds, because the user asked to see it.
    package nonisolated func reveal(_ reference: SecretRef) -> String? {
        services.vault.secret(reference)?.reveal(for: .screen)
    }

    /// Starts the app with what it kept, and runs until ``stop()``; returns where the transcript goes on.
    package func run() async -> TranscriptLane {
        var saved: SavedLogin?
        do throws(StoreError) {
            saved = try await services.load().map(adopt)
        } catch {
            listener.said(error.message)
        }
        let keeping = Task { [storekeeper] in await storekeeper.run() }
        if configuration.setsUp { take(.sdk(.initialised), cause: nil) }
        take(.app(.started(saved)), cause: nil)
        for await message in inbox {
            switch message {
            case .input(let input, let cause):
                take(input, cause: cause)
            case .frame(let id, let bytes):
                received(id, bytes)
            case .linkOpened(let id, let channel):
                opened(id, channel)
            case .answered(let id, let event, let cause):
                // One that was given up is told to nobody: the call it belonged to is gone.
                guard calls.removeValue(forKey: id) != nil else { continue }
                take(.app(event), cause: cause)
            case .timerDue(let key, let generation):
                guard generation == timerGenerations[key] else { continue }  // cancelled when it was due already
                timers[key] = nil
                timerGenerations[key] = nil
                take(key.owner == .sdk ? .sdk(.timerFired(key.id)) : .app(.timerFired(key.id)), cause: nil)
            }
        }
        await end()
        storekeeper.close()
        await keeping.value
        return core.lane
    }

    private var timerGenerations: [ClientCore.TimerKey: Int] = [:]

    private func take(_ input: ClientCore.Input, cause: EntryID?, answering frame: Int? = nil) {
        let before = core.sdk.phase
        let now = configuration.clock.now()
        let shortestDeadline = configuration.clock.shortestDeadline() * configuration.clock.scale
        floor.value.withLock { $0 = shortestDeadline }
        let output = core.handle(input, at: now, cause: cause, answering: frame)
        listener.took?(
            TakenInput(
                input, at: now, cause: cause, frame: frame, shortestDeadline: shortestDeadline, output: output,
                core: core))
        if core.sdk.phase != before {
            logger.debug(
                "login state changed",
                metadata: [
                    "login.device": "\(configuration.profile)", "login.state.from": "\(before.rawValue)",
                    "login.state.to": "\(core.sdk.phase.rawValue)",
                ])
        }
        listener.changed(core, output.entries)
        for effect in output.effects { start(effect) }
    }

    // MARK: - Effects

    private func start(_ effect: ClientCore.Effect) {
        switch effect {
        case .openConnection(let id, _):
            open(id)
        case .closeConnection(let id):
            close(id)
        case .send(let id, let frame, let request, let cause):
            send(id, frame, request, cause)
        case .startTimer(let key, let delay, let isDeadline):
            startTimer(key, delay, isDeadline: isDeadline)
        case .cancelTimer(let key):
            timers.removeValue(forKey: key)?.cancel()
            timerGenerations[key] = nil
        case .call(let id, let call, let cause):
            self.call(id, call, cause)
        case .cancelCall(let id):
            calls.removeValue(forKey: id)?.cancel()
        case .save(let login):
            storekeeper.save(stored(login))
        case .erase:
            storekeeper.erase()
        case .decline(let sentence):
            listener.said(sentence)
        }
    }

    private func startTimer(_ key: ClientCore.TimerKey, _ delay: Duration, isDeadline: Bool) {
        let clock = configuration.clock
        let real = isDeadline ? clock.deadline(delay) : clock.wait(delay)
        timerGeneration += 1
        let generation = timerGeneration
        timerGenerations[key] = generation
        timers[key] = errands.begin { [post] in
            do {
                try await Task.sleep(for: real)
                post.yield(.timerDue(key, generation: generation))
            } catch {
                // Cancelled: nobody waits for it.
            }
        }
    }

    private func open(_ id: ConnectionID) {
        let deadline = configuration.clock.deadline(configuration.policy.connectTimeout)
        // The machine's own timer decides; the service's limit only makes sure that a socket never outlives it for long.
        let limit = deadline + .seconds(1)
        openings[id] = errands.begin { [post, services, url = configuration.imLink] in
            switch await services.link.open(url, limit) {
            case .success(let channel):
                // Nobody takes it any more when the client has ended meanwhile.
                if Task.isCancelled {
                    await Self.end(channel)
                } else if case .terminated = post.yield(.linkOpened(id, channel)) {
                    await Self.end(channel)
                }
            case .failure(let cause):
                guard !Task.isCancelled else { return }  // given up: the core has closed it in its books already
                post.yield(.input(.sdk(.connectionFailed(id, cause)), cause: nil))
            }
        }
    }

    private func opened(_ id: ConnectionID, _ channel: LinkChannel) {
        guard openings.removeValue(forKey: id) != nil else {
            _ = errands.begin { await Self.end(channel) }  // given up while it was opening
            return
        }
        links[id] = channel
        readers[id] = errands.begin { [post] in
            for await inbound in channel.inbound {
                switch inbound {
                case .frame(let bytes):
                    post.yield(.frame(id, bytes))
                case .closed(let cause):
                    post.yield(.input(.sdk(.connectionClosed(id, cause)), cause: nil))
                }
            }
        }
        take(.sdk(.connectionOpened(id)), cause: nil)
    }

    private func received(_ id: ConnectionID, _ bytes: [UInt8]) {
        guard links[id] != nil else { return }  // late: that link was given up
        let (event, cause, answered) = ClientWire.input(id, bytes)
        take(.sdk(event), cause: cause, answering: answered)
    }

    /// The reader goes on until the socket is closed; what it still brings is late, and the machine passes it over.
    private func close(_ id: ConnectionID) {
        openings.removeValue(forKey: id)?.cancel()
        readers[id] = nil
        links.removeValue(forKey: id)?.close()
    }

    /// Closes a link that nobody reads, and waits until its socket is closed.
    private static func end(_ channel: LinkChannel) async {
        channel.close()
        for await _ in channel.inbound {}
    }

    private func send(_ id: ConnectionID, _ number: Int, _ request: LinkRequest, _ cause: EntryID) {
        guard let channel = links[id], let bytes = wire.frame(number, request, cause: cause) else { return }
        channel.send(bytes)
    }

    // MARK: - The app server

    private var wire: ClientWire {
        ClientWire(
            provider: configuration.provider, appKey: configuration.appKey, deviceID: configuration.deviceID,
            clientType: configuration.platform.clientType, generation: configuration.generation.wireName,
            vault: services.vault, namesProvider: configuration.namesProvider)
    }

    private func call(_ id: CallID, _ call: AppServerCall, _ cause: EntryID) {
        let wire = wire
        guard let request = wire.request(for: call, cause: cause) else { return }
        let clock = configuration.clock
        let deadline = clock.deadline(ClientWire.appServerTimeout)
        calls[id] = errands.begin { [post, services, base = configuration.appServer] in
            let answer = await services.http.send(base, request, deadline)
            guard !Task.isCancelled else { return }
            let (event, cause) = wire.event(id, call, answer, at: clock.now())
            post.yield(.answered(id, event, cause: cause))
        }
    }

    // MARK: - The token store

    private func adopt(_ stored: StoredLogin) -> SavedLogin {
        SavedLogin(
            user: stored.user, account: AccountName(stored.account), token: services.vault.keep(stored.token),
            kind: stored.kind, issued: stored.tokenIssued ?? configuration.clock.now(), expires: stored.tokenExpires,
            session: stored.session.map(services.vault.keep), isUsable: stored.isUsable, stop: stored.stop)
    }

    private func stored(_ login: SavedLogin) -> StoredLogin {
        StoredLogin(
            provider: configuration.provider.id, user: login.user, account: login.account.text,
            token: services.vault.secret(login.token) ?? Secret("", kind: .token), kind: login.kind,
            tokenExpires: login.expires, session: login.session.flatMap(services.vault.secret),
            tokenIssued: login.issued, isUsable: login.isUsable, stop: login.stop)
    }

    // MARK: - The end

    private func end() async {
        for task in Array(openings.values) + Array(timers.values) + Array(calls.values) { task.cancel() }
        for channel in links.values { channel.close() }
        await errands.finish()
        openings = [:]
        readers = [:]
        timers = [:]
        timerGenerations = [:]
        calls = [:]
        links = [:]
    }
}
