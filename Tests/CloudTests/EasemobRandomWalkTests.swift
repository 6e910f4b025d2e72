import Cloud
import LoginCore
import Providers
import Testing

/// What must hold whatever happens in whatever order.
struct EasemobRandomWalkTests {
    /// A walk, and beside it what must be true of the cloud, kept by other means than the cloud's own.
    struct Walk {
        static let names = ["ann", "ben"]

        var chance: SeededGenerator
        var rig = EasemobRig()
        var open: [LinkID] = []
        var live: [LinkID: (name: String, device: Int)] = [:]
        var tokens: [Secret] = [Secret("junk", kind: .token)]
        var banned: Set<String> = []
        var policy = 1
        var counts: [Int: Int] = [:]

        init(seed: UInt64) {
            chance = SeededGenerator(seed: seed).fork("easemob walk")
            for name in Self.names { rig.register(name) }
            try? rig.set("{\"rateLimits\":false}")
        }

        mutating func below(_ number: Int) -> Int { Int(chance.below(UInt64(number))) }

        mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

        mutating func step() {
            let name = pick(Self.names)
            switch below(100) {
            case 0..<12:
                if open.count < 30 { open.append(rig.open()) } else { drop() }
            case 12..<20: drop()
            case 20..<55: logIn(name)
            case 55..<62:
                if !open.isEmpty { rig.send(pick([.sync, .ping, .echo("x"), .logout]), on: pick(open)) }
            case 62..<66:
                if !open.isEmpty { rig.send(.kick((0..<3).map { _ in "s-\(below(60))" }), on: pick(open)) }
            case 66..<72:
                if !open.isEmpty { rig.send(.renew(pick(tokens)), on: pick(open)) }
            case 72..<76: tokens.append(rig.token(name, ttl: Int64(below(300))))
            case 76..<78:
                tokens.append(EasemobRig.mint.dynamicToken(for: name, at: rig.now, lifetime: .seconds(below(300))))
            case 78..<80:
                rig.ask(.changePassword(name, Secret("p\(below(9))", kind: .password)))
                expectNobody(name)
            case 80..<82:
                rig.ask(.deactivate(name))
                banned.insert(name)
                expectNobody(name)
            case 82..<88:
                rig.ask(.activate(name))
                banned.remove(name)
            case 88..<90:
                rig.ask(.disconnect(name))
                expectNobody(name)
            case 90..<91:
                rig.ask(.delete(name))
                expectNobody(name)
                banned.remove(name)
                rig.register(name)
            case 91..<95:
                policy = below(3) + 1
                try? rig.set(
                    "{\"devicePolicy\":\(policy),\"refusesOldDevices\":\(below(2) == 0),\"devicesPerPlatform\":2}")
            default: rig.advance(.seconds(below(120)))
            }
            settle()
        }

        private mutating func drop() {
            guard !open.isEmpty else { return }
            let link = pick(open)
            rig.drop(link)
            open.removeAll { $0 == link }
            live[link] = nil
        }

        private mutating func logIn(_ name: String) {
            guard !open.isEmpty else { return }
            let link = pick(open)
            let isLive = live[link] != nil
            let device = below(5)
            let token =
                switch below(8) {
                case 0: tokens[0]
                case 1, 2: pick(tokens)
                // Of the user whatever has become of them, where the endpoint would give none.
                case 3, 4: EasemobRig.mint.dynamicToken(for: name, at: rig.now, lifetime: .seconds(60))
                default: rig.token(name, ttl: Int64(below(300)))
                }
            let platform = pick(EasemobPlatform.allCases)
            let login = LinkLogin.easemob(name, token, platform, device: "d\(device)", automatic: below(2) == 0)
            let code = rig.logIn(login, on: link)
            counts[code, default: 0] += 1
            #expect((code == 417) == isLive)
            if code == 200 {
                #expect(!banned.contains(name))
                live[link] = (name, device)
            }
        }

        /// Takes over who was closed, and checks what must be so.
        private mutating func settle() {
            for link in open where rig.closed[link] != nil { live[link] = nil }
            open.removeAll { rig.closed[$0] != nil }
            for name in Self.names {
                let devices = live.values.filter { $0.name == name }.map(\.device)
                #expect(Set(devices).count == devices.count, "one session a device")
                let status = rig.ask(.status(name))
                #expect(status == .status(name, isOnline: !devices.isEmpty))
            }
            #expect(rig.timers.count == live.count, "one timer a session")
        }

        private mutating func expectNobody(_ name: String) {
            for link in open where rig.closed[link] != nil { live[link] = nil }
            #expect(!live.values.contains { $0.name == name })
        }
    }

    @Test(
        "Sessions, timers and statuses agree after every step, and every end is reached",
        arguments: [1, 2, 3, 4] as [UInt64])
    func walk(seed: UInt64) {
        var walk = Walk(seed: seed)
        for _ in 0..<1500 { walk.step() }
        for code in [200, 202, 104, 108, 305] { #expect(walk.counts[code, default: 0] > 0, "\(code)") }
        for (link, frames) in walk.rig.sent {
            let kicks = frames.filter { if case .kicked = $0.body { true } else { false } }
            #expect(kicks.count <= 1)
            if !kicks.isEmpty { #expect(walk.rig.closed[link] == 1000) }
        }
    }

    @Test("The same walk gives the same transcript")
    func determinism() {
        var transcripts: [[TranscriptEntry]] = []
        for _ in 0..<2 {
            var walk = Walk(seed: 9)
            for _ in 0..<500 { walk.step() }
            transcripts.append(walk.rig.transcript)
        }
        #expect(transcripts[0] == transcripts[1])
    }
}
