import CloudServer
import LoginCore
import Providers
import Testing

@Suite("Networks that fail, over real sockets", .timeLimit(.minutes(5)))
struct NetworkTests {
    /// Proves CE-8-probe, CE-14.5.
    @Test("A silent network is noticed by the probe and by nothing else")
    func silent() async throws {
        try await TestLab.run(scale: 60) { lab in
            let device = try await lab.device("A")
            try await device.signedIn()
            let mark = lab.record.mark
            try await device.linkProxy.set(.swallow)
            lab.setPatience(.milliseconds(500))
            try await device.wait(for: "the loss") { $0.sdk.phase == .waiting }
            let entries = device.entries(since: mark)
            let pings = entries.filter { $0.kind == .frameSent }.map(\.title)
            #expect(pings.suffix(5) == ["ping", "ping, probe 2", "ping, probe 3", "ping, probe 4", "ping, probe 5"])
            let loss = try #require(entries.firstIndex { $0.title == "onLogin:(9 LoseConnection)" })
            #expect(entries[..<loss].contains { $0.title == "probe 5: due" })
            #expect(
                !entries[..<loss].contains { $0.title.hasPrefix("link ended") || $0.title.hasPrefix("network hint") })
            // Five probes of 3 s each.
            let first = try #require(entries.last { $0.title == "ping" })
            #expect(entries[loss].at - first.at >= .seconds(15))

            let later = lab.record.mark
            lab.setPatience(.seconds(20))
            try await device.linkProxy.set(.pass)
            try await device.online(since: later)
        }
    }

    @Test("A network that is silent for less than the probe's patience costs nothing")
    func silentForAMoment() async throws {
        try await TestLab.run(scale: 60) { lab in
            let device = try await lab.device("A")
            try await device.signedIn()
            let mark = lab.record.mark
            try await device.linkProxy.set(.swallow)
            lab.setPatience(.milliseconds(500))
            try await device.wait(forEntry: "ping, probe 2", since: mark)
            lab.setPatience(.seconds(20))
            try await device.linkProxy.set(.pass)
            try await device.wait(forEntry: "ping → 200", since: mark)
            #expect(!device.entries(since: mark).contains { $0.kind == .state || $0.kind == .link })
        }
    }

    /// Proves CE-6-sdk-owns, CE-14.4.
    @Test("A link that is cut comes back after the first delay, without a second manual login")
    func cut() async throws {
        try await TestLab.run(scale: 20) { lab in
            let device = try await lab.device("A")
            try await device.signedIn()
            let mark = lab.record.mark
            await device.linkProxy.cut()
            try await device.online(since: mark)
            let titles = device.titles(since: mark)
            #expect(titles.contains("link ended: link closed"))
            #expect(titles.contains("next attempt in 2 s"))
            #expect(!titles.contains("log in (manual)"))
        }
    }

    @Test("A backend that is killed and started again on its ports gets its client back by itself")
    func backendKilled() async throws {
        try await withTemporaryDirectory { directory in
            try await TestLab.run(scale: 20, stateDirectory: directory) { lab in
                let device = try await lab.device("A")
                let login = try await device.signedIn()
                let mark = lab.record.mark
                await lab.backend.kill()
                try await device.wait(for: "two attempts in vain") { ($0.sdk.attempt?.number ?? 0) >= 3 }
                try await lab.backend.startAgain()
                try await device.online()
                #expect(device.core?.flow.saved?.account == login.account)
                #expect(!device.titles(since: mark).contains("POST /login"))
                #expect(device.core?.sdk.attempt?.request.mode == .automatic(forced: false))
            }
        }
    }

    @Test("An app server that fails while the link is up costs the session nothing")
    func appServerOnly() async throws {
        try await TestLab.run(scale: 100) { lab in
            let device = try await lab.device("A")
            try await device.signedIn()
            try await device.appServerProxy.set(.refuse)
            let mark = lab.record.mark
            device.send(.app(.renewalRequested))
            try await device.wait(forEntry: "the app server cannot be reached (refused)", since: mark)
            device.send(.sdk(.echoRequested("up")))
            try await device.wait(forEntry: "echo → 200", since: mark)
            #expect(device.core?.flow.state == .signedIn)
        }
    }

    /// Proves CE-8-foreground.
    @Test("At the return to the foreground a session proves that it lives")
    func foreground() async throws {
        try await TestLab.run { lab in
            let device = try await lab.device("A")
            try await device.signedIn()
            let mark = lab.record.mark
            device.send(.sdk(.backgrounded))
            device.send(.sdk(.foregrounded))
            try await device.wait(forEntry: "ping → 200", since: mark)
            #expect(device.core?.sdk.phase == .online)
        }
    }
}
