import Cloud
import LoginCore
import Providers
import Testing

/// What must hold whatever happens in whatever order: five walks of 10,000 events.
struct CommsEaseRandomWalkTests {
    /// A walk, and beside it what must be true of the cloud, kept by other means than the cloud's own.
    struct Walk {
        struct Live: Equatable {
            let account: String
            let device: Int
        }

        static let accounts = ["ann", "ben"]
        static let clientTypes = [1, 2, 4, 16, 64, 65, 2, 1, 16, 4, 2, 1]

        var chance: SeededGenerator
        var cloud: CommsEaseCloud
        var now = CloudRig.start
        var events: [(CloudEvent, Instant)] = []
        var open: [LinkID] = []
        var live: [LinkID: Live] = [:]
        var tokens: [String: String] = [:]
        var void: [String] = ["junk"]
        var banned: Set<String> = []
        var policy = 1
        var links = Counter<LinkID>()
        var number = 0
        var accepted = 0
        var refused: [Int: Int] = [:]

        init(seed: UInt64) {
            chance = SeededGenerator(seed: seed).fork("walk")
            cloud = Self.freshCloud()
            for account in Self.accounts {
                tokens[account] = "first-\(account)"
                call(.create(accid: account, token: Secret("first-\(account)", kind: .token), name: nil))
            }
        }

        static func freshCloud() -> CommsEaseCloud {
            CommsEaseCloud(
                CommsEaseConfiguration(appKey: CloudRig.appKey, appSecret: CloudRig.secret, seed: 5), restoring: [])
        }

        mutating func pick<Element>(_ elements: [Element]) -> Element {
            elements[Int(chance.below(UInt64(elements.count)))]
        }

        mutating func flip(_ outOf: UInt64 = 2) -> Bool { chance.below(outOf) == 0 }

        mutating func step() {
            now = now + .milliseconds(Int(chance.below(2000)))
            let account = pick(Self.accounts)
            switch chance.below(100) {
            case 0..<14:
                guard open.count < 30 else { return drop() }
                let link = links.next()
                open.append(link)
                handle(.linkOpened(link, clientAddress: "127.0.0.1"))
            case 14..<22: drop()
            case 22..<62: logIn(account)
            case 62..<68: frame(pick([.sync, .ping, .echo("x"), .logout]))
            case 68..<72: frame(.kick((0...3).map { _ in "s-\(chance.below(UInt64(number + 2)))" }))
            case 72..<74: handle(.frame(LinkID(Int(chance.below(60))), Array("{\"type\":\(chance.below(9))".utf8)))
            case 74..<78: replaceToken(account)
            case 78..<81:
                let isKicking = flip()
                banned.insert(account)
                call(.block(accid: account, needKick: isKicking, kickNotifyExt: nil))
                if isKicking { #expect(!live.values.contains { $0.account == account }) }
            case 81..<88:
                banned.remove(account)
                call(.unblock(accid: account))
            case 88..<91:
                let devices = (0...2).map { _ in "device-\(chance.below(12))" }
                call(.kick(accountID: account, type: Int(chance.below(3)) + 1, deviceIDs: devices, notify: nil))
            case 91..<94:
                policy = Int(chance.below(3)) + 1
                call(.changeConsoleSettings(CommsEaseConsolePatch(devicePolicy: policy)))
            default:
                handle(.linkClosed(LinkID(Int(chance.below(60))), .timedOut), isStranger: true)
            }
        }

        private mutating func drop() {
            guard !open.isEmpty else { return }
            let link = pick(open)
            open.removeAll { $0 == link }
            live[link] = nil
            handle(.linkClosed(link, .linkClosed))
        }

        private mutating func frame(_ body: ClientFrame.Body) {
            guard !open.isEmpty else { return }
            number += 1
            handle(.frame(pick(open), LinkCodec.encode(ClientFrame(id: number, body: body))))
        }

        private mutating func replaceToken(_ account: String) {
            number += 1
            void.append(tokens[account] ?? "")
            tokens[account] = "token-\(number)"
            call(.update(accid: account, token: Secret("token-\(number)", kind: .token)))
        }

        private mutating func logIn(_ account: String) {
            guard !open.isEmpty else { return }
            let link = pick(open)
            number += 1
            let device = Int(chance.below(UInt64(Self.clientTypes.count)))
            let token = flip(4) ? pick(void.suffix(5) + ["junk"]) : tokens[account] ?? ""
            let login = LinkLogin.of(
                account, token, device: "device-\(device)", type: Self.clientTypes[device], automatic: flip(),
                forced: flip(3))
            let before = live
            let id = number
            let effects = handle(.frame(link, LinkCodec.encode(ClientFrame(id: id, body: .login(login)))))
            var code: Int?
            for case .send(link, let bytes) in effects {
                if case .reply(id, .login(let answer, _, _, _))? = try? LinkCodec.decodeServer(bytes).body {
                    code = answer
                }
            }
            judge(login, device: device, on: link, code: code, before: before)
        }

        /// Holds the answer to a login against what must be true.
        private mutating func judge(
            _ login: LinkLogin, device: Int, on link: LinkID, code: Int?, before: [LinkID: Live]
        ) {
            let isRight = login.token.reveal(for: .verification) == tokens[login.account]
            if before[link] != nil {
                #expect(code == 417)
                return
            }
            if banned.contains(login.account) {
                #expect(code == 422)
            } else if !isRight {
                #expect(code == 302)
            } else if !login.automatic || login.forced || policy == 3 {
                #expect(code == 200)
            } else {
                #expect(code == 200 || code == 417)
                let isOwn = before.values.contains(Live(account: login.account, device: device))
                if isOwn { #expect(code == 200) }
            }
            refused[code ?? 0, default: 0] += 1
            guard code == 200 else {
                #expect(live == before)
                return
            }
            accepted += 1
            live[link] = Live(account: login.account, device: device)
            let others = live.filter { $0.key != link && $0.value.account == login.account }.values
            #expect(!others.contains { $0.device == device })
            switch policy {
            case 1: #expect(others.isEmpty)
            case 2: #expect(!others.contains { Self.isMobile($0.device) == Self.isMobile(device) })
            default: #expect(others.count < CommsEaseCloud.mostDevices)
            }
        }

        static func isMobile(_ device: Int) -> Bool { [1, 2, 65].contains(clientTypes[device]) }

        private mutating func call(_ command: CommsEaseCommand) {
            number += 1
            let request = command.http(
                credentials: CloudRig.mint.credentials(nonce: "\(number)", at: now), requestID: nil, cause: nil)
            let effects = handle(.request(ExchangeID(number), request))
            let answers = effects.compactMap { effect in
                if case .respond(_, let response) = effect { response } else { nil }
            }
            #expect(answers.count == 1)
        }

        @discardableResult
        private mutating func handle(_ event: CloudEvent, isStranger: Bool = false) -> [CloudEffect] {
            if isStranger, case .linkClosed(let link, _) = event {
                open.removeAll { $0 == link }
                live[link] = nil
            }
            events.append((event, now))
            let effects = cloud.handle(event, at: now)
            var kicked: LinkID?
            for effect in effects {
                switch effect {
                case .send(let link, let bytes):
                    // Nothing is sent to a link that is gone, and nothing after a kick.
                    #expect(open.contains(link) && kicked == nil)
                    if case .kicked? = try? LinkCodec.decodeServer(bytes).body { kicked = link }
                case .close(let link, let code):
                    #expect(open.contains(link) && code == 1000 && (kicked == nil || kicked == link))
                    kicked = nil
                    open.removeAll { $0 == link }
                    live[link] = nil
                case .respond, .save, .remove, .record: break
                case .startTimer, .cancelTimer, .httpCall: Issue.record("an effect that this cloud never has")
                }
            }
            #expect(kicked == nil)
            return effects
        }
    }

    @Test("Whatever happens, the rules hold", arguments: [1, 2, 3, 4, 5] as [UInt64])
    func invariants(seed: UInt64) {
        var walk = Walk(seed: seed)
        while walk.events.count < 10_000 { walk.step() }
        // The walk went everywhere.
        #expect(walk.accepted > 500)
        for code in [302, 417, 422] { #expect(walk.refused[code, default: 0] > 20) }
    }

    @Test("The same events give the same effects, transcript included")
    func determinism() {
        var walk = Walk(seed: 9)
        while walk.events.count < 2000 { walk.step() }
        var first = Walk.freshCloud()
        var second = Walk.freshCloud()
        for (event, now) in walk.events {
            let one = String(describing: first.handle(event, at: now))
            let two = String(describing: second.handle(event, at: now))
            guard one == two else {
                Issue.record("different effects of \(event)")
                return
            }
        }
    }
}
